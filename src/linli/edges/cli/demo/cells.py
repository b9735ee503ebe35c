"""Cut a polygon into schematic cells, and round nested cells so that neighbours share every vertex.

Cells are cut in plain floating point, level by level. Only then all lines of a district are snapped to the
six-decimal grid together, and every cell is put together again from the faces between them: no gaps, no overlaps.
"""

import random
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

GRID_DEGREES = 1e-6  # six decimals, about a tenth of a metre
_ROUNDS = 5  # rounds of moving seeds to their cells' centres, so that cells come out of like size


def cut(parent: BaseGeometry, count: int, chance: random.Random) -> list[BaseGeometry]:
    """Cut a polygon into `count` Voronoi cells, from north to south in bands, in each from west to east."""
    if count == 1:
        return [parent]
    seeds = _points_in(parent, count, chance)
    cells: list[BaseGeometry] = []
    for _ in range(_ROUNDS):
        diagram = shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=parent, ordered=True)
        cells = list(shapely.intersection(shapely.get_parts(diagram), parent))
        seeds = [(point.x, point.y) for point in shapely.centroid(cells)]
    return in_reading_order(_without_strays(cells))


def in_reading_order(cells: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Order cells as grids are numbered: north to south in bands, west to east within one.

    Source: CJ/T 349-2010 §4 (secondary source).
    """
    centres = shapely.get_coordinates(shapely.centroid(list(cells)))
    by_latitude = sorted(range(len(cells)), key=lambda index: -centres[index][1])
    width = max(1, round(len(cells) ** 0.5))
    bands = [by_latitude[start : start + width] for start in range(0, len(cells), width)]
    return [cells[index] for band in bands for index in sorted(band, key=lambda index: centres[index][0])]


def fill(parent: BaseGeometry, cells: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Make cells of another source fit their parent: what sticks out is cut off, gaps go to the longest neighbour."""
    clipped = list(shapely.intersection(list(cells), parent))
    gaps = shapely.get_parts(shapely.difference(parent, shapely.union_all(clipped)))
    return _attach([_solid(cell) for cell in clipped], [gap for gap in gaps if gap.area > 0])


def faces_between(cells: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Snap all borders of a district's cells to the grid at once and give the faces between them.

    Faces that share a border share its vertices exactly.
    """
    lines = shapely.union_all(shapely.boundary(list(cells)), grid_size=GRID_DEGREES)
    faces = shapely.get_parts(shapely.polygonize([lines]))
    return list(shapely.transform(faces, lambda coordinates: np.round(coordinates, 6)))


def owners(faces: Sequence[BaseGeometry], cells: Sequence[BaseGeometry]) -> list[int]:
    """Say for each face in which cell it lies: the index of the cell."""
    points = shapely.point_on_surface(list(faces))
    tree = shapely.STRtree(list(cells))
    found = dict(zip(*(part.tolist() for part in tree.query(points, predicate="within")), strict=True))
    return [found[index] if index in found else int(tree.nearest(point)) for index, point in enumerate(points)]


def join(parts: Sequence[BaseGeometry]) -> BaseGeometry:
    """Join neighbours that share their vertices exactly."""
    return parts[0] if len(parts) == 1 else _solid(shapely.coverage_union_all(list(parts)))


def _points_in(parent: BaseGeometry, count: int, chance: random.Random) -> list[tuple[float, float]]:
    west, south, east, north = parent.bounds
    shapely.prepare(parent)
    points: list[tuple[float, float]] = []
    while len(points) < count:
        point = (chance.uniform(west, east), chance.uniform(south, north))
        if shapely.contains_xy(parent, *point):
            points.append(point)
    return points


def _without_strays(cells: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Give the smaller parts of a cell in several parts, as hollow parents make them, to a neighbour."""
    mains: list[BaseGeometry] = []
    strays: list[BaseGeometry] = []
    for cell in cells:
        parts = sorted(shapely.get_parts(_solid(cell)), key=lambda part: -part.area)
        mains.append(parts[0])
        strays += parts[1:]
    return _attach(mains, strays)


def _attach(cells: list[BaseGeometry], strays: list[BaseGeometry]) -> list[BaseGeometry]:
    """Join each stray part to the cell with which it has the longest border, to the nearest if it touches none."""
    for stray in strays:
        borders = shapely.length(shapely.intersection(cells, stray))
        best = int(np.argmax(borders)) if borders.max() > 0 else int(np.argmin(shapely.distance(cells, stray)))
        cells[best] = _solid(shapely.union(cells[best], stray))
    return cells


def _solid(geometry: BaseGeometry) -> BaseGeometry:
    """Drop the points and lines that a cut may leave beside polygons."""
    if geometry.geom_type in {"Polygon", "MultiPolygon"}:
        return geometry
    return shapely.union_all([part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"])
