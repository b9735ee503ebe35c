"""Everything that a district's territory holds, row by row with the codes of what it belongs to: for its sheets."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import CharField, Value
from django.db.models.functions import Coalesce

from linli.registry.territory.models import Area, Building, Compound
from linli.registry.territory.queries.rows import has_been

_ABOVE = Coalesce("parent__code", Value(""), output_field=CharField())


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """An area with its parent's code, ended ones too, but none that was taken back before it counted."""

    id: UUID
    code: str
    name: str
    level: str
    parent_code: str
    kind: str
    is_pseudo: bool
    starts_on: date
    ends_on: date | None
    depth: int
    path: str


@dataclass(frozen=True, slots=True)
class CompoundEntry:
    """A compound with the codes of its area and of its estate."""

    id: UUID
    code: str
    name: str
    kind: str
    area_code: str
    parent_code: str
    households: int


@dataclass(frozen=True, slots=True)
class BuildingEntry:
    """A building with the codes of its grid and its compound; lng, lat: degrees in the system that crs names."""

    id: UUID
    code: str
    name: str
    subgrid_code: str
    compound_code: str
    lng: float
    lat: float
    crs: str
    households: int


def count_areas(district_id: str) -> int:
    """Count a district's areas, ended ones too. 1 query."""
    return Area.objects.filter(has_been(), district_id=district_id).count()


def count_compounds(district_id: str) -> int:
    """Count a district's compounds. 1 query."""
    return Compound.objects.filter(district_id=district_id).count()


def count_buildings(district_id: str) -> int:
    """Count a district's buildings. 1 query."""
    return Building.objects.filter(district_id=district_id).count()


def list_area_entries(district_id: str) -> list[AreaEntry]:
    """List a district's areas, from the top down, by code within a level. 1 query."""
    was = Area.objects.filter(has_been(), district_id=district_id)
    found = was.annotate(above=_ABOVE).order_by("level__depth", "code")
    columns = ("id", "code", "name", "level_id", "above", "kind", "is_pseudo", "starts_on", "ends_on",
               "level__depth", "path")  # fmt: skip
    return [AreaEntry(*row) for row in found.values_list(*columns)]


def list_compound_entries(district_id: str) -> list[CompoundEntry]:
    """List a district's compounds by code. 1 query."""
    found = Compound.objects.filter(district_id=district_id).annotate(above=_ABOVE).order_by("code")
    columns = ("id", "code", "name", "kind", "area__code", "above", "households")
    return [CompoundEntry(*row) for row in found.values_list(*columns)]


def list_building_entries(district_id: str) -> list[BuildingEntry]:
    """List a district's buildings by code. 1 query."""
    found = Building.objects.filter(district_id=district_id).order_by("code")
    columns = ("id", "code", "name", "subgrid__code", "compound__code", "lng", "lat", "crs", "households")
    return [BuildingEntry(*row) for row in found.values_list(*columns)]
