"""The index that locates a point: a tree of boxes first, prepared polygons after."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.registry.territory.calc import paths
from linli.registry.territory.calc.coordinates import degrees_around, distance_m
from linli.registry.territory.calc.polygons import Cell
from linli.registry.territory.choices import PlaceReason

# A point this near (1 cm) to a border lies on it: coordinates are kept to seven decimals.
BORDER_DEG = 1e-7


@dataclass(frozen=True, slots=True)
class Located:
    """Where a point lies.

    path: the area it belongs to; for ON_BORDER the lowest area above all who claim it; "" if there is none.
    claimed_by: the lowest areas that hold the point, sorted; more than one only for ON_BORDER.
    """

    path: str
    reason: PlaceReason
    claimed_by: tuple[str, ...] = ()


OUTSIDE = Located("", PlaceReason.OUTSIDE)


class AreaIndex:
    """Cells of one boundary version, ready to be asked. It never changes; a new version is a new index.

    Not safe for two threads at once: prepared polygons build their parts at the first question.
    """

    def __init__(self, cells: Sequence[Cell], *, owned_from_depth: int = paths.COMMUNITY_DEPTH) -> None:
        """Build the tree. Cells: polygons in GCJ-02; areas shallower than owned_from_depth own no point."""
        self._paths = [cell.path for cell in cells]
        self._depth_of = {cell.path: cell.depth for cell in cells}
        self._owned_from_depth = owned_from_depth
        self._polygons: NDArray[np.object_] = np.array([cell.polygon for cell in cells], dtype=object)
        shapely.prepare(self._polygons)
        west, south, east, north = shapely.bounds(self._polygons).reshape(-1, 4).T
        boxes = shapely.box(west - BORDER_DEG, south - BORDER_DEG, east + BORDER_DEG, north + BORDER_DEG)
        self._tree = shapely.STRtree(boxes)

    def __len__(self) -> int:
        return len(self._paths)

    def locate(self, lng: float, lat: float) -> Located:
        """Tell the lowest area that holds a GCJ-02 point, and why that one.

        Where two lowest areas claim it (on a border, or where drawings overlap) none is chosen: the answer is the
        area above both, for a person to decide.
        """
        point = shapely.Point(lng, lat)
        near = self._tree.query(point)
        if not near.size:
            return OUTSIDE
        hits = near[shapely.dwithin(self._polygons[near], point, BORDER_DEG)]
        return self._answer(tuple(self._paths[number] for number in hits.tolist()))

    def locate_many(self, points: NDArray[np.float64]) -> list[Located]:
        """Tell what `locate` tells of each of many points, some ten times as fast. points: (n, 2), longitude first."""
        made: NDArray[np.object_] = np.asarray(shapely.points(points), dtype=object)
        point, cell = self._tree.query(made)
        is_held = shapely.dwithin(self._polygons[cell], made[point], BORDER_DEG)
        held_by: list[list[str]] = [[] for _ in points]
        for number, holder in zip(point[is_held].tolist(), cell[is_held].tolist(), strict=True):
            held_by[number].append(self._paths[holder])
        return [self._answer(tuple(paths_held)) for paths_held in held_by]

    def _answer(self, held_by: tuple[str, ...]) -> Located:
        claimed_by = tuple(sorted(paths.lowest(held_by)))
        if not claimed_by:
            return OUTSIDE
        if len(claimed_by) > 1:
            return Located(paths.common_ancestor(claimed_by), PlaceReason.ON_BORDER, claimed_by)
        path = claimed_by[0]
        is_owned = self._depth_of[path] >= self._owned_from_depth
        return Located(path, PlaceReason.INSIDE if is_owned else PlaceReason.NOBODY_OWNS, claimed_by)


def merge(answers: Sequence[Located]) -> Located:
    """Make one answer of those of several districts' indexes; two that claim a point make it a border point."""
    claims = [answer for answer in answers if answer.reason is not PlaceReason.OUTSIDE]
    if not claims:
        return OUTSIDE
    if len(claims) == 1:
        return claims[0]
    claimed_by = tuple(sorted(path for claim in claims for path in claim.claimed_by))
    return Located(paths.common_ancestor(claimed_by), PlaceReason.ON_BORDER, claimed_by)


class PointIndex:
    """Points of one district, to find the nearest."""

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        """Build the tree. points: longitude and latitude in GCJ-02."""
        self._points = list(points)
        self._tree = shapely.STRtree([shapely.Point(lng, lat) for lng, lat in self._points])

    def nearest(self, lng: float, lat: float, *, within_m: float) -> tuple[int, float] | None:
        """Tell the number of the nearest point and its distance in metres; None if none is that near."""
        east, north = degrees_around(lat, within_m)
        near = self._tree.query(shapely.box(lng - east, lat - north, lng + east, lat + north))
        return self._nearest(lng, lat, near.tolist(), within_m)

    def nearest_many(self, points: NDArray[np.float64], *, within_m: float) -> list[tuple[int, float] | None]:
        """Tell what `nearest` tells of each of many points, some five times as fast. points: as in `locate_many`."""
        east, north = np.array([degrees_around(lat, within_m) for lat in points[:, 1].tolist()]).reshape(-1, 2).T
        lngs, lats = points.T
        point, near = self._tree.query(shapely.box(lngs - east, lats - north, lngs + east, lats + north))
        numbers: list[list[int]] = [[] for _ in points]
        for number, neighbour in zip(point.tolist(), near.tolist(), strict=True):
            numbers[number].append(neighbour)
        return [
            self._nearest(lng, lat, near_it, within_m)
            for (lng, lat), near_it in zip(points.tolist(), numbers, strict=True)
        ]

    def _nearest(self, lng: float, lat: float, near: list[int], within_m: float) -> tuple[int, float] | None:
        measured = [(distance_m(lng, lat, *self._points[number]), number) for number in near]
        metres, number = min(measured, default=(within_m + 1, -1))
        return (number, metres) if metres <= within_m else None
