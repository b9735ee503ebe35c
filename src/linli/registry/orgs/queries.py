"""Reading organisations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, F, Func, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Coalesce

from linli.kernel.db.sounding import StandingNames
from linli.kernel.db.standing import Given, StandingQuery
from linli.registry.orgs.models import Organisation


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation as edges show it; area_path: its area's codes, joined by "/"; level: of its area."""

    id: UUID
    code: str
    name: str
    kind: str
    area_path: str
    level: str


@dataclass(frozen=True, slots=True)
class OrganisationEntry:
    """An organisation with the codes of its area and of the one above, ended ones too: for its sheet."""

    id: UUID
    code: str
    name: str
    kind: str
    area_code: str
    parent_code: str
    starts_on: date
    ends_on: date | None


class Below(Func):
    """The ids of all organisations under one, however deep, as an array: `Below("district_id", "organisation_id")`."""

    function = "organisations_below"
    output_field = ArrayField(UUIDField())


_MOST_FOUND = 100
_COLUMNS = ("id", "code", "name", "kind", "area__path", "area__level_id")


def count_organisations_of(*, district_id: str, area_ids: Sequence[UUID]) -> int:
    """Count the organisations whose very area is one of these, ended ones too. 1 query."""
    return Organisation.objects.filter(district_id=district_id, area_id__in=area_ids).count()


def list_organisations(
    *, district_id: str, on: date, kind: str = "", area_path: str = "", limit: int = 500
) -> list[OrganisationRow]:
    """List the organisations that exist on a day, by code. area_path: in that area and below. 1 query."""
    found = _in_force(on).filter(district_id=district_id)
    if kind:
        found = found.filter(kind=kind)
    if area_path:
        found = found.filter(Q(area__path=area_path) | Q(area__path__startswith=area_path + "/"))
    values = found.order_by("code").values_list(*_COLUMNS)[:limit]
    return [OrganisationRow(*row) for row in values]


def count_organisations(district_id: str) -> int:
    """Count a district's organisations, ended ones too. 1 query."""
    return Organisation.objects.filter(district_id=district_id).count()


def list_organisation_entries(district_id: str) -> list[OrganisationEntry]:
    """List all of a district's organisations by code. 1 query."""
    above = Coalesce("parent__code", Value(""), output_field=CharField())
    found = Organisation.objects.filter(district_id=district_id).annotate(above=above).order_by("code")
    columns = ("id", "code", "name", "kind", "area__code", "above", "starts_on", "ends_on")
    return [OrganisationEntry(*row) for row in found.values_list(*columns)]


def search_organisations(*, district_id: str, text: str, on: date, limit: int = 20) -> list[OrganisationRow]:
    """Find the organisations whose name holds the text or sounds like it, or whose code it is, by code.

    2 queries; none for no text. limit: at most 100.
    """
    wanted = text.strip()
    if not wanted:
        return []
    names = _NAMES.like(wanted, district_id=district_id, on=on)
    rows = _CALLED.rows(district_id=district_id, on=on, code=wanted, names=names)
    return [OrganisationRow(*row) for row in rows[:limit]]


def _existing() -> QuerySet[Organisation]:
    return _in_force(Given("on")).filter(district_id=Given("district_id"))


def _called() -> QuerySet[Any, Any]:
    found = _existing().filter(Q(name__among_texts=Given("names")) | Q(code=Given("code")))
    return found.order_by("code").values_list(*_COLUMNS)[:_MOST_FOUND]


_NAMES = StandingNames(_existing)
_CALLED = StandingQuery(_called)


def ids_by_code(district_id: Given, codes: Given) -> QuerySet[Any, Any]:
    """Give the part of a standing query that finds organisations by their codes."""
    return Organisation.objects.filter(district_id=district_id, code__among=codes).order_by("code").values("id")


def organisations_by_id(*, district_id: str, ids: Iterable[UUID]) -> dict[UUID, OrganisationRow]:
    """Read organisations, ended ones too, by id. 1 query."""
    found = Organisation.objects.filter(district_id=district_id, id__in=list(ids)).order_by("code")
    return {row[0]: OrganisationRow(*row) for row in found.values_list(*_COLUMNS)}


def get_organisation(*, district_id: str, organisation_id: UUID, on: date) -> OrganisationRow | None:
    """Read one organisation that exists on a day. 1 query."""
    row = _in_force(on).filter(district_id=district_id, id=organisation_id).values_list(*_COLUMNS).first()
    return OrganisationRow(*row) if row else None


def organisation_names(*, district_id: str, organisation_ids: Sequence[UUID]) -> dict[str, str]:
    """Name organisations by their ids as text, ended ones too. 1 query."""
    found = Organisation.objects.filter(district_id=district_id, id__in=organisation_ids).order_by("id")
    return {str(id_): name for id_, name in found.values_list("id", "name")}


def list_bodies_of(*, district_id: str, organisation_id: UUID, area_path: str, on: date) -> list[UUID]:
    """List the bodies right under an organisation in the same area, by code: what does a committee's work. 1 query."""
    right_under = _in_force(on).filter(district_id=district_id, parent_id=organisation_id, area__path=area_path)
    return list(right_under.order_by("code").values_list("id", flat=True))


def bodies_below(*, district_id: str, organisation_ids: Sequence[UUID], on: date) -> dict[UUID, list[UUID]]:
    """List, for each organisation, the bodies right under it in its own area, as `list_bodies_of`. 1 query."""
    right_under = _in_force(on).filter(
        district_id=district_id, parent_id__in=organisation_ids, area_id=F("parent__area_id")
    )
    found: dict[UUID, list[UUID]] = {organisation: [] for organisation in organisation_ids}
    for above, body in right_under.order_by("code").values_list("parent_id", "id"):
        found[above].append(body)
    return found


def organisations_under(*, district_id: str, organisation_ids: Sequence[UUID], on: date) -> dict[UUID, set[UUID]]:
    """Give, for each organisation, those right under it, in whatever area. 1 query."""
    right_under = _in_force(on).filter(district_id=district_id, parent_id__in=organisation_ids).order_by("code")
    found: dict[UUID, set[UUID]] = {organisation: set() for organisation in organisation_ids}
    for above, below in right_under.values_list("parent_id", "id"):
        found[above].add(below)
    return found


def _in_force(on: date | Given) -> QuerySet[Organisation]:
    return Organisation.objects.filter(starts_on__lte=on).exclude(ends_on__lt=on)
