"""Phases as a table, and what is left of a phase under any number of pauses and steps of the machine's clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.errors import Conflict
from linli.kernel.steady import SteadyClock
from linli.oversight.reviews.calc.clock import HELD, Clock, Command, Durations, allowed, moved, shown, warning
from linli.oversight.reviews.choices import Phase

START = datetime(2026, 3, 27, 6, 0, tzinfo=UTC)
LONG = Durations()
EVENING = [Command.TALK, Command.COMMENT, Command.SCORE, Command.SHOW]


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def played(*commands: Command, turns: int = 2) -> Clock:
    clock = Clock(Phase.READY, 1, turns)
    for second, command in enumerate(commands):
        clock = moved(clock, command, at=after(second), durations=LONG)
    return clock


def test_evening_of_two_goes_from_ready_to_closed() -> None:
    clock = played(*EVENING, Command.NEXT, *EVENING, Command.SUMMARY, Command.DEPLOYMENT, Command.CLOSE)

    assert clock == Clock(Phase.CLOSED, 2, 2)


def test_last_one_absent_leads_to_the_summary() -> None:
    assert played(*EVENING, Command.NEXT, Command.ABSENT) == Clock(Phase.SUMMARY, 2, 2, started_at=after(5))
    assert played(Command.ABSENT) == Clock(Phase.READY, 2, 2)


@pytest.mark.parametrize(("commands", "could"), [
    ((), {"talk", "absent"}),
    (EVENING[:1], {"comment", "pause", "back"}),
    ((Command.TALK, Command.PAUSE), {"comment", "resume", "back"}),
    (EVENING[:2], {"score", "pause", "back"}),
    (EVENING[:3], {"show", "pause", "back"}),
    (EVENING, {"next", "back"}),
    ((Command.ABSENT, *EVENING), {"summary", "back"}),
    ((Command.ABSENT, *EVENING, Command.SUMMARY), {"deployment"}),
    ((Command.ABSENT, *EVENING, Command.SUMMARY, Command.DEPLOYMENT), {"close", "back"}),
    ((Command.ABSENT, *EVENING, Command.SUMMARY, Command.DEPLOYMENT, Command.CLOSE), set()),
])  # fmt: skip
def test_host_can_do_what_the_table_says_and_nothing_else(commands: tuple[Command, ...], could: set[str]) -> None:
    clock = played(*commands)

    assert {command.value for command in allowed(clock)} == could
    for command in set(Command) - allowed(clock):
        with pytest.raises(Conflict, match="hall_wrong_phase"):
            moved(clock, command, at=after(99), durations=LONG)


@settings(deadline=None)
@given(st.lists(st.sampled_from(Command), max_size=60))
def test_whatever_is_pressed_the_state_stays_whole(commands: list[Command]) -> None:
    clock = Clock(Phase.READY, 1, 3)
    for second, command in enumerate(commands):
        if command in allowed(clock):
            clock = moved(clock, command, at=after(second), durations=LONG)
        assert 1 <= clock.position <= 3
        assert (clock.duration_ms > 0) == (clock.phase in HELD)
        assert clock.paused_at is None or clock.phase in HELD
        assert (clock.started_at is None) == (clock.phase in {Phase.READY, Phase.CLOSED})


def test_pause_holds_and_overrun_counts() -> None:
    clock = moved(played(Command.TALK), Command.PAUSE, at=after(100), durations=LONG)
    assert [clock.remaining_ms(after(seconds)) for seconds in (100, 400)] == [380_000, 380_000]

    going = moved(clock, Command.RESUME, at=after(400), durations=LONG)
    assert [going.remaining_ms(after(780)), going.overrun_ms(after(780))] == [0, 0]
    assert [going.remaining_ms(after(784.2)), going.overrun_ms(after(784.2))] == [-4200, 4200]


gaps = st.integers(1, 30_000_000)  # microseconds


@settings(deadline=None)
@given(st.lists(st.tuples(gaps, gaps), min_size=20, max_size=20))
def test_twenty_pauses_cost_less_than_fifty_milliseconds(cycles: list[tuple[int, int]]) -> None:
    clock, now, ran = played(Command.TALK), START, timedelta()
    for run, hold in cycles:
        now, ran = now + timedelta(microseconds=run), ran + timedelta(microseconds=run)
        clock = moved(clock, Command.PAUSE, at=now, durations=LONG)
        now += timedelta(microseconds=hold)
        clock = moved(clock, Command.RESUME, at=now, durations=LONG)

    assert abs(clock.remaining_ms(now) - (480_000 - ran / timedelta(milliseconds=1))) <= 20 * 0.5 + 1


@pytest.mark.parametrize(
    ("remaining_ms", "text"),
    [(480_000, "08:00"), (479_999, "08:00"), (479_000, "07:59"), (1, "00:01"), (0, "00:00"), (-999, "00:00"),
     (-1000, "+00:01"), (-61_500, "+01:01")],
)  # fmt: skip
def test_shown_is_rounded_up(remaining_ms: int, text: str) -> None:
    assert shown(remaining_ms) == text


@pytest.mark.parametrize(
    ("remaining_ms", "mark"), [(60_001, 0), (60_000, 60_000), (30_001, 60_000), (30_000, 30_000), (1, 30_000), (0, 0)]
)
def test_warnings_at_a_minute_and_half_a_minute(remaining_ms: int, mark: int) -> None:
    assert warning(remaining_ms) == mark


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 30), st.floats(-3600, 3600)), max_size=30))
def test_steps_of_the_machines_clock_are_not_seen(steps: list[tuple[float, float]]) -> None:
    passed, stepped = 0.0, 0.0
    clock = SteadyClock(lambda: 1_774_591_200.0 + passed + stepped, lambda: 5000.0 + passed)
    before = clock.now()
    for seconds, step in steps:
        passed, stepped = passed + seconds, stepped + step
    assert abs((clock.now() - before).total_seconds() - passed) < 0.001
    clock.set()
    assert abs(clock.now().timestamp() - (1_774_591_200.0 + passed + stepped)) < 0.001
