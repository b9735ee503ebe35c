/** What a page in the hall hears from the server: the whole state, by stream or by asking; a lost one is harmless. */
import type { Running } from "./clock";
import { pauseAfter } from "./pacing";

/** A hall's state. version: another one means that something changed. */
export interface State {
  version: string;
  revision: number;
  is_open: boolean;
  phase: string;
  turn: string;
  position: number;
  running: Running | null;
  strokes: number;
  cast: number;
  present: number;
  bells: boolean;
}

const SILENCE_MS = 16_000; // the stream says something every twelve seconds at the latest
const PATIENCE_MS = 3000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;

/** Hear of every change: from the stream while it speaks, else by asking, every two seconds where that is quick. */
export class HallLink {
  private stream: EventSource | null = null;
  private version = "";
  private heardAt = 0; // anything at all
  private streamAt = 0; // the stream
  private retry_ms = FIRST_RETRY_MS;
  private retryTimer = 0;
  private isAsking = false;

  constructor(
    private readonly base: string,
    private readonly onState: (state: State) => void,
    private readonly onRefused: () => void,
  ) {
    this.heardAt = performance.now();
    this.open();
    this.mindIn(0);
    window.addEventListener("online", () => { this.open(); void this.ask(); });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) void this.ask();
    });
  }

  /** How long nothing has been heard. */
  get silence(): number {
    return performance.now() - this.heardAt;
  }

  /** Ask once, now. */
  async ask(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    const stop = new AbortController();
    const timer = window.setTimeout(() => { stop.abort(); }, PATIENCE_MS);
    try {
      const answer = await fetch(`${this.base}/state`, {
        credentials: "same-origin", signal: stop.signal, headers: this.version ? { "If-None-Match": `"${this.version}"` } : {},
      });
      if (answer.status === 403 || answer.status === 404) this.onRefused();
      else if (answer.ok) this.take((await answer.json()) as State);
      if (answer.ok || answer.status === 304) this.heardAt = performance.now();
    } catch {
      // the mark on the page says that nothing is heard
    } finally {
      window.clearTimeout(timer);
      this.isAsking = false;
    }
  }

  private mindIn(took_ms: number): void {
    window.setTimeout(() => void this.mind(), pauseAfter(took_ms, Math.random()));
  }

  private async mind(): Promise<void> {
    const began = performance.now();
    if (this.stream === null || began - this.streamAt > SILENCE_MS) await this.ask();
    this.mindIn(performance.now() - began);
  }

  private open(): void {
    window.clearTimeout(this.retryTimer);
    this.stream?.close();
    this.stream = null;
    if (!("EventSource" in window)) return;
    const stream = new EventSource(`${this.base}/events`, { withCredentials: true });
    const heard = (): void => {
      this.stream = stream;
      this.streamAt = this.heardAt = performance.now();
    };
    stream.addEventListener("open", () => {
      heard();
      this.retry_ms = FIRST_RETRY_MS;
    });
    stream.addEventListener("state", (event) => {
      heard();
      this.take(JSON.parse((event as MessageEvent<string>).data) as State);
    });
    stream.addEventListener("error", () => {
      stream.close();
      if (this.stream === stream) this.stream = null;
      window.clearTimeout(this.retryTimer);
      // Half a second to three at first, so that a hall does not come back at one moment; then more and more.
      const wait = this.retry_ms === FIRST_RETRY_MS ? FIRST_RETRY_MS + Math.random() * 2500 : this.retry_ms * (1 + Math.random());
      this.retryTimer = window.setTimeout(() => { this.open(); }, wait);
      this.retry_ms = Math.min(this.retry_ms * 2, LONGEST_RETRY_MS);
    });
  }

  private take(state: State): void {
    if (state.version === this.version) return;
    this.version = state.version;
    this.onState(state);
  }
}
