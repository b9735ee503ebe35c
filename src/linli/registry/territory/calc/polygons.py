"""Polygons: reading GeoJSON, putting it into GCJ-02, and finding what is wrong with a set of boundaries."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from linli.kernel.errors import InvalidInput
from linli.registry.territory.calc import paths
from linli.registry.territory.calc.coordinates import gcj02_from_wgs84
from linli.registry.territory.choices import Crs

GeoJson = Mapping[str, Any]

# Public district polygons are simplified to 0.0003° (about 30 m): that far may an area stick out of its parent.
PARENT_TOLERANCE_DEG = 0.0003
# Two siblings may overlap by a sliver of twice this width (about 5 m), as lines drawn twice by hand do.
OVERLAP_TOLERANCE_DEG = 0.000025


@dataclass(frozen=True, slots=True)
class Cell:
    """An area's polygon in GCJ-02, with its path and the depth of its level."""

    path: str
    depth: int
    polygon: BaseGeometry


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one boundary. other: the path of the area it quarrels with, or ""."""

    path: str
    code: str
    other: str = ""


def read_polygon(geojson: GeoJson, crs: Crs) -> BaseGeometry:
    """Read a GeoJSON Polygon or MultiPolygon and put it into GCJ-02.

    Raises InvalidInput: geometry_unreadable, geometry_no_polygon, geometry_empty, geometry_out_of_range,
    geometry_invalid (with why: it crosses itself, a hole outside, ...).
    """
    if not isinstance(geojson, Mapping) or str(geojson.get("type")) not in {"Polygon", "MultiPolygon"}:
        raise InvalidInput("geometry_no_polygon", field="geometry")
    try:
        polygon = shapely.from_geojson(json.dumps(dict(geojson)))
    except (shapely.GEOSException, TypeError, ValueError) as error:
        raise InvalidInput("geometry_unreadable", field="geometry") from error
    if polygon is None or polygon.is_empty:
        raise InvalidInput("geometry_empty", field="geometry")
    _check_shape(polygon)
    return shapely.force_2d(in_gcj02(polygon, crs))


def in_gcj02(polygon: BaseGeometry, crs: Crs) -> BaseGeometry:
    """Put a geometry of any system that we take into GCJ-02."""
    return polygon if crs is Crs.GCJ_02 else shapely.transform(polygon, _moved)


def read_stored(texts: Sequence[str], systems: Sequence[str]) -> list[BaseGeometry]:
    """Read many stored GeoJSON texts at once, each in its own system; they were checked when they came in."""
    polygons: NDArray[np.object_] = shapely.from_geojson(np.array(texts, dtype=object))
    return [in_gcj02(polygon, Crs(crs)) for polygon, crs in zip(polygons, systems, strict=True)]


def as_geojson(polygon: BaseGeometry) -> dict[str, Any]:
    """Write a polygon as a GeoJSON geometry."""
    written: dict[str, Any] = json.loads(shapely.to_geojson(polygon))
    return written


def find_faults(cells: Iterable[Cell], changed: frozenset[str]) -> list[Fault]:
    """Find what the changed boundaries would break, in the set of cells as it would be.

    changed: paths. Codes: outside_parent (other is the parent), child_outside (other is the child that no longer
    fits), overlaps_sibling. Cells without a parent among the cells fit anywhere. Source: tolerances above.
    """
    by_path = {cell.path: cell for cell in cells}
    children: dict[str, list[Cell]] = {}
    for cell in by_path.values():
        children.setdefault(paths.parent(cell.path), []).append(cell)
    faults: list[Fault] = []
    for parent_path, siblings in children.items():
        touched = [cell for cell in siblings if cell.path in changed]
        if parent_path in by_path and (touched or parent_path in changed):
            checked = siblings if parent_path in changed else touched
            faults += _misfits(by_path[parent_path], checked, changed)
        if touched and parent_path:
            faults += _overlaps(siblings, touched)
    return faults


def _misfits(parent: Cell, checked: list[Cell], changed: frozenset[str]) -> list[Fault]:
    room = parent.polygon.buffer(PARENT_TOLERANCE_DEG)
    shapely.prepare(room)
    fits = shapely.covers(room, np.array([cell.polygon for cell in checked], dtype=object))
    return [
        Fault(cell.path, "outside_parent", parent.path)
        if cell.path in changed
        else Fault(parent.path, "child_outside", cell.path)
        for cell, does_fit in zip(checked, fits, strict=True)
        if not does_fit
    ]


def _overlaps(siblings: list[Cell], touched: list[Cell]) -> list[Fault]:
    tree = shapely.STRtree([cell.polygon for cell in siblings])
    faults: dict[frozenset[str], Fault] = {}
    for cell in touched:
        for number in tree.query(cell.polygon, predicate="intersects"):
            other = siblings[number]
            pair = frozenset((cell.path, other.path))
            if other.path != cell.path and pair not in faults and _do_overlap(cell.polygon, other.polygon):
                faults[pair] = Fault(cell.path, "overlaps_sibling", other.path)
    return list(faults.values())


def _do_overlap(one: BaseGeometry, two: BaseGeometry) -> bool:
    if shapely.touches(one, two):
        return False
    return not one.intersection(two).buffer(-OVERLAP_TOLERANCE_DEG).is_empty


def _check_shape(polygon: BaseGeometry) -> None:
    west, south, east, north = polygon.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004 - the globe
        raise InvalidInput("geometry_out_of_range", field="geometry")
    if not polygon.is_valid:
        raise InvalidInput("geometry_invalid", field="geometry", params={"why": shapely.is_valid_reason(polygon)})


def _moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([gcj02_from_wgs84(float(lng), float(lat)) for lng, lat in points], dtype=np.float64).reshape(-1, 2)
