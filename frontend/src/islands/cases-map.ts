/**
 * One map: cases as lights and clusters on our drawing, and a list beside it that says the same.
 *
 *   <div class="one-map" data-map-cases data-bounds="w,s,e,n" data-areas-url="/api/v1/areas/geojson"
 *        data-cases-url="/map/cases.json?light=late" data-word-more="{n} more in view" data-word-none="…" data-word-cluster="{n} cases">
 *     <figure class="map fill"><div class="canvas" data-canvas></div><span class="corner">示意图</span>
 *       <div class="zoom">buttons [data-zoom-out] [data-zoom-in] [data-whole]</div></figure>
 *     <section class="side"><header><h2>… <b data-map-count></b></h2></header><ol data-map-list>server's rows, without script</ol></section>
 *   </div>
 *
 * The cases address is asked with bbox ("w,s,e,n", GCJ-02) and zoom, and answers with clusters of the screen's squares,
 * the worst cases of the view, and how far the cases reach, so that a hundred thousand weigh as little as a hundred.
 * What is seen first is where the cases are; a button shows the whole area.
 */
import L from "leaflet";
import { start } from "../alive";
import { Drawing, makeMap, readBounds } from "../map/drawing";
import { getJson, later, must, word } from "../requests";

interface CaseProperties {
  id: string;
  title: string;
  area: string;
  light: string;
  light_text: string;
  left: string;
  url: string;
}
interface Cluster {
  lng: number;
  lat: number;
  count: number;
  light: string;
  case: CaseProperties | null;
}
interface Holes {
  count: number;
  spots: { lng: number; lat: number; count: number; name: string; url: string }[];
}
interface Seen {
  count: number;
  extent: [west: number, south: number, east: number, north: number] | null;
  clusters: Cluster[];
  listed: CaseProperties[];
}

const CLOSER = 2; // zoom levels that a press on a cluster goes nearer
const NEAREST = 18;
const FIRST_NEAREST = 16; // a single case is shown with the streets around it
const FIRST_MARGIN_PX = 64;

function light(name: string, words: string): HTMLElement {
  const element = document.createElement("span");
  element.className = `light ${name}`;
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", words);
  return element;
}

class CasesMap {
  private readonly map: L.Map;
  private readonly spots = L.layerGroup();
  private readonly holes = L.layerGroup();
  private readonly markers = new Map<string, L.Marker>();
  private readonly list: HTMLElement;
  private drawing: Drawing | null = null;
  private asked: AbortController | null = null;
  /** Somebody has moved the map: it stays where it was put. */
  private isHeld = false;

  constructor(private readonly root: HTMLElement) {
    const bounds = readBounds(root.dataset["bounds"] ?? "");
    this.map = makeMap(must<HTMLElement>(root, "[data-canvas]"), bounds);
    this.list = must<HTMLElement>(root, "[data-map-list]");
    this.spots.addTo(this.map);
    const hold = (): void => { this.isHeld = true; };
    for (const type of ["pointerdown", "wheel", "keydown"]) root.addEventListener(type, hold, { once: true, passive: true });
    this.press("[data-zoom-in]", () => this.map.zoomIn(1));
    this.press("[data-zoom-out]", () => this.map.zoomOut(1));
    this.press("[data-whole]", () => this.map.fitBounds(bounds));
    for (const type of ["mouseover", "focusin"]) this.list.addEventListener(type, (event) => { this.onList(event); });
    this.list.addEventListener("mouseleave", () => { this.point(""); });
    const box = root.querySelector<HTMLInputElement>("[data-map-holes]");
    box?.addEventListener("change", () => void this.showHoles(box));
    if (box?.checked) void this.showHoles(box);
    void this.begin();
  }

  /** Lay where nobody is responsible over the cases, a square a community; a press leads to the list. */
  private async showHoles(box: HTMLInputElement): Promise<void> {
    const place = this.root.querySelector("[data-holes-count]");
    this.holes.clearLayers().addTo(this.map);
    if (place) place.textContent = "";
    if (!box.checked) return;
    const found = await getJson<Holes>(box.dataset["holesUrl"] ?? "", {}).catch(() => null);
    if (!found || !box.checked) return;
    this.holes.clearLayers();
    for (const { lng, lat, count, name, url } of found.spots) {
      const title = word(box, "holes").replace("{name}", name).replace("{n}", String(count));
      const icon = L.divIcon({ className: "hole", html: String(count), iconSize: [32, 32] });
      L.marker([lat, lng], { icon, title, alt: title }).on("click", () => { window.location.assign(url); }).addTo(this.holes);
    }
    if (place) place.textContent = word(box, "count").replace("{n}", String(found.count));
  }

  /** Look where the cases are before anything is drawn; from then on each move asks anew. */
  private async begin(): Promise<void> {
    const whole = await this.ask();
    if (whole?.extent && !this.isHeld) {
      const [west, south, east, north] = whole.extent;
      const padding: L.PointTuple = [FIRST_MARGIN_PX, FIRST_MARGIN_PX];
      this.map.fitBounds([[south, west], [north, east]], { padding, maxZoom: FIRST_NEAREST, animate: false });
    }
    void this.load();
    this.drawing = new Drawing(this.map, this.root.dataset["areasUrl"] ?? "");
    this.map.on("moveend", later(80, () => void this.load()));
    document.addEventListener("linli:state", later(500, () => void this.load()));
  }

  private press(selector: string, act: () => unknown): void {
    this.root.querySelector<HTMLElement>(selector)?.addEventListener("click", act);
  }

  /** Ask what the view shows; nothing if overtaken or without a network, of which the live line tells. */
  private async ask(): Promise<Seen | null> {
    this.asked?.abort();
    this.asked = new AbortController();
    const view = this.map.getBounds();
    const bbox = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()].map((edge) => edge.toFixed(6)).join();
    const parameters = { bbox, zoom: this.map.getZoom().toFixed(2) };
    return getJson<Seen>(this.root.dataset["casesUrl"] ?? "", parameters, this.asked.signal).catch(() => null);
  }

  /** Show what the view holds; what stands there stays until the answer is in. */
  private async load(): Promise<void> {
    const seen = await this.ask();
    if (!seen) return;
    this.show(seen.clusters);
    this.write(seen);
  }

  private show(clusters: readonly Cluster[]): void {
    this.spots.clearLayers();
    this.markers.clear();
    for (const cluster of clusters) {
      const at: L.LatLngTuple = [cluster.lat, cluster.lng];
      const marker = cluster.case ? this.spot(cluster.case, at) : this.cluster(cluster, at);
      marker.addTo(this.spots);
    }
    this.drawing?.writeNames();
  }

  private cluster({ count, light: worst }: Cluster, at: L.LatLngTuple): L.Marker {
    const size = count < 10 ? 32 : count < 100 ? 40 : 50;
    const icon = L.divIcon({ className: `cluster ${worst}`, html: String(count), iconSize: [size, size] });
    const marker = L.marker(at, { icon, title: word(this.root, "cluster").replace("{n}", String(count)) });
    marker.on("click", () => this.map.setView(at, Math.min(this.map.getZoom() + CLOSER, NEAREST)));
    return marker;
  }

  private spot(about: CaseProperties, at: L.LatLngTuple): L.Marker {
    const icon = L.divIcon({ className: "spot", html: light(about.light, about.light_text), iconSize: [28, 28] });
    const marker = L.marker(at, { icon, title: `${about.light_text} ${about.title}` });
    marker.on("click", () => { window.location.assign(about.url); });
    marker.on("mouseover", () => { this.point(about.id); });
    this.markers.set(about.id, marker);
    return marker;
  }

  /** The list says what the map shows: the cases in view, worst light first. */
  private write({ count, listed }: Seen): void {
    const place = this.root.querySelector("[data-map-count]");
    if (place) place.textContent = String(count);
    const rows = listed.map((about) => this.row(about));
    const more = count - rows.length;
    const words = count === 0 ? word(this.root, "none") : more > 0 ? word(this.root, "more").replace("{n}", String(more)) : "";
    if (words) {
      const last = document.createElement("li");
      last.className = "quiet";
      last.append(document.createElement("span"), words);
      rows.push(last);
    }
    this.list.replaceChildren(...rows);
  }

  private row(about: CaseProperties): HTMLLIElement {
    const row = document.createElement("li");
    row.dataset["id"] = about.id;
    const link = document.createElement("a");
    link.href = about.url;
    link.textContent = about.title;
    const area = document.createElement("small");
    area.textContent = about.area;
    const middle = document.createElement("div");
    middle.append(link, area);
    const left = document.createElement("span");
    left.className = about.light === "late" ? "late-ink nb" : about.light === "warn" ? "warn-ink nb" : "quiet nb";
    left.textContent = about.left;
    row.append(light(about.light, about.light_text), middle, left);
    return row;
  }

  private onList(event: Event): void {
    this.point((event.target as Element).closest<HTMLElement>("li[data-id]")?.dataset["id"] ?? "");
  }

  private point(id: string): void {
    for (const [each, marker] of this.markers) marker.getElement()?.classList.toggle("cur", each === id);
    for (const row of this.list.querySelectorAll<HTMLElement>("li[data-id]")) row.classList.toggle("cur", row.dataset["id"] === id);
  }
}

/** Bring the one map to life. */
function startCasesMap(root: HTMLElement): void {
  new CasesMap(root);
}

start("[data-map-cases]", startCasesMap);
