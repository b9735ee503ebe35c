"""Reading what somebody drew or typed: GeoJSON of any kind, or pairs of longitude and latitude."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from linli.kernel.errors import InvalidInput
from linli.registry.territory.calc.coordinates import check_coordinates
from linli.registry.territory.calc.polygons import as_geojson, in_gcj02, read_polygon
from linli.registry.territory.choices import Crs

LONGEST = 2_000_000
_PAIR = re.compile(r"(-?\d+(?:\.\d+)?)\s*[,，\s]\s*(-?\d+(?:\.\d+)?)")
_FEWEST_CORNERS = 3


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines and polygons in GCJ-02; each polygon with the code of the area that it is of, "" if it names none."""

    lines: tuple[BaseGeometry, ...] = ()
    polygons: tuple[tuple[str, BaseGeometry], ...] = ()


def read_drawing(text: str, crs: Crs, *, is_line: bool) -> Drawing:
    """Read GeoJSON, or pairs of longitude and latitude: the points of a line or the corners of a polygon.

    Raises InvalidInput (geometry_unreadable, geometry_too_large, those of read_polygon). "" is an empty drawing.
    """
    text = text.strip()
    if not text:
        return Drawing()
    if len(text) > LONGEST:
        raise InvalidInput("geometry_too_large", field="drawing")
    if text.startswith(("{", "[")):
        return _of_geojson(_parsed(text), crs)
    return _of_pairs(text, crs, is_line=is_line)


def write_drawing(shapes: Iterable[tuple[str, BaseGeometry]]) -> str:
    """Write polygons with the codes of their areas, as `read_drawing` reads them."""
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": as_geojson(shape)} for code, shape in shapes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("geometry_unreadable", field="drawing") from error


def _of_geojson(said: Any, crs: Crs) -> Drawing:
    lines, polygons = [], []
    for code, geometry in _geometries(said):
        if geometry.get("type") == "LineString":
            lines.append(_line(geometry, crs))
        else:
            polygons.append((code, read_polygon(geometry, crs)))
    return Drawing(tuple(lines), tuple(polygons))


def _geometries(said: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """List what a collection, a feature or a geometry holds, each with the code that it names."""
    features = said.get("features") if isinstance(said, Mapping) and said.get("type") == "FeatureCollection" else [said]
    for feature in features if isinstance(features, list) else [None]:
        if not isinstance(feature, Mapping):
            raise InvalidInput("geometry_unreadable", field="drawing")
        if feature.get("type") != "Feature":
            yield "", feature
            continue
        properties, geometry = feature.get("properties"), feature.get("geometry")
        code = properties.get("code", "") if isinstance(properties, Mapping) else ""
        yield str(code), geometry if isinstance(geometry, Mapping) else {}


def _line(geometry: Mapping[str, Any], crs: Crs) -> BaseGeometry:
    try:
        line = shapely.from_geojson(json.dumps(dict(geometry)))
    except (shapely.GEOSException, TypeError, ValueError) as error:
        raise InvalidInput("geometry_unreadable", field="drawing") from error
    for lng, lat in shapely.get_coordinates(line).tolist():
        check_coordinates(lng, lat)
    if line.is_empty:
        raise InvalidInput("geometry_empty", field="drawing")
    return in_gcj02(shapely.force_2d(line), crs)


def _of_pairs(text: str, crs: Crs, *, is_line: bool) -> Drawing:
    points = [(float(lng), float(lat)) for lng, lat in _PAIR.findall(text)]
    if is_line and len(points) > 1:
        return Drawing(lines=(_line({"type": "LineString", "coordinates": points}, crs),))
    if not is_line and len(points) >= _FEWEST_CORNERS:
        ring = points if points[0] == points[-1] else [*points, points[0]]
        return Drawing(polygons=(("", read_polygon({"type": "Polygon", "coordinates": [ring]}, crs)),))
    raise InvalidInput("geometry_unreadable", field="drawing")
