/** A juror's ballot: kept on the telephone and the server at every touch; "received" is only ever the server's word. */
import { start } from "../alive";
import { startHall } from "../hall/page";
import type { State } from "../hall/link";
import { csrfToken, must, word } from "../requests";

/** A ballot of one turn as this telephone holds it. sent: the highest number that the server has answered. */
interface Kept {
  points: (number | null)[];
  nonce: string;
  seq: number;
  sent: number;
  isCast: boolean; // the juror pressed; the server may not know yet
  receipt: string; // the server's answer
  at: string;
}

interface Answer {
  points: (number | null)[];
  client_seq: number;
  is_draft: boolean;
  receipt: string;
  at?: string;
}

interface Row { turn: string; points: number[]; receipt: string }

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SHORT_HEX = 15;
const RETRY_MS = 2000;
const PATIENCE_MS = 8000;
const SENDABLE = new Set(["talk", "comment", "score", "result"]);

class Juror {
  private state: State | null = null;
  private recused = new Set<string>();
  private kept: Kept | null = null;
  private part = 0;
  private isLow = false;
  private isSending = false;
  private isEditing = false;
  private isLate = false;
  private isLookedUp = false;
  private readonly most: number[];
  private readonly base: string;

  constructor(private readonly root: HTMLElement) {
    this.base = root.dataset["base"] ?? "";
    const parts = [...root.querySelectorAll<HTMLElement>("[data-part]")];
    this.most = parts.map((part) => Number(part.dataset["most"]));
    parts.forEach((part, index) => { part.addEventListener("click", () => { this.part = index; this.isLow = false; this.draw(); }); });
    must<HTMLElement>(root, "[data-send]").addEventListener("click", () => { this.cast(); });
    must<HTMLElement>(root, "[data-change]").addEventListener("click", () => { this.isEditing = true; this.draw(); });
    must<HTMLElement>(root, "[data-pad]").addEventListener("click", (event) => { this.pad(event); });
    const hall = startHall(root);
    hall.onState((state) => { this.hear(state); });
    hall.onRefused(() => { this.net("out"); });
    window.setInterval(() => { this.send(); if (hall.isLost()) this.net("off"); }, RETRY_MS);
    window.addEventListener("online", () => { this.send(); });
    void this.load();
  }

  /** What the server holds, once at the beginning: this telephone may be new, or its memory gone. */
  private async load(): Promise<void> {
    const answer = await fetch(`${this.base}/seat`, { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) { window.setTimeout(() => void this.load(), RETRY_MS); return; }
    const seat = (await answer.json()) as { recused: string[]; ballots: Record<string, Answer> };
    this.recused = new Set(seat.recused);
    for (const [turn, ballot] of Object.entries(seat.ballots)) {
      const here = this.read(turn);
      if (here && here.seq > ballot.client_seq) continue;
      this.write(turn, {
        points: ballot.points, nonce: here?.seq === ballot.client_seq ? here.nonce : nonce(), seq: ballot.client_seq, sent: ballot.client_seq,
        isCast: !ballot.is_draft, receipt: ballot.receipt, at: here?.at ?? "",
      });
    }
    if (this.state) this.turnTo(this.state.turn);
    this.draw();
  }

  private hear(state: State): void {
    const isOther = state.turn !== this.state?.turn;
    this.state = state;
    if (isOther) this.turnTo(state.turn);
    this.net("on");
    this.draw();
    this.send();
    if (state.phase === "closed") void this.lookUp();
  }

  /** Once the session is closed: does each ballot that was received stand in the published list, with these points? */
  private async lookUp(): Promise<void> {
    if (this.isLookedUp) return;
    const mine = [...this.root.querySelectorAll<HTMLElement>("[data-turn]")].flatMap((line) => {
      const [turn, kept] = [line.dataset["turn"] ?? "", this.read(line.dataset["turn"] ?? "")];
      return kept && kept.receipt !== "" ? [{ turn, kept }] : [];
    });
    if (mine.length === 0) return;
    const answer = await fetch(`${this.base}/result.json`, { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) { window.setTimeout(() => void this.lookUp(), RETRY_MS); return; }
    this.isLookedUp = true;
    const { rows } = (await answer.json()) as { rows: Row[] };
    const published = new Map(rows.map((row) => [`${row.turn} ${short(row.receipt)}`, row.points.join()]));
    const missing = mine.filter(({ turn, kept }) => {
      const points = published.get(`${turn} ${kept.receipt}`);
      return points === undefined || (kept.isCast && points !== kept.points.join()); // one being changed counts as cast before
    });
    const said = must<HTMLElement>(this.root, "[data-own]");
    said.textContent = word(said, missing.length > 0 ? "missing" : "all").replace("#", String(missing.length || mine.length));
    said.dataset["own"] = missing.length > 0 ? "missing" : "all";
    said.hidden = false;
  }

  private turnTo(turn: string): void {
    this.kept = turn === "" ? null : (this.read(turn) ?? { points: this.most.map(() => null), nonce: nonce(), seq: 0, sent: 0, isCast: false, receipt: "", at: "" });
    this.part = Math.max(0, this.kept?.points.indexOf(null) ?? 0);
    this.isEditing = this.isLate = this.isLow = false;
  }

  private pad(event: Event): void {
    const button = event.target instanceof HTMLElement ? event.target.closest("button") : null;
    if (!button || !this.kept) return;
    if (button.dataset["points"] === undefined) { this.isLow = !this.isLow; this.draw(); return; }
    this.kept.points[this.part] = Number(button.dataset["points"]);
    this.kept.isCast = this.kept.isCast && this.kept.receipt !== "" && this.isEditing ? false : this.kept.isCast;
    this.kept.seq++;
    const open = this.kept.points.findIndex((each, index) => each === null && index > this.part);
    this.part = open >= 0 ? open : Math.max(this.kept.points.indexOf(null), Math.min(this.part + 1, this.most.length - 1));
    this.isLow = false;
    this.keep();
    this.draw();
    this.send();
  }

  private cast(): void {
    if (!this.kept || this.kept.points.includes(null) || this.state?.phase !== "score") return;
    this.kept.isCast = true;
    this.kept.seq++;
    this.keep();
    this.draw();
    this.send();
  }

  /** Send what the server has not answered yet; the same again is the same as once. */
  private send(): void {
    const [kept, turn] = [this.kept, this.state?.turn ?? ""];
    if (!kept || turn === "" || this.isSending || kept.seq === kept.sent || !SENDABLE.has(this.state?.phase ?? "")) return;
    if (kept.receipt !== "" && !kept.isCast) return; // being changed: what was received counts until the new one is cast
    this.isSending = true;
    const stop = new AbortController();
    const timer = window.setTimeout(() => { stop.abort(); }, PATIENCE_MS);
    fetch(`${this.base}/ballots/${turn}`, {
      method: "PUT", credentials: "same-origin", signal: stop.signal,
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify({ points: kept.points, nonce: kept.nonce, client_seq: kept.seq, is_draft: !kept.isCast }),
    })
      .then(async (answer) => {
        if (answer.ok) this.take(turn, (await answer.json()) as Answer);
        else if (answer.status === 409) { kept.sent = kept.seq; this.isLate = kept.receipt === ""; }
        else if (answer.status === 403) this.net("out");
        else this.net("off");
      })
      .catch(() => { this.net("off"); })
      .finally(() => {
        window.clearTimeout(timer);
        this.isSending = false;
        this.draw();
        if (this.kept && this.kept.seq !== this.kept.sent && this.kept !== kept) this.send();
      });
    this.draw();
  }

  private take(turn: string, answer: Answer): void {
    this.net("on");
    const kept = turn === this.state?.turn ? this.kept : this.read(turn);
    if (!kept) return;
    kept.sent = Math.max(kept.sent, answer.client_seq);
    if (!answer.is_draft && answer.client_seq === kept.seq) {
      kept.receipt = answer.receipt;
      kept.at = answer.at ?? "";
      this.isEditing = false;
    }
    this.write(turn, kept);
  }

  private draw(): void {
    const { state, kept } = this;
    const phase = state?.phase ?? "";
    const isMine = state !== null && kept !== null && !this.recused.has(state.turn);
    const isReceived = isMine && kept.isCast && kept.receipt !== "" && kept.seq === kept.sent;
    const canScore = isMine && (phase === "talk" || phase === "comment" || phase === "score");
    const view = isReceived && !this.isEditing && (canScore || phase === "result") ? "got" : canScore ? "sheet" : "wait";
    for (const part of this.root.querySelectorAll<HTMLElement>("[data-view]")) part.hidden = part.dataset["view"] !== view;
    const name = state ? this.root.querySelector(`[data-turn="${state.turn}"]`)?.textContent : "";
    if (name) must(this.root, "[data-name]").textContent = name;
    if (view === "sheet" && kept) this.drawSheet(kept, phase);
    if (view === "got" && kept) this.drawGot(kept, phase);
    if (view === "wait") this.drawWait(phase);
  }

  private drawSheet(kept: Kept, phase: string): void {
    this.root.querySelectorAll<HTMLElement>("[data-part]").forEach((button, index) => {
      must(button, "b").textContent = kept.points[index] === null ? "–" : String(kept.points[index]);
      button.setAttribute("aria-current", String(index === this.part));
    });
    const pad = must<HTMLElement>(this.root, "[data-pad]");
    const most = this.most[this.part] ?? 0;
    const split = Math.max(0, most - 10);
    const numbers = Array.from({ length: most + 1 }, (_, index) => most - index).filter((each) => (this.isLow ? each < split : each >= split));
    const buttons = numbers.map((each) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset["points"] = button.textContent = String(each);
      button.setAttribute("aria-pressed", String(kept.points[this.part] === each));
      return button;
    });
    if (split > 0) {
      const other = document.createElement("button");
      other.type = "button";
      other.className = "low";
      other.textContent = word(pad, this.isLow ? "high" : "low");
      buttons.push(other);
    }
    pad.replaceChildren(...buttons);
    const left = kept.points.filter((each) => each === null).length;
    must(this.root, "[data-sum]").textContent = String(kept.points.reduce<number>((sum, each) => sum + (each ?? 0), 0));
    const send = must<HTMLButtonElement>(this.root, "[data-send]");
    const isReady = left === 0 && phase === "score";
    const isUnderWay = kept.isCast && kept.receipt === "" && kept.seq !== kept.sent;
    send.textContent = isUnderWay ? word(send, "sending") : left > 0 ? word(send, "left").replace("#", String(left)) : word(send, isReady ? "send" : "wait");
    send.setAttribute("aria-disabled", String(!isReady || isUnderWay));
  }

  private drawGot(kept: Kept, phase: string): void {
    const said = must<HTMLElement>(this.root, "[data-got-said]");
    said.textContent = kept.at ? (said.dataset["word"] ?? "").replace("#", kept.at) : "";
    must(this.root, "[data-receipt]").textContent = kept.receipt;
    must<HTMLElement>(this.root, "[data-change]").hidden = phase !== "score";
  }

  private drawWait(phase: string): void {
    const said = must<HTMLElement>(this.root, "[data-wait-said]");
    const isOut = this.state !== null && this.recused.has(this.state.turn) && phase !== "closed" && phase !== "";
    const name = isOut ? "recused" : phase === "closed" ? "over" : phase === "" ? "closed" : phase;
    const words = word(said, name);
    if (said.textContent !== words) said.textContent = words;
    must<HTMLElement>(this.root, "[data-wait-late]").hidden = !(this.isLate && phase === "result");
  }

  private net(how: "on" | "off" | "out"): void {
    const line = must<HTMLElement>(this.root, "[data-net]");
    if (line.dataset["net"] === how) return;
    line.dataset["net"] = how;
    must(line, "[data-net-said]").textContent = word(line, how);
  }

  private keep(): void {
    if (this.kept && this.state) this.write(this.state.turn, this.kept);
  }

  private read(turn: string): Kept | null {
    try {
      return JSON.parse(localStorage.getItem(`linli.ballot.${turn}`) ?? "null") as Kept | null;
    } catch {
      return null;
    }
  }

  private write(turn: string, kept: Kept): void {
    try {
      localStorage.setItem(`linli.ballot.${turn}`, JSON.stringify(kept));
    } catch {
      // a private window may refuse; the server has the draft
    }
    if (turn === this.state?.turn) this.kept = kept;
  }
}

function nonce(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");
}

/** Write a receipt as people read it: its first 60 bits, as the server does (calc/ballots.py). */
function short(receipt: string): string {
  const bits = [...receipt.slice(0, SHORT_HEX)].map((each) => parseInt(each, 16).toString(2).padStart(4, "0")).join("");
  const letters = (bits.match(/.{5}/g) ?? []).map((each) => LETTERS[parseInt(each, 2)]).join("");
  return (letters.match(/.{4}/g) ?? []).join(" ");
}

start("[data-juror]", (root) => { new Juror(root); });
