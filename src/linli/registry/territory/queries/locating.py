"""Where a report belongs: by its point, or by the code that was named."""

from datetime import date, datetime

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from linli.kernel.errors import InvalidInput
from linli.registry.territory.calc import paths
from linli.registry.territory.calc.coordinates import to_gcj02
from linli.registry.territory.calc.index import Located, merge
from linli.registry.territory.choices import Crs, PlaceReason
from linli.registry.territory.queries.rows import AreaRow, BuildingRow, CompoundRow, LocatedArea
from linli.registry.territory.queries.snapshot import InForce, Territory, places_in_force, territory


def locate(*, lng: float, lat: float, crs: str, at: datetime) -> LocatedArea:
    """Find the lowest area that holds a point, by the boundary versions in force at an instant.

    lng, lat: degrees in the system named. On a border none is chosen: the area is the one above all that claim the
    point. Raises InvalidInput (unknown_crs, coordinates_out_of_range). 1 query; 4 more for each district that has
    changed since this process last asked. Source: docs/mechanisms/place.md.
    """
    return _locate(places_in_force(at), lng, lat, crs)


class Locator:
    """Locates many GCJ-02 points at once by the boundaries in force at an instant, for loads and checks.

    It has read all it needs: no query, in this process or in one forked from it, and it knows of no later change.
    """

    def __init__(self, *, at: datetime) -> None:
        """Read the districts that are served. 1 query and 4 a district."""
        self._held = [(place, territory(place)) for place in places_in_force(at)]
        self._places = {place.district_id: place for place, _ in self._held}
        self(np.zeros((1, 2)))

    def __call__(self, points: NDArray[np.float64]) -> list[LocatedArea]:
        """Tell what `locate` tells of each point. points: (n, 2), longitude first."""
        answers = [held.locate_many(place, points) for place, held in self._held]
        merged = [merge(found) for found in zip(*answers, strict=True)]
        result: list[LocatedArea | None] = [None] * len(points)
        for place, held in self._held:
            mine = [n for n, located in enumerate(merged) if paths.district_of(located.path) == place.district_id]
            for n, (compound, building) in zip(mine, held.details_at(points[mine]), strict=True):
                point = (float(points[n, 0]), float(points[n, 1]))
                result[n] = _located_area(
                    held, place, merged[n], claimed_by=self._claiming(merged[n]),
                    point=point, compound=compound, building=building,
                )  # fmt: skip
        return [
            found or _nowhere(located, (float(point[0]), float(point[1])), self._claiming(located))
            for found, located, point in zip(result, merged, points, strict=True)
        ]

    def _claiming(self, located: Located) -> tuple[AreaRow, ...]:
        if located.reason is not PlaceReason.ON_BORDER:
            return ()
        return tuple(_area(self._places, path) for path in located.claimed_by)


def _locate(in_force: list[InForce], lng: float, lat: float, crs: str) -> LocatedArea:
    east, north = to_gcj02(lng, lat, _crs(crs))
    places = {place.district_id: place for place in in_force}
    located = merge([territory(place).locate(place, east, north) for place in places.values()])
    claimed_by = tuple(_area(places, path) for path in located.claimed_by)
    if not located.path:
        return _nowhere(located, (east, north), claimed_by if located.reason is PlaceReason.ON_BORDER else ())
    place = places[paths.district_of(located.path)]
    held = territory(place)
    return _located_area(
        held, place, located, claimed_by=claimed_by if located.reason is PlaceReason.ON_BORDER else (),
        point=(east, north), compound=held.compound_at(east, north), building=held.building_at(east, north),
    )  # fmt: skip


def _nowhere(located: Located, point: tuple[float, float], claimed_by: tuple[AreaRow, ...]) -> LocatedArea:
    lng, lat = point
    return LocatedArea("", None, "", "", "", "", located.reason, 0, lng=lng, lat=lat, claimed_by=claimed_by)


def place_by_code(*, code: str, at: datetime) -> LocatedArea:
    """Find the area that a code names: an area's, or a building's as its sign carries it.

    "" names the district, if there is only one. Raises InvalidInput (area_unknown, place_missing). 1 query; 3 more if
    the district has changed since this process last asked.
    """
    place = _place_of(code, at)
    named = _named(place, territory(place), code or place.district_id, timezone.localdate(at))
    if named is None:
        raise InvalidInput("area_unknown", field="area_code", params={"code": code})
    return named


class PlaceNames:
    """Finds the areas of a district by what people write in a sheet, at an instant."""

    def __init__(self, *, district_id: str, at: datetime) -> None:
        """Read the district. Queries as `place_by_code`; none afterwards."""
        self._place = _place_of(district_id, at)
        self._held = territory(self._place)
        self._on = timezone.localdate(at)
        self._by_name: dict[str, list[str]] = {}
        for area in (area for area in self._held.by_path.values() if area.is_there(self._on)):
            name = ""
            for above in reversed(self._held.chain(area.path)):
                name = above.name + name
                self._by_name.setdefault(name, []).append(area.code)

    def find(self, text: str) -> list[LocatedArea]:
        """List what a code or a name can mean: 劳模社区, 劳模社区02网格, 工人村街道劳模社区; "" means the district."""
        wanted = "".join(text.split()) or self._place.district_id
        codes = self._by_name.get(wanted, [wanted])
        found = (_named(self._place, self._held, code, self._on) for code in codes)
        return [located for located in found if located]


def _named(place: InForce, held: Territory, code: str, on: date) -> LocatedArea | None:
    """Name what a code stands for: a building's own grid, or an area; where that is over, whoever has the place."""
    building = held.building_by_code.get(code)
    area = held.by_path[building.area_path] if building else held.by_code.get(code)
    if area is None:
        return None
    if not area.is_there(on):
        area = _instead(place, held, area, building, on)
    compound = next((row for row in held.compounds.values() if building and row.id == building.compound_id), None)
    return _located_area(
        held, place, Located(area.path, PlaceReason.NAMED), claimed_by=(), compound=compound, building=building,
        point=(building.lng, building.lat) if building else None,
    )  # fmt: skip


def _instead(place: InForce, held: Territory, area: AreaRow, building: BuildingRow | None, on: date) -> AreaRow:
    """Give the area that a building stands in that day, or else the nearest one above that is in force."""
    if building is not None:
        located = held.locate(place, building.lng, building.lat)
        if located.path in held.by_path and held.by_path[located.path].is_there(on):
            return held.by_path[located.path]
    above = reversed(held.chain(area.path))
    return next((each for each in above if each.is_there(on)), area)


def current_boundary_version(district_id: str, *, at: datetime) -> int:
    """Tell the number of the boundary version in force, 0 if none is. 1 query."""
    return next((place.number for place in places_in_force(at, district_id=district_id)), 0)


def _located_area(
    held: Territory,
    place: InForce,
    located: Located,
    *,
    claimed_by: tuple[AreaRow, ...],
    point: tuple[float, float] | None,
    compound: CompoundRow | None,
    building: BuildingRow | None,
) -> LocatedArea:
    area = held.by_path[located.path]
    chain = held.chain(located.path)
    lng, lat = point or (None, None)
    return LocatedArea(
        district_id=area.district_id, area_id=area.id, code=area.code, name=area.name, level=area.level,
        path=area.path, reason=located.reason, boundary_number=place.number, chain=chain, claimed_by=claimed_by,
        lng=lng, lat=lat, compound_id=compound.id if compound else None,
        compound_name=compound.name if compound else "", building_id=building.id if building else None,
        building_name=building.name if building else "", households=building.households if building else 0,
        place=_words(chain, compound, building),
    )  # fmt: skip


def _words(chain: tuple[AreaRow, ...], compound: CompoundRow | None, building: BuildingRow | None) -> str:
    """Name the place as people do: 劳模社区 花园小区 12号楼."""
    communities = [area.name for area in chain if area.depth <= paths.COMMUNITY_DEPTH][-1:]
    estate = compound.name if compound else building.compound_name if building else ""
    return " ".join(name for name in (*communities, estate, building.name if building else "") if name)


def _area(places: dict[str, InForce], path: str) -> AreaRow:
    return territory(places[paths.district_of(path)]).by_path[path]


def _place_of(code: str, at: datetime) -> InForce:
    places = [place for place in places_in_force(at, district_id=paths.district_of(code)) if place.is_served]
    if len(places) != 1:
        raise InvalidInput("area_unknown" if code else "place_missing", field="area_code", params={"code": code})
    return places[0]


def _crs(text: str) -> Crs:
    if text not in Crs.__members__.values():
        raise InvalidInput("unknown_crs", field="crs", params={"crs": text})
    return Crs(text)
