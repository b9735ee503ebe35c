/**
 * Our own drawing of the area on a Leaflet map: outlines with names, finer as one comes nearer; no tiles.
 * Reads `GET <areas url>?level=<level>&bbox=<west,south,east,north>&crs=GCJ-02`: a GeoJSON FeatureCollection whose features
 * have properties code, name, level.
 */
import type { Feature, FeatureCollection, Geometry } from "geojson";
import L from "leaflet";
import { getJson } from "../requests";
import { type Box, type Px, type Size, boxAt, placeFor } from "./names";

interface AreaProperties {
  code: string;
  name: string;
  level: string;
}
type AreaFeature = Feature<Geometry, AreaProperties>;
type AreaPath = L.Path & { feature?: AreaFeature };
type AreaPolygon = L.Polygon & AreaPath;

/** Which level is drawn from which zoom on, coarse to fine. */
const LEVELS = [
  { level: "district", zoom: 0 },
  { level: "subdistrict", zoom: 0 },
  { level: "community", zoom: 13 },
  { level: "grid", zoom: 15 },
] as const;
const OVER = ".pin svg, .corner, .zoom, .legend"; // no name lies under these
const LIGHTS = ".spot, .cluster";
const EDGE_PX = 4;

/** Read "west,south,east,north" into bounds. */
export function readBounds(text: string): L.LatLngBounds {
  const [west = 0, south = 0, east = 0, north = 0] = text.split(",").map(Number);
  return L.latLngBounds([south, west], [north, east]);
}

/** A map without tiles, its own buttons outside. */
export function makeMap(canvas: HTMLElement, bounds: L.LatLngBounds, maxZoom = 18): L.Map {
  const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(canvas, {
    zoomControl: false,
    attributionControl: false,
    zoomSnap: 0.25,
    minZoom: 8,
    maxZoom,
    maxBounds: bounds.pad(0.3),
    zoomAnimation: !isStill,
    fadeAnimation: !isStill,
    inertia: !isStill,
  });
  map.fitBounds(bounds);
  // Leaflet itself hears of the window's size only: a folded menu and larger print change the room too.
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(canvas);
  return map;
}

export class Drawing {
  private readonly layers = new Map<string, L.GeoJSON>();
  private readonly drawn = new Map<string, AreaPath>();
  private readonly fetched = new Set<string>();
  private here = new Set<string>();
  private finest = "";

  constructor(private readonly map: L.Map, private readonly url: string, private readonly wanted: readonly string[] = []) {
    const names = map.createPane("area-names");
    names.style.zIndex = "450"; // over the areas, under lights and pin
    names.style.pointerEvents = "none";
    for (const { level } of LEVELS) {
      const pane = map.createPane(`areas-${level}`);
      pane.style.zIndex = String(300 + LEVELS.findIndex((each) => each.level === level));
      this.layers.set(level, this.layerOf(level));
    }
    map.on("moveend", () => { this.draw(); });
    // Larger print makes the boxes over the map larger, and names with them.
    const box = map.getContainer().parentElement?.querySelector(".zoom");
    if (box) new ResizeObserver(() => { this.writeNames(); }).observe(box);
    this.draw();
  }

  /** Mark the areas of these codes as the ones the pin stands in; only the finest drawn one is filled. */
  mark(codes: readonly string[]): void {
    this.here = new Set(codes);
    this.refreshMarks();
    this.writeNames();
  }

  private layerOf(level: string): L.GeoJSON {
    return L.geoJSON(undefined, {
      pane: `areas-${level}`,
      interactive: false,
      style: () => ({ className: `area-line ${level}` }),
      onEachFeature: (feature: AreaFeature, layer) => {
        this.drawn.set(feature.properties.code, layer as AreaPath);
        if (level === "district") return;
        layer.bindTooltip(feature.properties.name, {
          pane: "area-names",
          permanent: true,
          direction: "center",
          className: `area-name ${level}`,
          interactive: false,
        });
      },
    });
  }

  private draw(): void {
    const zoom = this.map.getZoom();
    for (const { level, zoom: from } of LEVELS) {
      const layer = this.layers.get(level);
      if (!layer || (this.wanted.length > 0 && !this.wanted.includes(level))) continue;
      const isShown = zoom >= from;
      if (isShown) this.fetch(level, layer);
      if (isShown !== this.map.hasLayer(layer)) {
        if (isShown) layer.addTo(this.map);
        else layer.remove();
      }
    }
    this.refreshMarks();
    this.writeNames();
  }

  /** Write each name where its area has room for it; the pin's own area chooses first, then coarse before fine. */
  writeNames(): void {
    const { x, y } = this.map.getSize();
    const seen = { left: EDGE_PX, top: EDGE_PX, right: x - EDGE_PX, bottom: y - EDGE_PX };
    const taken = this.boxesOf(OVER);
    const lights = this.boxesOf(LIGHTS);
    const view = this.map.getBounds();
    const types = new Map<string, number>(); // read before anything is written: each reading after that lays the page out anew
    for (const { level } of LEVELS) {
      const name = this.map.getContainer().querySelector(`.area-name.${level}`);
      if (name) types.set(level, parseFloat(getComputedStyle(name).fontSize));
    }
    for (const path of this.inOrder()) {
      const tooltip = path.getTooltip();
      const element = tooltip?.getElement();
      if (!tooltip || !element) continue;
      if (!view.intersects(path.getBounds())) {
        element.hidden = true;
        continue;
      }
      const size = sizeOf(element.textContent ?? "", types.get(path.feature?.properties.level ?? "") ?? 0);
      const near = element.dataset["placed"] ? this.map.latLngToContainerPoint(tooltip.getLatLng() ?? this.map.getCenter()) : null;
      const ring = this.ringOf(path);
      // An area much wider than what one sees has no name here: the finer ones tell where one is.
      const place = widthOf(ring) > 2 * x ? null : placeFor(ring, seen, size, near, taken, lights);
      element.hidden = !place;
      if (!place) continue;
      tooltip.setLatLng(this.map.containerPointToLatLng([place.x, place.y]));
      element.dataset["placed"] = "yes";
      taken.push(boxAt(place, size));
    }
  }

  private inOrder(): AreaPolygon[] {
    const shown = LEVELS.flatMap(({ level }) => {
      const layer = this.layers.get(level);
      return layer && this.map.hasLayer(layer) ? (layer.getLayers() as AreaPolygon[]) : [];
    });
    const isHere = (path: AreaPolygon): boolean => path.feature?.properties.code === this.finest;
    return [...shown.filter(isHere), ...shown.filter((path) => !isHere(path))];
  }

  private boxesOf(selector: string): Box[] {
    const container = this.map.getContainer();
    const { left: x, top: y } = container.getBoundingClientRect();
    return [...(container.parentElement?.querySelectorAll(selector) ?? [])].map((each) => {
      const { left, top, right, bottom } = each.getBoundingClientRect();
      return { left: left - x, top: top - y, right: right - x, bottom: bottom - y };
    });
  }

  /** The outline of the largest part of an area, in pixels of the window's map. */
  private ringOf(path: AreaPolygon): Px[] {
    const rings = outlines(path.getLatLngs()).map((ring) => ring.map((point) => this.map.latLngToContainerPoint(point)));
    return rings.reduce((widest, ring) => (widthOf(ring) > widthOf(widest) ? ring : widest), []);
  }

  /** Fetch what is in view, by squares of a fixed size so that the same one is asked for once. */
  private fetch(level: string, layer: L.GeoJSON): void {
    const view = this.map.getBounds().pad(0.2);
    const isWhole = level === "district" || level === "subdistrict";
    const size = 0.05;
    const bbox = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()]
      .map((edge, index) => (index < 2 ? Math.floor(edge / size) : Math.ceil(edge / size)) * size)
      .map((edge) => edge.toFixed(2))
      .join(",");
    const key = isWhole ? level : `${level}:${bbox}`;
    if (this.fetched.has(key)) return;
    this.fetched.add(key);
    getJson<FeatureCollection<Geometry, AreaProperties>>(this.url, { level, crs: "GCJ-02", ...(isWhole ? {} : { bbox }) })
      .then((areas) => {
        for (const area of areas.features) if (!this.drawn.has(area.properties.code)) layer.addData(area);
        this.draw();
      })
      .catch(() => this.fetched.delete(key));
  }

  private refreshMarks(): void {
    this.finest = "";
    for (const { level } of LEVELS) {
      const layer = this.layers.get(level);
      if (!layer || !this.map.hasLayer(layer)) continue;
      layer.eachLayer((each) => {
        const code = (each as AreaPath).feature?.properties.code ?? "";
        if (this.here.has(code)) this.finest = code;
      });
    }
    for (const [code, path] of this.drawn) {
      path.getElement()?.classList.toggle("here", code === this.finest);
      path.getTooltip()?.getElement()?.classList.toggle("here", code === this.finest);
      if (code === this.finest && this.map.hasLayer(path)) path.bringToFront();
    }
  }
}

type Nested = L.LatLng[] | L.LatLng[][] | L.LatLng[][][];

/** The outer outlines of all parts of a polygon, however deep Leaflet nests them. */
function outlines(nested: Nested): L.LatLng[][] {
  const [first] = nested;
  if (!Array.isArray(first)) return [nested as L.LatLng[]];
  return Array.isArray(first[0]) ? (nested as L.LatLng[][][]).flatMap(outlines) : [first as L.LatLng[]];
}

function widthOf(ring: readonly Px[]): number {
  const xs = ring.map(({ x }) => x);
  return xs.length > 0 ? Math.max(...xs) - Math.min(...xs) : 0;
}

/** How much room a name takes, shown or not. */
function sizeOf(name: string, type_px: number): Size {
  const ems = [...name].reduce((sum, letter) => sum + (letter > "\u2e80" ? 1 : 0.6), 0.3);
  return { width: ems * type_px, height: 1.4 * type_px };
}
