/**
 * Our own drawing of the area on a Leaflet map: outlines with names, finer as one comes nearer; no tiles.
 * Reads `GET <areas url>?level=<level>&bbox=<west,south,east,north>&crs=GCJ-02`: a GeoJSON FeatureCollection whose features
 * have properties code, name, level.
 */
import type { Feature, FeatureCollection, Geometry } from "geojson";
import L from "leaflet";
import { getJson } from "../requests";

interface AreaProperties {
  code: string;
  name: string;
  level: string;
}
type AreaFeature = Feature<Geometry, AreaProperties>;
type AreaPath = L.Path & { feature?: AreaFeature };

/** Which level is drawn from which zoom on, coarse to fine. */
const LEVELS = [
  { level: "district", zoom: 0 },
  { level: "subdistrict", zoom: 0 },
  { level: "community", zoom: 13 },
  { level: "grid", zoom: 15 },
] as const;
const NAME_PX = 15; // a character's width, with a little air

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
    this.draw();
  }

  /** Mark the areas of these codes as the ones the pin stands in; only the finest drawn one is filled. */
  mark(codes: readonly string[]): void {
    this.here = new Set(codes);
    this.refreshMarks();
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
          offset: [0, 16],
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
      this.writeNames(layer);
    }
    this.keepNamesApart();
    this.refreshMarks();
  }

  /** Of two names that would lie on each other, leave out that of the finer area; also what would lie under pin, box or edge. */
  private keepNamesApart(): void {
    const edge = this.map.getContainer().getBoundingClientRect();
    const over = this.map.getContainer().parentElement?.querySelectorAll(".pin svg, .corner, .zoom, .legend") ?? [];
    const kept = [...over].map((each) => each.getBoundingClientRect());
    for (const { level } of LEVELS) {
      this.layers.get(level)?.eachLayer((each) => {
        const element = (each as L.Polygon).getTooltip()?.getElement();
        if (!element || element.hidden) return;
        const box = element.getBoundingClientRect();
        const isCovered = kept.some(
          ({ left, right, top, bottom }) => box.left < right && left < box.right && box.top < bottom && top < box.bottom,
        );
        const isCut = box.left < edge.left || box.right > edge.right || box.top < edge.top || box.bottom > edge.bottom;
        if (isCovered || isCut) element.hidden = true;
        else kept.push(box);
      });
    }
  }

  /** Write a name where it fits its area, and leave it out once the area is wider than what one sees. */
  private writeNames(layer: L.GeoJSON): void {
    const { x: seen_px } = this.map.getSize();
    layer.eachLayer((each) => {
      const path = each as L.Polygon & AreaPath;
      const element = path.getTooltip()?.getElement();
      if (!element) return;
      const bounds = path.getBounds();
      const { x: left, y: top } = this.map.latLngToLayerPoint(bounds.getNorthWest());
      const { x: right, y: bottom } = this.map.latLngToLayerPoint(bounds.getSouthEast());
      const needed_px = (path.feature?.properties.name.length ?? 0) * NAME_PX;
      const isWide = right - left >= needed_px && bottom - top >= 2 * NAME_PX;
      element.hidden = !isWide || right - left > 2 * seen_px;
    });
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
    let finest = "";
    for (const { level } of LEVELS) {
      const layer = this.layers.get(level);
      if (!layer || !this.map.hasLayer(layer)) continue;
      layer.eachLayer((each) => {
        const code = (each as AreaPath).feature?.properties.code ?? "";
        if (this.here.has(code)) finest = code;
      });
    }
    for (const [code, path] of this.drawn) {
      path.getElement()?.classList.toggle("here", code === finest);
      path.getTooltip()?.getElement()?.classList.toggle("here", code === finest);
      if (code === finest && this.map.hasLayer(path)) path.bringToFront();
    }
  }
}
