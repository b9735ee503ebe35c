"""Whistles told again from the history of a case: what stands of each call after all that was done about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.cases.choices import Action
from linli.support.calendar.calc import Budget, Segment, WorkingCalendar, deadline
from linli.support.calendar.choices import Timer

DEEDS = frozenset({
    Action.WHISTLE, Action.REPORT_IN, Action.OPINION, Action.EVALUATE, Action.CHANGE_LEAD, Action.TAKE_BACK,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of history about whistles: who did what when, and the plain values that were written with it."""

    action: str
    at: datetime
    by: UUID | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """An office called to a case. Organisations by their id as text; due_at: by when it had to report in.

    is_lead: leads the others; speed, result: the caller's marks, "" before. The moments are None for what was not done.
    opinion_since, opinion_until, opinion_due_at: the clock of who leads, from reporting in to the first opinion.
    """

    organisation: str
    caller: str
    called_by: UUID | None
    called_at: datetime
    hours: int
    due_at: datetime
    is_lead: bool = False
    reported_in_at: datetime | None = None
    opined_at: datetime | None = None
    evaluated_at: datetime | None = None
    speed: str = ""
    result: str = ""
    taken_back_at: datetime | None = None
    opinion_hours: int = 0
    opinion_since: datetime | None = None
    opinion_until: datetime | None = None
    opinion_due_at: datetime | None = None

    @property
    def owes_opinion(self) -> bool:
        """Whether the clock of the opinion runs."""
        return self.opinion_since is not None and self.opinion_until is None


def due_within(calendar: WorkingCalendar, hours: int, since: datetime) -> datetime:
    """Count so many working hours from an instant."""
    due_at = deadline(calendar, Budget(Timer.WORK_HOUR, hours), (Segment(since, None, ""),))
    if due_at is None:
        message = "a clock that runs always has an end"
        raise AssertionError(message)
    return due_at


def tell_calls(deeds: Iterable[Deed], calendar: WorkingCalendar) -> tuple[Call, ...]:
    """Tell from the deeds of a case, in the order they were done, what stands of each call, in the order of calling.

    calendar: the one in force, by which calls are measured that nobody has answered yet; the others keep the deadline
    that was written down when they were. A deed about an office that no call stands for tells nothing.
    """
    calls: list[Call] = []
    for deed in deeds:
        if deed.action == Action.WHISTLE:
            calls += _called(deed)
        elif deed.action == Action.CHANGE_LEAD:
            calls = [each if each.taken_back_at else _led(each, deed) for each in calls]
        else:
            calls = [_after(each, deed) if _is_about(each, deed) else each for each in calls]
    return tuple(_as_of_today(each, calendar) for each in calls)


def _called(deed: Deed) -> list[Call]:
    said = deed.data
    due_at = datetime.fromisoformat(said["due_at"])
    return [
        Call(each, said.get("caller", ""), deed.by, deed.at, said.get("hours", 0), due_at, each == said["lead"])
        for each in said["called"]
    ]  # fmt: skip


def _led(call: Call, deed: Deed) -> Call:
    """Give a call after another one was chosen to lead: who leads no more owes no opinion, who leads now may."""
    if call.organisation != deed.data["organisation"]:
        return replace(_relieved(call, deed.at), is_lead=False)
    return replace(_owing(call, deed), is_lead=True)


def _owing(call: Call, deed: Deed) -> Call:
    """Begin the clock of the opinion where the deed says for how many hours."""
    hours = deed.data.get("opinion_hours", 0)
    return replace(call, opinion_hours=hours, opinion_since=deed.at, opinion_until=None) if hours else call


def _relieved(call: Call, at: datetime) -> Call:
    return replace(call, opinion_until=at, opinion_due_at=None) if call.owes_opinion else call


def _is_about(call: Call, deed: Deed) -> bool:
    return call.taken_back_at is None and call.organisation == deed.data["organisation"]


def _after(call: Call, deed: Deed) -> Call:
    """Give the call as one answer, evaluation or taking back left it."""
    said = deed.data
    due_at = datetime.fromisoformat(said["due_at"]) if "due_at" in said else call.due_at
    match deed.action:
        case Action.REPORT_IN:
            return replace(_owing(call, deed), reported_in_at=deed.at, due_at=due_at)
        case Action.OPINION:
            given = replace(call, reported_in_at=call.reported_in_at or deed.at, opined_at=deed.at, due_at=due_at)
            due = datetime.fromisoformat(said["opinion_due_at"]) if call.owes_opinion else given.opinion_due_at
            return replace(given, opinion_until=deed.at, opinion_due_at=due) if call.owes_opinion else given
        case Action.EVALUATE:
            return replace(call, evaluated_at=deed.at, speed=said["speed"], result=said["result"])
        case _:
            return replace(_relieved(call, deed.at), taken_back_at=deed.at, is_lead=False, due_at=due_at)


def _as_of_today(call: Call, calendar: WorkingCalendar) -> Call:
    """Count the clocks of a call that are still open by the calendar in force."""
    if call.owes_opinion and call.opinion_since:
        return replace(call, opinion_due_at=due_within(calendar, call.opinion_hours, call.opinion_since))
    if call.reported_in_at or call.taken_back_at or not call.hours:
        return call
    return replace(call, due_at=due_within(calendar, call.hours, call.called_at))
