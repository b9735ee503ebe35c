/**
 * The where-step: a pin on our drawing, the place named in words under it, open cases nearby.
 * The pin rests in the middle: drag the map, drag the pin, tap, or use the arrow keys; all end the same way.
 */
import L from "leaflet";
import { start } from "../alive";
import { type Point, wgs84ToGcj02 } from "../map/coordinates";
import { Drawing, makeMap, readBounds } from "../map/drawing";
import { getJson, later, must, word } from "../requests";

interface Located {
  area: { path: { code: string; name: string; level: string }[]; name: string } | null;
  reason: string;
  place: string | null;
}

interface Similar {
  items: { id: string; title: string; distance_m: number; status: string }[];
}

const PIN = `<svg viewBox="-17 -46 34 48" aria-hidden="true"><ellipse class="shadow" rx="7" ry="3"/>
<path class="body" d="M0 0C-4-10-15-17-15-29a15 15 0 0 1 30 0C15-17 4-10 0 0Z"/><circle class="eye" cy="-29" r="5.500"/></svg>`;
const NEAR_ZOOM = 16; // the grid one stands in, with its neighbours' names

class PinMap {
  private readonly form: HTMLFormElement;
  private readonly map: L.Map;
  private readonly pin: L.Marker;
  private readonly drawing: Drawing;
  private readonly place = must<HTMLElement>(document, "[data-place]");
  private asked: AbortController | null = null;
  private isDraggingPin = false;
  /** Counts what somebody did to the pin: an older question where one is has no say any more. */
  private moves = 0;
  /** The browser's own fix, sent as it came until the pin is moved. */
  private fix: Point | null = null;

  constructor(private readonly figure: HTMLElement) {
    this.form = must<HTMLFormElement>(document, "form[data-report], form[data-place-form]");
    const bounds = readBounds(figure.dataset["bounds"] ?? "");
    this.map = makeMap(must<HTMLElement>(figure, "[data-canvas]"), bounds);
    if (figure.dataset["view"]) this.map.fitBounds(readBounds(figure.dataset["view"]), { animate: false });
    this.drawing = new Drawing(this.map, figure.dataset["areasUrl"] ?? "");
    const icon = L.divIcon({ className: "pin", html: PIN, iconSize: [34, 48], iconAnchor: [17, 46] });
    this.pin = L.marker(this.map.getCenter(), { icon, draggable: true, keyboard: false, alt: word(figure, "pin") });
    this.pin.addTo(this.map);
    this.listen();
    this.begin();
  }

  private field(name: string): HTMLInputElement {
    return must<HTMLInputElement>(this.form, `[name="${name}"]`);
  }

  private listen(): void {
    const settle = later(250, () => { this.settle(); });
    this.map.on("move", () => {
      if (!this.isDraggingPin) this.pin.setLatLng(this.map.getCenter());
    });
    this.map.on("dragstart keydown", () => { this.leaveFix(); });
    this.map.on("moveend", settle);
    this.map.on("click", (event) => {
      this.leaveFix();
      this.map.panTo(event.latlng);
    });
    this.pin.on("dragstart", () => {
      this.isDraggingPin = true;
      this.leaveFix();
    });
    this.pin.on("dragend", () => {
      this.isDraggingPin = false;
      this.map.panTo(this.pin.getLatLng());
    });
    this.press("[data-zoom-in]", () => this.map.zoomIn(1));
    this.press("[data-zoom-out]", () => this.map.zoomOut(1));
    this.press("[data-find-me]", () => { this.findMe(); });
    const keys = must<HTMLElement>(this.figure, "[data-canvas]");
    keys.setAttribute("role", "application");
    keys.setAttribute("aria-label", word(this.figure, "pin"));
    must<HTMLSelectElement>(this.form, "[name=area]").addEventListener("change", () => { this.settle(); });
  }

  private press(selector: string, act: () => unknown): void {
    must<HTMLButtonElement>(this.figure, selector).addEventListener("click", act);
  }

  private leaveFix(): void {
    this.fix = null;
    this.moves += 1;
  }

  private begin(): void {
    const { value: lng } = this.field("lng");
    const { value: lat } = this.field("lat");
    if (lng === "" || lat === "") {
      // Where the page says what to look at first, the writer is not where the matter is.
      if (!this.figure.dataset["view"]) this.findMe();
      return;
    }
    const given = { lng: Number(lng), lat: Number(lat) };
    if (this.field("crs").value === "WGS-84") this.fix = given;
    this.map.setView(this.fix ? wgs84ToGcj02(given) : given, NEAR_ZOOM, { animate: false });
  }

  private findMe(): void {
    if (!("geolocation" in navigator)) {
      this.hint("lost");
      return;
    }
    const { moves } = this;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { if (this.moves === moves) this.found({ lng: coords.longitude, lat: coords.latitude }); },
      () => { this.hint("lost"); },
      { enableHighAccuracy: true, timeout: 8000, maximumAge: 60_000 },
    );
  }

  private found(fix: Point): void {
    const shown = wgs84ToGcj02(fix);
    const bounds = readBounds(this.figure.dataset["bounds"] ?? "");
    if (!bounds.contains(shown)) {
      this.hint("lost");
      return;
    }
    this.fix = fix;
    this.hint("found");
    this.map.setView(shown, NEAR_ZOOM);
    this.settle();
  }

  private hint(name: "found" | "lost"): void {
    const hint = document.querySelector<HTMLElement>("[data-map-hint]");
    if (hint) hint.textContent = word(hint, name);
  }

  /** The pin has come to rest: write the fields, name the place, look for the same thing nearby. */
  private settle(): void {
    const center = this.map.getCenter().wrap();
    const crs = this.fix ? "WGS-84" : "GCJ-02";
    const point = this.fix ?? center;
    const where = { lng: point.lng.toFixed(6), lat: point.lat.toFixed(6), crs };
    // Far out nothing has been pointed at yet: no place until one came nearer or found oneself.
    const isNear = this.map.getZoom() >= 14;
    for (const [name, value] of Object.entries(where)) this.field(name).value = isNear ? value : "";
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
    this.asked?.abort();
    if (!isNear) return;
    this.asked = new AbortController();
    void this.name(where, this.asked.signal);
    void this.lookNearby(where, this.asked.signal);
  }

  private async name(where: Record<string, string>, signal: AbortSignal): Promise<void> {
    const looking = window.setTimeout(() => { this.say(word(this.place, "looking"), []); }, 400);
    try {
      const located = await getJson<Located>(this.figure.dataset["locateUrl"] ?? "", where, signal);
      if (!located.area) {
        this.say(word(this.place, "outside"), []);
        return;
      }
      const names = located.area.path.map(({ name }) => name);
      this.say(located.place || (names[names.length - 1] ?? located.area.name), names);
      this.drawing.mark(located.area.path.map(({ code }) => code));
    } catch (error) {
      if (!signal.aborted) this.say(word(this.place, "offline"), []);
      else if (!(error instanceof DOMException)) throw error;
    } finally {
      window.clearTimeout(looking);
    }
  }

  private say(name: string, path: readonly string[]): void {
    must<HTMLElement>(this.place, "[data-place-name]").textContent = name;
    const list = must<HTMLElement>(this.place, "[data-place-path]");
    list.replaceChildren(
      ...path.map((step) => {
        const item = document.createElement("li");
        item.textContent = step;
        return item;
      }),
    );
  }

  private async lookNearby(where: Record<string, string>, signal: AbortSignal): Promise<void> {
    if (!this.figure.dataset["similarUrl"]) return;
    const list = must<HTMLElement>(document, "[data-similar]");
    const template = must<HTMLTemplateElement>(document, "template[data-similar-row]");
    const about = { text: this.field("text").value, category: this.field("category").value };
    const { items } = await getJson<Similar>(this.figure.dataset["similarUrl"] ?? "", { ...about, ...where }, signal).catch(
      () => ({ items: [] }),
    );
    if (signal.aborted) return;
    list.replaceChildren(
      ...items.slice(0, 3).map((item) => {
        const row = template.content.cloneNode(true) as DocumentFragment;
        must<HTMLElement>(row, "[data-similar-text]").textContent = [item.title, item.status].filter(Boolean).join(" · ");
        must<HTMLButtonElement>(row, "button[name=join]").value = item.id;
        return row;
      }),
    );
  }
}

/** Bring the where-step's map to life. */
function startPinMap(figure: HTMLElement): void {
  new PinMap(figure);
}

start("[data-pin-map]", startPinMap);
