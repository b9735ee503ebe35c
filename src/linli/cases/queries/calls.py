"""Reading disputes and whistles of a case, and what offices did about the calls to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from linli.cases.choices import Action, DisputeEnd, Source
from linli.cases.models import Case, CaseStep, Dispute, WhistleCall
from linli.cases.queries.rulebooks import Rulebooks
from linli.cases.rules import (
    may_answer_call,
    may_decide,
    may_dispute,
    may_evaluate_call,
    may_lead_calls,
    may_recategorise,
    may_whistle,
    may_withdraw,
)
from linli.kernel.decision import Decision, denied
from linli.registry.people.rules import Viewer


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute; names of organisations. end: one of `DisputeEnd`, "" while open; is_late: not decided in time."""

    raised_at: datetime
    organisation: str
    reason: str
    wanted: str
    wanted_id: UUID | None
    judge: str
    due_at: datetime
    decided_at: datetime | None
    end: str
    given_to: str
    is_late: bool
    may_decide: Decision
    may_withdraw: Decision


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """What an office said about the case it was called to."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class CallRow:
    """An office called to the case. is_late: reported in after its time, or not at all by now; speed, result: marks.

    opinion_due_at, is_opinion_late: of who leads, None where no opinion is or was waited for.
    """

    organisation_id: UUID
    organisation: str
    caller: str
    is_lead: bool
    called_at: datetime
    due_at: datetime
    reported_in_at: datetime | None
    taken_back_at: datetime | None
    is_late: bool
    speed: str
    result: str
    opinions: tuple[OpinionRow, ...]
    opinion_due_at: datetime | None
    is_opinion_late: bool
    may_answer: Decision
    may_lead: Decision
    may_evaluate: Decision


@dataclass(frozen=True, slots=True)
class Beside:
    """What goes on beside the stages of a case. answerable: who received it first, until somebody takes it over.

    returns_left: how often it can still be sent back; may_recategorise: whether the viewer may correct the category.
    """

    disputes: tuple[DisputeRow, ...]
    calls: tuple[CallRow, ...]
    answerable: str
    times_returned: int
    returns_left: int
    reasons: tuple[str, ...]
    may_dispute: Decision
    may_whistle: Decision
    may_recategorise: Decision
    speeds: tuple[str, ...]
    results: tuple[str, ...]


def beside_of(viewer: Viewer, case: Case, books: Rulebooks, *, at: datetime) -> Beside:
    """Read what goes on beside the stages. 2 queries, 1 more where somebody gave an opinion."""
    workflow = books.workflow
    reasons = workflow.dispute_reasons(case.state)
    is_open = case.closed_at is None and case.source != Source.SYSTEM
    disputes = _disputes(viewer, case, at)
    return Beside(
        disputes=disputes, calls=_calls(viewer, case, at),
        answerable=_answerable(case), times_returned=case.times_returned,
        returns_left=max(0, workflow.most_returns - case.times_returned), reasons=reasons,
        may_dispute=_may_dispute(viewer, case, disputes) if reasons else denied("stage_is_past"),
        may_whistle=may_whistle(viewer, case) if reasons else denied("stage_is_past"),
        may_recategorise=may_recategorise(viewer, case) if is_open else denied("stage_is_past"),
        speeds=workflow.speeds, results=workflow.results,
    )  # fmt: skip


def _answerable(case: Case) -> str:
    return case.answerable_organisation.name if case.answerable_organisation else ""


def _may_dispute(viewer: Viewer, case: Case, disputes: Sequence[DisputeRow]) -> Decision:
    if any(each.end == DisputeEnd.OPEN for each in disputes):
        return denied("dispute_is_open")
    return may_dispute(viewer, case)


def _disputes(viewer: Viewer, case: Case, at: datetime) -> tuple[DisputeRow, ...]:
    found = Dispute.objects.filter(district_id=case.district_id, case_id=case.id)
    rows = found.select_related("organisation", "wanted", "judge", "given_to").order_by("id")
    over = denied("dispute_is_over")
    return tuple(
        DisputeRow(
            raised_at=row.raised_at, organisation=row.organisation.name, reason=row.reason,
            wanted=row.wanted.name if row.wanted else "", wanted_id=row.wanted_id, judge=row.judge.name,
            due_at=row.due_at, decided_at=row.decided_at, end=row.end,
            given_to=row.given_to.name if row.given_to else "", is_late=(row.decided_at or at) > row.due_at,
            may_decide=over if row.end else may_decide(viewer, case, row),
            may_withdraw=over if row.end else may_withdraw(viewer, row),
        )
        for row in rows
    )  # fmt: skip


def _calls(viewer: Viewer, case: Case, at: datetime) -> tuple[CallRow, ...]:
    """List whom somebody whistled for: the lead first, then as they were called."""
    found = WhistleCall.objects.filter(district_id=case.district_id, case_id=case.id)
    rows = list(
        found.annotate(name=F("organisation__name"), by=F("caller__name")).order_by(
            "-is_lead", "called_at", "organisation__code"
        )
    )
    said = _opinions(case) if any(row.opined_at for row in rows) else {}
    over = denied("call_is_over")
    measured = case.closed_at or at
    return tuple(
        CallRow(
            organisation_id=row.organisation_id, organisation=row.name, caller=row.by, is_lead=row.is_lead,
            called_at=row.called_at, due_at=row.due_at, reported_in_at=row.reported_in_at,
            taken_back_at=row.taken_back_at,
            is_late=(row.reported_in_at or row.taken_back_at or measured) > row.due_at, speed=row.speed,
            result=row.result, opinions=tuple(each for each in said.get(str(row.organisation_id), ())
                                              if each.at >= row.called_at),
            opinion_due_at=row.opinion_due_at,
            is_opinion_late=row.opinion_due_at is not None and (row.opinion_until or measured) > row.opinion_due_at,
            may_answer=over if row.taken_back_at or case.closed_at else may_answer_call(viewer, row),
            may_lead=over if row.taken_back_at else may_lead_calls(viewer, row),
            may_evaluate=over if row.taken_back_at else may_evaluate_call(viewer, row),
        )
        for row in rows
    )  # fmt: skip


def _opinions(case: Case) -> dict[str, list[OpinionRow]]:
    """Read what offices said, by the organisation's id, from the lines of history. 1 query."""
    steps = CaseStep.objects.filter(district_id=case.district_id, case_id=case.id, action=Action.OPINION)
    said: dict[str, list[OpinionRow]] = {}
    for at, note, data in steps.order_by("at", "id").values_list("at", "note", "data"):
        said.setdefault(str(data.get("organisation", "")), []).append(OpinionRow(at, note))
    return said
