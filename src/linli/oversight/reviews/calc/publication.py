"""A session's published result: rows without names, their root, and every score as a fraction.

Format `linli-review/1`; what each field means: docs/mechanisms/hall-and-jury.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linli.oversight.reviews.calc.ballots import Row, in_published_order, root_of
from linli.oversight.reviews.calc.scores import Cell, ScoreRules, SessionScore, TurnScore, score_session
from linli.oversight.reviews.choices import BallotMode

FORMAT = "linli-review/1"


@dataclass(frozen=True, slots=True)
class PublishedTurn:
    """A turn as it stands in the publication. present: jurors checked in and not recused."""

    turn: str
    name: str
    present: int


@dataclass(frozen=True, slots=True)
class PublishedRules:
    """parts: code and most points of each, in the order of the points."""

    parts: Sequence[tuple[str, int]]
    scoring: ScoreRules


def publish(
    *, session: str, mode: BallotMode, rules: PublishedRules, turns: Sequence[PublishedTurn], rows: Sequence[Row]
) -> dict[str, object]:
    """Write the publication as plain values."""
    ordered = in_published_order(rows)
    score = score_rows(ordered, turns, rules.scoring)
    return {
        "format": FORMAT,
        "session": session,
        "mode": mode.value,
        "rules": _rules(rules),
        "turns": [{"id": turn.turn, "name": turn.name, "present": turn.present} for turn in turns],
        "rows": [row.content() for row in ordered],
        "root": root_of(ordered),
        "method": score.method.value,
        "effects": {juror: str(effect) for juror, effect in sorted(score.effects.items())},
        "results": [_result(turn) for turn in score.turns],
    }


def score_rows(rows: Sequence[Row], turns: Sequence[PublishedTurn], rules: ScoreRules) -> SessionScore:
    """Score published rows."""
    cells = [Cell(row.turn, row.juror, row.group, sum(row.points)) for row in rows]
    return score_session(cells, {turn.turn: turn.present for turn in turns}, rules)


def _rules(rules: PublishedRules) -> Mapping[str, object]:
    return {
        "parts": [{"id": part, "most": most} for part, most in rules.parts],
        "trim": str(rules.scoring.trim),
        "quorum": str(rules.scoring.quorum),
        "weights": dict(sorted(rules.scoring.weights.items())),
    }


def _result(turn: TurnScore) -> Mapping[str, object]:
    told: dict[str, object] = {"turn": turn.turn, "counted": turn.counted, "is_established": turn.is_established}
    if not turn.is_established:
        return told
    return told | {"score": str(turn.score), "rank": turn.rank}
