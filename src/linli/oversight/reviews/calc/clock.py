"""The hall's clock: which command leads from which phase to which, and what time is left.

The state holds when a phase began and how long it was held; everything else follows, here and on every screen.
All times in milliseconds. Source: the table of phases in docs/mechanisms/hall-and-jury.md.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from linli.kernel.errors import Conflict
from linli.oversight.reviews.choices import Phase

WARNINGS_MS = (60_000, 30_000)
_MS = timedelta(milliseconds=1)


class Command(StrEnum):
    """What the host can do."""

    TALK = "talk"
    COMMENT = "comment"
    SCORE = "score"
    SHOW = "show"
    NEXT = "next"
    ABSENT = "absent"
    SUMMARY = "summary"
    DEPLOYMENT = "deployment"
    CLOSE = "close"
    PAUSE = "pause"
    RESUME = "resume"
    BACK = "back"


# From phase and command to phase. PAUSE and RESUME stay where they are; who comes last goes on to the summary.
TRANSITIONS: dict[tuple[Phase, Command], Phase] = {
    (Phase.READY, Command.TALK): Phase.TALK,
    (Phase.READY, Command.ABSENT): Phase.READY,
    (Phase.TALK, Command.COMMENT): Phase.COMMENT,
    (Phase.COMMENT, Command.SCORE): Phase.SCORE,
    (Phase.SCORE, Command.SHOW): Phase.RESULT,
    (Phase.RESULT, Command.NEXT): Phase.READY,
    (Phase.RESULT, Command.SUMMARY): Phase.SUMMARY,
    (Phase.SUMMARY, Command.DEPLOYMENT): Phase.DEPLOYMENT,
    (Phase.DEPLOYMENT, Command.CLOSE): Phase.CLOSED,
    # What was ended by mistake is taken up again: a fresh clock, the ballots stay.
    (Phase.TALK, Command.BACK): Phase.READY,
    (Phase.COMMENT, Command.BACK): Phase.TALK,
    (Phase.SCORE, Command.BACK): Phase.COMMENT,
    (Phase.RESULT, Command.BACK): Phase.SCORE,
    (Phase.DEPLOYMENT, Command.BACK): Phase.SUMMARY,
}
HELD = frozenset({Phase.TALK, Phase.COMMENT, Phase.SCORE})  # phases that count down and can be paused
STROKES = {Phase.TALK: 2, Phase.COMMENT: 1, Phase.SCORE: 0}  # of the bell at nought


@dataclass(frozen=True, slots=True)
class Durations:
    """How long the phases that count down last."""

    talk_ms: int = 480_000
    comment_ms: int = 180_000
    score_ms: int = 120_000

    def of(self, phase: Phase) -> int:
        """Give a phase's length; 0 for one that counts nothing down."""
        return {Phase.TALK: self.talk_ms, Phase.COMMENT: self.comment_ms, Phase.SCORE: self.score_ms}.get(phase, 0)


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a session stands. position: of the turn, from 1; turns: how many; started_at: None where nothing runs."""

    phase: Phase
    position: int
    turns: int
    started_at: datetime | None = None
    duration_ms: int = 0
    paused_ms: int = 0
    paused_at: datetime | None = None

    @property
    def is_last(self) -> bool:
        """Whether nobody reports after this turn."""
        return self.position >= self.turns

    def held_ms(self, now: datetime) -> int:
        """Give how long the phase was held until now."""
        return self.paused_ms + (_between(self.paused_at, now) if self.paused_at else 0)

    def used_ms(self, now: datetime) -> int:
        """Give how long the phase has run, without what it was held."""
        return _between(self.started_at, now) - self.held_ms(now) if self.started_at else 0

    def remaining_ms(self, now: datetime) -> int:
        """Give what is left; below nought, how long beyond the bell. 0 where nothing counts down."""
        return self.duration_ms - self.used_ms(now) if self.duration_ms else 0

    def overrun_ms(self, now: datetime) -> int:
        """Give how long it has gone on beyond the bell."""
        return max(0, -self.remaining_ms(now)) if self.duration_ms else 0


def allowed(clock: Clock) -> frozenset[Command]:
    """Give what the host can do now."""
    here = {command for phase, command in TRANSITIONS if phase == clock.phase}
    if clock.phase in HELD:
        here |= {Command.RESUME if clock.paused_at else Command.PAUSE}
    return frozenset(
        here - {Command.NEXT if clock.is_last else Command.SUMMARY if clock.phase == Phase.RESULT else None}
    )


def moved(clock: Clock, command: Command, *, at: datetime, durations: Durations) -> Clock:
    """Follow a command.

    Raises Conflict("hall_wrong_phase").
    """
    if command not in allowed(clock):
        raise Conflict("hall_wrong_phase", params={"phase": clock.phase.value, "command": command.value})
    if command == Command.PAUSE:
        return replace(clock, paused_at=at)
    if command == Command.RESUME:
        return replace(clock, paused_ms=clock.held_ms(at), paused_at=None)
    phase, position = TRANSITIONS[clock.phase, command], clock.position
    if command == Command.ABSENT and clock.is_last:
        phase = Phase.SUMMARY
    elif command in {Command.NEXT, Command.ABSENT}:
        position += 1
    is_running = phase not in {Phase.READY, Phase.CLOSED}
    return Clock(phase, position, clock.turns, at if is_running else None, durations.of(phase))


def shown(remaining_ms: int) -> str:
    """Write what is left as minutes and seconds, rounded up: nought is shown when the bell rings, not a second before.

    Beyond the bell: the seconds since, with a plus.
    """
    seconds = -(-remaining_ms // 1000)
    return f"{'+' if seconds < 0 else ''}{abs(seconds) // 60:02d}:{abs(seconds) % 60:02d}"


def warning(remaining_ms: int) -> int:
    """Give the warning that holds now: 60000, 30000, or 0 for none or beyond the bell."""
    return min((mark for mark in WARNINGS_MS if 0 < remaining_ms <= mark), default=0)


def _between(start: datetime, end: datetime) -> int:
    """Give the whole milliseconds between, to the nearest: a hold costs at most half of one."""
    return (end - start + _MS / 2) // _MS
