"""Writing organisations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from linli.kernel.db.amending import amend
from linli.registry.orgs.calc import NewOrganisation, check_kind
from linli.registry.orgs.models import Organisation

__all__ = ["AmendedOrganisation", "NewOrganisation", "amend_organisations", "load_organisations"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendedOrganisation:
    """What an organisation is from now on."""

    id: UUID
    name: str
    kind: str
    area_id: UUID
    parent_id: UUID | None
    starts_on: date
    ends_on: date | None


@transaction.atomic
def load_organisations(*, district_id: str, rows: Iterable[NewOrganisation], starts_on: date) -> int:
    """Load many organisations, all or nothing. Returns how many. starts_on: of those that name no day themselves.

    Raises InvalidInput naming the first row whose kind is unknown. 1 query per 1,000 rows.
    """
    new = [_organisation(district_id, row, starts_on) for row in rows]
    Organisation.objects.bulk_create(new, batch_size=1000)
    return len(new)


@transaction.atomic
def amend_organisations(*, district_id: str, rows: Iterable[AmendedOrganisation]) -> int:
    """Change organisations of a district. Returns how many. 1 query. Whoever calls has checked them."""
    fields = ("name", "kind", "area", "parent", "starts_on", "ends_on")
    new = [(row.id, row.name, row.kind, row.area_id, row.parent_id, row.starts_on, row.ends_on) for row in rows]
    return amend(Organisation, district_id=district_id, fields=fields, rows=new)


def _organisation(district_id: str, row: NewOrganisation, starts_on: date) -> Organisation:
    check_kind(row.code, row.kind)
    return Organisation(
        id=row.id,
        district_id=district_id,
        code=row.code,
        name=row.name,
        kind=row.kind,
        area_id=row.area_id,
        parent_id=row.parent_id,
        starts_on=row.starts_on or starts_on,
        ends_on=row.ends_on,
    )
