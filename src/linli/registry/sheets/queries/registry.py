"""What a district keeps, in the columns of its sheets: the one reading that comparing and writing out share."""

from collections.abc import Callable, Collection, Iterable, Mapping
from operator import attrgetter
from typing import Any

from linli.registry.orgs.queries import list_organisation_entries
from linli.registry.people.choices import Reach
from linli.registry.people.queries import list_person_entries, list_post_entries, list_roles
from linli.registry.sheets.calc.cells import plain_value
from linli.registry.sheets.calc.descriptions import SheetDescription, Vocabulary, describe
from linli.registry.sheets.calc.plans import Entry, Key
from linli.registry.sheets.calc.world import Registry
from linli.registry.sheets.choices import SheetKind
from linli.registry.territory.calc.paths import LevelRule
from linli.registry.territory.queries import (
    list_area_entries,
    list_building_entries,
    list_compound_entries,
    list_levels,
)

# What has to be known for the rows of a kind to be looked at, beside the kind itself.
_NEEDED: Mapping[SheetKind, tuple[SheetKind, ...]] = {
    SheetKind.AREAS: (SheetKind.POSTS,),
    SheetKind.COMPOUNDS: (SheetKind.AREAS,),
    SheetKind.BUILDINGS: (SheetKind.AREAS, SheetKind.COMPOUNDS),
    SheetKind.ORGANISATIONS: (SheetKind.AREAS, SheetKind.POSTS),
    SheetKind.PEOPLE: (),
    SheetKind.POSTS: (SheetKind.AREAS, SheetKind.ORGANISATIONS, SheetKind.PEOPLE),
}
_READ: Mapping[SheetKind, Callable[[str], Iterable[Any]]] = {
    SheetKind.AREAS: list_area_entries,
    SheetKind.COMPOUNDS: list_compound_entries,
    SheetKind.BUILDINGS: list_building_entries,
    SheetKind.ORGANISATIONS: list_organisation_entries,
    SheetKind.PEOPLE: list_person_entries,
    SheetKind.POSTS: list_post_entries,
}


def vocabulary() -> Vocabulary:
    """Read the installation's own words: levels of the tree and roles. 2 queries."""
    levels = tuple((level.code, level.name_zh) for level in list_levels())
    return Vocabulary(levels, tuple((role.code, role.name) for role in list_roles()))


def descriptions() -> dict[SheetKind, SheetDescription]:
    """Describe the sheets with the installation's own words. 2 queries."""
    words = vocabulary()
    return {kind: describe(kind, words) for kind in SheetKind}


def read_registry(*, district_id: str, kinds: Collection[SheetKind]) -> Registry:
    """Read what a district keeps of these kinds, and of what they are compared with. 1 query a kind and 4 more.

    Work phones are among it where people are: whoever calls has asked the right to them, or tells nobody.
    """
    described = descriptions()
    wanted = {*kinds, *(other for kind in kinds for other in _NEEDED[kind])}
    levels = {
        level.code: LevelRule(level.code, level.depth, level.code_digits, level.name_zh, level.name_en)
        for level in list_levels()
    }
    roles = list_roles()
    return Registry(
        district_id,
        described,
        {kind: _entries(district_id, described[kind]) for kind in SheetKind if kind in wanted},
        levels,
        {role.code: role.administrator for role in roles},
        {role.code for role in roles if role.reach == Reach.CUSTOM},
    )


def _entries(district_id: str, described: SheetDescription) -> dict[Key, Entry]:
    take = attrgetter(*(column.key for column in described.columns))
    identity = [described.place(key) for key in described.identity]
    entries: dict[Key, Entry] = {}
    for row in _READ[described.kind](district_id):
        values = tuple(plain_value(column, value) for column, value in zip(described.columns, take(row), strict=True))
        entries[tuple(values[at] for at in identity)] = Entry(row.id, values)
    return entries
