"""The ladder of a clock: warnings before the deadline, one level up after it, each rung once.

A rung is a mark on the clock: below 100 the share of the time used, from 100 on the deadline plus so many hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from linli.cases.calc.deadlines import DeadlineTable
from linli.support.calendar.calc import SHANGHAI, Budget, Segment, WorkingCalendar, amber_at, overrun_at
from linli.support.calendar.choices import Timer

DUE = 100
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock as the ladder reads it. mark: the highest rung it has climbed, 0 for none."""

    budget: Budget
    segments: tuple[Segment, ...]
    mark: int = 0

    @property
    def is_running(self) -> bool:
        """Whether it runs now."""
        return bool(self.segments) and self.segments[-1].stopped_at is None


@dataclass(frozen=True, slots=True)
class Rung:
    """A rung that was reached. at: when the clock came to its mark; step: how many levels up, 0 for a warning."""

    mark: int
    at: datetime
    step: int


def marks_of(table: DeadlineTable) -> tuple[int, ...]:
    """List the marks of the rungs, lowest first."""
    return (*table.warn_percents, *(DUE + hours for hours in table.up_after_hours))


def mark_at(calendar: WorkingCalendar, clock: Clock, mark: int) -> datetime | None:
    """Find when a clock comes to a mark, or None while it stands before it. Working time only, never paused time."""
    if mark < DUE:
        return amber_at(calendar, clock.budget, clock.segments, DUE - mark)
    return overrun_at(calendar, clock.budget, clock.segments, mark - DUE)


def next_at(calendar: WorkingCalendar, clock: Clock, table: DeadlineTable) -> datetime | None:
    """Find when a running clock comes to the rung after the last it has climbed; None if it stands or there is none."""
    following = next((mark for mark in marks_of(table) if mark > clock.mark), None)
    return mark_at(calendar, clock, following) if following is not None and clock.is_running else None


def first_of(moments: Sequence[datetime | None]) -> datetime | None:
    """Give the earliest of several moments, as far as there are any."""
    return min((moment for moment in moments if moment is not None), default=None)


def reached(calendar: WorkingCalendar, clock: Clock, table: DeadlineTable, *, at: datetime) -> list[Rung]:
    """List the rungs above the last climbed that a running clock has passed before an instant, lowest first."""
    return passed(calendar, clock, table, at=at) if clock.is_running else []


def passed(calendar: WorkingCalendar, clock: Clock, table: DeadlineTable, *, at: datetime) -> list[Rung]:
    """List the rungs that a clock has passed before an instant, whether it runs or has stopped since, lowest first.

    On the very instant that a case is due nobody is late yet.
    """
    found: list[Rung] = []
    for mark in marks_of(table):
        came = mark_at(calendar, clock, mark) if mark > clock.mark else None
        if came is not None and came < at:
            found.append(Rung(mark, came, sum(DUE <= other <= mark for other in marks_of(table))))
    return found


def told_at(table: DeadlineTable, timer: str, at: datetime) -> datetime:
    """Say when a message goes out: at once, or when the quiet hours end. What runs day and night never waits."""
    start, end = table.quiet_from, table.quiet_until
    local = at.astimezone(SHANGHAI)
    is_quiet = start <= local.hour < end if start < end else local.hour >= start or local.hour < end
    if start == end or not is_quiet or timer == Timer.URGENT_HOUR:
        return at
    until = datetime.combine(local.date(), time(end), tzinfo=SHANGHAI)
    return until if until > local else until + _DAY
