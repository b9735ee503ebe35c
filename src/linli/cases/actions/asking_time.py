"""More time for a case: asked of the next one up, granted or refused within a clock of its own."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.cases.actions import clocks
from linli.cases.actions.recording import FACTS, remember, tell
from linli.cases.actions.stepping import LONGEST_NOTE, check_review
from linli.cases.choices import FINISHED, Action, ClockKind, RequestState, State, TimeKind
from linli.cases.errors import CannotAskTime, NoSuchCase, NoSuchRequest
from linli.cases.models import Case, ClockSegment, TimeRequest
from linli.cases.queries.above import Above
from linli.cases.queries.rulebooks import Rulebooks, current_rulebooks
from linli.cases.rules import is_holder, may_decide_time, may_see_case, post_behind
from linli.kernel.decision import denied
from linli.kernel.errors import InvalidInput, PreconditionFailed
from linli.ledger.commands.actions import NewMessage, queue_messages
from linli.registry.people.rules import NOBODY, Viewer
from linli.support.calendar.calc import Budget, Segment, deadline
from linli.support.calendar.choices import Timer
from linli.support.calendar.queries import current_calendar

EXTENSION_REASONS = ("waits_for_parts", "waits_for_weather", "waits_for_others", "more_than_thought")
HOLD_REASONS = ("waits_for_owners_vote", "waits_for_season", "waits_for_project", "waits_for_reporter")
REASONS = {TimeKind.EXTENSION: EXTENSION_REASONS, TimeKind.HOLD: HOLD_REASONS}


@dataclass(frozen=True, slots=True)
class TimeAsked:
    """What is asked for. days: working days of an extension; until: the new day of review of a hold; version: seen."""

    kind: TimeKind
    reason: str
    note: str = ""
    days: int = 0
    until: date | None = None
    version: int | None = None


@transaction.atomic
def ask_time(*, district_id: str, case_id: UUID, asked: TimeAsked, by: Viewer, at: datetime) -> UUID:
    """Ask the next one up for time. Returns the request's id.

    An extension before the deadline, while the clock runs, as often and as long as the deadlines allow; a longer hold
    while the case is on hold. Locks the case; writes request, step, fact and messages. At most 15 queries. Raises
    NoSuchCase, NotAllowed (only who has it asks), InvalidInput, CannotAskTime, PreconditionFailed.
    """
    case = _lock(district_id, case_id, by, asked.version)
    if not is_holder(by, case):
        denied("step_is_others", action=Action.ASK_TIME, by="holder").require()
    books, calendar = current_rulebooks(district_id), current_calendar()
    _check(case, asked, books, at)
    above = Above([case], district_id=district_id, books=books, on=timezone.localdate(at))
    named = next((each for each in above.chain(case) if each.person_id != by.person_id), None)
    if named is None:
        raise CannotAskTime("nobody_above")
    budget = Budget(Timer.WORK_HOUR, books.deadlines.approval_hours)
    decide_by = deadline(calendar, budget, [Segment(at, None, "")]) or at
    request = TimeRequest.objects.create(
        district_id=district_id, case=case, kind=asked.kind, state=RequestState.ASKED, reason=asked.reason,
        days=asked.days if asked.kind == TimeKind.EXTENSION else None,
        until=asked.until if asked.kind == TimeKind.HOLD else None,
        asked_at=at, asked_by=by.person_id, asked_post=_post_id(by, case), for_organisation=case.organisation_id,
        decide_by=decide_by, to_post=named.post_id,
    )  # fmt: skip
    said = _said(request) | {"told": str(named.post_id), "person": str(named.person_id)}
    _record(case, request, Action.ASK_TIME, by=by, at=at, note=asked.note, said=said)
    _tell_person(case, Action.ASK_TIME, named.person_id, at)
    return request.id


@transaction.atomic
def decide_time(
    *, district_id: str, request_id: UUID, is_granted: bool, note: str, by: Viewer, at: datetime
) -> Case:  # fmt: skip
    """Grant or refuse time that was asked for; a refusal says why.

    Granted days go onto the solution's clock as a new segment, so that the deadline can be counted again from the
    segments; a hold gets its new day of review. Whoever stands above the case decides. Locks the case; at most 16
    queries. Raises NoSuchRequest, NotAllowed, InvalidInput, CannotAskTime (decided, lapsed, or the case went on).
    """
    request = TimeRequest.objects.select_for_update().filter(district_id=district_id, id=request_id).first()
    if request is None:
        raise NoSuchRequest("no_such_request")
    try:
        case = _lock(district_id, request.case_id, by, None)
    except NoSuchCase as error:
        raise NoSuchRequest("no_such_request") from error
    if request.state != RequestState.ASKED:
        raise CannotAskTime("request_decided")
    if at > request.decide_by:
        raise CannotAskTime("request_lapsed")
    books = current_rulebooks(district_id)
    above = Above([case], district_id=district_id, books=books, on=timezone.localdate(at))
    chain = [each.post_id for each in above.chain(case)]
    may_decide_time(by, to_post=request.to_post, asked_by=request.asked_by, above=chain).require()
    if not is_granted and not note.strip():
        raise InvalidInput("say_why", field="note")
    if len(note) > LONGEST_NOTE:
        raise InvalidInput("note_too_long", field="note", params={"most": LONGEST_NOTE})
    said = _said(request)
    if is_granted:
        said |= _grant(case, request, books, at)
    request.state = RequestState.GRANTED if is_granted else RequestState.REFUSED
    request.decided_at, request.decided_by = at, by.person_id
    request.save(force_update=True)
    action = Action.GRANT_TIME if is_granted else Action.REFUSE_TIME
    _record(case, request, action, by=by, at=at, note=note, said=said)
    tell(case, action, at)
    return case


def lapse_time_requests(*, district_id: str, at: datetime, limit: int = 200) -> int:
    """Let requests lapse that nobody decided in time. Returns how many; each in a transaction of its own."""
    waiting = TimeRequest.objects.filter(district_id=district_id, state=RequestState.ASKED, decide_by__lt=at)
    ids = list(waiting.order_by("decide_by", "id").values_list("id", flat=True)[:limit])
    return sum(_lapse(district_id, request_id, at) for request_id in ids)


@transaction.atomic
def _lapse(district_id: str, request_id: UUID, at: datetime) -> int:
    found = TimeRequest.objects.select_for_update(skip_locked=True).filter(district_id=district_id, id=request_id)
    request = found.filter(state=RequestState.ASKED).first()
    if request is None:
        return 0
    case = Case.objects.select_for_update().get(district_id=district_id, id=request.case_id)
    request.state, request.decided_at = RequestState.LAPSED, at
    request.save(force_update=True)
    _record(case, request, Action.LAPSE_TIME, by=NOBODY, at=at, note="", said=_said(request))
    tell(case, Action.LAPSE_TIME, at)
    return 1


def _lock(district_id: str, case_id: UUID, by: Viewer, version: int | None) -> Case:
    case = Case.objects.select_for_update().filter(district_id=district_id, id=case_id).first()
    if case is None or not may_see_case(by, case):
        raise NoSuchCase("no_such_case")
    if version is not None and version != case.version:
        raise PreconditionFailed("case_changed", params={"version": case.version})
    return case


def _check(case: Case, asked: TimeAsked, books: Rulebooks, at: datetime) -> None:
    if asked.reason not in REASONS[asked.kind]:
        raise InvalidInput("reason_missing", field="reason", params={"one_of": ", ".join(REASONS[asked.kind])})
    if len(asked.note) > LONGEST_NOTE:
        raise InvalidInput("note_too_long", field="note", params={"most": LONGEST_NOTE})
    if TimeRequest.objects.filter(district_id=case.district_id, case=case, state=RequestState.ASKED).exists():
        raise CannotAskTime("request_waits")
    if asked.kind == TimeKind.HOLD:
        _check_hold(case, asked, books, at)
        return
    table = books.deadlines
    granted = TimeRequest.objects.filter(
        district_id=case.district_id, case=case, kind=TimeKind.EXTENSION, state=RequestState.GRANTED
    )  # fmt: skip
    if not 1 <= asked.days <= table.extension_days:
        raise InvalidInput("extension_days", field="days", params={"most": table.extension_days})
    if case.state == State.SUSPENDED or case.solved_at is not None or case.state in FINISHED:
        raise CannotAskTime("clock_stands")
    if case.solution_due_at is None or at > case.solution_due_at:
        raise CannotAskTime("already_overdue")
    if granted.count() >= table.most_extensions:
        raise CannotAskTime("extended_enough", params={"most": table.most_extensions})


def _check_hold(case: Case, asked: TimeAsked, books: Rulebooks, at: datetime) -> None:
    if case.state != State.SUSPENDED:
        raise CannotAskTime("not_on_hold")
    check_review(asked.until, timezone.localdate(at), most_days=books.deadlines.hold_days, field="until")
    if case.review_on is not None and asked.until is not None and asked.until <= case.review_on:
        raise InvalidInput("review_date_not_later", field="until")


def _grant(case: Case, request: TimeRequest, books: Rulebooks, at: datetime) -> dict[str, Any]:
    """Put the days on the clock, or the hold to its new day; tells what stood before and stands now."""
    case.version += 1
    if request.kind == TimeKind.HOLD:
        if case.state != State.SUSPENDED:
            raise CannotAskTime("not_on_hold")
        before, case.review_on = case.review_on, request.until
        case.save(force_update=True)
        return {"before": str(before), "after": str(request.until)}
    segments = clocks.load_segments(case)
    running = clocks.of_clock(segments, ClockKind.SOLUTION)[-1]
    if running.stopped_at is not None:
        raise CannotAskTime("clock_stands")
    before_due = case.solution_due_at
    clocks.stop(segments, ClockKind.SOLUTION, why=Action.GRANT_TIME, at=at)
    segments.append(
        ClockSegment(
            district_id=case.district_id, case_id=case.id, clock=ClockKind.SOLUTION, timer=running.timer,
            amount=running.amount, extra_days=running.extra_days + (request.days or 0), started_at=at,
        )
    )  # fmt: skip
    clocks.save_segments(segments)
    clocks.show(case, segments, current_calendar(), books.deadlines)
    case.save(force_update=True)
    after = case.solution_due_at
    return {
        "before": before_due.isoformat() if before_due else "", "after": after.isoformat() if after else "",
    }  # fmt: skip


def _said(request: TimeRequest) -> dict[str, Any]:
    said: dict[str, Any] = {"request": str(request.id), "kind": request.kind, "why": request.reason}
    if request.days is not None:
        said["days"] = request.days
    if request.until is not None:
        said["until"] = request.until.isoformat()
    return said


def _record(
    case: Case, request: TimeRequest, action: Action, *, by: Viewer, at: datetime, note: str, said: dict[str, Any]
) -> None:
    remember(
        case=case, action=action, from_state=case.state, at=at, by=by, by_kind="" if by.is_known else "system",
        reason=request.reason if action == Action.ASK_TIME else "", note=note, data=said,
        acted_as=post_behind(by, case) if by.is_known else None,
    )  # fmt: skip


def _post_id(by: Viewer, case: Case) -> UUID | None:
    post = post_behind(by, case)
    return post.post_id if post else None


def _tell_person(case: Case, action: Action, person: UUID, at: datetime) -> None:
    data = {"area_path": case.area_path, "version": case.version, "person": str(person)}
    queue_messages(
        district_id=case.district_id, messages=[NewMessage(FACTS[action], case.id, at, data)], at=at
    )  # fmt: skip
