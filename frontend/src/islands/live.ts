/** What changes while one looks: counts and lists follow the event stream, or ask again now and then. */
import { start } from "../alive";
import { getJson, word } from "../requests";

/** The whole state of the small thing watched; a lost event is harmless. */
interface State {
  revision: number;
  counts: Record<string, number>;
  newest: unknown[];
}

type Link = "live" | "polling" | "off";

const POLL_MS = 6000; // plus up to half again, so that a thousand screens do not ask at one moment
const PATIENCE_MS = 10_000; // how long the browser may try to reconnect before we ask instead
const RETRY_STREAM_MS = 60_000;

class Live {
  private revision: number | null = null;
  private stream: EventSource | null = null;
  private pollTimer = 0;
  private patienceTimer = 0;
  private retryTimer = 0;

  constructor(private readonly url: string) {
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.stop(); // a browser allows six connections a site: hidden pages give theirs back
      else this.connect();
    });
    window.addEventListener("pagehide", () => { this.stop(); });
    if (!document.hidden) this.connect();
  }

  private connect(): void {
    this.stop();
    if (!("EventSource" in window)) {
      this.poll();
      return;
    }
    const stream = new EventSource(this.url, { withCredentials: true });
    this.stream = stream;
    const take = (event: Event): void => { this.take(JSON.parse((event as MessageEvent<string>).data) as State); };
    stream.addEventListener("message", take);
    stream.addEventListener("state", take);
    stream.addEventListener("open", () => {
      window.clearTimeout(this.patienceTimer);
      window.clearTimeout(this.pollTimer);
      this.tell("live");
    });
    stream.addEventListener("error", () => { this.onError(stream); });
  }

  private onError(stream: EventSource): void {
    if (stream !== this.stream) return;
    window.clearTimeout(this.patienceTimer);
    const wait_ms = stream.readyState === EventSource.CLOSED ? 0 : PATIENCE_MS;
    this.patienceTimer = window.setTimeout(() => {
      stream.close();
      this.stream = null;
      this.poll();
      this.retryTimer = window.setTimeout(() => { this.connect(); }, RETRY_STREAM_MS * (1 + Math.random()));
    }, wait_ms);
  }

  private poll(): void {
    window.clearTimeout(this.pollTimer);
    getJson<State>(`${this.url}/state`, {})
      .then((state) => {
        this.tell("polling");
        this.take(state);
      })
      .catch(() => { this.tell("off"); })
      .finally(() => {
        if (this.stream || document.hidden) return;
        this.pollTimer = window.setTimeout(() => { this.poll(); }, POLL_MS * (1 + Math.random() / 2));
      });
  }

  private stop(): void {
    this.stream?.close();
    this.stream = null;
    for (const timer of [this.pollTimer, this.patienceTimer, this.retryTimer]) window.clearTimeout(timer);
  }

  private take(state: State): void {
    const isFirst = this.revision === null;
    if (!isFirst && state.revision === this.revision) return;
    this.revision = state.revision;
    const hasMoved = this.count(state);
    document.dispatchEvent(new CustomEvent("linli:state", { detail: state }));
    if (isFirst && !hasMoved) return; // the list is as fresh as the counts drawn beside it
    for (const list of document.querySelectorAll("[data-live-list]")) {
      list.dispatchEvent(new CustomEvent("live:refresh", { bubbles: false }));
    }
  }

  /** Write the counts; returns whether one of them differs from what the page said. */
  private count(state: State): boolean {
    let hasMoved = false;
    for (const place of document.querySelectorAll<HTMLElement>("[data-count]")) {
      const count = state.counts[place.dataset["count"] ?? ""];
      if (count === undefined) continue;
      const text = count > 0 ? String(count) : "";
      const before = (place.textContent ?? "").trim();
      if (before === text || (before === "0" && text === "")) continue;
      place.textContent = text;
      hasMoved = true;
    }
    return hasMoved;
  }

  private tell(link: Link): void {
    for (const place of document.querySelectorAll<HTMLElement>("[data-live-status]")) {
      const words = word(place, link);
      if (place.textContent !== words) place.textContent = words;
      place.dataset["liveStatus"] = link;
    }
  }
}

let isStarted = false;

/** Watch once a page, however many parts ask for it. */
function startLive(part: HTMLElement): void {
  if (isStarted) return;
  isStarted = true;
  // Not before: a list could not be asked for anew while htmx has not started.
  document.addEventListener("DOMContentLoaded", () => new Live(part.dataset["liveUrl"] ?? "/api/v1/events"));
}

start("[data-live]", startLive);
