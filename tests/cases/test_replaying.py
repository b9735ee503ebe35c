"""Ladder and clocks told again from what was written down: deadlines, rungs and states come out the same."""

import os
import random
from datetime import datetime, timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cases.test_walks import wander
from tests.factories.district import DemoDistrict

from linli.cases.actions.climbing import climb
from linli.cases.actions.clocks import ladder_clocks, load_segments, show
from linli.cases.calc.default_deadlines import DEFAULT_DEADLINES
from linli.cases.calc.ladder import Clock, mark_at, marks_of, passed, reached
from linli.cases.models import Case, CaseRung, CaseStep, ClockSegment
from linli.support.calendar.calc import DEFAULT_HOURS, SHANGHAI, Budget, Segment, WorkingCalendar
from linli.support.calendar.choices import Timer
from linli.support.calendar.queries import current_calendar

CALENDAR = WorkingCalendar(1, DEFAULT_HOURS, {}, frozenset({2026}))
TABLE = DEFAULT_DEADLINES
START = datetime(2026, 3, 2, 8, tzinfo=SHANGHAI)


def a_life(chance: random.Random) -> tuple[Clock, list[datetime]]:
    """Make a clock that stops, goes on and is extended at random, and the moments at which the worker looks."""
    timer, amount = chance.choice(list(Timer)), chance.randint(1, 12)
    moments = sorted(START + timedelta(minutes=chance.randint(0, 60_000)) for _ in range(chance.randint(1, 9)))
    starts, stops = moments[::2], [*moments[1::2], None]
    stretches = tuple(Segment(start, stop, "") for start, stop in zip(starts, stops, strict=False))
    looks = sorted(START + timedelta(minutes=chance.randint(0, 90_000)) for _ in range(12))
    return Clock(Budget(timer, amount, chance.choice((0, 0, 2))), stretches), looks


def as_of(clock: Clock, at: datetime, mark: int) -> Clock:
    """Give the clock as it stood at a moment: what began later is not there yet, what stopped later still runs."""
    known = tuple(
        Segment(each.started_at, each.stopped_at if each.stopped_at and each.stopped_at <= at else None, "")
        for each in clock.segments if each.started_at <= at
    )  # fmt: skip
    return Clock(clock.budget, known, mark)


def test_rungs_of_a_thousand_lives_are_told_again_from_their_segments() -> None:
    for seed in range(1000):
        clock, looks = a_life(random.Random(seed))  # noqa: S311 - no secret
        climbed: list[tuple[int, datetime]] = []
        for look in looks:
            now = as_of(clock, look, climbed[-1][0] if climbed else 0)
            climbed += [(rung.mark, rung.at) for rung in reached(CALENDAR, now, TABLE, at=look)]
        again = {rung.mark: rung.at for rung in passed(CALENDAR, clock, TABLE, at=looks[-1])}

        assert [mark for mark, _at in climbed] == sorted({mark for mark, _at in climbed}), seed
        assert all(again.get(mark) == came for mark, came in climbed), seed
        running = as_of(clock, looks[-1], 0)
        if running.is_running:  # nothing that a running clock had passed was left out
            assert {mark for mark, _at in climbed} == set(again), seed


@settings(
    max_examples=int(os.environ.get("WALKS", "15")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10**9), length=st.integers(1, 12))
def test_a_case_is_told_again_from_its_history(district: DemoDistrict, seed: int, length: int) -> None:
    with transaction.atomic():
        case = district.open_case_in(category="garbage")
        wander(district, case, seed, length)
        last = CaseStep.objects.filter(case=case).order_by("-at", "-id")[0].at
        for hours in (1, 30, 200, 900):
            climb(district_id=district.id, at=last + timedelta(hours=hours))
        told = Case.objects.get(id=case.id)
        again = Case.objects.get(id=case.id)
        segments = load_segments(again)
        calendar = current_calendar()
        show(again, segments, calendar, TABLE)
        rungs = CaseRung.objects.filter(case=case).order_by("mark")

        assert [(told.due_at, told.amber_at, told.solution_due_at, told.rung_at)] == [
            (again.due_at, again.amber_at, again.solution_due_at, again.rung_at)
        ]
        clocks = ladder_clocks(told, segments)
        assert [(row.clock, row.reached_at) for row in rungs] == [
            (row.clock, mark_at(calendar, clocks[row.clock], row.mark)) for row in rungs  # type: ignore[index]
        ]  # fmt: skip
        assert {row.mark for row in rungs} <= set(marks_of(TABLE))
        for kind, clock in clocks.items():
            assert clock.mark == max([row.mark for row in rungs if row.clock == kind], default=0)
        assert told.state == CaseStep.objects.filter(case=case).order_by("-at", "-id")[0].to_state
        assert ClockSegment.objects.filter(case=case, stopped_at=None).count() == sum(
            clock.is_running for clock in clocks.values()
        )
        transaction.set_rollback(True)
