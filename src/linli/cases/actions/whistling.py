"""Whistling: who has a case calls several offices to it; each reports in within its own clock and says what it did.

The case stays with who has it, with its clocks: those called help, and one of them leads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.cases.actions.beside import Told, check_note, check_version, leave_trace, person_of, wind
from linli.cases.actions.recording import tell
from linli.cases.actions.stepping import Actor, lock_case
from linli.cases.choices import Action
from linli.cases.errors import StepNotPossible
from linli.cases.models import Case, WhistleCall
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.rules import may_answer_call, may_evaluate_call, may_lead_calls, may_whistle
from linli.kernel.errors import InvalidInput
from linli.registry.orgs.queries import list_organisations
from linli.registry.people.choices import Verb
from linli.support.calendar.queries import current_calendar

MOST_CALLED = 10
_MOST_ORGANISATIONS = 5000


@dataclass(frozen=True, slots=True)
class Whistled:
    """Whom one calls, and to what: lead, an organisation or none, and the others who assist. note: in words, needed."""

    others: Sequence[UUID]
    note: str
    lead: UUID | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """How the caller evaluates one that was called: marks of the table of stages."""

    organisation_id: UUID
    speed: str
    result: str
    note: str = ""
    version: int | None = None


@transaction.atomic
def whistle(*, district_id: str, case_id: UUID, whistled: Whistled, by: Actor, at: datetime) -> Case:
    """Call offices to a case; each has to report in within working hours of its own.

    Locks the case; writes a call each, a line of history, a fact, a message to each. 10 queries and 2 an office. Raises
    NoSuchCase, PreconditionFailed, NotAllowed, StepNotPossible, InvalidInput.
    """
    case = lock_case(district_id=district_id, case_id=case_id, by=by)
    check_version(case, whistled.version)
    may_whistle(by.viewer, case).require()
    books = current_rulebooks(district_id)
    if not books.workflow.dispute_reasons(case.state):  # once it is done, nobody has to turn up any more
        raise StepNotPossible("step_not_possible", params={"action": Action.WHISTLE, "state": case.state})
    check_note(whistled.note, is_needed=True)
    caller_id = _caller(by, case)
    called = _called(case, whistled, caller_id, at)
    there = {call.organisation_id: call for call in standing_calls(case)}
    if set(called) & set(there):
        raise InvalidInput("called_already", field="organisations")
    if whistled.lead and any(call.is_lead for call in there.values()):
        raise InvalidInput("has_lead", field="lead")
    hours, calendar = books.workflow.whistle_hours, current_calendar()
    rows = WhistleCall.objects.bulk_create(
        wind(WhistleCall(district_id=district_id, case=case, called_at=at, called_by=person_of(by),
                         caller_id=caller_id, organisation_id=each, is_lead=each == whistled.lead, hours=hours),
             books.deadlines, calendar)
        for each in called
    )  # fmt: skip
    first, *others = called
    leave_trace(
        case, Action.WHISTLE, by=by, at=at, note=whistled.note, of=caller_id, tell_to=Told(first),
        data={"called": [str(each) for each in called], "lead": str(whistled.lead or ""), "caller": str(caller_id),
              "hours": hours, "due_at": rows[0].due_at.isoformat()},
    )  # fmt: skip
    for each in others:
        tell(case, Action.WHISTLE, at, to=Told(each))
    return case


@transaction.atomic
def report_in(
    *, district_id: str, case_id: UUID, note: str, by: Actor, at: datetime, organisation_id: UUID | None = None
) -> Case:
    """Report in to a call: we are here. Late is written down, never refused. At most 11 queries.

    Who leads owes an opinion from then on, within working hours. organisation_id: which of one's offices, if several
    were called. Raises NoSuchCase, NotAllowed, StepNotPossible.
    """
    case = lock_case(district_id=district_id, case_id=case_id, by=by)
    call = _own_call(case, by, organisation_id)
    check_note(note)
    if call.reported_in_at is not None:
        raise StepNotPossible("reported_in_already")
    call.reported_in_at = at
    owed = _owe_opinion(call, at) if call.is_lead else {}
    _wind_and_save(call)
    _answer(case, Action.REPORT_IN, call, note=note, by=by, at=at, more=owed)
    return case


@transaction.atomic
def give_opinion(
    *, district_id: str, case_id: UUID, note: str, by: Actor, at: datetime, organisation_id: UUID | None = None
) -> Case:
    """Say what one's office thinks or did; whoever had not reported in does so by it. At most 11 queries.

    Raises as `report_in`, and InvalidInput without words.
    """
    case = lock_case(district_id=district_id, case_id=case_id, by=by)
    call = _own_call(case, by, organisation_id)
    check_note(note, is_needed=True)
    call.reported_in_at, call.opined_at = call.reported_in_at or at, at
    owed: dict[str, Any] = {}
    if _owes_opinion(call) and call.opinion_due_at:
        call.opinion_until = at
        owed = {"opinion_due_at": call.opinion_due_at.isoformat(), "opinion_late": at > call.opinion_due_at}
    _wind_and_save(call)
    _answer(case, Action.OPINION, call, note=note, by=by, at=at, more=owed)
    return case


@transaction.atomic
def evaluate_help(*, district_id: str, case_id: UUID, marks: Marks, by: Actor, at: datetime) -> Case:
    """Say how an office came and what came of it: once it reported in or its time is up; said again, the last counts.

    Counts for the organisation, never for a person. At most 10 queries. Raises as `whistle`.
    """
    case = lock_case(district_id=district_id, case_id=case_id, by=by)
    check_version(case, marks.version)
    call = _call_of(case, marks.organisation_id)
    may_evaluate_call(by.viewer, call).require()
    workflow = current_rulebooks(district_id).workflow
    for name, chosen, known in (("speed", marks.speed, workflow.speeds), ("result", marks.result, workflow.results)):
        if chosen not in known:
            raise InvalidInput("mark_missing", field=name, params={"one_of": ", ".join(known)})
    check_note(marks.note)
    if call.reported_in_at is None and at <= call.due_at:
        raise StepNotPossible("not_reported_in_yet")
    call.speed, call.result, call.evaluated_at = marks.speed, marks.result, at
    call.save(force_update=True, update_fields=["speed", "result", "evaluated_at"])
    leave_trace(
        case, Action.EVALUATE, by=by, at=at, note=marks.note, of=call.organisation_id,
        tell_to=Told(call.organisation_id),
        data={"organisation": str(call.organisation_id), "speed": marks.speed, "result": marks.result},
    )  # fmt: skip
    return case


@transaction.atomic
def change_lead(
    *, district_id: str, case_id: UUID, organisation_id: UUID, version: int | None, by: Actor, at: datetime
) -> Case:
    """Let another of those called lead, who owes the opinion instead. At most 13 queries. Raises as `whistle`."""
    case = lock_case(district_id=district_id, case_id=case_id, by=by)
    check_version(case, version)
    call = _call_of(case, organisation_id)
    may_lead_calls(by.viewer, call).require()
    if call.is_lead:
        raise StepNotPossible("leads_already")
    before = next((each for each in standing_calls(case) if each.is_lead), None)
    if before is not None:
        before.is_lead = False
        _relieve(before, at)
        _wind_and_save(before)
    call.is_lead = True
    owed = _owe_opinion(call, at) if call.reported_in_at else {}
    _wind_and_save(call)
    leave_trace(
        case, Action.CHANGE_LEAD, by=by, at=at, of=organisation_id, tell_to=Told(organisation_id),
        data={"organisation": str(organisation_id), "before": str(before.organisation_id) if before else "", **owed},
    )  # fmt: skip
    return case


@transaction.atomic
def take_call_back(
    *, district_id: str, case_id: UUID, organisation_id: UUID, note: str, version: int | None, by: Actor, at: datetime
) -> Case:
    """Take a call back: the office need not come any more, and sees the case no more unless it had reported in.

    At most 11 queries. Raises as `whistle`.
    """
    case = lock_case(district_id=district_id, case_id=case_id, by=by)
    check_version(case, version)
    call = _call_of(case, organisation_id)
    may_lead_calls(by.viewer, call).require()
    check_note(note)
    call.taken_back_at, call.is_lead = at, False
    _relieve(call, at)
    _wind_and_save(call)
    leave_trace(
        case, Action.TAKE_BACK, by=by, at=at, note=note, of=organisation_id, tell_to=Told(organisation_id),
        data={"organisation": str(organisation_id), "due_at": call.due_at.isoformat()},
    )  # fmt: skip
    return case


def standing_calls(case: Case) -> list[WhistleCall]:
    """List the calls that were not taken back, the oldest first. 1 query."""
    calls = WhistleCall.objects.filter(district_id=case.district_id, case_id=case.id, taken_back_at=None)
    return list(calls.order_by("id"))


def _called(case: Case, whistled: Whistled, caller_id: UUID, at: datetime) -> list[UUID]:
    """Check whom somebody calls: offices that exist, neither one's own nor the one that has the case. 1 query.

    Raises InvalidInput.
    """
    called = list(dict.fromkeys([*([whistled.lead] if whistled.lead else []), *whistled.others]))
    if not called:
        raise InvalidInput("nobody_called", field="organisations")
    if len(called) > MOST_CALLED:
        raise InvalidInput("too_many_called", field="organisations", params={"most": MOST_CALLED})
    on = timezone.localdate(at)
    there = list_organisations(district_id=case.district_id, on=on, limit=_MOST_ORGANISATIONS)
    if set(called) - {each.id for each in there} or {case.organisation_id, caller_id} & set(called):
        raise InvalidInput("no_such_organisation", field="organisations")
    return called


def _caller(by: Actor, case: Case) -> UUID:
    """Tell for which office somebody calls: the one that has the case, else that of the post that dispatches there."""
    posts = by.viewer.posts
    holding = (post for post in posts if post.organisation_id == case.organisation_id)
    dispatching = (
        post for post in by.viewer.posts_with(Verb.DISPATCH)
        if post.covers(area_path=case.area_path, organisation_id=case.organisation_id)
    )  # fmt: skip
    return (next(holding, None) or next(dispatching, None) or posts[0]).organisation_id


def _own_call(case: Case, by: Actor, organisation_id: UUID | None) -> WhistleCall:
    """Find the call to the actor's own office, that it has not answered first. Raises StepNotPossible, NotAllowed."""
    calls = standing_calls(case)
    if case.closed_at is not None or not calls:
        raise StepNotPossible("no_call")
    mine = [call for call in calls if may_answer_call(by.viewer, call)]
    named = [call for call in mine if organisation_id in {None, call.organisation_id}]
    if not named:
        may_answer_call(by.viewer, calls[0]).require()
        raise StepNotPossible("no_call")
    return min(named, key=lambda call: (call.reported_in_at is not None, call.called_at))


def _call_of(case: Case, organisation_id: UUID) -> WhistleCall:
    found = next((call for call in standing_calls(case) if call.organisation_id == organisation_id), None)
    if found is None:
        raise StepNotPossible("no_call")
    return found


def _owe_opinion(call: WhistleCall, at: datetime) -> dict[str, Any]:
    """Let the clock of the opinion begin, unless one was given. Gives what the history says of it. 1 query."""
    if call.opined_at is not None:
        return {}
    hours = current_rulebooks(call.district_id).workflow.opinion_hours
    call.opinion_hours, call.opinion_since, call.opinion_until = hours, at, None
    return {"opinion_hours": hours}


def _owes_opinion(call: WhistleCall) -> bool:
    return call.opinion_since is not None and call.opinion_until is None


def _relieve(call: WhistleCall, at: datetime) -> None:
    """Let nobody wait for an opinion any more of who leads no more."""
    if _owes_opinion(call):
        call.opinion_until, call.opinion_due_at = at, None


def _wind_and_save(call: WhistleCall) -> None:
    """Count the clocks of a call and write it. At most 3 queries."""
    wind(call, current_rulebooks(call.district_id).deadlines, current_calendar()).save(force_update=True)


def _answer(
    case: Case, action: Action, call: WhistleCall, *, note: str, by: Actor, at: datetime, more: Mapping[str, Any]
) -> None:  # fmt: skip
    """Leave the trace of an answer, and tell the office that called."""
    is_late = call.reported_in_at is None or call.reported_in_at > call.due_at
    leave_trace(
        case, action, by=by, at=at, note=note, of=call.organisation_id, tell_to=Told(call.caller_id),
        data={"organisation": str(call.organisation_id), "late": is_late, "due_at": call.due_at.isoformat(), **more},
    )  # fmt: skip
