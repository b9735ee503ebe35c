/** The phone's page as a whole: what it knows, which part is shown, and when it talks to the server. */
import { type Line, fetchPocket, sendAll } from "./sending";
import { type Deed, type Move, type Pocket, type PocketCase, commit, forgetAll, forgetOld, putDeed, readDeeds, readKept } from "./store";

const AGAIN_MS = 15_000;
const SOONER_MS = 5_000;

export function must<T extends Element>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

/** What the page says for `name`, from data-word-<name>, with values put in for {…}. */
export function say(name: string, values: Record<string, string | number> = {}): string {
  const words = document.body.getAttribute(`data-word-${name}`) ?? "";
  return words.replace(/\{(\w+)\}/g, (_whole, key: string) => String(values[key] ?? ""));
}

export function copyOf<T extends Element>(id: string): T {
  return must<T>(must<HTMLTemplateElement>(document, `#${id}`).content.cloneNode(true) as DocumentFragment, "*");
}

export type View = (app: App, argument: string) => void;

export class App {
  pocket: Pocket | null = null;
  deeds: Deed[] = [];
  line: Line = "online";
  private keptAt = 0;
  private person = "";
  private readonly views = new Map<string, View>();
  private isTalking = false;
  private isAsked = false;

  constructor(private readonly addresses: { pocket: string; deeds: string; login: string; logout: string }) {}

  view(name: string, show: View): void {
    this.views.set(name, show);
  }

  async start(): Promise<void> {
    const kept = await readKept().catch(() => undefined);
    if (kept && !(await forgetOld(kept, Date.now()))) [this.pocket, this.keptAt, this.person] = [kept.pocket, kept.at, kept.pocket.person];
    this.deeds = await readDeeds().catch(() => []);
    window.addEventListener("hashchange", () => { this.show(); });
    window.addEventListener("online", () => void this.talk());
    window.addEventListener("offline", () => void this.talk());
    document.addEventListener("visibilitychange", () => void (document.hidden || this.talk()));
    this.show();
    await this.talk().catch(() => undefined);
    this.beat();
  }

  /** Deeds of whoever the phone's data is; others' wait for them, unseen. */
  mine(): Deed[] {
    return this.deeds.filter(({ person }) => person === this.pocket?.person);
  }

  waiting(): Deed[] {
    return this.mine().filter(({ refused }) => refused === "");
  }

  refused(): Deed[] {
    return this.mine().filter(({ refused }) => refused !== "");
  }

  caseOf(id: string): PocketCase | undefined {
    return this.pocket?.cases.find((each) => each.id === id);
  }

  /** Where a case stands once what waits here has been sent. */
  stateOf(one: PocketCase): string {
    return this.stepsOn(one.id).reduce((state, deed) => this.next(state, deed.fields["action"] ?? "") ?? state, one.state);
  }

  private next(state: string, action: string): string | undefined {
    return this.pocket?.moves.find((move) => move.state === state && move.action === action)?.next;
  }

  /** What can be done on a case now; after a step that waits, what its holder may do next. */
  movesOf(one: PocketCase): Move[] {
    const state = this.stateOf(one);
    const possible = (this.pocket?.moves ?? []).filter((move) => move.state === state);
    return this.stepsOn(one.id).length === 0 ? possible.filter(({ action }) => one.actions.includes(action)) : possible;
  }

  stepsOn(id: string): Deed[] {
    return this.waiting().filter(({ fields }) => fields["case"] === id && fields["kind"] === "step" && fields["action"] !== "note");
  }

  /** Put something down to be sent, with its draft taken away in the same go, and try at once. */
  async do(fields: Record<string, string>, photos: Blob[], title: string, draft: string): Promise<void> {
    if (!this.pocket) return;
    const before = fields["kind"] === "step" && fields["action"] !== "note" ? this.stepsOn(fields["case"] ?? "").pop()?.key ?? "" : "";
    const deed = {
      key: newKey(), person: this.pocket.person, seq: Date.now() * 1000 + this.deeds.length, done_at: new Date().toISOString(),
      fields: { ...fields, after: before }, photos, title, refused: "",
    };
    await commit(deed, draft);
    await this.reread();
    void this.talk();
  }

  /** Write what waits anew, as something else: what was refused becomes a note. */
  async redo(deed: Deed, fields: Record<string, string>): Promise<void> {
    await putDeed({ ...deed, fields: { ...fields, after: "" }, refused: "" });
    await this.reread();
    void this.talk();
  }

  async reread(): Promise<void> {
    this.deeds = await readDeeds();
    this.show();
  }

  /** Ask the server what is new and send what waits; once more, if something was put down meanwhile. */
  async talk(): Promise<void> {
    if (this.isTalking) {
      this.isAsked = true;
      return;
    }
    this.isTalking = true;
    try {
      await (navigator.locks ? navigator.locks.request("linli-phone", () => this.exchange()) : this.exchange());
    } finally {
      this.isTalking = false;
    }
    if (this.isAsked) {
      this.isAsked = false;
      await this.talk();
    }
  }

  async signOut(): Promise<void> {
    const token = this.pocket?.csrf ?? "";
    await forgetAll();
    await fetch(this.addresses.logout, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" }).catch(() => undefined);
    window.location.replace(this.addresses.login);
  }

  show(): void {
    const [name = "", argument = ""] = window.location.hash.slice(1).split("/");
    const chosen = this.views.has(name) && this.pocket ? name : "home";
    for (const part of document.querySelectorAll<HTMLElement>("[data-view]")) {
      const isNew = part.hidden && part.dataset["view"] === chosen;
      part.hidden = part.dataset["view"] !== chosen;
      if (isNew) {
        window.scrollTo(0, 0);
        if (chosen !== "home") part.querySelector<HTMLElement>("h1")?.focus();
      }
    }
    this.showLine();
    this.views.get(chosen)?.(this, argument);
  }

  private beat(): void {
    window.setTimeout(() => {
      void (document.hidden ? Promise.resolve() : this.talk()).catch(() => undefined).then(() => { this.beat(); });
    }, this.waiting().length > 0 ? SOONER_MS : AGAIN_MS);
  }

  private async exchange(): Promise<void> {
    const told = await fetchPocket(this.addresses.pocket);
    if (typeof told === "string") {
      this.line = told;
      if (told === "signed_out" || (await this.forgetIfOld())) this.pocket = null;
    } else {
      this.take(told);
      const { line, sent } = await sendAll(told, this.addresses.deeds, say("too-large"));
      this.line = line;
      if (line === "signed_out") this.pocket = null;
      else if (sent > 0) {
        this.deeds = await readDeeds();
        const again = await fetchPocket(this.addresses.pocket);
        if (typeof again !== "string") this.take(again);
      }
    }
    await this.reread();
  }

  private take(pocket: Pocket): void {
    if (this.person !== "" && this.person !== pocket.person) window.location.reload(); // forms hold another one's words
    this.person = pocket.person;
    this.pocket = pocket;
    this.keptAt = Date.now();
    this.line = "online";
  }

  private async forgetIfOld(): Promise<boolean> {
    return this.pocket !== null && forgetOld({ pocket: this.pocket, at: this.keptAt }, Date.now());
  }

  private showLine(): void {
    const line = must<HTMLElement>(document, "[data-line]");
    const waits = this.waiting().length;
    line.dataset["line"] = this.line;
    line.textContent = this.line === "online" ? (waits ? say("sending", { n: waits }) : say("online")) : say(this.line);
    const asks = must<HTMLElement>(document, "[data-sign-in]");
    asks.hidden = this.line !== "signed_out";
    must<HTMLElement>(asks, "[data-sign-in-waits]").textContent = this.deeds.length ? say("kept-unsent", { n: this.deeds.length }) : "";
    const empty = must<HTMLElement>(document, "[data-no-data]");
    empty.hidden = this.pocket !== null || this.line !== "offline";
  }
}

/** A key of one's own for each deed. Older phones know no randomUUID, and plain HTTP has none either. */
function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
