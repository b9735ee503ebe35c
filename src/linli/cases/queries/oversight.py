"""How a case is watched over: supervision and cards, of one case and in lists."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from linli.cases.choices import CardState, SupervisionState
from linli.cases.errors import NoSuchCase
from linli.cases.models import Card, Case, Supervision
from linli.cases.queries.time_requests import TimeRequestRow, requests_of
from linli.cases.rules import is_holder, may_answer_supervision, may_see_case, may_supervise, visible_to
from linli.kernel.decision import Decision
from linli.registry.people.rules import Viewer

_RUNNING = (SupervisionState.OPEN, SupervisionState.ANSWERED)
_SUPERVISION = (
    "id", "case_id", "case__number", "case__title", "organisation_id", "organisation__name", "state", "reason",
    "demand", "answer_by", "opened_at", "answer", "answered_at", "closing", "closed_at", "missed_at",
)  # fmt: skip
_CARD = (
    "id", "case_id", "case__number", "case__title", "organisation_id", "organisation__name", "colour", "reason",
    "state", "given_at", "appeal", "ruling",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SupervisionRow:
    """A supervision as pages show it."""

    id: UUID
    case_id: UUID
    number: str
    title: str
    organisation_id: UUID
    organisation_name: str
    state: str
    reason: str
    demand: str
    answer_by: date
    opened_at: datetime
    answer: str
    answered_at: datetime | None
    closing: str
    closed_at: datetime | None
    missed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card as pages show it."""

    id: UUID
    case_id: UUID
    number: str
    title: str
    organisation_id: UUID
    organisation_name: str
    colour: str
    reason: str
    state: str
    given_at: datetime
    appeal: str
    ruling: str


@dataclass(frozen=True, slots=True)
class CardCount:
    """How many cards an organisation got within a time; those taken back count nowhere. By name, no ranking."""

    organisation_id: UUID
    organisation_name: str
    yellow: int
    red: int


@dataclass(frozen=True, slots=True)
class CaseOversight:
    """All that watches over a case, with what this viewer may do about it."""

    case_id: UUID
    number: str
    title: str
    state: str
    version: int
    solution_due_at: datetime | None
    review_on: date | None
    organisation_id: UUID | None
    is_holder: bool
    may_supervise: Decision
    supervisions: list[SupervisionRow]
    cards: list[CardRow]
    requests: list[TimeRequestRow]
    answers_for: frozenset[UUID]


def get_oversight(*, viewer: Viewer, case_id: UUID) -> CaseOversight:
    """Read what watches over a case. At most 5 queries. Raises NoSuchCase alike for none and for none to be seen."""
    case = Case.objects.filter(district_id=viewer.district_id, id=case_id).first()
    if case is None or not may_see_case(viewer, case):
        raise NoSuchCase("no_such_case")
    of_case = {"district_id": case.district_id, "case_id": case.id}
    supervisions = Supervision.objects.filter(**of_case).order_by("-id").values_list(*_SUPERVISION)
    cards = Card.objects.filter(**of_case).order_by("-id").values_list(*_CARD)
    watched = [SupervisionRow(*row) for row in supervisions]
    given = [CardRow(*row) for row in cards]
    asked = {row.organisation_id for row in watched} | {row.organisation_id for row in given}
    return CaseOversight(
        case_id=case.id, number=case.number, title=case.title, state=case.state, version=case.version,
        solution_due_at=case.solution_due_at, review_on=case.review_on, organisation_id=case.organisation_id,
        is_holder=is_holder(viewer, case), may_supervise=may_supervise(viewer, case), supervisions=watched, cards=given,
        requests=requests_of(district_id=case.district_id, case_id=case.id),
        answers_for=frozenset(id_ for id_ in asked if may_answer_supervision(viewer, case, organisation_id=id_)),
    )  # fmt: skip


def list_supervisions(*, viewer: Viewer, is_running: bool = True, limit: int = 100) -> list[SupervisionRow]:
    """List supervisions of cases that the viewer may see: those that run, by their day, or that are over. 1 query."""
    found = Supervision.objects.filter(district_id=viewer.district_id, case__in=_seen(viewer))
    found = found.filter(state__in=_RUNNING) if is_running else found.exclude(state__in=_RUNNING)
    ordered = found.order_by("answer_by", "id") if is_running else found.order_by("-id")
    return [SupervisionRow(*row) for row in ordered.values_list(*_SUPERVISION)[:limit]]


def list_cards(*, viewer: Viewer, since: datetime, limit: int = 100) -> list[CardRow]:
    """List the cards given since a moment over cases that the viewer may see, newest first. 1 query."""
    found = Card.objects.filter(district_id=viewer.district_id, case__in=_seen(viewer), given_at__gte=since)
    return [CardRow(*row) for row in found.order_by("-id").values_list(*_CARD)[:limit]]


def count_cards(*, viewer: Viewer, since: datetime) -> list[CardCount]:
    """Count the cards of each organisation since a moment, of the same cases as the list; by name. 1 query."""
    found = Card.objects.filter(district_id=viewer.district_id, case__in=_seen(viewer), given_at__gte=since)
    standing = found.exclude(state=CardState.TAKEN_BACK).values_list("organisation_id", "organisation__name")
    counted = standing.annotate(yellow=Count("id", filter=Q(colour="yellow")), red=Count("id", filter=Q(colour="red")))
    return [CardCount(*row) for row in counted.order_by("organisation__name", "organisation_id")]


def _seen(viewer: Viewer) -> QuerySet[Case, Any]:
    return Case.objects.filter(visible_to(viewer)).values("id")
