/**
 * From a browser's own position (WGS-84) to the map's (GCJ-02), both in degrees, longitude first.
 * The server converts for routing by itself; this only places the pin on the drawing.
 * Source: the published approximation of GCJ-02 on the Krasovsky 1940 ellipsoid; within China, good to a few metres.
 */

export interface Point {
  lng: number;
  lat: number;
}

const AXIS_M = 6378245;
const ECCENTRICITY_2 = 0.00669342162296594323;

function waves(value: number, amplitudes: readonly (readonly [amplitude: number, factor: number])[]): number {
  return amplitudes.reduce((sum, [amplitude, factor]) => sum + amplitude * Math.sin(value * factor * Math.PI), 0);
}

function shift(x: number, y: number): Point {
  const common = (2 / 3) * waves(x, [[20, 6], [20, 2]]);
  const lat =
    -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + common +
    (2 / 3) * waves(y, [[20, 1], [40, 1 / 3], [160, 1 / 12], [320, 1 / 30]]);
  const lng =
    300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + common +
    (2 / 3) * waves(x, [[20, 1], [40, 1 / 3], [150, 1 / 12], [300, 1 / 30]]);
  return { lng, lat };
}

/** Shift a WGS-84 point to GCJ-02. */
export function wgs84ToGcj02({ lng, lat }: Point): Point {
  const by = shift(lng - 105, lat - 35);
  const radians = (lat / 180) * Math.PI;
  const magic = 1 - ECCENTRICITY_2 * Math.sin(radians) ** 2;
  const meridian_m = (AXIS_M * (1 - ECCENTRICITY_2)) / (magic * Math.sqrt(magic));
  const parallel_m = (AXIS_M / Math.sqrt(magic)) * Math.cos(radians);
  return { lng: lng + (by.lng * 180) / (parallel_m * Math.PI), lat: lat + (by.lat * 180) / (meridian_m * Math.PI) };
}
