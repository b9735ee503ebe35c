"""Rungs as the clock comes to them; times of 2026-03, whose second is a Monday."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from linli.cases.calc import deadlines
from linli.cases.calc.default_deadlines import DEFAULT_DEADLINES
from linli.cases.calc.ladder import Clock, Rung, next_at, passed, reached, told_at
from linli.cases.errors import Fault
from linli.support.calendar.calc import DEFAULT_HOURS, SHANGHAI, Budget, Segment, WorkingCalendar
from linli.support.calendar.choices import Timer

CALENDAR = WorkingCalendar(1, DEFAULT_HOURS, {}, frozenset({2026}))
SHARES: dict[str, str | int] = {"least": 1, "most": 99, "rungs": 6}
HOURS: dict[str, str | int] = {"least": 0, "most": 999, "rungs": 6}
TABLE = replace(DEFAULT_DEADLINES, up_after_hours=(0, 8))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def clock(*since: datetime, mark: int = 0, timer: Timer = Timer.WORK_HOUR, amount: int = 10) -> Clock:
    stops = [*since[1::2], None] if len(since) % 2 else [*since[1::2]]
    stretches = tuple(Segment(start, stop, "") for start, stop in zip(since[::2], stops, strict=True))
    return Clock(Budget(timer, amount), stretches, mark)


def test_rungs_come_by_the_share_of_working_time() -> None:
    rungs = passed(CALENDAR, clock(at(2, 8)), TABLE, at=at(9, 8))

    assert rungs == [
        Rung(50, at(2, 15), 0),
        Rung(80, at(2, 18), 0),
        Rung(100, at(3, 10), 1),
        Rung(108, at(4, 10), 2),
    ]


def test_paused_time_does_not_count() -> None:
    waited = clock(at(2, 8), at(2, 14), at(4, 8))

    assert [rung.at for rung in passed(CALENDAR, waited, TABLE, at=at(4, 15))] == [at(4, 9), at(4, 12)]


def test_a_weekend_is_no_working_time_but_passes_for_a_clock_that_runs_day_and_night() -> None:
    of_work, of_day_and_night = clock(at(6, 10)), clock(at(6, 10), timer=Timer.URGENT_HOUR)

    assert [rung.mark for rung in passed(CALENDAR, of_work, TABLE, at=at(8, 20))] == [50]
    assert [rung.at for rung in passed(CALENDAR, of_day_and_night, TABLE, at=at(8, 20))] == [
        at(6, 15), at(6, 18), at(6, 20), at(7, 4)
    ]  # fmt: skip


def test_nobody_is_late_on_the_very_instant() -> None:
    due = at(3, 10)

    late = due + timedelta(seconds=1)
    warned = clock(at(2, 8), mark=80)

    assert reached(CALENDAR, warned, TABLE, at=due) == []
    assert [rung.mark for rung in reached(CALENDAR, warned, TABLE, at=late)] == [100]


def test_what_was_climbed_is_not_climbed_again_and_a_clock_that_stands_climbs_nothing() -> None:
    stood = clock(at(2, 8), at(3, 11))

    assert [rung.mark for rung in reached(CALENDAR, clock(at(2, 8), mark=100), TABLE, at=at(9, 8))] == [108]
    assert reached(CALENDAR, stood, TABLE, at=at(9, 8)) == []
    assert [rung.mark for rung in passed(CALENDAR, stood, TABLE, at=at(9, 8))] == [50, 80, 100]
    assert next_at(CALENDAR, stood, TABLE) is None
    assert next_at(CALENDAR, clock(at(2, 8), mark=100), TABLE) == at(4, 10)
    assert next_at(CALENDAR, clock(at(2, 8), mark=108), TABLE) is None


def test_days_granted_move_the_rungs_that_are_left() -> None:
    granted = Clock(Budget(Timer.WORK_HOUR, 8, 2), (Segment(at(2, 8), None, ""),), 50)

    assert [(rung.mark, rung.at) for rung in passed(CALENDAR, granted, TABLE, at=at(6, 8))] == [
        (80, at(4, 14, 48)),
        (100, at(4, 18)),
        (108, at(5, 18)),
    ]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (at(2, 20, 59), at(2, 20, 59)),
        (at(2, 21), at(3, 8)),
        (at(3, 2), at(3, 8)),
        (at(3, 8), at(3, 8)),
    ],
)
def test_messages_wait_for_the_end_of_quiet_hours(now: datetime, told: datetime) -> None:
    assert told_at(TABLE, Timer.WORK_DAY, now) == told
    assert told_at(TABLE, Timer.URGENT_HOUR, now) == now
    assert told_at(replace(TABLE, quiet_until=21), Timer.WORK_DAY, now) == now


def test_quiet_hours_within_a_day() -> None:
    at_noon = replace(TABLE, quiet_from=12, quiet_until=14)

    assert [told_at(at_noon, Timer.WORK_HOUR, at(2, hour)) for hour in (11, 12, 13, 14)] == [
        at(2, 11), at(2, 14), at(2, 14), at(2, 14)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"warn_percents": (80, 50)}, Fault("rungs", field="warn_percents", params=SHARES)),
        ({"up_after_hours": (-1,)}, Fault("rungs", field="up_after_hours", params=HOURS)),
        ({"leader_role": "king"}, Fault("leader_role", field="leader_role")),
        ({"quiet_from": 24}, Fault("quiet_hours", field="quiet_from")),
    ],
)  # fmt: skip
def test_a_ladder_that_makes_no_sense_is_refused(changed: dict[str, object], fault: Fault) -> None:
    table = replace(DEFAULT_DEADLINES, **changed)
    codes = {rule.category for rule in table.rules} - {"*"}

    assert deadlines.faults(table, categories=codes, timers=list(Timer), roles={"district_leader"}) == [fault]
