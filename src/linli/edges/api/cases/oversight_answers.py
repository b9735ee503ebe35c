"""What callers are told, and tell, about time asked for, supervision and cards."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from linli.cases.actions.supervising import LONGEST_WORDS
from linli.cases.choices import RequestState, SupervisionReason
from linli.cases.queries.oversight import CardCount, CardRow, CaseOversight, SupervisionRow
from linli.cases.queries.time_requests import TimeRequestRow
from linli.edges.api.cases.bodies import NoteBody, ReasonBody
from linli.edges.api.fields import Moment, Text
from linli.edges.words.cases import CARD_STATES, REQUEST_STATES, SUPERVISION_STATES, say_reason, say_state

Words = Annotated[Text, Field(max_length=LONGEST_WORDS, description="in words, needed")]


class TimeBody(ReasonBody):
    """What is asked for. days: working days of an extension; until: the new day of review of a hold."""

    kind: Literal["extension", "hold"]
    days: Annotated[int, Field(ge=0, le=366)] = 0
    until: date | None = None


class TimeDecisionBody(NoteBody):
    """Granted or refused; a refusal says why."""

    is_granted: bool


class DemandBody(BaseModel):
    """What a supervision asks. answer_by: the last day for the answer, within 90 days."""

    reason: SupervisionReason
    text: Words
    answer_by: date


class WordsBody(BaseModel):
    """An answer or an objection."""

    text: Words


class EndBody(WordsBody):
    """is_done: closed after its answer; else called off."""

    is_done: bool


class RulingBody(WordsBody):
    """is_taken_back: the card counts nowhere any more; else it stands, after an objection."""

    is_taken_back: bool


class OfCaseAnswer(BaseModel):
    """Of which case."""

    id: UUID
    case_id: UUID
    number: str
    title: str
    status: str
    status_text: str
    reason: str
    reason_text: str


class TimeRequestAnswer(OfCaseAnswer):
    """A request for time. status: asked, granted, refused or lapsed; kind: extension or hold."""

    kind: str
    days: int | None
    until: date | None
    asked_at: Moment
    decide_by: Moment
    decided_at: Moment | None


class SupervisionAnswer(OfCaseAnswer):
    """A supervision. status: open, answered, closed or withdrawn; missed_at: its day went by without an answer."""

    organisation_id: UUID
    organisation: str
    demand: str
    answer_by: date
    opened_at: Moment
    answer: str | None
    answered_at: Moment | None
    closing: str | None
    closed_at: Moment | None
    missed_at: Moment | None


class CardAnswer(OfCaseAnswer):
    """A card that the rules gave an organisation. status: given, appealed, upheld or taken_back."""

    organisation_id: UUID
    organisation: str
    colour: str
    given_at: Moment
    appeal: str | None
    ruling: str | None


class CardCountAnswer(BaseModel):
    """How many cards an organisation got; those taken back count nowhere."""

    organisation_id: UUID
    organisation: str
    yellow: int
    red: int


class TimeRequestsAnswer(BaseModel):
    """At most 100 requests."""

    items: list[TimeRequestAnswer]


class SupervisionsAnswer(BaseModel):
    """At most 100 supervisions."""

    items: list[SupervisionAnswer]


class CardsAnswer(BaseModel):
    """At most 100 cards, the newest first, and all of them counted by organisation, in the order of their names."""

    items: list[CardAnswer]
    counts: list[CardCountAnswer]


class OversightAnswer(BaseModel):
    """What watches over a case. answers_for: organisations for which the caller may answer and object."""

    case_id: UUID
    number: str
    title: str
    status: str
    status_text: str
    version: int
    solution_due_at: Moment | None
    review_on: date | None
    may_ask_time: bool
    may_supervise: bool
    answers_for: list[UUID]
    time_requests: list[TimeRequestAnswer]
    supervisions: list[SupervisionAnswer]
    cards: list[CardAnswer]


def oversight_answer(found: CaseOversight, at: datetime) -> OversightAnswer:
    """Tell what watches over a case."""
    return OversightAnswer(
        case_id=found.case_id, number=found.number, title=found.title, status=found.state,
        status_text=say_state(found.state), version=found.version, solution_due_at=found.solution_due_at,
        review_on=found.review_on, may_ask_time=found.is_holder, may_supervise=bool(found.may_supervise),
        answers_for=sorted(found.answers_for), time_requests=[time_answer(row, at) for row in found.requests],
        supervisions=[supervision_answer(row) for row in found.supervisions],
        cards=[card_answer(row) for row in found.cards],
    )  # fmt: skip


def time_answer(row: TimeRequestRow, at: datetime) -> TimeRequestAnswer:
    """Tell of a request; one whose time is over is told as lapsed."""
    status = RequestState.LAPSED.value if row.lapsed_by(at) else row.state
    return TimeRequestAnswer(
        **_of_case(row, status, str(REQUEST_STATES.get(status, status))), kind=row.kind, days=row.days,
        until=row.until, asked_at=row.asked_at, decide_by=row.decide_by, decided_at=row.decided_at,
    )  # fmt: skip


def supervision_answer(row: SupervisionRow) -> SupervisionAnswer:
    """Tell of a supervision."""
    return SupervisionAnswer(
        **_of_case(row, row.state, str(SUPERVISION_STATES.get(row.state, row.state))),
        organisation_id=row.organisation_id, organisation=row.organisation_name, demand=row.demand,
        answer_by=row.answer_by, opened_at=row.opened_at, answer=row.answer or None, answered_at=row.answered_at,
        closing=row.closing or None, closed_at=row.closed_at, missed_at=row.missed_at,
    )  # fmt: skip


def card_answer(row: CardRow) -> CardAnswer:
    """Tell of a card."""
    return CardAnswer(
        **_of_case(row, row.state, str(CARD_STATES.get(row.state, row.state))), organisation_id=row.organisation_id,
        organisation=row.organisation_name, colour=row.colour, given_at=row.given_at, appeal=row.appeal or None,
        ruling=row.ruling or None,
    )  # fmt: skip


def count_answers(rows: Sequence[CardCount]) -> list[CardCountAnswer]:
    """Tell how many cards each organisation got."""
    return [
        CardCountAnswer(organisation_id=row.organisation_id, organisation=row.organisation_name, yellow=row.yellow,
                        red=row.red)
        for row in rows
    ]  # fmt: skip


def _of_case(row: TimeRequestRow | SupervisionRow | CardRow, status: str, status_text: str) -> dict[str, Any]:
    return {
        "id": row.id, "case_id": row.case_id, "number": row.number, "title": row.title, "status": status,
        "status_text": status_text, "reason": row.reason, "reason_text": say_reason(row.reason),
    }  # fmt: skip
