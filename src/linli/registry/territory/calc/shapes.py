"""Cutting, joining and comparing neighbours' polygons, and their sizes; all in GCJ-02 degrees, longitude first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians

import shapely
from shapely.geometry.base import BaseGeometry

from linli.kernel.errors import InvalidInput
from linli.registry.territory.calc.polygons import OVERLAP_TOLERANCE_DEG

# An end of a drawn line may fall this short of the border (about 20 m): the hand stops before it, the cut does not.
_SHORT_DEG = 0.0002
# How far an end is drawn beyond the border, so that the two surely meet: 1 cm.
_BEYOND_DEG = 1e-7
_ON_BORDER_DEG = 1e-9
_METRES_PER_DEGREE = 6_371_008.8 * radians(1)
_TWO = 2
_ALIKE_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Patch:
    """A piece of ground: its size and a point inside it."""

    shape: BaseGeometry
    area_m2: float
    lng: float
    lat: float


def area_m2(shape: BaseGeometry) -> float:
    """Measure a shape in square metres; good to a thousandth for anything no larger than a city."""
    if shape.is_empty:
        return 0.0
    return float(shape.area) * _METRES_PER_DEGREE**2 * cos(radians(shape.centroid.y))


def patches(shape: BaseGeometry) -> tuple[Patch, ...]:
    """List the pieces of a shape that are broader than a sliver, the largest first."""
    pieces = [piece for piece in shapely.get_parts(shape).tolist() if _is_broad(piece)]
    inside = [piece.representative_point() for piece in pieces]
    found = [Patch(piece, area_m2(piece), at.x, at.y) for piece, at in zip(pieces, inside, strict=True)]
    return tuple(sorted(found, key=lambda patch: (-patch.area_m2, patch.lng, patch.lat)))


def overlaps(one: BaseGeometry, two: BaseGeometry) -> tuple[Patch, ...]:
    """List what two neighbours both claim, slivers left out."""
    return patches(one.intersection(two))


def gaps(whole: BaseGeometry, parts: Sequence[BaseGeometry]) -> BaseGeometry:
    """Tell what of an area none of its parts holds."""
    return whole.difference(shapely.union_all(list(parts)))


def cut(shape: BaseGeometry, line: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """Cut a shape in two along a line, the larger part first; they share the line exactly.

    The line's ends may lie outside, on the border, or up to 20 m short of it. Of a shape of several pieces one is cut,
    and each other piece stays with the part it is nearer to. Raises InvalidInput (line_does_not_cut, line_cuts_many).
    """
    pieces = shapely.get_parts(shape).tolist()
    faces = [(piece, _faces(piece, line)) for piece in pieces]
    crossed = [(piece, found) for piece, found in faces if len(found) > 1]
    if not crossed:
        raise InvalidInput("line_does_not_cut", field="line")
    if len(crossed) > 1 or len(crossed[0][1]) > _TWO:
        raise InvalidInput("line_cuts_many", field="line")
    piece, found = crossed[0]
    first, second = found
    for other in pieces:
        if other is not piece:
            if other.distance(first) <= other.distance(second):
                first = shapely.union(first, other)
            else:
                second = shapely.union(second, other)
    return (first, second) if _rank(first) <= _rank(second) else (second, first)


def join(shapes: Iterable[BaseGeometry]) -> BaseGeometry:
    """Make one shape of neighbours; lines that were drawn twice and leave a sliver between them become one.

    Raises InvalidInput (not_neighbours) unless it is as connected as what goes in: a shape of one piece each gives one.
    """
    several = list(shapes)
    most = max(len(shapely.get_parts(shape)) for shape in several)
    joined = shapely.union_all(several)
    if len(shapely.get_parts(joined)) > most:
        joined = _closed(joined)
    if len(shapely.get_parts(joined)) > most:
        raise InvalidInput("not_neighbours", field="others")
    return joined


def plus(shape: BaseGeometry, more: BaseGeometry) -> BaseGeometry:
    """Add ground to a shape; a sliver between the two is closed, a piece apart stays one."""
    joined = shapely.union(shape, more)
    apart = len(shapely.get_parts(shape)) + len(shapely.get_parts(more))
    return _closed(joined) if len(shapely.get_parts(joined)) == apart else joined


def minus(shape: BaseGeometry, less: BaseGeometry) -> BaseGeometry | None:
    """Take ground from a shape, slivers with it; None if nothing is left."""
    left = [patch.shape for patch in patches(shapely.difference(shape, less))]
    return shapely.union_all(left) if left else None


def _rank(shape: BaseGeometry) -> tuple[float, float, float]:
    """Sort by size, the larger first; of two alike the western one, then the northern one."""
    west, _south, _east, north = shape.bounds
    return (-round(shape.area, _ALIKE_DIGITS), round(west, _ALIKE_DIGITS), -north)


def _faces(piece: BaseGeometry, line: BaseGeometry) -> list[BaseGeometry]:
    """Tell the parts of a polygon that a line leaves; a sliver goes with the part that it touches most."""
    noded = shapely.union_all([piece.boundary, _reaching(line, piece)])
    found = shapely.get_parts(shapely.polygonize([noded])).tolist()
    inside = [face for face in found if piece.contains(face.representative_point())]
    broad = [face for face in inside if _is_broad(face)]
    for sliver in (face for face in inside if not _is_broad(face)):
        if broad:
            number = max(range(len(broad)), key=lambda n: broad[n].intersection(sliver).length)
            broad[number] = shapely.union(broad[number], sliver)
    return broad


def _reaching(line: BaseGeometry, piece: BaseGeometry) -> BaseGeometry:
    """Draw both ends of a line on until they are beyond the border, where they were meant to reach it."""
    points = [(float(x), float(y)) for x, y in shapely.get_coordinates(line).tolist()]
    steps = [pair for pair in pairwise(points) if pair[0] != pair[1]]
    if not steps:
        raise InvalidInput("line_does_not_cut", field="line")
    start = _beyond(steps[0][0], steps[0][1], piece)
    end = _beyond(steps[-1][1], steps[-1][0], piece)
    return shapely.LineString([start, *points, end])


def _beyond(end: tuple[float, float], before: tuple[float, float], piece: BaseGeometry) -> tuple[float, float]:
    point = shapely.Point(end)
    border = piece.boundary
    away = border.distance(point)
    if away > _SHORT_DEG or (away > _ON_BORDER_DEG and not piece.contains(point)):
        return end
    near = border.interpolate(border.project(point))
    toward = (near.x - end[0], near.y - end[1]) if away > _ON_BORDER_DEG else (end[0] - before[0], end[1] - before[1])
    length = hypot(*toward)
    return near.x + toward[0] / length * _BEYOND_DEG, near.y + toward[1] / length * _BEYOND_DEG


def _closed(shape: BaseGeometry) -> BaseGeometry:
    """Close slivers between pieces, and leave all else where it was."""
    broad = shape.buffer(2 * OVERLAP_TOLERANCE_DEG, join_style="mitre").buffer(
        -2 * OVERLAP_TOLERANCE_DEG, join_style="mitre"
    )
    between = broad.difference(shape)
    return shapely.union(shape, between)


def _is_broad(shape: BaseGeometry) -> bool:
    return shape.geom_type == "Polygon" and not shape.buffer(-OVERLAP_TOLERANCE_DEG).is_empty
