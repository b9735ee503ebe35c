"""Changing people and posts that are there: many rows, all or none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from linli.kernel.crypto import encrypt
from linli.kernel.db.amending import amend
from linli.registry.people.actions.loading import write_further
from linli.registry.people.models import Person, Post, PostArea


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendedPerson:
    """What a person's row says from now on; phone: in the clear, encrypted when kept."""

    id: UUID
    name: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendedPost:
    """How long a post is held from now on, whether new work may be given to it, and which further areas it reaches."""

    id: UUID
    ends_on: date | None
    is_on_duty: bool
    further_ids: tuple[UUID, ...] = ()


@transaction.atomic
def amend_people(*, district_id: str, rows: Iterable[AmendedPerson]) -> int:
    """Change people of a district. Returns how many. 1 query. Whoever calls has checked them."""
    new = [(row.id, row.name, encrypt(row.phone, purpose="person.work_phone")) for row in rows]
    return amend(Person, district_id=district_id, fields=("name", "work_phone"), rows=new)


@transaction.atomic
def amend_posts(*, district_id: str, rows: Iterable[AmendedPost]) -> int:
    """Change posts of a district. Returns how many. At most 3 queries. Whoever calls has checked them."""
    given = list(rows)
    PostArea.objects.filter(district_id=district_id, post_id__in=[row.id for row in given]).delete()
    write_further(district_id=district_id, further={row.id: row.further_ids for row in given})
    new = [(row.id, row.ends_on, row.is_on_duty) for row in given]
    return amend(Post, district_id=district_id, fields=("ends_on", "is_on_duty"), rows=new)
