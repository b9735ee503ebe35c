"""What deeds beside the table of stages have in common: their clock in working hours, their checks, their trace."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Q

from linli.cases.actions.recording import remember, tell
from linli.cases.actions.stepping import LONGEST_NOTE, Actor
from linli.cases.calc.deadlines import DeadlineTable
from linli.cases.calc.ladder import first_of, next_at
from linli.cases.calc.whistles import due_within
from linli.cases.events import CaseStepped
from linli.cases.models import Case, Dispute, WhistleCall
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.queries.waiting import clocks_of
from linli.cases.rules import post_behind
from linli.kernel import bus
from linli.kernel.errors import InvalidInput, PreconditionFailed
from linli.support.calendar.calc import WorkingCalendar
from linli.support.calendar.queries import current_calendar

_Row = TypeVar("_Row", bound=Dispute | WhistleCall)


class Told(NamedTuple):
    """Who is told: the people of an organisation, or the one who holds a post."""

    organisation_id: UUID | None
    post_id: UUID | None = None


def person_of(by: Actor) -> UUID:
    """Tell which person acts; what nobody may do by themselves never comes this far."""
    if by.viewer.person_id is None:
        message = "only staff get this far"
        raise AssertionError(message)
    return by.viewer.person_id


def check_version(case: Case, version: int | None) -> None:
    """Refuse what was meant for an earlier version of the case; None asks nothing. Raises PreconditionFailed."""
    if version is not None and version != case.version:
        raise PreconditionFailed("case_changed", params={"version": case.version})


def check_note(note: str, *, is_needed: bool = False) -> None:
    """Ask for words where they are needed, and not for too many. Raises InvalidInput."""
    if is_needed and not note.strip():
        raise InvalidInput("say_why", field="note")
    if len(note) > LONGEST_NOTE:
        raise InvalidInput("note_too_long", field="note", params={"most": LONGEST_NOTE})


def wind(row: _Row, table: DeadlineTable, calendar: WorkingCalendar) -> _Row:
    """Count by when a dispute or a call is due, and when its clocks come to the next rung; what ended stays. No query.

    Returns the row, which is not written.
    """
    row.calendar_number = calendar.version
    if isinstance(row, Dispute):
        row.due_at = due_within(calendar, row.hours, row.raised_at)
    elif row.reported_in_at is None:
        row.due_at = due_within(calendar, row.hours, row.called_at)
    elif row.opinion_since is not None and row.opinion_until is None:
        row.opinion_due_at = due_within(calendar, row.opinion_hours, row.opinion_since)
    row.rung_at = first_of([next_at(calendar, clock, table) for _kind, clock in clocks_of(row)])
    return row


def leave_trace(
    case: Case,
    action: str,
    *,
    by: Actor,
    at: datetime,
    of: UUID | None,
    from_state: str = "",
    reason: str = "",
    note: str = "",
    data: Mapping[str, Any] | None = None,
    tell_to: Told | None = None,
) -> None:
    """Write the case with its next version, a line of history, a fact, and a message. At most 5 queries.

    of: the organisation the fact counts for; tell_to: organisation and post that are told, else who has the case.
    """
    before = from_state or case.state
    case.version += 1
    case.save(force_update=True)
    remember(
        case=case, action=action, from_state=before, at=at, by=by.viewer, by_kind=by.kind, reason=reason, note=note,
        data=data, rated=(of, None), acted_as=post_behind(by.viewer, case),
    )  # fmt: skip
    tell(case, action, at, to=tell_to)
    bus.publish(CaseStepped(case.id, case.district_id, action, before, case.state, at))


def recount_dues(*, district_id: str) -> int:
    """Count the clocks of open disputes and calls anew after the calendar was corrected. Returns how many moved.

    Those that ended keep the deadline by which they were measured. 3 queries and 1 a change.
    """
    calendar, waits = current_calendar(), Q(reported_in_at=None) | Q(opinion_since__isnull=False, opinion_until=None)
    disputes = Dispute.objects.filter(district_id=district_id, decided_at=None)
    calls = WhistleCall.objects.filter(waits, district_id=district_id, taken_back_at=None)
    rows = [
        row for found in (disputes, calls) for row in found.exclude(calendar_number=calendar.version).order_by("id")
    ]
    if not rows:  # a district that is only being set up has no rulebooks yet
        return 0
    table = current_rulebooks(district_id).deadlines
    return sum(_recount(row, table, calendar) for row in rows)


def _recount(row: Dispute | WhistleCall, table: DeadlineTable, calendar: WorkingCalendar) -> bool:
    before = _dues(row)
    wind(row, table, calendar).save(force_update=True)
    return _dues(row) != before


def _dues(row: Dispute | WhistleCall) -> tuple[datetime | None, ...]:
    return (row.due_at,) if isinstance(row, Dispute) else (row.due_at, row.opinion_due_at)
