"""What deeds beside the table of stages have in common: their clock in working hours, their checks, their trace."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from linli.cases.actions.recording import remember, tell
from linli.cases.actions.stepping import LONGEST_NOTE, Actor
from linli.cases.calc.whistles import due_within
from linli.cases.events import CaseStepped
from linli.cases.models import Case, Dispute, WhistleCall
from linli.cases.rules import post_behind
from linli.kernel import bus
from linli.kernel.errors import InvalidInput, PreconditionFailed
from linli.support.calendar.calc import WorkingCalendar
from linli.support.calendar.queries import current_calendar


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


def due_of(hours: int, at: datetime) -> tuple[datetime, int]:
    """Count so many working hours from an instant: by when, and by which version of the calendar. 1 query."""
    calendar = current_calendar()
    return due_within(calendar, hours, at), calendar.version


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

    Those that ended keep the deadline by which they were measured. 2 queries and 1 a change.
    """
    calendar, moved = current_calendar(), 0
    disputes = Dispute.objects.filter(district_id=district_id, decided_at=None)
    for dispute in disputes.exclude(calendar_number=calendar.version).order_by("id"):
        moved += _recount(dispute, calendar, dispute.raised_at)
    calls = WhistleCall.objects.filter(district_id=district_id, reported_in_at=None, taken_back_at=None)
    for call in calls.exclude(calendar_number=calendar.version).order_by("id"):
        moved += _recount(call, calendar, call.called_at)
    return moved


def _recount(row: Dispute | WhistleCall, calendar: WorkingCalendar, since: datetime) -> bool:
    before, row.due_at = row.due_at, due_within(calendar, row.hours, since)
    row.calendar_number = calendar.version
    row.save(force_update=True, update_fields=["due_at", "calendar_number"])
    return row.due_at != before
