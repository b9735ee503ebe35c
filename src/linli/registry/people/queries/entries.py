"""Reading whole tables of people, posts and roles, for the sheets of the registry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from linli.kernel.crypto import decrypt
from linli.registry.people.models import Person, Post, PostArea, Role


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person for the sheet of people; phone: in the clear, for whoever may write it."""

    id: UUID
    code: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class PostEntry:
    """A post by the codes of what it joins, ended ones too: for the sheet of posts."""

    id: UUID
    person_code: str
    role: str
    organisation_code: str
    area_code: str
    starts_on: date
    ends_on: date | None
    is_on_duty: bool
    further_codes: str


@dataclass(frozen=True, slots=True)
class RoleEntry:
    """A role as sheets name it; administrator: which of the three, "" for none. reach: as `choices.Reach`."""

    code: str
    name: str
    administrator: str
    reach: str


def count_people(district_id: str) -> int:
    """Count a district's people. 1 query."""
    return Person.objects.filter(district_id=district_id).count()


def count_posts(district_id: str) -> int:
    """Count a district's posts, ended ones too. 1 query."""
    return Post.objects.filter(district_id=district_id).count()


def list_person_entries(district_id: str) -> list[PersonEntry]:
    """List all of a district's people by code, phones decrypted: whoever calls has asked the right to. 1 query."""
    found = Person.objects.filter(district_id=district_id).order_by("code")
    return [
        PersonEntry(*row[:3], decrypt(row[3], purpose="person.work_phone"))
        for row in found.values_list("id", "code", "name", "work_phone")
    ]


def list_post_entries(district_id: str) -> list[PostEntry]:
    """List all of a district's posts, by area, role and person. 1 query."""
    found = Post.objects.filter(district_id=district_id)
    ordered = found.order_by("area__path", "role_id", "person__code", "starts_on", "id")
    columns = ("id", "person__code", "role_id", "organisation__code", "area__code", "starts_on", "ends_on",
               "is_on_duty")  # fmt: skip
    further = PostArea.objects.filter(district_id=OuterRef("district_id"), post_id=OuterRef("pk")).values("post_id")
    codes = further.annotate(codes=StringAgg("area__code", delimiter=" ", order_by="area__code")).values("codes")
    with_further = ordered.annotate(further_codes=Coalesce(Subquery(codes), Value(""), output_field=TextField()))
    return [PostEntry(*row) for row in with_further.values_list(*columns, "further_codes")]


def list_roles() -> list[RoleEntry]:
    """List all roles by code. 1 query."""
    return [
        RoleEntry(*row) for row in Role.objects.order_by("code").values_list("code", "name", "administrator", "reach")
    ]


def work_phones(*, district_id: str, person_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Read the office telephones of those who have one, in clear: for telling them what they asked for. 1 query."""
    rows = Person.objects.filter(district_id=district_id, id__in=person_ids).values_list("id", "work_phone")
    phones = {person_id: decrypt(sealed, purpose="person.work_phone") for person_id, sealed in rows}
    return {person_id: phone for person_id, phone in phones.items() if phone}
