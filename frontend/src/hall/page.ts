/** A page in the hall: its clock, its bell, its body drawn anew when something changed, its lamp at the host's. */
import { csrfToken, later, must, word } from "../requests";
import { Bell } from "./bell";
import { HallClock, type Running, TimeKeeper, remaining, shown, untilNext, warning } from "./clock";
import { HallLink, type State } from "./link";

const TICK_MS = 100;
const LAMP_MS = 5000;
const LOST_MS = 3000;
const SETTLE_MS = 150;
const OFTEN_MS = 4000;
const PUT_AGAIN_MS = 15; // a bell planned that far off is planned anew

interface WakeLock { request: (kind: "screen") => Promise<{ released: boolean }> }

const lastDrawn = new WeakMap<HTMLElement, string>();

/** What other scripts of the page may know. */
export interface Hall {
  base: string;
  onState: (hear: (state: State) => void) => void;
  onRefused: (hear: () => void) => void;
  isLost: () => boolean;
}

/** Bring a page of the hall to life. */
export function startHall(root: HTMLElement): Hall {
  const role = root.dataset["hall"] ?? "";
  const address = root.dataset["address"] ?? window.location.pathname;
  const base = address.slice(0, address.lastIndexOf("/"));
  const clock = new HallClock();
  const keeper = new TimeKeeper(clock, {
    counter: () => performance.now(),
    wait: (ms) => new Promise((done) => { window.setTimeout(done, ms); }),
    ask: async () => ((await (await fetch("/hall/time", { cache: "no-store" })).json()) as { now_ms: number }).now_ms,
  });
  const bell = role === "screen" || role === "host" ? makeBell(root, clock) : null;
  const hearers: ((state: State) => void)[] = [];
  const refused: (() => void)[] = [];
  let running = drawn(root);
  let revision = 0;
  let wake = "";

  const draw = later(SETTLE_MS, () => void redraw(root, address, () => { running = drawn(root) ?? running; tick(); }));
  const link = new HallLink(base, (state) => {
    running = state.running;
    revision = state.revision;
    bell?.follow({ running, strokes: state.strokes, warns: state.phase === "talk" });
    root.querySelectorAll<HTMLElement>("[data-bells]").forEach((each) => { each.hidden = state.phase === "closed"; });
    tick();
    for (const hear of hearers) hear(state);
    draw();
  }, () => { refused.forEach((hear) => { hear(); }); });

  const tick = (): void => {
    show(root, running, clock);
    const lost = root.querySelector<HTMLElement>("[data-lost]");
    if (lost) lost.hidden = link.silence < LOST_MS + 2000;
  };
  bell?.follow({ running, strokes: Number(clockView(root)?.dataset["strokes"] ?? 0), warns: true });
  const goOn = (): void => {
    tick();
    // Seconds change on all screens at one moment, not at each one's own tenth of a second.
    const left = running?.paused_at_ms === null && clock.isSet ? untilNext(remaining(running, clock.now())) : TICK_MS;
    window.setTimeout(goOn, Math.min(TICK_MS, Math.ceil(left)));
  };
  const first = root.querySelector<HTMLElement>("[data-hall-body]");
  if (first) lastDrawn.set(root, said(first));
  let plannedWith = NaN;
  window.setInterval(() => {
    if (!clock.isSet || Math.abs(clock.error - plannedWith) < PUT_AGAIN_MS) return;
    plannedWith = clock.error;
    bell?.put();
  }, 1000);
  void keeper.keep();

  const client = clientId();
  const lamp = (): void => {
    const body = { role, client, label: root.dataset["label"] ?? "", revision, offset_ms: Math.round(clock.error),
      rtt_ms: Math.round(clock.roundTrip), audio: bell?.state ?? "", wake };
    void fetch(`${base}/lamp`, {
      method: "POST", credentials: "same-origin", body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
    }).catch(() => undefined);
  };
  window.setInterval(lamp, LAMP_MS);
  window.setTimeout(lamp, 500);
  if (root.dataset["often"] !== undefined) window.setInterval(draw, OFTEN_MS);

  const holdAwake = async (): Promise<void> => {
    const lock = (navigator as Navigator & { wakeLock?: WakeLock }).wakeLock;
    wake = lock ? await lock.request("screen").then(() => "held", () => "refused") : "";
  };
  void holdAwake();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    keeper.woken();
    void holdAwake();
  });
  window.addEventListener("online", () => { keeper.woken(); });
  goOn();
  return { base, onState: (hear) => { hearers.push(hear); }, onRefused: (hear) => { refused.push(hear); }, isLost: () => link.silence > LOST_MS };
}

function makeBell(root: HTMLElement, clock: HallClock): Bell | null {
  if (!("AudioContext" in window)) return null;
  const bell = new Bell(clock, new AudioContext());
  const said = root.querySelector<HTMLElement>("[data-bell-said]");
  const say = (): void => { if (said) said.textContent = word(said, bell.state === "interrupted" ? "suspended" : bell.state); };
  root.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-bell-test]")) void bell.test().then(say);
  });
  window.setInterval(say, 2000);
  say();
  return bell;
}

function clockView(root: HTMLElement): HTMLElement | null {
  return root.querySelector<HTMLElement>("[data-clock-view]");
}

/** What runs, as the page was drawn with. */
function drawn(root: HTMLElement): Running | null {
  const data = clockView(root)?.dataset;
  if (data?.["started"] === undefined) return null;
  const pausedAt = data["pausedAt"] ?? "";
  return {
    started_ms: Number(data["started"]), duration_ms: Number(data["duration"]), paused_ms: Number(data["paused"]),
    paused_at_ms: pausedAt === "" ? null : Number(pausedAt),
  };
}

function show(root: HTMLElement, running: Running | null, clock: HallClock): void {
  const view = clockView(root);
  const place = view?.querySelector<HTMLElement>("[data-clock]");
  if (!view || !place) return;
  if (!running || !clock.isSet) {
    if (!running) place.textContent = "";
    return;
  }
  const left = remaining(running, clock.now());
  const counts = running.duration_ms > 0;
  const text = counts ? shown(left) : shown(Math.floor(-left / 1000) * 1000);
  if (place.textContent !== text) place.textContent = text;
  const mark = counts ? warning(left) : 0;
  const state = counts && left <= 0 ? "over" : mark === 30_000 ? "half" : mark === 60_000 ? "minute" : "";
  if (view.dataset["left"] !== state) view.dataset["left"] = state;
  const parts = view.querySelectorAll<HTMLElement>("[data-clock-bar] b");
  const share = counts ? Math.max(0, Math.min(1, left / running.duration_ms)) * parts.length : 0;
  parts.forEach((part, index) => {
    const full = Math.max(0, Math.min(1, share - (parts.length - 1 - index)));
    part.style.width = `${(full * 100).toFixed(1)}%`;
  });
}

/** Fetch the page and put its body in the place of this one's; whoever presses a button meanwhile keeps it. */
async function redraw(root: HTMLElement, address: string, done: () => void): Promise<void> {
  const body = root.querySelector<HTMLElement>("[data-hall-body]");
  if (!body) return;
  const answer = await fetch(address + window.location.search, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return; // the old body stays, the clock goes on
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = must<HTMLElement>(page, "[data-hall-body]");
  if (said(fresh) === lastDrawn.get(root)) return; // nothing is taken from under somebody's finger for nothing
  lastDrawn.set(root, said(fresh));
  const focused = document.activeElement instanceof HTMLButtonElement ? document.activeElement.value : "";
  body.replaceWith(document.adoptNode(fresh));
  if (focused) root.querySelector<HTMLElement>(`[data-hall-body] button[value="${focused}"]`)?.focus();
  done();
}

/** What a body says, without the tokens that are new each time and the running clock. */
function said(body: HTMLElement): string {
  const copy = body.cloneNode(true) as HTMLElement;
  copy.querySelectorAll('[name="csrfmiddlewaretoken"], [data-clock]').forEach((each) => { each.remove(); });
  return copy.innerHTML;
}

function clientId(): string {
  const kept = sessionStorage.getItem("linli.hall.client");
  if (kept) return kept;
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");
  sessionStorage.setItem("linli.hall.client", bytes);
  return bytes;
}
