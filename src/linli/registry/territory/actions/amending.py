"""Changing areas, compounds and buildings that are there: many rows, all or none.

What an area lies under is not changed here: its path stands in cases, so that moving it is a matter of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from linli.kernel.db.amending import amend
from linli.registry.territory.actions.rows import touch
from linli.registry.territory.models import Area, Building, Compound


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendedArea:
    """What an area is from now on."""

    id: UUID
    name: str
    kind: str
    is_pseudo: bool
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendedCompound:
    """What a compound is from now on; its boundary stays."""

    id: UUID
    name: str
    kind: str
    area_id: UUID
    parent_id: UUID | None
    households: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendedBuilding:
    """What a building is from now on."""

    id: UUID
    name: str
    subgrid_id: UUID
    compound_id: UUID
    lng: float
    lat: float
    crs: str
    households: int


@transaction.atomic
def amend_areas(*, district_id: str, rows: Iterable[AmendedArea]) -> int:
    """Change areas of a district. Returns how many. Locks the district. 2 queries. Whoever calls has checked them."""
    touch([district_id])
    fields = ("name", "kind", "is_pseudo", "starts_on", "ends_on")
    new = [(row.id, row.name, row.kind, row.is_pseudo, row.starts_on, row.ends_on) for row in rows]
    return amend(Area, district_id=district_id, fields=fields, rows=new)


@transaction.atomic
def amend_compounds(*, district_id: str, rows: Iterable[AmendedCompound]) -> int:
    """Change compounds of a district. Returns how many. Locks the district. 2 queries. As `amend_areas`."""
    touch([district_id])
    fields = ("name", "kind", "area", "parent", "households")
    new = [(row.id, row.name, row.kind, row.area_id, row.parent_id, row.households) for row in rows]
    return amend(Compound, district_id=district_id, fields=fields, rows=new)


@transaction.atomic
def amend_buildings(*, district_id: str, rows: Iterable[AmendedBuilding]) -> int:
    """Change buildings of a district. Returns how many. Locks the district. 2 queries. As `amend_areas`."""
    touch([district_id])
    fields = ("name", "subgrid", "compound", "lng", "lat", "crs", "households")
    new = [
        (row.id, row.name, row.subgrid_id, row.compound_id, row.lng, row.lat, row.crs, row.households) for row in rows
    ]
    return amend(Building, district_id=district_id, fields=fields, rows=new)
