"""A hall's state in words and figures for its pages."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.edges.halls import TIME, ms_of
from linli.edges.words.reviews import BALLOT_MODES, BALLOT_PROMISES, BALLOT_TRACES, PHASES, REMARKS, say_who
from linli.edges.words.times import say_day
from linli.oversight.reviews.calc.clock import HELD, STROKES, Clock, shown
from linli.oversight.reviews.calc.scores import shown as two_places
from linli.oversight.reviews.choices import Phase
from linli.oversight.reviews.queries.halls import HallState, ResultLine, SaidLine, TurnLine

_STANDING, _SAID = 5, 2
_SEGMENTS = 8
_DOT, _STEP, _WIDE = 34, 34, 1010
SAYS = {
    Phase.READY: gettext_lazy("Getting ready"),
    Phase.TALK: gettext_lazy("The secretary reports"),
    Phase.COMMENT: gettext_lazy("The leader in charge comments"),
    Phase.SCORE: gettext_lazy("The jury scores"),
    Phase.RESULT: gettext_lazy("Scoring has ended"),
    Phase.SUMMARY: gettext_lazy("The principal leaders sum up"),
    Phase.DEPLOYMENT: gettext_lazy("What is to be done next"),
    Phase.CLOSED: gettext_lazy("The session is closed"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A place so far."""

    rank: int
    name: str
    score: str
    is_current: bool


def hall_context(state: HallState) -> dict[str, Any]:
    """Give what every page of a hall shows."""
    clock = state.clock
    turn = state.turns[clock.position - 1] if clock and clock.position else None
    coming = [each for each in state.turns if turn and each.position > turn.position]
    return {
        "hall": state, "turn": turn, "total": len(state.turns), "next": coming[0] if coming else None,
        "to_come": len(coming), "phase": clock.phase.value if clock else "closed" if not state.is_open else "",
        "is_closed": bool(clock and clock.phase == Phase.CLOSED),
        "says": str(SAYS[clock.phase]) if clock else "", "phase_name": str(PHASES[clock.phase]) if clock else "",
        "clock": _clock(clock), "running": _running(clock),
        "minutes": clock.duration_ms // 60_000 if clock else 0, "is_held": bool(clock and clock.paused_at),
        "counts_down": bool(clock and clock.phase in HELD), "segments": range(_SEGMENTS),
        "result": _result(state, turn), "standings": standings(state, turn)[:_STANDING],
        "all_standings": standings(state, turn), "mode": str(BALLOT_MODES[state.mode]),
        "promise": str(BALLOT_PROMISES[state.mode]), "trace": str(BALLOT_TRACES[state.mode]),
        "said": [_said(line) for line in state.said[-_SAID:]], "said_before": max(0, len(state.said) - _SAID),
        "is_over": bool(clock and clock.duration_ms and clock.overrun_ms(TIME.now())),
        "missing": max(0, state.needed - state.cast), "root": " ".join(state.root[i : i + 8] for i in range(0, 64, 8)),
    }  # fmt: skip


def _said(line: SaidLine) -> dict[str, str]:
    """Word what was said: kind, words, who has to do it, by when."""
    day = say_day(line.due_on, timezone.localdate(TIME.now())) if line.due_on else ""
    who = say_who(line.organisation, line.others)
    return {"kind": str(REMARKS[line.kind]), "text": line.text, "who": who, "day": day}


def standings(state: HallState, turn: TurnLine | None) -> list[Standing]:
    """List the places so far, best first; turns without a quorum come last, without one."""
    names = {line.id: line.name for line in state.turns}
    lines = sorted(state.results, key=lambda line: (not line.is_established, line.rank))
    return [
        Standing(line.rank, names[line.turn_id], _score(line), bool(turn and line.turn_id == turn.id)) for line in lines
    ]


def _running(clock: Clock | None) -> dict[str, int | str]:
    """Give what scripts need to go on with the clock, as attributes."""
    if clock is None or clock.started_at is None or clock.phase == Phase.RESULT:
        return {}
    return {"started": ms_of(clock.started_at) or 0, "duration": clock.duration_ms, "paused": clock.paused_ms,
            "paused_at": ms_of(clock.paused_at) or "", "strokes": STROKES.get(clock.phase, 0)}  # fmt: skip


def _clock(clock: Clock | None) -> str:
    """Write what is left, or what was used where nothing counts down."""
    if clock is None or not _running(clock):
        return ""
    now = TIME.now()
    return shown(clock.remaining_ms(now) if clock.duration_ms else clock.used_ms(now))


def _score(line: ResultLine) -> str:
    return two_places(line.score) if line.is_established else _("not established")


def _result(state: HallState, turn: TurnLine | None) -> dict[str, Any] | None:
    """Give this turn's result with its dots, once the room may see it."""
    line = next((each for each in state.results if turn and each.turn_id == turn.id), None)
    if line is None:
        return None
    return {"line": line, "score": _score(line), "cut": line.cut, **_dots(line)}


def _dots(line: ResultLine) -> dict[str, Any]:
    """Place a dot for each ballot on a scale of tens around what was given, equal ones above each other."""
    if not line.totals:
        return {"dots": [], "ticks": []}
    low = max(0, line.totals[0] // 10 * 10)
    high = min(100, -(-line.totals[-1] // 10) * 10)
    high = max(high, low + 10)
    per = _WIDE / (high - low)
    seen: Counter[int] = Counter()
    dots = []
    for place, total in enumerate(line.totals):
        seen[total] += 1
        is_cut = place < line.cut or place >= len(line.totals) - line.cut
        dots.append({"x": round((total - low) * per), "y": 190 - (seen[total] - 1) * _STEP, "cut": is_cut})
    x, wide = ((line.middle[0] - low) * per, (line.middle[1] - line.middle[0]) * per)
    tallest = max(seen.values())
    return {
        "dots": dots, "ticks": _ticks(low, high, per), "iqr": {"x": round(x), "width": max(4, round(wide))},
        "top": min(-60, 190 - tallest * _STEP - 30), "height": 210 - min(-60, 190 - tallest * _STEP - 30),
        "low": f"{line.middle[0]:g}", "high": f"{line.middle[1]:g}",
    }  # fmt: skip


def _ticks(low: int, high: int, per: float) -> Sequence[dict[str, int]]:
    return [{"x": round((mark - low) * per), "mark": mark} for mark in range(low, high + 1, 10)]
