/** A list of rows with its detail: keyboard, ticks, batch bar; the list keeps its place whatever is swapped. */
import { start } from "../alive";
import { must } from "../requests";

const NARROW = window.matchMedia("(max-width: 959px)");

/** Where a list stands: scroll, the row that should not move on the screen, what is ticked, what has focus. */
interface Stand {
  anchor: string | null;
  offset_px: number;
  scroll_px: number;
  ticked: Set<string>;
  known: Set<string>;
  focused: string | null;
}

const idOf = (row: HTMLElement): string => row.dataset["id"] ?? "";

class List {
  private open: string | null = null;
  private stand: Stand | null = null;
  private isReading = false;

  constructor(private readonly root: HTMLElement) {
    this.open = this.rows().find((row) => row.classList.contains("cur"))?.dataset["id"] ?? null;
    root.addEventListener("click", (event) => { this.onClick(event); });
    root.addEventListener("change", (event) => { this.onTick(event); });
    document.addEventListener("keydown", (event) => { this.onKey(event); });
    document.addEventListener("htmx:beforeSwap", (event) => { this.beforeSwap(event); });
    document.addEventListener("htmx:afterSettle", (event) => { this.afterSettle(event); });
    document.addEventListener("click", (event) => {
      if ((event.target as Element).closest("[data-close-detail]")) this.closeDetail();
    });
    window.addEventListener("pagehide", () => { this.store(); });
    this.restore();
    this.showTab();
    this.showBatch();
  }

  private scroller(): HTMLElement {
    return must<HTMLElement>(this.root, ".rows");
  }

  private rows(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>(".row[data-id]")];
  }

  private ticks(): HTMLInputElement[] {
    return this.rows().flatMap((row) => [...row.querySelectorAll<HTMLInputElement>("input.tick")]);
  }

  private focusedRow(): HTMLElement | null {
    return document.activeElement?.closest<HTMLElement>(".row[data-id]") ?? null;
  }

  private place(): string {
    return `linli.place:${window.location.pathname}${window.location.search}`;
  }

  private store(): void {
    window.sessionStorage.setItem(this.place(), String(this.scroller().scrollTop));
  }

  private restore(): void {
    const scroll_px = Number(window.sessionStorage.getItem(this.place()) ?? "0");
    if (scroll_px > 0) this.scroller().scrollTop = scroll_px;
    else this.root.querySelector(".row.cur")?.scrollIntoView({ block: "nearest" });
  }

  /** Bring a tab that is on and far to the right into view. */
  private showTab(): void {
    this.root.querySelector(".views [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  private markOpen(id: string | null): void {
    this.open = id;
    for (const row of this.rows()) {
      const isOpen = idOf(row) === id;
      row.classList.toggle("cur", isOpen);
      if (isOpen) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  private onClick(event: MouseEvent): void {
    const target = event.target as Element;
    if (target.closest("[data-batch-clear]")) this.clearTicks();
    const link = target.closest<HTMLAnchorElement>(".row a[hx-get]");
    const row = link?.closest<HTMLElement>(".row[data-id]");
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    this.markOpen(idOf(row));
    this.isReading = event.detail === 0; // by Enter: the keyboard goes on in the case
    this.root.closest(".work")?.classList.add("showing");
  }

  private closeDetail(): void {
    const work = this.root.closest(".work");
    if (!work?.classList.contains("showing")) return;
    work.classList.remove("showing");
    this.isReading = false; // what comes in now does not call the keyboard back
    this.rows().find((row) => idOf(row) === this.open)?.querySelector<HTMLElement>("a")?.focus();
  }

  private onTick(event: Event): void {
    const input = event.target as HTMLInputElement;
    if (input.matches("[data-list-all]")) for (const tick of this.ticks()) tick.checked = input.checked;
    if (input.matches("input.tick")) this.showBatch();
  }

  private clearTicks(): void {
    for (const tick of this.ticks()) tick.checked = false;
    this.showBatch();
  }

  private showBatch(): void {
    let count = 0;
    const ticks = this.ticks();
    for (const tick of ticks) {
      tick.closest(".row")?.classList.toggle("sel", tick.checked);
      if (tick.checked) count += 1;
    }
    const all = this.root.querySelector<HTMLInputElement>("[data-list-all]");
    if (all) {
      all.checked = count > 0 && count === ticks.length;
      all.indeterminate = count > 0 && count < ticks.length;
    }
    const bar = this.root.querySelector<HTMLElement>("[data-batch]");
    if (bar) bar.hidden = count === 0;
    for (const place of this.root.querySelectorAll("[data-batch-count]")) place.textContent = String(count);
  }

  /** The row of the screen the list is read from: the one with focus, the open one, else the topmost in view. */
  private anchorRow(): HTMLElement | null {
    const scroller = this.scroller();
    const box = scroller.getBoundingClientRect();
    const isInView = (row: HTMLElement): boolean => {
      const { top, bottom } = row.getBoundingClientRect();
      return bottom > box.top && top < box.bottom;
    };
    const candidates = [this.focusedRow(), this.rows().find((row) => idOf(row) === this.open) ?? null];
    const near = candidates.find((row) => row !== null && this.root.contains(row) && isInView(row));
    if (near) return near;
    return scroller.scrollTop > 0 ? (this.rows().find(isInView) ?? null) : null;
  }

  private isOurs(event: Event): boolean {
    const target = event.target as Element;
    return target === this.root || this.root.contains(target) || target.contains(this.root);
  }

  private beforeSwap(event: Event): void {
    const target = event.target as HTMLElement;
    if (target.id === "detail" && target.contains(document.activeElement)) this.isReading = true;
    if (!this.isOurs(event) || !this.root.querySelector(".rows")) return;
    const anchor = this.anchorRow();
    const focused = this.focusedRow();
    // A second answer may come before the first has settled: what had focus then is gone from the page by now.
    const held = document.activeElement === document.body ? (this.stand?.focused ?? null) : null;
    this.stand = {
      anchor: anchor ? idOf(anchor) : null,
      offset_px: anchor?.getBoundingClientRect().top ?? 0,
      scroll_px: this.scroller().scrollTop,
      ticked: new Set(this.ticks().filter((tick) => tick.checked).map((tick) => tick.value)),
      known: new Set(this.rows().map(idOf)),
      focused: focused ? idOf(focused) : held,
    };
  }

  private afterSettle(event: Event): void {
    const target = event.target as HTMLElement;
    if (target.id === "detail" && (NARROW.matches || this.isReading)) {
      document.getElementById("detail")?.focus({ preventScroll: true });
      this.isReading = false;
    }
    const { stand } = this;
    if (!stand || !this.root.isConnected) return;
    this.stand = null;
    for (const tick of this.ticks()) tick.checked = stand.ticked.has(tick.value);
    this.markOpen(this.open);
    this.showBatch();
    this.writeCounts();
    const anchor = this.rows().find((row) => idOf(row) === stand.anchor);
    const scroller = this.scroller();
    scroller.scrollTop = stand.scroll_px;
    if (anchor) scroller.scrollTop += anchor.getBoundingClientRect().top - stand.offset_px;
    if (stand.focused) {
      const row = this.rows().find((each) => idOf(each) === stand.focused);
      row?.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
    }
    this.showNews(stand.known);
  }

  /** Write the counts that came with the rows into the tabs, which stay as they are. */
  private writeCounts(): void {
    const counts = this.root.querySelector<HTMLElement>("[data-tab-counts]")?.dataset["tabCounts"]?.split(" ") ?? [];
    this.root.querySelectorAll("[data-tab-count]").forEach((place, at) => {
      const count = counts[at];
      if (count !== undefined && place.textContent !== count) place.textContent = count;
    });
  }

  /** Say that rows came in above what is in view, instead of moving what is being read. */
  private showNews(known: Set<string>): void {
    const news = this.root.querySelector<HTMLElement>("[data-live-news]");
    if (!news) return;
    const top = this.scroller().getBoundingClientRect().top;
    const above = this.rows().filter((row) => !known.has(idOf(row)) && row.getBoundingClientRect().top < top);
    if (above.length > 0) news.hidden = false;
    const count = news.querySelector("[data-live-news-count]");
    if (count && above.length > 0) count.textContent = String(above.length);
    news.onclick = () => {
      this.scroller().scrollTop = 0;
      news.hidden = true;
    };
  }

  private step(by: 1 | -1): void {
    const rows = this.rows();
    const from = this.focusedRow() ?? rows.find((row) => idOf(row) === this.open) ?? null;
    const at = from ? rows.indexOf(from) : by > 0 ? -1 : rows.length;
    const isAway = this.focusedRow() === null && !this.isInDetail(); // nothing has focus: begin at the open row
    const next = isAway && from ? from : rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
    next?.querySelector<HTMLElement>("a")?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  private isInDetail(): boolean {
    return document.getElementById("detail")?.contains(document.activeElement) ?? false;
  }

  /** Go to what the next step asks for, or to its button. */
  private goToStep(): void {
    const form = document.querySelector<HTMLElement>("#detail .step > form");
    const first = form?.querySelector<HTMLElement>("select, textarea, input:not([type=hidden]), button");
    (first ?? document.querySelector<HTMLElement>("#detail .ways > summary"))?.focus();
  }

  private tickFocused(): void {
    const row = this.focusedRow() ?? this.rows().find((each) => idOf(each) === this.open);
    const tick = row?.querySelector<HTMLInputElement>("input.tick");
    if (!tick) return;
    tick.checked = !tick.checked;
    this.showBatch();
  }

  private onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const isWriting = target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
    if (event.key === "Escape" && isWriting) target.blur();
    if (isWriting || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const isInList = this.root.contains(target);
    const keys: Record<string, () => void> = {
      j: () => { this.step(1); },
      k: () => { this.step(-1); },
      x: () => { this.tickFocused(); },
      n: () => { this.goToStep(); },
      "/": () => { document.querySelector<HTMLElement>('[data-key="/"]')?.focus(); },
      "?": () => { document.querySelector<HTMLDialogElement>("dialog#keys")?.showModal(); },
      Escape: () => {
        if (this.ticks().some((tick) => tick.checked)) this.clearTicks();
        else this.closeDetail();
      },
      ...(isInList ? { ArrowDown: () => { this.step(1); }, ArrowUp: () => { this.step(-1); } } : {}),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}

/** Bring a list to life; Enter on a row is the link's own. */
function startList(root: HTMLElement): void {
  new List(root);
}

start("[data-list]", startList);
