"""How many rows a district keeps of each kind."""

from collections.abc import Callable, Collection, Mapping

from linli.registry.orgs.queries import count_organisations
from linli.registry.people.queries import count_people, count_posts
from linli.registry.sheets.choices import SheetKind
from linli.registry.territory.queries import count_areas, count_buildings, count_compounds

_COUNT: Mapping[SheetKind, Callable[[str], int]] = {
    SheetKind.AREAS: count_areas,
    SheetKind.COMPOUNDS: count_compounds,
    SheetKind.BUILDINGS: count_buildings,
    SheetKind.ORGANISATIONS: count_organisations,
    SheetKind.PEOPLE: count_people,
    SheetKind.POSTS: count_posts,
}


def count_rows(*, district_id: str, kinds: Collection[SheetKind]) -> dict[SheetKind, int]:
    """Count the rows of these kinds, ended ones too. 1 query a kind. Whoever calls has asked the right to each."""
    return {kind: _COUNT[kind](district_id) for kind in SheetKind if kind in kinds}
