"""Disputes: an office says that a case is not its own, and the one above decides within a clock of its own.

Whoever has the case keeps it, with its clocks, until that is decided: nothing waits for the dispute.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.cases.actions import clocks
from linli.cases.actions.beside import Told, check_note, check_version, leave_trace, person_of, wind
from linli.cases.actions.stepping import Actor, Step, give_to, holder_above, holder_of, lock_case
from linli.cases.choices import FINISHED, Action, DisputeEnd, State
from linli.cases.errors import StepNotPossible
from linli.cases.models import Case, Dispute
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.rules import may_decide, may_dispute, may_withdraw
from linli.kernel.errors import InvalidInput
from linli.registry.orgs.queries import get_organisation
from linli.support.calendar.queries import current_calendar

# Whose a case is does not matter any more: it is done.
_TOO_LATE = FINISHED | {State.REPORTED_BACK, State.VERIFIED}


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a case is not one's own, and whose it is: wanted, an organisation, if one knows. note: in words, needed."""

    reason: str
    note: str
    wanted: UUID | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the office above decides. is_upheld: it goes to a post or an organisation; else it stays where it is."""

    is_upheld: bool
    note: str = ""
    to_post: UUID | None = None
    to_organisation: UUID | None = None
    version: int | None = None


@transaction.atomic
def dispute_case(*, district_id: str, case_id: UUID, objection: Objection, by: Actor, at: datetime) -> Case:
    """Say that a case is not one's own; whoever has the role of the next level up decides, within working hours.

    Possible wherever a case can be sent back, however often that was done, once for each office that has it. Locks the
    case; writes a dispute, a line of history, a fact, and a message to who decides. At most 14 queries. Raises
    NoSuchCase, PreconditionFailed, NotAllowed, StepNotPossible, InvalidInput.
    """
    case = lock_case(district_id=district_id, case_id=case_id, by=by)
    check_version(case, objection.version)
    may_dispute(by.viewer, case).require()
    books = current_rulebooks(district_id)
    reasons = books.workflow.dispute_reasons(case.state)
    if not reasons:
        raise StepNotPossible("step_not_possible", params={"action": Action.DISPUTE, "state": case.state})
    if objection.reason not in reasons:
        raise InvalidInput("reason_missing", field="reason", params={"one_of": ", ".join(reasons)})
    check_note(objection.note, is_needed=True)
    if case.organisation_id is None:
        raise StepNotPossible("nobody_above")
    _require_first(case)
    above = holder_above(case, books, at)
    if above is None:
        raise StepNotPossible("nobody_above")
    judge, level = above
    wanted = _wanted(case, objection.wanted, at)
    dispute = Dispute(
        district_id=district_id, case=case, raised_at=at, raised_by=person_of(by), reason=objection.reason,
        organisation_id=case.organisation_id, wanted_id=wanted, judge_id=judge.organisation_id,
        judge_post_id=judge.post_id, judge_level=level, hours=books.workflow.dispute_hours,
    )  # fmt: skip
    wind(dispute, books.deadlines, current_calendar()).save(force_insert=True)
    leave_trace(
        case, Action.DISPUTE, by=by, at=at, reason=objection.reason, note=objection.note,
        of=case.organisation_id, tell_to=Told(judge.organisation_id, judge.post_id),
        data={"judge": str(judge.organisation_id), "wanted": str(wanted or ""), "due_at": dispute.due_at.isoformat()},
    )  # fmt: skip
    return case


@transaction.atomic
def decide_dispute(*, district_id: str, case_id: UUID, ruling: Ruling, by: Actor, at: datetime) -> Case:
    """Decide a dispute: it goes to somebody else, newly dispatched, or stays with who has it. The clocks run on.

    Upheld, whoever first received the case answers for it until somebody takes it over; one on hold goes on. Locks the
    case; tells the office that raised it, or who has the case now. At most 17 queries. Raises as `dispute_case` does.
    """
    case = lock_case(district_id=district_id, case_id=case_id, by=by)
    check_version(case, ruling.version)
    dispute = open_dispute(case)
    may_decide(by.viewer, case, dispute).require()
    check_note(ruling.note, is_needed=not ruling.is_upheld)
    had, before, from_state = (case.organisation_id, case.post_id), holder_of(case), case.state
    dispute.decided_at, dispute.end = at, DisputeEnd.UPHELD if ruling.is_upheld else DisputeEnd.REFUSED
    data: dict[str, Any] = {"late": at > dispute.due_at}
    action, tell_to = Action.REFUSE, Told(dispute.organisation_id)
    if ruling.is_upheld:
        if case.state in _TOO_LATE:
            raise StepNotPossible("step_not_possible", params={"action": Action.UPHOLD, "state": case.state})
        step = Step(Action.UPHOLD, to_post=ruling.to_post, to_organisation=ruling.to_organisation)
        give_to(case, step, at)
        if (case.organisation_id, case.post_id) == had:
            raise InvalidInput("to_the_same", field="to_organisation")
        if case.state == State.SUSPENDED:
            _go_on(case, at)
        case.state, dispute.given_to_id = State.DISPATCHED, case.organisation_id
        if case.answerable_organisation_id is None:
            case.answerable_organisation_id, case.answerable_post_id = had
        data |= {"gave_from": before, "gave_to": holder_of(case), "level": case.level}
        action, tell_to = Action.UPHOLD, Told(case.organisation_id, case.post_id)
    dispute.save(force_update=True)
    leave_trace(
        case, action, by=by, at=at, from_state=from_state, reason=dispute.reason, note=ruling.note,
        of=dispute.organisation_id, tell_to=tell_to, data=data,
    )  # fmt: skip
    return case


@transaction.atomic
def withdraw_dispute(
    *, district_id: str, case_id: UUID, note: str, version: int | None, by: Actor, at: datetime
) -> Case:
    """Take a dispute back: the office that raised it keeps the case. At most 8 queries. Raises as `dispute_case`."""
    case = lock_case(district_id=district_id, case_id=case_id, by=by)
    check_version(case, version)
    dispute = open_dispute(case)
    may_withdraw(by.viewer, dispute).require()
    check_note(note)
    dispute.decided_at, dispute.end = at, DisputeEnd.WITHDRAWN
    dispute.save(force_update=True)
    leave_trace(
        case, Action.WITHDRAW, by=by, at=at, reason=dispute.reason, note=note, of=dispute.organisation_id,
        tell_to=Told(dispute.judge_id, dispute.judge_post_id),
    )  # fmt: skip
    return case


def open_dispute(case: Case) -> Dispute:
    """Read the dispute that is not decided yet. 1 query. Raises StepNotPossible."""
    found = Dispute.objects.filter(district_id=case.district_id, case_id=case.id, decided_at=None).first()
    if found is None:
        raise StepNotPossible("no_open_dispute")
    return found


def _go_on(case: Case, at: datetime) -> None:
    """End a hold: whoever gets the case did not ask for it. 4 queries."""
    segments = clocks.load_segments(case)
    clocks.run_again(case, segments, at=at)
    clocks.save_segments(segments)
    clocks.show(case, segments, current_calendar(), current_rulebooks(case.district_id).deadlines)
    case.state_before, case.review_on = "", None


def _require_first(case: Case) -> None:
    """Refuse a second dispute: while one is open, or by an office that was told already that the case is its own."""
    disputes = Dispute.objects.filter(district_id=case.district_id, case_id=case.id)
    ends = disputes.order_by("id").values_list("end", "organisation_id")
    for end, organisation_id in ends:
        if end == DisputeEnd.OPEN:
            raise StepNotPossible("dispute_is_open")
        if end == DisputeEnd.REFUSED and organisation_id == case.organisation_id:
            raise StepNotPossible("dispute_was_refused")


def _wanted(case: Case, organisation_id: UUID | None, at: datetime) -> UUID | None:
    if organisation_id is None:
        return None
    on = timezone.localdate(at)
    found = get_organisation(district_id=case.district_id, organisation_id=organisation_id, on=on)
    if found is None or found.id == case.organisation_id:
        raise InvalidInput("no_such_organisation", field="wanted")
    return found.id
