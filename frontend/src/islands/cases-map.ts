/**
 * One map: cases as lights and clusters on our drawing, and a list beside it that says the same.
 *
 *   <div class="one-map" data-map-cases data-bounds="w,s,e,n" data-areas-url="/api/v1/areas/geojson"
 *        data-cases-url="/api/v1/cases/geojson?status=open" data-word-more="{n} more in view" data-word-none="…" data-word-cluster="{n} cases">
 *     <figure class="map fill"><div class="canvas" data-canvas></div><span class="corner">示意图</span>
 *       <div class="zoom">buttons [data-zoom-out] [data-zoom-in] [data-whole]</div></figure>
 *     <section class="side"><header><h2>… <b data-map-count></b></h2></header><ol data-map-list>server's rows, without script</ol></section>
 *   </div>
 *
 * The cases address answers a GeoJSON FeatureCollection of points in GCJ-02 with properties id, title, area, light
 * ("late" "warn" "ok" "hold"), light_text, left, url. It may be filtered by the page's own query.
 */
import type { Feature, FeatureCollection, Point } from "geojson";
import L from "leaflet";
import Supercluster from "supercluster";
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
interface Worst {
  worst: number;
}
type CaseFeature = Feature<Point, CaseProperties>;
type Clustered = Supercluster.ClusterFeature<Worst> | Supercluster.PointFeature<CaseProperties>;

const LIGHTS = ["hold", "ok", "warn", "late"]; // the worst last
const LISTED = 200;

function isCluster(feature: Clustered): feature is Supercluster.ClusterFeature<Worst> {
  return "cluster" in feature.properties;
}

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
  private readonly index = new Supercluster<CaseProperties, Worst>({
    radius: 80, // wider than the largest ring, so that rings of one zoom hardly touch
    maxZoom: 16,
    map: ({ light: name }) => ({ worst: Math.max(LIGHTS.indexOf(name), 0) }),
    reduce: (sum, { worst }) => { sum.worst = Math.max(sum.worst, worst); },
  });
  private cases: CaseFeature[] = [];
  private readonly markers = new Map<string, L.Marker>();
  private readonly list: HTMLElement;

  constructor(private readonly root: HTMLElement) {
    const bounds = readBounds(root.dataset["bounds"] ?? "");
    this.map = makeMap(must<HTMLElement>(root, "[data-canvas]"), bounds);
    new Drawing(this.map, root.dataset["areasUrl"] ?? "");
    this.list = must<HTMLElement>(root, "[data-map-list]");
    this.spots.addTo(this.map);
    this.map.on("moveend", later(80, () => { this.show(); }));
    this.press("[data-zoom-in]", () => this.map.zoomIn(1));
    this.press("[data-zoom-out]", () => this.map.zoomOut(1));
    this.press("[data-whole]", () => this.map.fitBounds(bounds));
    for (const type of ["mouseover", "focusin"]) this.list.addEventListener(type, (event) => { this.onList(event); });
    this.list.addEventListener("mouseleave", () => { this.point(""); });
    document.addEventListener("linli:state", later(500, () => void this.load()));
    void this.load();
  }

  private press(selector: string, act: () => unknown): void {
    this.root.querySelector<HTMLElement>(selector)?.addEventListener("click", act);
  }

  private async load(): Promise<void> {
    const answer = await getJson<FeatureCollection<Point, CaseProperties>>(this.root.dataset["casesUrl"] ?? "", {}).catch(() => null);
    if (!answer) return; // the list drawn by the server stays
    this.cases = answer.features;
    this.index.load(this.cases);
    this.show();
  }

  private show(): void {
    const view = this.map.getBounds();
    this.spots.clearLayers();
    this.markers.clear();
    const box: [number, number, number, number] = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
    for (const feature of this.index.getClusters(box, Math.floor(this.map.getZoom()))) {
      const [lng = 0, lat = 0] = feature.geometry.coordinates;
      const marker = isCluster(feature) ? this.cluster(feature, [lat, lng]) : this.spot(feature.properties, [lat, lng]);
      marker.addTo(this.spots);
    }
    this.write(view);
  }

  private cluster(feature: Supercluster.ClusterFeature<Worst>, at: L.LatLngTuple): L.Marker {
    const { point_count: count, worst, cluster_id: id } = feature.properties;
    const size = count < 10 ? 32 : count < 100 ? 40 : 50;
    const icon = L.divIcon({ className: `cluster ${LIGHTS[worst] ?? ""}`, html: String(count), iconSize: [size, size] });
    const marker = L.marker(at, { icon, title: word(this.root, "cluster").replace("{n}", String(count)) });
    marker.on("click", () => this.map.setView(at, Math.min(this.index.getClusterExpansionZoom(id), 18)));
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
  private write(view: L.LatLngBounds): void {
    const seen = this.cases
      .filter(({ geometry }) => view.contains([geometry.coordinates[1] ?? 0, geometry.coordinates[0] ?? 0]))
      .sort((a, b) => LIGHTS.indexOf(b.properties.light) - LIGHTS.indexOf(a.properties.light));
    const count = this.root.querySelector("[data-map-count]");
    if (count) count.textContent = String(seen.length);
    const rows = seen.slice(0, LISTED).map(({ properties }) => this.row(properties));
    const more = seen.length - rows.length;
    const words = seen.length === 0 ? word(this.root, "none") : more > 0 ? word(this.root, "more").replace("{n}", String(more)) : "";
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
export function startCasesMap(root: HTMLElement): void {
  new CasesMap(root);
}
