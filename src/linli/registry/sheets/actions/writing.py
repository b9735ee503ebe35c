"""Writing a compared sheet through the actions of the rooms whose rows they are."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from linli.registry.orgs.actions import (
    AmendedOrganisation,
    NewOrganisation,
    amend_organisations,
    load_organisations,
)
from linli.registry.people.actions.amending import AmendedPerson, AmendedPost, amend_people, amend_posts
from linli.registry.people.actions.loading import NewPerson, NewPost, load_people, load_posts
from linli.registry.sheets.calc.making import new_area, new_building, new_compound
from linli.registry.sheets.calc.plans import Plan, PlannedRow, PlannedSheet
from linli.registry.sheets.calc.world import Registry, World, named, steps_up
from linli.registry.sheets.choices import RowStatus, SheetKind
from linli.registry.territory.actions import (
    AmendedArea,
    AmendedBuilding,
    AmendedCompound,
    amend_areas,
    amend_buildings,
    amend_compounds,
    load_areas,
    load_buildings,
    load_compounds,
)
from linli.registry.territory.calc import paths

Made = TypeVar("Made")

# The column that says in which area a row lies.
_AREA_OF: Mapping[SheetKind, str] = {
    SheetKind.AREAS: "code",
    SheetKind.COMPOUNDS: "area_code",
    SheetKind.BUILDINGS: "subgrid_code",
    SheetKind.ORGANISATIONS: "area_code",
    SheetKind.POSTS: "area_code",
}


class Book:
    """A file on its way into the tables: the ids and paths of everything its rows name by code. No queries."""

    def __init__(self, registry: Registry, plan: Plan, *, today: date) -> None:
        self.district_id = registry.district_id
        self.today = today
        self._registry = registry
        self._sheets = {sheet.kind: sheet for sheet in plan.sheets}
        self._world = World(registry, self._sheets)
        self._ids: dict[SheetKind, dict[str, UUID]] = {}
        self._paths: dict[str, str] = {}

    def ids(self, kind: SheetKind) -> dict[str, UUID]:
        """Give the ids by code, of what is kept and of what the file adds."""
        if kind not in self._ids:
            found = {str(key[0]): entry.id for key, entry in self._registry.entries.get(kind, {}).items()}
            sheet = self._sheets.get(kind)
            self._ids[kind] = found | ({str(row.key[0]): row.id for row in sheet.rows} if sheet else {})
        return self._ids[kind]

    def area_path(self, kind: SheetKind, row: PlannedRow) -> str:
        """Tell the path of the area that a row lies in; the district's for people, who lie in none."""
        if kind not in _AREA_OF:
            return self.district_id
        code = str(named(kind, row)[_AREA_OF[kind]])
        if code not in self._paths:
            chain = [code, *steps_up(code, self._parents)]
            self._paths[code] = paths.SEPARATOR.join(reversed(chain))
        return self._paths[code]

    def ranks(self, kind: SheetKind) -> Callable[[PlannedRow], int]:
        """Give what sorts rows so that each comes after what it is a part of."""
        parents = self._world.column(kind, "parent_code")
        return lambda row: sum(1 for _code in steps_up(str(row.key[0]), parents))

    @cached_property
    def _parents(self) -> dict[str, Any]:
        return self._world.column(SheetKind.AREAS, "parent_code")


def write_sheet(book: Book, sheet: PlannedSheet) -> None:
    """Write the new and the changed rows of a sheet; those that stay as they are cost nothing."""
    _WRITERS[sheet.kind](book, sheet.of(RowStatus.NEW), sheet.of(RowStatus.CHANGED))


def _write_areas(book: Book, new: list[PlannedRow], changed: list[PlannedRow]) -> None:
    load_areas(new_area(row) for row in new)
    fields = ("name", "kind", "is_pseudo", "starts_on", "ends_on")
    amend_areas(district_id=book.district_id, rows=_made(SheetKind.AREAS, AmendedArea, fields, changed))


def _write_compounds(book: Book, new: list[PlannedRow], changed: list[PlannedRow]) -> None:
    load_compounds(new_compound(row) for row in sorted(new, key=book.ranks(SheetKind.COMPOUNDS)))
    areas, compounds = book.ids(SheetKind.AREAS), book.ids(SheetKind.COMPOUNDS)
    amend_compounds(
        district_id=book.district_id,
        rows=_made(
            SheetKind.COMPOUNDS, AmendedCompound, ("name", "kind", "households"), changed,
            lambda said: {"area_id": areas[said["area_code"]], "parent_id": compounds.get(said["parent_code"])},
        ),
    )  # fmt: skip


def _write_buildings(book: Book, new: list[PlannedRow], changed: list[PlannedRow]) -> None:
    load_buildings(new_building(row) for row in new)
    areas, compounds = book.ids(SheetKind.AREAS), book.ids(SheetKind.COMPOUNDS)
    amend_buildings(
        district_id=book.district_id,
        rows=_made(
            SheetKind.BUILDINGS, AmendedBuilding, ("name", "lng", "lat", "crs", "households"), changed,
            lambda said: {
                "subgrid_id": areas[said["subgrid_code"]], "compound_id": compounds[said["compound_code"]],
            },
        ),
    )  # fmt: skip


def _write_organisations(book: Book, new: list[PlannedRow], changed: list[PlannedRow]) -> None:
    areas, organisations = book.ids(SheetKind.AREAS), book.ids(SheetKind.ORGANISATIONS)

    def places(said: dict[str, Any]) -> dict[str, Any]:
        return {"area_id": areas[said["area_code"]], "parent_id": organisations.get(said["parent_code"])}

    fields = ("name", "kind", "starts_on", "ends_on")
    made = _made(SheetKind.ORGANISATIONS, NewOrganisation, ("code", *fields), new, places)
    load_organisations(district_id=book.district_id, rows=made, starts_on=book.today)
    amend_organisations(
        district_id=book.district_id,
        rows=_made(SheetKind.ORGANISATIONS, AmendedOrganisation, fields, changed, places),
    )


def _write_people(book: Book, new: list[PlannedRow], changed: list[PlannedRow]) -> None:
    load_people(district_id=book.district_id, rows=_made(SheetKind.PEOPLE, NewPerson, ("code", "name", "phone"), new))
    amend_people(district_id=book.district_id, rows=_made(SheetKind.PEOPLE, AmendedPerson, ("name", "phone"), changed))


def _write_posts(book: Book, new: list[PlannedRow], changed: list[PlannedRow]) -> None:
    people, organisations = book.ids(SheetKind.PEOPLE), book.ids(SheetKind.ORGANISATIONS)
    areas = book.ids(SheetKind.AREAS)

    def further(said: dict[str, Any]) -> dict[str, Any]:
        codes = dict.fromkeys(str(said["further_codes"]).split())
        return {"further_ids": tuple(areas[code] for code in codes)}

    load_posts(
        district_id=book.district_id,
        rows=_made(
            SheetKind.POSTS, NewPost, ("role", "starts_on", "ends_on", "is_on_duty"), new,
            lambda said: {
                "person_id": people[said["person_code"]], "area_id": areas[said["area_code"]],
                "organisation_id": organisations[said["organisation_code"]], **further(said),
            },
        ),
    )  # fmt: skip
    amend_posts(
        district_id=book.district_id,
        rows=_made(SheetKind.POSTS, AmendedPost, ("ends_on", "is_on_duty"), changed, further),
    )


def _made(
    kind: SheetKind,
    make: Callable[..., Made],
    fields: Iterable[str],
    rows: Iterable[PlannedRow],
    places: Callable[[dict[str, Any]], dict[str, Any]] = lambda _said: {},
) -> Iterator[Made]:
    """Make what a room's action takes: the id, the fields as the sheet says them, and the ids that codes stand for."""
    for row in rows:
        said = named(kind, row)
        yield make(id=row.id, **{field: said[field] for field in fields}, **places(said))


_WRITERS: Mapping[SheetKind, Callable[[Book, list[PlannedRow], list[PlannedRow]], None]] = {
    SheetKind.AREAS: _write_areas,
    SheetKind.COMPOUNDS: _write_compounds,
    SheetKind.BUILDINGS: _write_buildings,
    SheetKind.ORGANISATIONS: _write_organisations,
    SheetKind.PEOPLE: _write_people,
    SheetKind.POSTS: _write_posts,
}
