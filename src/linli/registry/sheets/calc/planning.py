"""What a whole file would change: sheet after sheet read, compared, and fitted to each other and to what is kept."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from linli.kernel.errors import InvalidInput
from linli.registry.orgs.calc import check_kind, check_parent, check_term
from linli.registry.sheets.calc.descriptions import kind_of
from linli.registry.sheets.calc.making import new_area, new_building, new_compound
from linli.registry.sheets.calc.plans import Fault, Plan, PlannedRow, PlannedSheet, SentSheet
from linli.registry.sheets.calc.reading import read_rows
from linli.registry.sheets.calc.terms import check_terms
from linli.registry.sheets.calc.world import Registry, World, named, steps_up
from linli.registry.sheets.choices import RowStatus, SheetKind
from linli.registry.territory.calc.rows import check_area, check_area_code, check_building, check_compound, require

Check = Callable[[PlannedRow], None]
Progress = Callable[[int], None]


def plan_file(
    sent: Sequence[SentSheet],
    registry: Registry,
    *,
    today: date,
    allowed: Collection[SheetKind],
    sender: UUID | None = None,
    progress: Progress = lambda _rows: None,
) -> Plan:
    """Tell what the sheets would change.

    allowed: kinds that may be sent; sender: the person, None for the program; progress: told how many rows more.
    Nothing is refused here: what stands in the way is with the rows as faults.
    """
    by_kind, aside = _sorted(sent, allowed)
    sheets: dict[SheetKind, PlannedSheet] = {}
    world = World(registry, sheets, sender=sender)
    for kind in SheetKind:
        if kind not in by_kind:
            continue
        first, *others = by_kind[kind]
        sheets[kind] = read_rows(registry.descriptions[kind], first, registry.entries[kind], today=today)
        sheets[kind].faults += [Fault("", "sheet_kind_twice", {"title": other.title}) for other in others]
        check = _CHECKS[kind](world)
        for row in sheets[kind].rows:
            _fit(row, check)
        progress(len(first.rows))
    check_terms(world, sheets)
    return Plan(tuple(sheets.values()), *aside)


def _sorted(
    sent: Sequence[SentSheet], allowed: Collection[SheetKind]
) -> tuple[dict[SheetKind, list[SentSheet]], tuple[tuple[str, ...], tuple[str, ...]]]:
    by_kind: dict[SheetKind, list[SentSheet]] = {}
    unknown, not_yours = [], []
    for sheet in sent:
        kind = kind_of(sheet.title, sheet.columns)
        if kind is None:
            unknown.append(sheet.title)
        elif kind not in allowed:
            not_yours.append(sheet.title)
        elif sheet.rows:
            by_kind.setdefault(kind, []).append(sheet)
    return by_kind, (tuple(unknown), tuple(not_yours))


def _fit(row: PlannedRow, check: Check) -> None:
    if row.status not in {RowStatus.NEW, RowStatus.CHANGED}:
        return
    try:
        check(row)
    except InvalidInput as error:
        row.faults.append(Fault(error.field, error.code, error.params))


def _areas(world: World) -> Check:
    known, levels, district_id = world.levels(), world.registry.levels, world.registry.district_id

    def check(row: PlannedRow) -> None:
        area = new_area(row)
        check_area_code(area, levels)
        require(area.code[:6] == district_id, "code_of_another_district", "code", district=district_id)
        check_area(area, levels[area.level], known)

    return check


def _compounds(world: World) -> Check:
    areas, parents = world.levels(), world.column(SheetKind.COMPOUNDS, "parent_code")

    def check(row: PlannedRow) -> None:
        compound = new_compound(row)
        check_compound(compound, areas, parents)
        _check_no_circle(compound.code, parents)

    return check


def _buildings(world: World) -> Check:
    areas, compounds = world.levels(), world.codes(SheetKind.COMPOUNDS)
    district_id = world.registry.district_id

    def check(row: PlannedRow) -> None:
        building = new_building(row)
        require(building.code[:6] == district_id, "code_of_another_district", "code", district=district_id)
        check_building(building, areas, compounds)

    return check


def _organisations(world: World) -> Check:
    areas, parents = world.codes(SheetKind.AREAS), world.column(SheetKind.ORGANISATIONS, "parent_code")

    def check(row: PlannedRow) -> None:
        said = named(SheetKind.ORGANISATIONS, row)
        code, starts_on, ends_on = str(said["code"]), said["starts_on"], said["ends_on"]
        check_kind(code, str(said["kind"]))
        _check_there(said["area_code"], areas, "area_unknown", "area_code")
        check_parent(code, str(said["parent_code"]), parents)
        _check_no_circle(code, parents)
        _check_days(starts_on, ends_on)

    return check


def _people(_world: World) -> Check:
    return lambda _row: None


def _posts(world: World) -> Check:
    own, areas = world.own_codes(), world.codes(SheetKind.AREAS)
    wanted = (
        ("person_code", "person_unknown", world.codes(SheetKind.PEOPLE)),
        ("organisation_code", "organisation_unknown", world.codes(SheetKind.ORGANISATIONS)),
        ("area_code", "area_unknown", areas),
    )

    def check(row: PlannedRow) -> None:
        said = named(SheetKind.POSTS, row)
        require(said["person_code"] not in own, "own_rights", "person_code")
        for field, error, known in wanted:
            _check_there(said[field], known, error, field)
        for code in str(said["further_codes"]).split():
            require(said["role"] in world.registry.custom_roles, "further_needs_custom", "further_codes")
            _check_there(code, areas, "area_unknown", "further_codes")
        _check_days(said["starts_on"], said["ends_on"])

    return check


def _check_there(code: object, known: Collection[str], error: str, field: str) -> None:
    require(code in known, error, field, code=str(code))


def _check_days(starts_on: object, ends_on: object) -> None:
    if isinstance(starts_on, date) and isinstance(ends_on, date):
        check_term(starts_on, ends_on)


def _check_no_circle(code: str, parents: Mapping[str, object]) -> None:
    is_circle = code in steps_up(code, parents)  # type: ignore[arg-type]
    require(not is_circle, "parent_in_circle", "parent_code", parent=str(parents.get(code)))


_CHECKS: Mapping[SheetKind, Callable[[World], Check]] = {
    SheetKind.AREAS: _areas,
    SheetKind.COMPOUNDS: _compounds,
    SheetKind.BUILDINGS: _buildings,
    SheetKind.ORGANISATIONS: _organisations,
    SheetKind.PEOPLE: _people,
    SheetKind.POSTS: _posts,
}
