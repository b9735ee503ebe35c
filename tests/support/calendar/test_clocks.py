from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from linli.support.calendar.calc import (
    SHANGHAI,
    Budget,
    Segment,
    WorkingCalendar,
    allowance,
    amber_at,
    deadline,
    is_provisional,
    overrun_at,
    remaining,
    used,
)
from linli.support.calendar.choices import Timer
from linli.support.calendar.errors import BadClock, OutsideCalendar

HOUR = timedelta(hours=1)


def at(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def running(*since: datetime) -> list[Segment]:
    """Segments from pairs of instants; an odd last one still runs."""
    stops = [*since[1::2], None] if len(since) % 2 else [*since[1::2]]
    return [Segment(start, stop, "test") for start, stop in zip(since[::2], stops, strict=True)]


@pytest.mark.parametrize(
    ("timer", "amount", "start", "due"),
    [
        (Timer.URGENT_HOUR, 2, at(9, 30, 23), at(10, 1, 1)),
        (Timer.URGENT_HOUR, 24, at(10, 3, 10), at(10, 4, 10)),
        (Timer.NATURAL_DAY, 3, at(9, 30, 10), at(10, 3, 10)),
        (Timer.WORK_HOUR, 2, at(3, 2, 9), at(3, 2, 11)),
        (Timer.WORK_HOUR, 2, at(3, 2, 11), at(3, 2, 15)),
        (Timer.WORK_HOUR, 4, at(3, 2, 8), at(3, 2, 12)),
        (Timer.WORK_HOUR, 1, at(3, 2, 12, 30), at(3, 2, 15)),
        (Timer.WORK_HOUR, 4, at(9, 30, 16), at(10, 8, 10)),
        (Timer.WORK_HOUR, 1, at(1, 3, 9), at(1, 4, 9)),
        (Timer.WORK_HOUR, 8, at(2, 14, 14), at(2, 24, 12)),
    ],
)
def test_deadline_of_hours_and_natural_days(
    calendar: WorkingCalendar, timer: Timer, amount: int, start: datetime, due: datetime
) -> None:
    assert deadline(calendar, Budget(timer, amount), running(start)) == due


@pytest.mark.parametrize(
    ("amount", "start", "due"),
    [
        (1, at(3, 2, 8), at(3, 2, 18)),  # Monday's opening: Monday is the first day
        (1, at(3, 2, 7), at(3, 2, 18)),  # before the opening, the same
        (1, at(3, 2, 8, 1), at(3, 3, 18)),  # after it, Monday is not counted
        (1, at(3, 2, 18), at(3, 3, 18)),  # at the close or in the evening, from Tuesday's opening
        (1, at(3, 2, 22), at(3, 3, 18)),
        (1, at(3, 6, 10), at(3, 9, 18)),  # Friday
        (2, at(3, 7, 10), at(3, 10, 18)),  # Saturday
        (5, at(2, 13, 17), at(2, 27, 18)),  # over the Spring Festival, Saturday 14 February works
        (6, at(2, 13, 17), at(2, 28, 18)),  # and so does Saturday 28 February
        (3, at(9, 24, 15), at(9, 30, 18)),  # over Mid-autumn
        (1, at(5, 8, 15), at(5, 9, 18)),  # Saturday 9 May works
        (1, at(9, 18, 15), at(9, 20, 18)),  # Sunday 20 September works
    ],
)
def test_deadline_of_working_days(calendar: WorkingCalendar, amount: int, start: datetime, due: datetime) -> None:
    assert deadline(calendar, Budget(Timer.WORK_DAY, amount), running(start)) == due


def test_deadline_before_national_day_is_after_it(calendar: WorkingCalendar) -> None:
    """The slip of a peer: it says 5 October, in the middle of the holiday."""
    assert deadline(calendar, Budget(Timer.WORK_DAY, 3), running(at(9, 30, 10))) == at(10, 10, 18)


def test_deadline_over_year_not_published(calendar: WorkingCalendar) -> None:
    due = deadline(calendar, Budget(Timer.WORK_DAY, 2), running(at(12, 31, 15)))
    assert due == at(1, 5, 18, year=2027)
    assert [is_provisional(calendar, each) for each in (due, at(12, 31, 18), None)] == [True, False, False]


def test_is_provisional_by_shanghai_year(calendar: WorkingCalendar) -> None:
    utc = datetime.fromisoformat("2026-12-31T16:00:00+00:00")
    assert is_provisional(calendar, utc)


def test_pause_across_holiday(calendar: WorkingCalendar) -> None:
    segments = running(at(9, 30, 10), at(9, 30, 11), at(10, 8, 9))
    assert deadline(calendar, Budget(Timer.WORK_HOUR, 4), segments) == at(10, 8, 12)
    assert deadline(calendar, Budget(Timer.URGENT_HOUR, 4), segments) == at(10, 8, 12)
    assert deadline(calendar, Budget(Timer.WORK_DAY, 1), segments) == at(10, 8, 18)
    assert deadline(calendar, Budget(Timer.WORK_DAY, 2), segments) == at(10, 9, 18)


def test_pause_still_on(calendar: WorkingCalendar) -> None:
    budget, segments = Budget(Timer.WORK_HOUR, 4), running(at(3, 2, 9), at(3, 2, 11))
    assert deadline(calendar, budget, segments) is None
    assert used(calendar, Timer.WORK_HOUR, segments, at(3, 5)) == 2 * HOUR
    assert remaining(calendar, budget, segments, at(3, 5)) == 2 * HOUR


def test_pause_after_budget_is_used_up(calendar: WorkingCalendar) -> None:
    budget, segments = Budget(Timer.WORK_HOUR, 2), running(at(3, 2, 9), at(3, 2, 16))
    assert deadline(calendar, budget, segments) == at(3, 2, 11)
    assert remaining(calendar, budget, segments, at(3, 5)) == timedelta(0)


def test_used_up_to_an_instant(calendar: WorkingCalendar) -> None:
    segments = running(at(3, 2, 9), at(3, 2, 11), at(3, 2, 15))
    asked = [at(3, 2, 8), at(3, 2, 10), at(3, 2, 13), at(3, 2, 16), at(3, 3, 9)]
    assert [used(calendar, Timer.WORK_HOUR, segments, each) / HOUR for each in asked] == [0, 1, 2, 3, 6]


def test_correction_moves_deadline(calendar: WorkingCalendar) -> None:
    budget, segments = Budget(Timer.WORK_DAY, 1), running(at(3, 2, 10))
    corrected = replace(calendar, version=2, exceptions={**calendar.exceptions, date(2026, 3, 3): False})
    assert (deadline(calendar, budget, segments), deadline(corrected, budget, segments)) == (at(3, 3, 18), at(3, 4, 18))


def test_publishing_a_year_moves_deadline(calendar: WorkingCalendar) -> None:
    budget, segments = Budget(Timer.WORK_DAY, 1), running(at(1, 4, 10, year=2027))
    published = replace(
        calendar,
        exceptions={**calendar.exceptions, date(2027, 1, 5): False},
        published_years=calendar.published_years | {2027},
    )
    due = deadline(published, budget, segments)
    assert (due, is_provisional(published, due)) == (at(1, 6, 18, year=2027), False)


def test_deadline_with_other_hours(calendar: WorkingCalendar) -> None:
    summer = replace(calendar, hours=((510, 720), (810, 1020)))
    assert allowance(summer, Budget(Timer.WORK_DAY, 2)) == 14 * HOUR
    assert deadline(summer, Budget(Timer.WORK_DAY, 1), running(at(3, 2, 10))) == at(3, 3, 17)
    assert deadline(summer, Budget(Timer.WORK_HOUR, 3), running(at(3, 2, 10))) == at(3, 2, 14, 30)


def test_amber_on_the_clock(calendar: WorkingCalendar) -> None:
    segments = running(at(9, 30, 10), at(9, 30, 12), at(10, 8, 8))
    assert amber_at(calendar, Budget(Timer.WORK_HOUR, 10), segments) == at(10, 8, 16)
    assert amber_at(calendar, Budget(Timer.WORK_HOUR, 10), segments, 50) == at(10, 8, 11)
    assert amber_at(calendar, Budget(Timer.WORK_HOUR, 10), segments[:1]) is None


@pytest.mark.parametrize("percent", [0, 100])
def test_amber_with_a_share_that_is_none(calendar: WorkingCalendar, percent: int) -> None:
    with pytest.raises(BadClock, match="percent_out_of_range"):
        amber_at(calendar, Budget(Timer.WORK_HOUR, 10), running(at(3, 2, 9)), percent)


def test_clock_that_makes_no_sense(calendar: WorkingCalendar) -> None:
    with pytest.raises(BadClock, match="budget_not_positive"):
        Budget(Timer.WORK_DAY, 0)
    with pytest.raises(BadClock, match="segment_stops_before_start"):
        Segment(at(3, 2, 9), at(3, 2, 8), "test")
    for segments in (running(at(3, 2), at(3, 4), at(3, 3)), [*running(at(3, 2)), *running(at(3, 3))]):
        with pytest.raises(BadClock, match="segments_overlap"):
            deadline(calendar, Budget(Timer.WORK_DAY, 1), segments)


@pytest.mark.parametrize("timer", Timer)
def test_deadline_outside_calendar(calendar: WorkingCalendar, timer: Timer) -> None:
    with pytest.raises(OutsideCalendar, match="outside_calendar"):
        deadline(calendar, Budget(timer, 10**6), running(at(3, 2)))


def test_deadline_of_clock_that_never_ran(calendar: WorkingCalendar) -> None:
    assert deadline(calendar, Budget(Timer.WORK_DAY, 1), []) is None


@pytest.mark.parametrize(
    ("timer", "amount", "extra", "start", "due"),
    [
        (Timer.WORK_DAY, 1, 2, at(3, 2, 8), at(3, 4, 18)),  # as if three had been given
        (Timer.WORK_HOUR, 4, 1, at(3, 2, 8), at(3, 3, 18)),
        (Timer.URGENT_HOUR, 24, 1, at(3, 6, 10), at(3, 9, 18)),  # over the weekend only the first 24 hours run
        (Timer.NATURAL_DAY, 1, 1, at(9, 30, 10), at(10, 8, 18)),
    ],
)
def test_days_granted_on_top_are_working_days(
    calendar: WorkingCalendar, timer: Timer, amount: int, extra: int, start: datetime, due: datetime
) -> None:
    assert deadline(calendar, Budget(timer, amount, extra), running(start)) == due


def test_paused_time_is_none_of_the_days_granted(calendar: WorkingCalendar) -> None:
    stretches = running(at(3, 2, 8), at(3, 3, 12), at(3, 5, 14))  # a day, half of the next, then two days of waiting

    assert deadline(calendar, Budget(Timer.WORK_DAY, 1, 1), stretches) == at(3, 5, 18)
    assert deadline(calendar, Budget(Timer.WORK_DAY, 1, 2), stretches[:1]) is None
    assert amber_at(calendar, Budget(Timer.WORK_DAY, 1, 2), running(at(3, 2, 8)), 50) == at(3, 3, 18)


@pytest.mark.parametrize(
    ("hours", "stretches", "came"),
    [
        (0, (at(3, 2, 8),), at(3, 2, 12)),
        (2, (at(3, 2, 8),), at(3, 2, 16)),  # the break is no working time
        (0, (at(3, 2, 8), at(3, 2, 12)), None),  # stopped on the very instant: not late
        (0, (at(3, 2, 8), at(3, 2, 12), at(3, 4, 9)), at(3, 4, 9)),
        (2, (at(3, 2, 8), at(3, 2, 15), at(3, 4, 9)), at(3, 4, 10)),  # an hour before the pause, one after
    ],
)
def test_overrun_is_counted_on_the_clock(
    calendar: WorkingCalendar, hours: int, stretches: tuple[datetime, ...], came: datetime | None
) -> None:
    assert overrun_at(calendar, Budget(Timer.WORK_HOUR, 4), running(*stretches), hours) == came
