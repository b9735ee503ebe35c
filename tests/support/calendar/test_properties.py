"""What must hold for every budget, start, pause and calendar."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from linli.support.calendar.calc import (
    DEFAULT_HOURS,
    SHANGHAI,
    Budget,
    Segment,
    WorkingCalendar,
    allowance,
    amber_at,
    deadline,
    remaining,
    used,
)
from linli.support.calendar.choices import Timer

CALENDAR = WorkingCalendar(
    version=1,
    hours=DEFAULT_HOURS,
    exceptions={
        **{date(2026, 10, day): False for day in range(1, 8)},
        **{date(2026, 2, day): False for day in range(15, 24)},
        date(2026, 2, 14): True,
        date(2026, 10, 10): True,
    },
    published_years=frozenset({2026}),
)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 3, 1), timezones=st.just(SHANGHAI))  # noqa: DTZ001
BUDGETS = st.builds(Budget, timer=st.sampled_from(Timer), amount=st.integers(1, 40))
GAPS = st.timedeltas(timedelta(0), timedelta(days=20))
PAUSES = st.lists(st.tuples(GAPS, GAPS), max_size=4)


def clock(start: datetime, pauses: Sequence[tuple[timedelta, timedelta]]) -> list[Segment]:
    """Run from start; each pair runs for the first length, then pauses for the second; the end runs on."""
    segments = []
    for run, pause in pauses:
        segments.append(Segment(start, start + run, "run"))
        start = start + run + pause
    return [*segments, Segment(start, None, "run")]


def due(budget: Budget, segments: Sequence[Segment], calendar: WorkingCalendar = CALENDAR) -> datetime:
    found = deadline(calendar, budget, segments)
    assert found is not None
    return found


@given(BUDGETS, INSTANTS, PAUSES)
def test_deadline_grows_with_budget(budget: Budget, start: datetime, pauses: list[tuple[timedelta, timedelta]]) -> None:
    segments = clock(start, pauses)
    assert due(budget, segments) < due(replace(budget, amount=budget.amount + 1), segments)


@given(BUDGETS, INSTANTS, GAPS)
def test_deadline_not_earlier_for_later_start(budget: Budget, start: datetime, gap: timedelta) -> None:
    assert start < due(budget, clock(start, [])) <= due(budget, clock(start + gap, []))


@given(BUDGETS, INSTANTS, PAUSES, GAPS)
def test_deadline_unmoved_by_pause_of_no_length(
    budget: Budget, start: datetime, pauses: list[tuple[timedelta, timedelta]], run: timedelta
) -> None:
    split = clock(start, [*pauses, (run, timedelta(0))])
    assert due(budget, split) == due(budget, clock(start, pauses))


@given(BUDGETS, INSTANTS, PAUSES, st.integers(0, 3), GAPS)
def test_deadline_not_earlier_for_longer_pause(
    budget: Budget, start: datetime, pauses: list[tuple[timedelta, timedelta]], which: int, more: timedelta
) -> None:
    """What is added to a pause is taken from the run after it; where later pauses lie stays as it is."""
    segments = clock(start, pauses)
    longer = [
        replace(each, started_at=min(each.started_at + more, each.stopped_at or each.started_at + more))
        if number == which + 1 else each
        for number, each in enumerate(segments)
    ]  # fmt: skip
    assert due(budget, segments) <= due(budget, longer)
    assert due(budget, clock(start, [])) <= due(budget, segments)


@given(BUDGETS, INSTANTS, PAUSES, GAPS)
def test_used_and_remaining_make_the_budget(
    budget: Budget, start: datetime, pauses: list[tuple[timedelta, timedelta]], later: timedelta
) -> None:
    segments, at = clock(start, pauses), start + later
    spent, whole = used(CALENDAR, budget.timer, segments, at), allowance(CALENDAR, budget)
    assert min(spent, whole) + remaining(CALENDAR, budget, segments, at) == whole


@given(BUDGETS, INSTANTS, PAUSES)
def test_nothing_remains_at_deadline_and_something_before(
    budget: Budget, start: datetime, pauses: list[tuple[timedelta, timedelta]]
) -> None:
    segments = clock(start, pauses)
    end = due(budget, segments)
    assert remaining(CALENDAR, budget, segments, end) == timedelta(0)
    if budget.timer is not Timer.WORK_DAY:
        before = end - timedelta(microseconds=1)
        assert remaining(CALENDAR, budget, segments, before) == timedelta(microseconds=1)


@given(st.sampled_from([Timer.WORK_HOUR, Timer.WORK_DAY]), st.integers(1, 40), INSTANTS, PAUSES)
def test_deadline_of_work_timers_at_working_moment(
    timer: Timer, amount: int, start: datetime, pauses: list[tuple[timedelta, timedelta]]
) -> None:
    end = due(Budget(timer, amount), clock(start, pauses))
    assert CALENDAR.is_working(end)
    assert timer is Timer.WORK_HOUR or (end.hour, end.minute, end.microsecond) == (18, 0, 0)


@settings(max_examples=30)  # each makes a calendar of a hundred years
@given(BUDGETS, INSTANTS, PAUSES, st.sets(st.dates(date(2026, 1, 1), date(2027, 5, 1)), max_size=30))
def test_holidays_never_make_deadline_earlier(
    budget: Budget, start: datetime, pauses: list[tuple[timedelta, timedelta]], off: set[date]
) -> None:
    """The slip of a peer: it subtracts the days off from the time that has passed."""
    more_off = replace(CALENDAR, exceptions={**CALENDAR.exceptions, **dict.fromkeys(off, False)})
    segments = clock(start, pauses)
    assert due(budget, segments) <= due(budget, segments, more_off)


@given(BUDGETS, INSTANTS)
def test_deadline_the_same_for_utc(budget: Budget, start: datetime) -> None:
    assert due(budget, clock(start, [])) == due(budget, clock(start.astimezone(UTC), []))


@given(st.integers(1, 40), INSTANTS)
def test_natural_days_keep_clock_time(amount: int, start: datetime) -> None:
    end = due(Budget(Timer.NATURAL_DAY, amount), clock(start, []))
    assert (end.date() - start.date(), end.timetz()) == (timedelta(days=amount), start.timetz())


@given(BUDGETS, INSTANTS, PAUSES, st.integers(1, 99))
def test_amber_before_deadline(
    budget: Budget, start: datetime, pauses: list[tuple[timedelta, timedelta]], percent: int
) -> None:
    segments = clock(start, pauses)
    amber = amber_at(CALENDAR, budget, segments, percent)
    assert amber is not None
    assert start < amber < due(budget, segments)


@given(INSTANTS, GAPS)
def test_worked_time_by_counting_minutes(start: datetime, gap: timedelta) -> None:
    """An oracle without any table: look at every minute."""
    begin = start.replace(second=0, microsecond=0)
    minutes = int(min(gap, timedelta(days=3)) / timedelta(minutes=1))
    open_minutes = set(range(480, 720)) | set(range(840, 1080))
    counted = 0
    for number in range(minutes):
        at = begin + timedelta(minutes=number)
        counted += CALENDAR.is_workday(at.date()) and at.hour * 60 + at.minute in open_minutes
    end = begin + timedelta(minutes=minutes)
    assert CALENDAR.worked_us(end) - CALENDAR.worked_us(begin) == counted * 60_000_000
