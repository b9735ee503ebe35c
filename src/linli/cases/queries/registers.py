"""Registers: computed lists to be written out, filtered by rights like any list, streamed without being held."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from linli.cases.models import Case, Verification
from linli.cases.queries.lists import CaseFilter, filtered
from linli.cases.rules import inside, visible_to, within_reach
from linli.ledger.facts.queries.tallies import FactFilter, facts_of
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer

_CHUNK = 1000
# The kinds of facts that tell of cases; the others are for the auditor.
CASE_FACTS = (
    "case.opened", "case.accepted", "case.rejected", "case.dispatched", "case.handled", "case.reported_back",
    "case.verified", "case.closed", "case.returned", "case.reopened", "case.transferred", "case.suspended",
    "case.resumed", "case.joined", "case.reprioritised", "case.noted", "case.recategorised",
    "case.deadline_recounted",
    "case.disputed", "case.dispute_upheld", "case.dispute_refused", "case.dispute_withdrawn", "case.whistled",
    "case.reported_in", "case.opinion_given", "case.help_evaluated", "case.lead_changed", "case.whistle_taken_back",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseRegisterRow:
    """A case in a register. Times are UTC instants; lng, lat GCJ-02 degrees."""

    id: UUID
    number: str
    title: str
    category: str
    state: str
    area_path: str
    place: str
    organisation_name: str
    role_name: str
    priority_level: int
    score: int
    source: str
    reported_at: datetime
    response_due_at: datetime
    responded_at: datetime | None
    solution_due_at: datetime | None
    solved_at: datetime | None
    closed_at: datetime | None
    reporters: int
    times_reopened: int


@dataclass(frozen=True, slots=True)
class VerificationRegisterRow:
    """A verification in a register; nothing of what was said in words."""

    case_id: UUID
    number: str
    title: str
    category: str
    area_path: str
    organisation_name: str
    at: datetime
    method: str
    subject: str
    is_effective: bool
    was_contacted: bool
    is_solved: bool
    satisfaction: str


@dataclass(frozen=True, slots=True)
class FactRegisterRow:
    """A fact in a register."""

    id: UUID
    at: datetime
    kind: str
    subject_id: UUID
    area_path: str
    organisation_id: UUID | None
    data: Mapping[str, Any]


_ELSEWHERE = {"organisation_name": "organisation__name", "role_name": "post__role__name"}
_OF_CASE = {"number": "case__number", "title": "case__title", "category": "case__category",
            "area_path": "case__area_path", "organisation_name": "case__organisation__name"}  # fmt: skip


def case_register(
    *, viewer: Viewer, wanted: CaseFilter, at: datetime, limit: int | None = None
) -> Iterator[CaseRegisterRow]:
    """Stream the cases asked for that the viewer may export, oldest first. 1 query, read as it is consumed."""
    found = filtered(viewer=viewer, wanted=wanted, at=at).filter(within_reach(viewer, Verb.EXPORT))
    return _stream(found.order_by("id"), CaseRegisterRow, _ELSEWHERE, limit)


def closed_register(
    *, viewer: Viewer, area_path: str, since: datetime, until: datetime, limit: int | None = None
) -> Iterator[CaseRegisterRow]:
    """Stream what was closed in [since, until), by when it was closed. 1 query, read as it is consumed."""
    found = Case.objects.filter(
        visible_to(viewer), within_reach(viewer, Verb.EXPORT), state="closed", closed_at__gte=since,
        closed_at__lt=until,
    )  # fmt: skip
    if area_path:
        found = found.filter(inside(area_path))
    return _stream(found.order_by("closed_at", "id"), CaseRegisterRow, _ELSEWHERE, limit)


def verification_register(
    *, viewer: Viewer, area_path: str, since: datetime, until: datetime, limit: int | None = None
) -> Iterator[VerificationRegisterRow]:
    """Stream the verifications of [since, until) of cases the viewer may export. 1 query, read as it is consumed."""
    cases = Case.objects.filter(visible_to(viewer), within_reach(viewer, Verb.EXPORT))
    if area_path:
        cases = cases.filter(inside(area_path))
    found = Verification.objects.filter(
        district_id=viewer.district_id, case_id__in=cases.values("id"), at__gte=since, at__lt=until
    )  # fmt: skip
    return _stream(found.order_by("at", "id"), VerificationRegisterRow, _OF_CASE, limit)


def fact_register(
    *, viewer: Viewer, area_path: str, since: datetime, until: datetime, limit: int | None = None
) -> Iterator[FactRegisterRow]:
    """Stream the facts about cases of [since, until) within the viewer's reach. 1 query, read as it is consumed."""
    wanted = FactFilter(
        viewer.district_id, since, until, within=area_path,
        area_paths=viewer.areas_with(Verb.EXPORT),
        organisation_ids=viewer.organisations_with(Verb.EXPORT),
    )  # fmt: skip
    found = facts_of(wanted, CASE_FACTS[0])
    for kind in CASE_FACTS[1:]:
        found |= facts_of(wanted, kind)
    return _stream(found.order_by("at", "id"), FactRegisterRow, {}, limit)


def _stream(found: QuerySet[Any], row: type[Any], elsewhere: Mapping[str, str], limit: int | None) -> Iterator[Any]:
    """Read rows in chunks; an absent name is empty."""
    names = [field.name for field in fields(row)]
    moved = {name: Coalesce(F(path), Value("")) for name, path in elsewhere.items() if name in names}
    columns: Sequence[str] = [f"r_{name}" if name in moved else name for name in names]
    values = found.annotate(**{f"r_{name}": path for name, path in moved.items()}).values_list(*columns)
    rows = values[:limit] if limit is not None else values.iterator(chunk_size=_CHUNK)
    for one in rows:
        yield row(*one)
