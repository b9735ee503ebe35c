/** Polygons that share corners: where neighbours meet a corner is one thing, so that moving it leaves no sliver. */
import type { Feature, FeatureCollection, Geometry, MultiPolygon, Polygon, Position } from "geojson";

export interface Corner {
  lng: number;
  lat: number;
}

/** Of each area its polygons, of each polygon its rings, open: the first corner is not said again. */
export interface Shape {
  code: string;
  polygons: Corner[][][];
}

const FEWEST_OF_RING = 3;
const DIGITS = 7; // a centimetre

const keyOf = (lng: number, lat: number): string => `${lng.toFixed(9)},${lat.toFixed(9)}`;

/** Round as the server does; what was taken from a neighbour is left exact. */
export const rounded = (corner: Corner): Corner => ({
  lng: Number(corner.lng.toFixed(DIGITS)),
  lat: Number(corner.lat.toFixed(DIGITS)),
});

/** Read polygons so that corners at the same place are the same object. */
export class Corners {
  private readonly known = new Map<string, Corner>();

  at([lng = 0, lat = 0]: Position): Corner {
    const key = keyOf(lng, lat);
    const found = this.known.get(key) ?? { lng, lat };
    this.known.set(key, found);
    return found;
  }

  shape(code: string, geometry: Geometry): Shape {
    const { type } = geometry;
    const polygons = type === "Polygon" ? [(geometry as Polygon).coordinates] : (geometry as MultiPolygon).coordinates;
    return { code, polygons: polygons.map((rings) => rings.map((ring) => ring.slice(0, -1).map((each) => this.at(each)))) };
  }
}

export const ringsOf = (shape: Shape): Corner[][] => shape.polygons.flat();

const closed = (ring: readonly Corner[]): Position[] => [...ring, ...ring.slice(0, 1)].map(({ lng, lat }) => [lng, lat]);

export function geometryOf(shape: Shape): Geometry {
  const coordinates = shape.polygons.map((rings) => rings.map(closed));
  return coordinates.length === 1
    ? { type: "Polygon", coordinates: coordinates[0] ?? [] }
    : { type: "MultiPolygon", coordinates };
}

export function collectionOf(shapes: readonly Shape[]): FeatureCollection {
  const features = shapes.map(
    (shape): Feature => ({ type: "Feature", properties: { code: shape.code }, geometry: geometryOf(shape) }),
  );
  return { type: "FeatureCollection", features };
}

/** Put a corner into every ring that has these two side by side. */
export function insert(shapes: readonly Shape[], one: Corner, two: Corner, corner: Corner): void {
  for (const ring of shapes.flatMap(ringsOf)) {
    for (let index = 0; index < ring.length; index += 1) {
      const [from, to] = [ring[index], ring[(index + 1) % ring.length]];
      if ((from === one && to === two) || (from === two && to === one)) {
        ring.splice(index + 1, 0, corner);
        break;
      }
    }
  }
}

/** Take a corner out of every ring that stays a ring without it. */
export function remove(shapes: readonly Shape[], corner: Corner): void {
  for (const ring of shapes.flatMap(ringsOf)) {
    const index = ring.indexOf(corner);
    if (index >= 0 && ring.length > FEWEST_OF_RING) ring.splice(index, 1);
  }
}

/** Give one shape a corner of its own in place of the one it shares. */
export function detach(shape: Shape, corner: Corner): Corner {
  const own = { ...corner };
  for (const ring of ringsOf(shape)) {
    const index = ring.indexOf(corner);
    if (index >= 0) ring[index] = own;
  }
  return own;
}
