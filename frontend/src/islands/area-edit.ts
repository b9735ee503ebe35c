/**
 * Drawing boundaries: a line that splits an area, the corners of a new one, or corners that are dragged.
 * Whatever is drawn stands as GeoJSON in the form's text field, which the server reads; a text changed by hand is drawn.
 */
import type { FeatureCollection, Geometry, LineString, Polygon } from "geojson";
import L from "leaflet";
import { start } from "../alive";
import { type Corner, Corners, type Shape, collectionOf, detach, geometryOf, insert, remove, ringsOf, rounded } from "../map/corners";
import { makeMap } from "../map/drawing";
import { getJson, must, word } from "../requests";

interface Near {
  code: string;
  name: string;
  role: "self" | "sibling" | "parent" | "child";
}

const CORNER_PX = 14; // so near a corner jumps onto it
const EDGE_PX = 8; // so near a border it jumps onto the border
const STEP_PX = 6; // of an arrow key
const HANDLE_PX = 26; // a handle with a little air
const MOST_UNDONE = 100;

class AreaEdit {
  private readonly map: L.Map;
  private readonly text = must<HTMLTextAreaElement>(document, "[data-drawing]");
  private readonly said = must<HTMLElement>(document, "[data-said]");
  private readonly kind: string;
  private readonly handles = L.layerGroup();
  private readonly drawn = L.layerGroup();
  private readonly references: Corner[][];
  private readonly past: string[] = [];
  private readonly bounds: L.LatLngBounds;
  /** Points of a line, or corners of a new area; shapes: polygons whose corners can be dragged. */
  private points: Corner[] = [];
  private shapes: Shape[] = [];
  private touched = new Set<string>();

  constructor(private readonly figure: HTMLElement, private readonly near: FeatureCollection<Geometry, Near>) {
    this.kind = figure.dataset["areaEdit"] ?? "";
    const corners = new Corners();
    this.references = near.features.flatMap(({ properties, geometry }) => ringsOf(corners.shape(properties.code, geometry)));
    const whole = L.geoJSON(near).getBounds();
    const own = near.features.filter(({ properties }) => properties.role === "self");
    this.bounds = L.geoJSON(own.length > 0 ? own : near.features).getBounds();
    const canvas = must<HTMLElement>(figure, "[data-canvas]");
    this.map = makeMap(canvas, whole, 20);
    this.map.fitBounds(this.bounds.pad(0.15), { animate: false });
    this.drawGround();
    this.drawn.addTo(this.map);
    this.handles.addTo(this.map);
    this.read();
    this.listen(canvas);
    this.refresh();
  }

  private get draws(): boolean {
    return this.kind === "add" || (this.kind === "split" && this.shapes.length === 0);
  }

  private drawGround(): void {
    L.geoJSON(this.near, {
      interactive: false,
      style: (feature) => ({ className: `near-line ${(feature?.properties as Near).role}` }),
      onEachFeature: ({ properties }, layer) => {
        if (properties.role === "parent" || properties.role === "child") return;
        layer.bindTooltip(properties.name, { permanent: true, direction: "center", className: "area-name community", interactive: false });
      },
    }).addTo(this.map);
    const shown = document.getElementById("area-shown");
    if (!shown) return;
    const { overlaps, gaps } = JSON.parse(shown.textContent) as { overlaps: Geometry[]; gaps: Geometry[] };
    const pane = this.map.createPane("faults");
    pane.style.zIndex = "430";
    pane.style.pointerEvents = "none";
    for (const [geometries, look] of [[overlaps, "overlap"], [gaps, "gap"]] as const) {
      for (const geometry of geometries) {
        L.geoJSON(geometry, { interactive: false, pane: "faults", style: { className: `fault-line ${look}` } }).addTo(this.map);
      }
    }
  }

  private listen(canvas: HTMLElement): void {
    this.map.on("zoomend", () => { this.refresh(); });
    this.map.on("click", ({ latlng }) => { if (this.draws) this.put(latlng); });
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", word(this.figure, "canvas"));
    canvas.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === canvas && this.draws) {
        event.preventDefault();
        this.put(this.map.getCenter());
      }
    });
    const press = (selector: string, act: () => void): void => {
      must<HTMLButtonElement>(document, selector).addEventListener("click", act);
    };
    press("[data-zoom-in]", () => { this.map.zoomIn(1); });
    press("[data-zoom-out]", () => { this.map.zoomOut(1); });
    press("[data-whole]", () => { this.map.fitBounds(this.bounds.pad(0.15)); });
    press("[data-middle]", () => { if (this.draws) this.put(this.map.getCenter()); });
    press("[data-undo]", () => { this.undo(); });
    press("[data-afresh]", () => { this.afresh(); });
    this.text.addEventListener("change", () => {
      this.read();
      this.refresh();
    });
  }

  /** Take over what the text field says; what it says in words only the server understands is left alone. */
  private read(): void {
    this.points = [];
    this.touched = new Set();
    const corners = new Corners();
    const roles: readonly string[] = this.kind === "redraw" ? ["self", "sibling"] : [];
    this.shapes = this.near.features
      .filter(({ properties }) => roles.includes(properties.role))
      .map(({ properties, geometry }) => corners.shape(properties.code, geometry));
    let said: Geometry | FeatureCollection;
    try {
      said = JSON.parse(this.text.value) as Geometry | FeatureCollection;
    } catch {
      return;
    }
    if (said.type === "LineString" && this.kind === "split") {
      this.points = (said as LineString).coordinates.map((each) => corners.at(each));
    } else if (said.type === "Polygon" && this.kind === "add") {
      this.points = ((said as Polygon).coordinates[0] ?? []).slice(0, -1).map((each) => corners.at(each));
    } else if (said.type === "FeatureCollection") {
      this.readShapes(said, corners);
    }
  }

  private readShapes(said: FeatureCollection, corners: Corners): void {
    for (const { properties, geometry } of said.features) {
      const code = String((properties as { code?: string } | null)?.code ?? "");
      this.touched.add(code);
      this.shapes = [...this.shapes.filter((shape) => shape.code !== code), corners.shape(code, geometry)];
    }
  }

  private write(): void {
    this.said.textContent = this.draws ? word(this.figure, "points").replace("{n}", String(this.points.length)) : "";
    if (this.draws) {
      const shape: Shape = { code: "", polygons: [[this.points]] };
      const line = { type: "LineString", coordinates: this.points.map(({ lng, lat }) => [lng, lat]) };
      const isWhole = this.points.length > (this.kind === "split" ? 1 : 2);
      this.text.value = isWhole ? JSON.stringify(this.kind === "split" ? line : geometryOf(shape)) : "";
      return;
    }
    const changed = this.kind === "split" ? this.shapes : this.shapes.filter(({ code }) => this.touched.has(code));
    this.text.value = changed.length > 0 ? JSON.stringify(collectionOf(changed)) : "";
  }

  private remember(): void {
    this.past.push(JSON.stringify([this.points, collectionOf(this.shapes), [...this.touched]]));
    if (this.past.length > MOST_UNDONE) this.past.shift();
  }

  private undo(): void {
    const last = this.past.pop();
    if (last === undefined) return;
    const [points, shapes, touched] = JSON.parse(last) as [Corner[], FeatureCollection, string[]];
    const corners = new Corners();
    this.points = points;
    this.shapes = shapes.features.map(({ properties, geometry }) =>
      corners.shape(String((properties as { code: string }).code), geometry),
    );
    this.touched = new Set(touched);
    this.refresh();
    this.write();
  }

  private afresh(): void {
    this.remember();
    this.text.value = "";
    this.read();
    this.refresh();
    this.write();
  }

  private put(at: L.LatLng): void {
    this.remember();
    this.points.push(this.snapped(at));
    this.refresh();
    this.write();
  }

  /** Go to a neighbour's corner or border if one is near, so that no sliver comes about. */
  private snapped(at: L.LatLng): Corner {
    const here = this.map.latLngToContainerPoint(at);
    const place = (corner: Corner): L.Point => this.map.latLngToContainerPoint(corner);
    let best: Corner | null = null;
    let nearest = CORNER_PX;
    for (const corner of this.references.flat()) {
      const away = place(corner).distanceTo(here);
      if (away < nearest) [best, nearest] = [{ ...corner }, away];
    }
    if (best) return best;
    nearest = EDGE_PX;
    for (const ring of this.references) {
      ring.forEach((one, index) => {
        const two = ring[(index + 1) % ring.length] ?? one;
        const [from, to] = [place(one), place(two)];
        const along = to.subtract(from);
        const length = along.x ** 2 + along.y ** 2;
        const share = length > 0 ? ((here.x - from.x) * along.x + (here.y - from.y) * along.y) / length : 0;
        if (share <= 0 || share >= 1) return;
        const away = from.add(along.multiplyBy(share)).distanceTo(here);
        if (away >= nearest) return;
        nearest = away;
        best = { lng: one.lng + share * (two.lng - one.lng), lat: one.lat + share * (two.lat - one.lat) };
      });
    }
    return best ?? rounded({ lng: at.lng, lat: at.lat });
  }

  private refresh(): void {
    this.figure.toggleAttribute("data-draws", this.draws);
    this.redrawShapes();
    this.handles.clearLayers();
    const rings = this.draws ? [this.points] : this.own().flatMap(ringsOf);
    const corners = new Set(rings.flat());
    const taken: L.Point[] = [];
    for (const corner of corners) if (this.hasRoom(corner, taken)) this.handles.addLayer(this.handle(corner));
    for (const ring of rings) {
      const isOpen = this.draws && this.kind === "split";
      ring.forEach((one, index) => {
        const two = ring[(index + 1) % ring.length];
        if (!two || two === one || (isOpen && index === ring.length - 1)) return;
        const between = { lng: (one.lng + two.lng) / 2, lat: (one.lat + two.lat) / 2 };
        if (this.hasRoom(between, taken)) this.handles.addLayer(this.middle(one, two, between));
      });
    }
  }

  /** Whether a handle there covers no other one; those that have no room show when one comes nearer. */
  private hasRoom(at: Corner, taken: L.Point[]): boolean {
    const place = this.map.latLngToLayerPoint(at);
    if (taken.some(({ x, y }) => Math.abs(x - place.x) < HANDLE_PX && Math.abs(y - place.y) < HANDLE_PX)) return false;
    taken.push(place);
    return true;
  }

  private redrawShapes(): void {
    this.drawn.clearLayers();
    const place = ({ lng, lat }: Corner): L.LatLngTuple => [lat, lng];
    if (this.draws) {
      const isLine = this.kind === "split" || this.points.length < 3;
      const path = isLine ? L.polyline(this.points.map(place), { className: "drawn-line", interactive: false })
        : L.polygon(this.points.map(place), { className: "drawn-area", interactive: false });
      this.drawn.addLayer(path);
      return;
    }
    for (const shape of this.shapes) {
      if (this.kind === "redraw" && !this.touched.has(shape.code) && shape.code !== this.figure.dataset["code"]) continue;
      const rings = shape.polygons.map((polygon) => polygon.map((ring) => ring.map(place)));
      const isOwn = shape.code === this.figure.dataset["code"];
      this.drawn.addLayer(L.polygon(rings, { className: `drawn-area${isOwn ? "" : " other"}`, interactive: false }));
    }
  }

  /** The shapes whose corners have handles: the area's own, or both parts of a split. */
  private own(): Shape[] {
    return this.kind === "split" ? this.shapes : this.shapes.filter(({ code }) => code === this.figure.dataset["code"]);
  }

  private handle(corner: Corner): L.Marker {
    const icon = L.divIcon({ className: "corner-handle", iconSize: [24, 24] });
    const marker = L.marker(corner, { icon, draggable: true, alt: word(this.figure, "corner"), title: "" });
    let held = corner;
    marker.on("dragstart", () => {
      this.remember();
      held = this.grasp(corner);
    });
    marker.on("drag", () => {
      this.move(held, marker.getLatLng());
      marker.setLatLng(held);
    });
    marker.on("dragend", () => {
      this.refresh();
      this.write();
    });
    marker.on("add", () => {
      const element = marker.getElement();
      element?.setAttribute("aria-label", word(this.figure, "corner"));
      element?.addEventListener("keydown", (event) => { this.press(event, corner); });
    });
    return marker;
  }

  private press(event: KeyboardEvent, corner: Corner): void {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step === undefined && event.key !== "Delete" && event.key !== "Backspace") return;
    event.preventDefault();
    event.stopPropagation();
    this.remember();
    const index = [...this.figure.querySelectorAll(".corner-handle")].indexOf(event.currentTarget as Element);
    if (step === undefined) this.drop(corner);
    else {
      const held = this.grasp(corner);
      const from = this.map.latLngToContainerPoint(held);
      const to = this.map.containerPointToLatLng(from.add([(step[0] ?? 0) * STEP_PX, (step[1] ?? 0) * STEP_PX]));
      Object.assign(held, rounded(to));
    }
    this.refresh();
    this.write();
    this.figure.querySelectorAll<HTMLElement>(".corner-handle")[index]?.focus();
  }

  private drop(corner: Corner): void {
    if (this.draws) this.points = this.points.filter((each) => each !== corner);
    else {
      this.noteTouched(corner);
      remove(this.shapes, corner);
    }
  }

  /** Take hold of a corner: with the neighbours that share it, or of the area's own alone. */
  private grasp(corner: Corner): Corner {
    if (this.draws) return corner;
    const isAlone = document.querySelector<HTMLInputElement>("[data-alone]")?.checked ?? false;
    const [own] = this.own();
    const held = isAlone && own ? detach(own, corner) : corner;
    this.noteTouched(held);
    return held;
  }

  private noteTouched(corner: Corner): void {
    for (const shape of this.shapes) if (ringsOf(shape).some((ring) => ring.includes(corner))) this.touched.add(shape.code);
  }

  private move(corner: Corner, at: L.LatLng): void {
    Object.assign(corner, this.snapped(at));
    this.redrawShapes();
  }

  private middle(one: Corner, two: Corner, between: Corner): L.Marker {
    const icon = L.divIcon({ className: "middle-handle", iconSize: [24, 24] });
    const marker = L.marker(between, { icon, keyboard: false, draggable: true });
    const corner = { ...between };
    const begin = (): void => {
      this.remember();
      if (this.draws) this.points.splice(this.points.indexOf(one) + 1, 0, corner);
      else {
        insert(this.shapes, one, two, corner);
        this.noteTouched(corner);
      }
    };
    marker.on("dragstart", begin);
    marker.on("drag", () => {
      this.move(corner, marker.getLatLng());
      marker.setLatLng(corner);
    });
    marker.on("dragend", () => {
      this.refresh();
      this.write();
    });
    return marker;
  }
}

/** Bring the drawing of a change of areas to life. */
function startAreaEdit(figure: HTMLElement): void {
  void getJson<FeatureCollection<Geometry, Near>>(figure.dataset["shapesUrl"] ?? "", {}).then(
    (near) => {
      new AreaEdit(figure, near);
      figure.dataset["drawn"] = ""; // from now on its buttons do something
    },
  );
}

start("[data-area-edit]", startAreaEdit);
