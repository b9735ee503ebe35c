"""What the bulk loads take. An id may be given, for loads that have to come out the same each time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from linli.kernel.db.amending import amend
from linli.kernel.db.copying import copy_in
from linli.kernel.ids import new_id
from linli.registry.territory.calc import paths
from linli.registry.territory.calc.rows import naming_row, require
from linli.registry.territory.models import Area, District, TerritoryState
from linli.registry.territory.queries.rows import never_was

BATCH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDistrict:
    """A district of this installation; its area comes with the other areas."""

    code: str
    name: str
    is_demo: bool = False
    is_served: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBoundary:
    """An area's polygon, as GeoJSON in the system named; None withdraws the boundary."""

    area_code: str
    geometry: Mapping[str, Any] | None
    crs: str = "GCJ-02"
    is_schematic: bool = False
    id: UUID = field(default_factory=new_id)


def touch(codes: Iterable[str]) -> set[str]:
    """Lock the territory of the codes' districts for this transaction and give each a new revision. Returns them.

    In order of code, so that two loads can't wait for each other. Processes read the district anew after commit.
    1 query a district. Raises InvalidInput (district_unknown, naming the first row of that district).
    """
    first_rows: dict[str, int] = {}
    for number, code in enumerate(codes, 1):
        first_rows.setdefault(paths.district_of(code), number)
    for district_id in sorted(first_rows):
        if not TerritoryState.objects.filter(district_id=district_id).update(revision=new_id()):
            with naming_row(first_rows[district_id]):
                is_there = District.objects.filter(code=district_id).exists()
                require(is_there, "district_unknown", "code", code=district_id)
            TerritoryState.objects.create(district_id=district_id)
    return set(first_rows)


def free_codes(districts: Iterable[str]) -> dict[str, UUID]:
    """Tell the codes of areas that were planned and taken back, with the ids of their rows. 1 query."""
    found = Area.objects.filter(never_was(), district_id__in=sorted(districts))
    return dict(found.values_list("code", "id"))


def write_areas(rows: Sequence[Area], *, anew: Collection[UUID]) -> None:
    """Write areas, parents before children. anew: ids of those that were taken back once; their rows begin again.

    1 query, and 1 a district for those that begin again.
    """
    copy_in(Area, [row for row in rows if row.id not in anew])
    fields = ("name", "level", "parent", "path", "kind", "is_pseudo", "pinyin_key", "starts_on", "ends_on")
    again = [row for row in rows if row.id in anew]
    for district_id in sorted({row.district_id for row in again}):
        amend(
            Area, district_id=district_id, fields=fields,
            rows=[(row.id, row.name, row.level_id, row.parent_id, row.path, row.kind, row.is_pseudo, row.pinyin_key,
                   row.starts_on, row.ends_on) for row in again if row.district_id == district_id],
        )  # fmt: skip
