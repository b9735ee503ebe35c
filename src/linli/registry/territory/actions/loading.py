"""Loading levels, districts, areas, compounds and buildings: many rows, all or none."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from linli.kernel.db.copying import copy_in
from linli.registry.territory.actions.rows import NewDistrict, free_codes, touch, write_areas
from linli.registry.territory.calc import paths
from linli.registry.territory.calc.paths import DEFAULT_LEVELS, LevelRule
from linli.registry.territory.calc.rows import (
    NewArea,
    NewBuilding,
    NewCompound,
    check_area,
    check_area_code,
    check_building,
    check_compound,
    check_name,
    naming_row,
    require,
)
from linli.registry.territory.models import Area, AreaLevel, Building, Compound, District


@dataclass(frozen=True, slots=True)
class _Known:
    id: UUID
    path: str
    depth: int


def load_levels(rows: Iterable[LevelRule] = DEFAULT_LEVELS) -> None:
    """Write the levels of the tree; those that are there get the new names and digits. 1 query."""
    AreaLevel.objects.bulk_create(
        [
            AreaLevel(
                code=row.code, depth=row.depth, code_digits=row.code_digits, name_zh=row.name_zh, name_en=row.name_en
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["depth", "code_digits", "name_zh", "name_en"],
    )


@transaction.atomic
def load_districts(rows: Iterable[NewDistrict]) -> int:
    """Write districts; those that are there get the new name. Returns how many. 3 queries and 1 or 3 a district.

    Raises InvalidInput naming row and field (code_not_digits, code_wrong_length, name_missing, name_too_long).
    """
    new = list(rows)
    for number, row in enumerate(new, 1):
        with naming_row(number):
            paths.check_code(row.code, digits=paths.DISTRICT_DIGITS, parent_code="")
            check_name(row.name)
    District.objects.bulk_create(
        [District(code=row.code, name=row.name, is_demo=row.is_demo, is_served=row.is_served) for row in new],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "is_demo", "is_served"],
    )
    touch(row.code for row in new)
    return len(new)


@transaction.atomic
def load_areas(rows: Iterable[NewArea]) -> dict[str, UUID]:
    """Add areas, in any order, under parents that are there or come with them. Returns their ids by code.

    Locks the districts. Raises InvalidInput naming row and field: level_unknown, parent_unknown, parent_missing,
    parent_not_above, code_taken, district_unknown, ends_before_start, and those of codes and names.
    A code that was taken back before it counted gets its old row. 5 queries, 1 more a district.
    """
    new = list(rows)
    levels = {level.code: level for level in AreaLevel.objects.all()}
    for number, row in enumerate(new, 1):
        with naming_row(number):
            check_area_code(row, levels)
    districts = touch(row.code for row in new)
    free = free_codes(districts)
    known = {code: area for code, area in _known_areas(districts).items() if code not in free}
    numbered = sorted(enumerate(new, 1), key=lambda pair: levels[pair[1].level].depth)
    made = [_area(number, row, levels[row.level], known, free) for number, row in numbered]
    write_areas(made, anew=frozenset(free.values()))
    return {row.code: row.id for row in made}


@transaction.atomic
def load_compounds(rows: Iterable[NewCompound]) -> dict[tuple[str, str], UUID]:
    """Add compounds; a part comes after its estate. Returns their ids by district and code.

    Locks the districts. Raises InvalidInput naming row and field: area_unknown, kind_unknown, parent_unknown,
    code_taken, code_missing, unknown_crs, households_negative, and those of names and geometry.
    """
    new = list(rows)
    districts = touch(row.area_code for row in new)
    areas = _known_areas(districts)
    ids = _known_compounds(districts)
    made = [_compound(number, row, areas, ids) for number, row in enumerate(new, 1)]
    copy_in(Compound, made)
    return {(row.district_id, row.code): row.id for row in made}


@transaction.atomic
def load_buildings(rows: Iterable[NewBuilding]) -> dict[str, UUID]:
    """Add buildings, each in one grid or subgrid and one compound. Returns their ids by code.

    Locks the districts. Raises InvalidInput naming row and field: subgrid_unknown, subgrid_too_high,
    compound_unknown, code_taken, unknown_crs, coordinates_out_of_range, households_negative, and those of codes and
    names.
    """
    new = list(rows)
    districts = touch(row.code for row in new)
    areas = _known_areas(districts)
    compounds = _known_compounds(districts)
    taken = set(Building.objects.filter(district_id__in=districts).values_list("code", flat=True))
    made = [
        _building(number, row, areas, compounds[paths.district_of(row.code)], taken)
        for number, row in enumerate(new, 1)
    ]
    copy_in(Building, made)
    return {row.code: row.id for row in new}


def _area(number: int, row: NewArea, level: AreaLevel, known: dict[str, _Known], free: Mapping[str, UUID]) -> Area:
    with naming_row(number):
        require(row.code not in known, "code_taken", "code", code=row.code)
        check_area(row, level, known)
    parent = known[row.parent_code] if row.parent_code else None
    path = paths.join(parent.path if parent else "", row.code)
    area_id = free.get(row.code, row.id)
    known[row.code] = _Known(area_id, path, level.depth)
    return Area(
        id=area_id, district_id=paths.district_of(row.code), code=row.code, name=row.name, level=level,
        parent_id=parent.id if parent else None, path=path, kind=row.kind, is_pseudo=row.is_pseudo,
        pinyin_key=row.pinyin_key, starts_on=row.starts_on, ends_on=row.ends_on,
    )  # fmt: skip


def _compound(
    number: int, row: NewCompound, areas: Mapping[str, _Known], compounds: defaultdict[str, dict[str, UUID]]
) -> Compound:
    district_id = paths.district_of(row.area_code)
    known = compounds[district_id]
    with naming_row(number):
        require(row.code not in known, "code_taken", "code", code=row.code)
        check_compound(row, areas, known)
    known[row.code] = row.id
    return Compound(
        id=row.id, district_id=district_id, code=row.code, name=row.name, kind=row.kind,
        area_id=areas[row.area_code].id, parent_id=known.get(row.parent_code), boundary=row.boundary,
        crs=row.crs, households=row.households,
    )  # fmt: skip


def _building(
    number: int,
    row: NewBuilding,
    areas: Mapping[str, _Known],
    compounds: Mapping[str, UUID],
    taken: set[str],
) -> Building:
    with naming_row(number):
        require(row.code not in taken, "code_taken", "code", code=row.code)
        check_building(row, areas, compounds)
    taken.add(row.code)
    return Building(
        id=row.id, district_id=paths.district_of(row.code), code=row.code, name=row.name,
        subgrid_id=areas[row.subgrid_code].id, compound_id=compounds[row.compound_code], lng=row.lng, lat=row.lat,
        crs=row.crs, households=row.households,
    )  # fmt: skip


def _known_areas(districts: Iterable[str]) -> dict[str, _Known]:
    found = Area.objects.filter(district_id__in=sorted(districts))
    return {row[0]: _Known(*row[1:]) for row in found.values_list("code", "id", "path", "level__depth")}


def _known_compounds(districts: Iterable[str]) -> defaultdict[str, dict[str, UUID]]:
    known: defaultdict[str, dict[str, UUID]] = defaultdict(dict)
    found = Compound.objects.filter(district_id__in=sorted(districts))
    for district_id, code, compound_id in found.values_list("district_id", "code", "id"):
        known[district_id][code] = compound_id
    return known
