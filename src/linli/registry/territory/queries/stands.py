"""Reading what a question of responsibility asks about: the areas around one, its compounds, and where those stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Avg, Count, Exists, OuterRef, Q

from linli.registry.territory.calc import paths
from linli.registry.territory.calc.coordinates import to_gcj02
from linli.registry.territory.choices import Crs
from linli.registry.territory.models import Area, Building, Compound
from linli.registry.territory.queries.rows import AREA_COLUMNS, COMPOUND_COLUMNS, AreaRow, CompoundRow, in_force, under


@dataclass(frozen=True, slots=True)
class StandRow:
    """How many buildings of a compound lie in an area. lng, lat: their middle, GCJ-02 degrees."""

    compound_id: UUID
    area_path: str
    buildings: int
    lng: float
    lat: float


def list_areas_around(path: str, *, on: date) -> list[AreaRow]:
    """List an area, those above it and those below it that exist on a day, by path. 1 query."""
    around = under(path) | Q(path__in=paths.ancestors(path))
    found = Area.objects.filter(around, in_force(on), district_id=paths.district_of(path))
    return [AreaRow(*row) for row in found.order_by("path").values_list(*AREA_COLUMNS)]


def list_compounds_standing(path: str) -> list[CompoundRow]:
    """List the compounds counted in an area or below it, and those with a building there, by code. 1 query."""
    district_id = paths.district_of(path)
    found = Compound.objects.filter(district_id=district_id)
    if path != district_id:
        inside = Building.objects.filter(under(path, "subgrid__path"), district_id=district_id,
                                         compound_id=OuterRef("pk"))  # fmt: skip
        found = found.filter(under(path, "area__path") | Q(Exists(inside)))
    return [CompoundRow(*row) for row in found.order_by("code").values_list(*COMPOUND_COLUMNS)]


def list_stands(*, district_id: str, compound_ids: Sequence[UUID] | None = None) -> list[StandRow]:
    """Count the buildings of compounds by the area they lie in. compound_ids: None for all of a district. 1 query."""
    found = Building.objects.filter(district_id=district_id)
    if compound_ids is not None:
        found = found.filter(compound_id__in=compound_ids)
    counted = found.values("compound_id", "subgrid__path", "crs").annotate(n=Count("id"), x=Avg("lng"), y=Avg("lat"))
    rows = counted.order_by("compound_id", "subgrid__path", "crs")
    return [
        StandRow(compound_id, path, n, *to_gcj02(x, y, Crs(crs)))
        for compound_id, path, crs, n, x, y in rows.values_list("compound_id", "subgrid__path", "crs", "n", "x", "y")
    ]
