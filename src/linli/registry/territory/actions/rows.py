"""What the bulk loads take. An id may be given, for loads that have to come out the same each time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from linli.kernel.ids import new_id
from linli.registry.territory.calc import paths
from linli.registry.territory.calc.rows import naming_row, require
from linli.registry.territory.models import District, TerritoryState

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
