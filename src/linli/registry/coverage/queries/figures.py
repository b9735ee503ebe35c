"""Coverage for a viewer: percent by level and function, the holes behind the number, who is responsible at a place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linli.kernel.errors import NotFound
from linli.registry.coverage.calc.covering import Hole, Place, Tally, tally
from linli.registry.coverage.calc.functions import Function
from linli.registry.coverage.queries.ground import Ground, Responsible, read_ground
from linli.registry.coverage.rules import may_see_coverage, seen_paths
from linli.registry.people.rules import Viewer, is_within
from linli.registry.territory.queries import AreaRow


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """What is needed and held in an area, by function code and altogether. places: how many; whole: without a hole."""

    area: AreaRow
    places: int
    whole: int
    by_function: Mapping[str, Tally]
    total: Tally


@dataclass(frozen=True, slots=True)
class CoverageBoard:
    """An area's coverage on a day, and that of the areas right below it; above: those above, the district first.

    places: who is responsible at each, where no area with places lies below, else none.
    """

    functions: Sequence[Function]
    top: AreaFigures
    below: tuple[AreaFigures, ...]
    above: tuple[AreaRow, ...]
    places: tuple["PlaceLine", ...]


@dataclass(frozen=True, slots=True)
class HoleLine:
    """A function that nobody holds at a place. community, areas: in words; area_code: where to appoint somebody."""

    place: Place
    function: Function
    community: str
    areas: tuple[str, ...]
    area_code: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HoleList:
    """The holes of an area, and the functions that it could have them in."""

    area: AreaRow
    functions: Sequence[Function]
    lines: tuple[HoleLine, ...]


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place with who is responsible for each of the functions that it needs; () where nobody is."""

    place: Place
    community: str
    held: tuple[tuple[Function, tuple[Responsible, ...], bool], ...]


def get_board(*, viewer: Viewer, area_path: str, on: date) -> CoverageBoard:
    """Tell how much of an area is covered on a day, and of each area right below. 7 queries, however many places.

    Raises NotAllowed, NotFound for an area that does not exist that day.
    """
    ground = _ground(viewer, area_path, on)
    holes = ground.cover.holes(ground.places, ground.functions)
    below = [area for area in ground.areas.values() if _parent(area.path) == area_path and _has_places(ground, area)]
    return CoverageBoard(
        ground.functions, _figures(ground, holes, ground.areas[area_path]),
        tuple(_figures(ground, holes, area) for area in below),
        tuple(area for area in ground.areas.values() if area_path.startswith(area.path + "/")),
        () if below else tuple(_line(ground, place) for place in ground.places),
    )  # fmt: skip


def list_holes(*, viewer: Viewer, area_path: str, function: str = "", on: date) -> HoleList:
    """List what nobody holds in an area, as many rows as the board's number says, by place. 7 queries.

    function: a code, "" for all. Raises as get_board.
    """
    ground = _ground(viewer, area_path, on)
    wanted = [each for each in ground.functions if function in {"", each.code}]
    lines = tuple(
        HoleLine(
            hole.place, hole.function, ground.say_area(hole.place.area_path),
            tuple(ground.say_area(path) for path in hole.areas), hole.areas[0].rpartition("/")[2], hole.function.roles,
        )
        for hole in ground.cover.holes(ground.places, wanted)
    )  # fmt: skip
    return HoleList(ground.areas[area_path], ground.functions, lines)


def list_places(*, viewer: Viewer, area_path: str, on: date) -> list[PlaceLine]:
    """List an area's places with who is responsible for each function, by code. 7 queries. Raises as get_board."""
    ground = _ground(viewer, area_path, on)
    return [_line(ground, place) for place in ground.places]


def find_place(*, viewer: Viewer, place_id: UUID, area_path: str, on: date) -> PlaceLine:
    """Tell who is responsible at one place of an area. 7 queries. Raises as get_board, NotFound without the place."""
    ground = _ground(viewer, area_path, on)
    found = next((place for place in ground.places if place.id == place_id), None)
    if found is None:
        raise NotFound("no_such_place")
    return _line(ground, found)


def top_seen(viewer: Viewer) -> str:
    """Tell the first of the highest areas that a viewer sees. Raises NotAllowed. No query."""
    may_see_coverage(viewer).require()
    return min(seen_paths(viewer), key=lambda path: (len(path), path))


def _ground(viewer: Viewer, area_path: str, on: date) -> Ground:
    may_see_coverage(viewer, area_path=area_path or viewer.district_id).require()
    ground = read_ground(district_id=viewer.district_id, path=area_path, on=on)
    if area_path not in ground.areas:
        raise NotFound("area_unknown", field="area")
    return ground


def _line(ground: Ground, place: Place) -> PlaceLine:
    held = tuple(
        (function, ground.responsible(place, function), not ground.cover.lacking(place, function))
        for function in ground.functions if place.kind in function.places
    )  # fmt: skip
    return PlaceLine(place, ground.say_area(place.area_path), held)


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _has_places(ground: Ground, area: AreaRow) -> bool:
    return any(is_within(place.area_path, area.path) for place in ground.places)


def _figures(ground: Ground, holes: Iterable[Hole], area: AreaRow) -> AreaFigures:
    """Count an area's places. At the top those too that stand here and are counted elsewhere."""
    is_top = area.path == ground.path
    mine = [place for place in ground.places if is_top or is_within(place.area_path, area.path)]
    groups = {place.area_path: area.path for place in mine}
    found = list(holes)
    counted = tally(mine, ground.functions, found, groups=groups)
    by_function = {code: count for (_group, code), count in counted.items()}
    holed = {hole.place.id for hole in found if hole.place.area_path in groups}
    return AreaFigures(area, len(mine), len(mine) - len(holed), by_function, sum(by_function.values(), Tally()))
