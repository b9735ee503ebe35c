"""Letting areas below follow when a boundary is redrawn: they have the same corners, so these move with it."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from itertools import pairwise

import shapely
from shapely.geometry.base import BaseGeometry

Corner = tuple[float, float]
Edge = tuple[Corner, Corner]
# Of rings with more corners than this nothing is followed: comparing them takes too long, and nobody drags so many.
_MOST_CORNERS = 2000


class Shifts:
    """What became of the corners of redrawn polygons: moved, or put in between two others."""

    def __init__(self, pairs: Iterable[tuple[BaseGeometry, BaseGeometry]]) -> None:
        """Compare polygons as they were and as they are drawn anew."""
        self._moved: dict[Corner, Corner] = {}
        self._between: dict[Edge, list[Corner]] = {}
        for before, after in pairs:
            for old, new in zip(_rings(before), _rings(after), strict=False):
                self._compare(old, new)

    def __bool__(self) -> bool:
        return bool(self._moved or self._between)

    def applied(self, shape: BaseGeometry) -> BaseGeometry:
        """Give a shape with the same corners moved and put in; the very shape where it has none of them."""
        polygons = shapely.get_parts(shape).tolist()
        rings = [[self._ring(list(ring.coords)) for ring in (one.exterior, *one.interiors)] for one in polygons]
        if all(is_same for found in rings for _ring, is_same in found):
            return shape
        made = [shapely.Polygon(found[0][0], [ring for ring, _is_same in found[1:]]) for found in rings]
        return made[0] if len(made) == 1 else shapely.MultiPolygon(made)

    def _compare(self, old: list[Corner], new: list[Corner]) -> None:
        if max(len(old), len(new)) > _MOST_CORNERS:
            return
        start = next((corner for corner in old if corner in new), None)
        if start is None:
            return
        old, new = _from(old, start), _from(new, start)
        for kind, from_old, to_old, from_new, to_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind == "replace" and to_old - from_old == to_new - from_new:
                self._moved |= dict(zip(old[from_old:to_old], new[from_new:to_new], strict=True))
            elif kind == "insert":
                one, two = old[from_old - 1], old[from_old % len(old)]
                self._between[one, two] = new[from_new:to_new]
                self._between[two, one] = new[from_new:to_new][::-1]

    def _ring(self, corners: list[Corner]) -> tuple[list[Corner], bool]:
        made: list[Corner] = []
        for one, two in pairwise(corners):
            made += [self._moved.get(one, one), *self._between.get((one, two), ())]
        return [*made, made[0]], made == corners[:-1]


def follow(
    redrawn: Mapping[str, BaseGeometry], cells: Mapping[str, BaseGeometry], below: Iterable[str]
) -> dict[str, BaseGeometry]:
    """Tell which polygons of areas below change with those that are redrawn, and how; all by path.

    redrawn: as they are to be; cells: as they are; below: the paths that may follow.
    """
    shifts = Shifts((cells[path], shape) for path, shape in redrawn.items() if path in cells)
    if not shifts:
        return {}
    followed = {path: shifts.applied(cells[path]) for path in below if path in cells and path not in redrawn}
    return {path: shape for path, shape in followed.items() if shape is not cells[path]}


def _rings(shape: BaseGeometry) -> list[list[Corner]]:
    """List the rings of a shape as corners, the first one not said again."""
    return [
        [(float(x), float(y)) for x, y, *_ in ring.coords[:-1]]
        for polygon in shapely.get_parts(shape).tolist() for ring in (polygon.exterior, *polygon.interiors)
    ]  # fmt: skip


def _from(ring: list[Corner], start: Corner) -> list[Corner]:
    place = ring.index(start)
    return ring[place:] + ring[:place]
