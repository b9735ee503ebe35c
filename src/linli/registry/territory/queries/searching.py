"""Finding a place on the map by what a caller says of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.registry.territory.calc import paths
from linli.registry.territory.calc.written_places import NameMatch, building_number, match_names
from linli.registry.territory.queries.rows import BuildingRow, CompoundRow
from linli.registry.territory.queries.snapshot import Territory, places_in_force, territory


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A compound or a building. area_code: of the area it is counted in; lng, lat: GCJ-02 degrees.

    A compound stands in the middle of its buildings; without any its lng and lat are None.
    """

    name: str
    area_names: tuple[str, ...]
    area_code: str
    lng: float | None
    lat: float | None


def search_places(
    text: str, *, district_id: str, within: Sequence[str], at: datetime, limit: int = 8
) -> list[FoundPlace]:
    """Find compounds and buildings by name, surest first; a number after the compound's name means its building.

    within: paths of the areas that are looked through; none for none. 1 query; 3 more if the district has changed
    since this process last asked.
    """
    places = places_in_force(at, district_id=district_id)
    if not places or not text.strip():
        return []
    held = territory(places[0])
    compounds = [row for row in held.compounds.values() if any(paths.is_inside(row.area_path, path) for path in within)]
    matches = match_names(text, [row.name for row in compounds])[:limit]
    return [place for match in matches for place in _places(held, compounds[match.index], match)][:limit]


def _places(held: Territory, compound: CompoundRow, match: NameMatch) -> Iterator[FoundPlace]:
    """Give the building that was named, or else the compound itself."""
    own = [building for building in held.buildings if building.compound_id == compound.id]
    named = [row for row in own if match.building and building_number(row.name) == match.building]
    yield from (_building(held, row) for row in named)
    if not named:
        yield _compound(held, compound, own)


def _building(held: Territory, row: BuildingRow) -> FoundPlace:
    names = tuple(area.name for area in held.chain(row.area_path)[1:3])
    return FoundPlace(f"{row.compound_name}{row.name}", names, paths.codes(row.area_path)[-1], row.lng, row.lat)


def _compound(held: Territory, row: CompoundRow, own: Sequence[BuildingRow]) -> FoundPlace:
    names = tuple(area.name for area in held.chain(row.area_path)[1:3])
    code = paths.codes(row.area_path)[-1]
    if not own:
        return FoundPlace(row.name, names, code, None, None)
    lng, lat = (sum(getattr(building, side) for building in own) / len(own) for side in ("lng", "lat"))
    return FoundPlace(row.name, names, code, lng, lat)
