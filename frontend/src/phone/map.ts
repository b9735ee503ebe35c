/** The own grid as a drawing: outlines and lights. The list beside it says the same. */
import type { Grid, PocketCase } from "./store";

const SPACE = "http://www.w3.org/2000/svg";
const WIDTH = 328;
const HIGHEST = 260;
const MARGIN = 10;

type Project = (lng: number, lat: number) => [x: number, y: number];

function rings(grid: Grid): number[][][] {
  return grid.shapes.flatMap((shape) =>
    shape.type === "Polygon" ? (shape.coordinates as number[][][]) : (shape.coordinates as number[][][][]).flat());
}

/** Fit the outlines into the drawing; a degree of longitude is as wide as it is here. null: nothing is drawn. */
function projection(grids: readonly Grid[]): { project: Project; height: number } | null {
  const points = grids.flatMap((grid) => rings(grid).flat());
  if (points.length === 0) return null;
  const lngs = points.map(([lng = 0]) => lng);
  const lats = points.map(([, lat = 0]) => lat);
  const [west, east, south, north] = [Math.min(...lngs), Math.max(...lngs), Math.min(...lats), Math.max(...lats)];
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min((WIDTH - 2 * MARGIN) / ((east - west) * narrow || 1), (HIGHEST - 2 * MARGIN) / (north - south || 1));
  const left = (WIDTH - (east - west) * narrow * scale) / 2;
  const height = (north - south) * scale + 2 * MARGIN;
  return { project: (lng, lat) => [left + (lng - west) * narrow * scale, MARGIN + (north - lat) * scale], height };
}

function element(name: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Draw into an svg; false where no outline is known. */
export function drawGrids(svg: SVGSVGElement, grids: readonly Grid[], cases: readonly PocketCase[]): boolean {
  svg.replaceChildren();
  const fitted = projection(grids);
  if (!fitted) return false;
  const { project, height } = fitted;
  svg.setAttribute("viewBox", `0 0 ${String(WIDTH)} ${height.toFixed(0)}`);
  for (const grid of grids) {
    const path = rings(grid)
      .map((ring) => `M${ring.map(([lng = 0, lat = 0]) => project(lng, lat).map((each) => each.toFixed(1)).join(" ")).join("L")}Z`)
      .join("");
    svg.append(element("path", { d: path, class: "grid" }));
  }
  for (const { id, lng, lat, light, is_mine } of [...cases].reverse()) {
    if (lng === null || lat === null) continue;
    const [x, y] = project(lng, lat);
    if (x < 0 || x > WIDTH || y < 0 || y > height) continue;
    const spot = { "data-case": id, class: `spot ${light}`, cx: x.toFixed(1), cy: y.toFixed(1), r: is_mine ? "7" : "5" };
    svg.append(element("circle", spot));
  }
  return true;
}
