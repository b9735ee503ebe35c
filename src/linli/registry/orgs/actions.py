"""Writing organisations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from linli.kernel.errors import InvalidInput
from linli.registry.orgs.choices import OrganisationKind
from linli.registry.orgs.models import Organisation


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """A row to be loaded; parent rows come before their children."""

    id: UUID
    code: str
    name: str
    kind: str
    area_id: UUID
    parent_id: UUID | None = None


@transaction.atomic
def load_organisations(*, district_id: str, rows: Iterable[NewOrganisation], starts_on: date) -> int:
    """Load many organisations, all or nothing. Returns how many.

    Raises InvalidInput naming the first row whose kind is unknown. 1 query per 1,000 rows.
    """
    new = [_organisation(district_id, row, starts_on) for row in rows]
    Organisation.objects.bulk_create(new, batch_size=1000)
    return len(new)


def _organisation(district_id: str, row: NewOrganisation, starts_on: date) -> Organisation:
    if row.kind not in OrganisationKind.__members__.values():
        raise InvalidInput("unknown_organisation_kind", field="kind", params={"row": row.code, "kind": row.kind})
    return Organisation(
        id=row.id,
        district_id=district_id,
        code=row.code,
        name=row.name,
        kind=row.kind,
        area_id=row.area_id,
        parent_id=row.parent_id,
        starts_on=starts_on,
    )
