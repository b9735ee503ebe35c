"""Clocks that run in segments, and the instant at which they have used up a budget."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from linli.support.calendar.calc.working_calendar import SHANGHAI, WorkingCalendar, elapsed_us, instant_elapsed
from linli.support.calendar.choices import Timer
from linli.support.calendar.errors import BadClock

_HOUR_US = 3_600_000_000
_WHOLE = 100
_ELAPSING = frozenset({Timer.URGENT_HOUR, Timer.NATURAL_DAY})


@dataclass(frozen=True, slots=True)
class Budget:
    """Time given: so many hours or days of a timer, at least 1. Raises BadClock.

    extra_days: working days granted on top, whatever the timer; they run after the rest is used up.
    """

    timer: Timer
    amount: int
    extra_days: int = 0

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise BadClock("budget_not_positive", field="amount", params={"amount": self.amount})
        if self.extra_days < 0:
            raise BadClock("budget_not_positive", field="extra_days", params={"amount": self.extra_days})


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch in which the clock runs; stopped_at None: it still does. Aware instants. Raises BadClock."""

    started_at: datetime
    stopped_at: datetime | None
    reason: str

    def __post_init__(self) -> None:
        if self.stopped_at is not None and self.stopped_at < self.started_at:
            raise BadClock("segment_stops_before_start", field="stopped_at")


def allowance(calendar: WorkingCalendar, budget: Budget) -> timedelta:
    """Turn a budget into time on its clock: a working day is as long as its hours, a natural day 24 hours."""
    return timedelta(microseconds=_allowance_us(calendar, budget))


def deadline(calendar: WorkingCalendar, budget: Budget, segments: Sequence[Segment]) -> datetime | None:
    """Find the instant by which the matter is due, or None while the clock stands with budget left.

    segments: in order, not overlapping, only the last may still run. The instant is Shanghai time. Hours and natural
    days: when the segments have used up the budget. Working days, and any time with days granted on top: the close of
    the working day in which they have. Raises BadClock, OutsideCalendar.
    """
    reading = _reading_when_used(calendar, budget.timer, _allowance_us(calendar, budget), segments)
    if reading is None:
        return None
    if budget.extra_days:
        granted = _reading_granted(calendar, budget, segments, reading, 100)
        return None if granted is None else calendar.close_worked(granted)
    return (
        calendar.close_worked(reading) if budget.timer is Timer.WORK_DAY else _instant(calendar, budget.timer)(reading)
    )


def amber_at(
    calendar: WorkingCalendar, budget: Budget, segments: Sequence[Segment], percent_left: int = 20
) -> datetime | None:
    """Find the instant from which at most that share of the budget is left, or None if the clock stands before it.

    percent_left: 1 to 99. Counts on the clock, so pauses and holidays don't bring it forward; of time with days granted
    on top it is the share of these. Raises as `deadline`.
    """
    if not 0 < percent_left < _WHOLE:
        raise BadClock("percent_out_of_range", field="percent_left", params={"percent": percent_left})
    whole = _allowance_us(calendar, budget)
    if budget.extra_days:
        reading = _reading_when_used(calendar, budget.timer, whole, segments)
        if reading is not None:
            reading = _reading_granted(calendar, budget, segments, reading, _WHOLE - percent_left)
        return None if reading is None else calendar.instant_worked(reading)
    reading = _reading_when_used(calendar, budget.timer, whole * (_WHOLE - percent_left) // _WHOLE, segments)
    return None if reading is None else _instant(calendar, budget.timer)(reading)


def overrun_at(
    calendar: WorkingCalendar, budget: Budget, segments: Sequence[Segment], hours: int
) -> datetime | None:  # fmt: skip
    """Find the instant from which the clock has run so many hours past the deadline, or None if it has not.

    hours: of its timer; 0: the deadline itself, or the first moment after it at which the clock runs, for paused time
    is not late. Raises as `deadline`.
    """
    due = deadline(calendar, budget, segments)
    late = [] if due is None else _after(segments, due)
    if not late or not hours:
        return late[0].started_at if late else None
    reading = _reading_when_used(calendar, budget.timer, hours * _HOUR_US, late)
    return None if reading is None else _instant(calendar, budget.timer)(reading)


def used(calendar: WorkingCalendar, timer: Timer, segments: Sequence[Segment], at: datetime) -> timedelta:
    """Sum what the clock has run up to an instant. Raises BadClock, OutsideCalendar."""
    _check(segments)
    read = _dial(calendar, timer)
    total = 0
    for segment in segments:
        if segment.started_at < at:
            stop = at if segment.stopped_at is None else min(segment.stopped_at, at)
            total += read(stop) - read(segment.started_at)
    return timedelta(microseconds=total)


def remaining(calendar: WorkingCalendar, budget: Budget, segments: Sequence[Segment], at: datetime) -> timedelta:
    """Say how much of the budget is left at an instant, never below zero. Raises BadClock, OutsideCalendar.

    Working days: zero from the instant the last one is used up; until its close the matter is not late.
    """
    left = allowance(calendar, budget) - used(calendar, budget.timer, segments, at)
    return max(left, timedelta(0))


def is_provisional(calendar: WorkingCalendar, due_at: datetime | None) -> bool:
    """Whether the deadline lies in a year whose holidays are not announced: Caution.YEAR_NOT_PUBLISHED."""
    return due_at is not None and due_at.astimezone(SHANGHAI).year not in calendar.published_years


def _reading_when_used(calendar: WorkingCalendar, timer: Timer, need: int, segments: Sequence[Segment]) -> int | None:
    """Find what the dial shows when the segments have run for `need` microseconds, or None if they never do."""
    _check(segments)
    read = _dial(calendar, timer)
    for segment in segments:
        begin = read(segment.started_at)
        if segment.stopped_at is None or (run := read(segment.stopped_at) - begin) >= need:
            return begin + need
        need -= run
    return None


def _reading_granted(
    calendar: WorkingCalendar, budget: Budget, segments: Sequence[Segment], reading: int, percent: int
) -> int | None:
    """Find what the working dial shows when that share of the days granted on top has run, or None if it never does.

    reading: of the budget's own dial when the rest was used up.
    """
    granted = _after(segments, _instant(calendar, budget.timer)(reading))
    need = budget.extra_days * calendar.day_us * percent // _WHOLE
    return _reading_when_used(calendar, Timer.WORK_DAY, need, granted)


def _after(segments: Sequence[Segment], since: datetime) -> list[Segment]:
    """Give what of the segments lies after an instant."""
    return [
        Segment(max(segment.started_at, since), segment.stopped_at, segment.reason)
        for segment in segments
        if segment.stopped_at is None or segment.stopped_at > since
    ]


def _allowance_us(calendar: WorkingCalendar, budget: Budget) -> int:
    if budget.timer is Timer.WORK_DAY:
        return budget.amount * calendar.day_us
    if budget.timer is Timer.NATURAL_DAY:
        return budget.amount * 24 * _HOUR_US
    return budget.amount * _HOUR_US


def _dial(calendar: WorkingCalendar, timer: Timer) -> Callable[[datetime], int]:
    return elapsed_us if timer in _ELAPSING else calendar.worked_us


def _instant(calendar: WorkingCalendar, timer: Timer) -> Callable[[int], datetime]:
    return instant_elapsed if timer in _ELAPSING else calendar.instant_worked


def _check(segments: Sequence[Segment]) -> None:
    """Raise BadClock unless the segments follow each other."""
    for earlier, later in pairwise(segments):
        if earlier.stopped_at is None or earlier.stopped_at > later.started_at:
            raise BadClock("segments_overlap", field="segments")
