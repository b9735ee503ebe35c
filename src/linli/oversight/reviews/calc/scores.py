"""From ballots to scores: totals in whole points, trimmed means in exact fractions, places.

How and why: docs/mechanisms/hall-and-jury.md. The additive model is ordinary two-way analysis by least squares.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

Totals = Mapping[tuple[str, str], int | Fraction]  # (turn, juror) -> points


class Method(StrEnum):
    """How a session's scores came about."""

    PLAIN = "plain"  # trimmed means of the totals as given
    FITTED = "fitted"  # cells are missing: each juror's leniency is taken off first


@dataclass(frozen=True, slots=True)
class ScoreRules:
    """trim: share cut at each end, below 1/2; quorum: share of those present; weights: by group, {} all equal."""

    trim: Fraction = Fraction(1, 5)
    quorum: Fraction = Fraction(2, 3)
    weights: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    """One ballot as it counts. juror: whatever tells rows of one juror together, or of one ballot if secret."""

    turn: str
    juror: str
    group: str
    total: int


@dataclass(frozen=True, slots=True)
class TurnScore:
    """What a turn got. present: jurors checked in and not recused; everything else 0 where it is not established."""

    turn: str
    present: int
    counted: int
    is_established: bool
    score: Fraction = Fraction(0)
    median: Fraction = Fraction(0)
    quartiles: tuple[Fraction, Fraction] = (Fraction(0), Fraction(0))
    rank: int = 0

    @property
    def spread(self) -> Fraction:
        """Give the width of the middle half."""
        return self.quartiles[1] - self.quartiles[0]


@dataclass(frozen=True, slots=True)
class SessionScore:
    """All turns in the order given, and how they were computed. effects: of each juror, where fitted; else empty."""

    method: Method
    turns: tuple[TurnScore, ...]
    effects: Mapping[str, Fraction]


def score_session(cells: Sequence[Cell], present: Mapping[str, int], rules: ScoreRules) -> SessionScore:
    """Score the turns of one session.

    present: by turn, in the order of the answer. Turns without a quorum take no part in anything.
    """
    counted = {turn: sum(cell.turn == turn for cell in cells) for turn in present}
    held = {turn for turn in present if has_quorum(counted[turn], present[turn], rules)}
    valid = [cell for cell in cells if cell.turn in held]
    effects = _leniency(valid)
    method = Method.PLAIN if effects is None else Method.FITTED
    scores = {
        turn: _weighed([cell for cell in valid if cell.turn == turn], effects or {}, rules)
        for turn in present
        if turn in held
    }
    return SessionScore(
        method,
        tuple(
            _told(turn, present[turn], [cell.total for cell in valid if cell.turn == turn], scores)
            if turn in held
            else TurnScore(turn, present[turn], counted[turn], is_established=False)
            for turn in present
        ),
        effects or {},
    )


def has_quorum(counted: int, present: int, rules: ScoreRules) -> bool:
    """Tell whether so many ballots of so many jurors make a result."""
    return counted > 0 and counted >= rules.quorum * present


def needed_for_quorum(present: int, rules: ScoreRules) -> int:
    """Give the fewest ballots that make a result."""
    return max(1, -(-rules.quorum.numerator * present // rules.quorum.denominator))


def trimmed_mean(values: Sequence[int | Fraction], trim: Fraction) -> Fraction:
    """Give the mean without the lowest and highest ⌊trim x n⌋; values: at least one."""
    cut = int(trim * len(values))
    kept = sorted(values)[cut : len(values) - cut]
    return Fraction(sum(kept, Fraction(0)), len(kept))


def quantile(values: Sequence[int | Fraction], share: Fraction) -> Fraction:
    """Give the value at that share of the way from the least to the greatest, linear between two."""
    ordered, place = sorted(values), share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return Fraction(ordered[low]) + (place - low) * (ordered[high] - ordered[low])


def juror_effects(totals: Totals) -> dict[str, Fraction] | None:
    """Fit total = turn + juror by least squares and give the jurors' part, which sums to zero.

    None where the turns are not all tied together by jurors who judged several: then no fit can compare them.
    """
    rows: dict[str, dict[str, int | Fraction]] = defaultdict(dict)
    for (turn, juror), total in totals.items():
        rows[juror][turn] = total
    turns = sorted({turn for turn, _ in totals})
    solved = _solved([_normal_line(turn, turns, list(rows.values())) for turn in turns[:-1]])
    if solved is None:
        return None
    levels = dict(zip(turns, [*solved, Fraction(0)], strict=True))
    raw = {
        juror: Fraction(sum(row.values()) - sum(levels[turn] for turn in row), len(row)) for juror, row in rows.items()
    }
    middle = sum(raw.values(), Fraction(0)) / len(raw)
    return {juror: effect - middle for juror, effect in raw.items()}


def ranks(scores: Mapping[str, Fraction]) -> dict[str, int]:
    """Give places from 1; equal fractions share a place and the next ones are left out."""
    return {name: 1 + sum(other > score for other in scores.values()) for name, score in scores.items()}


def shown(value: Fraction) -> str:
    """Write to two places, half up: 87.945 → 87.95."""
    hundredths = (200 * value.numerator + value.denominator) // (2 * value.denominator)
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"


def _leniency(cells: Sequence[Cell]) -> dict[str, Fraction] | None:
    """Give the jurors' effects if a cell is missing and they can be told; None where plain totals do."""
    jurors, turns = {cell.juror for cell in cells}, {cell.turn for cell in cells}
    if len(cells) == len(jurors) * len(turns):
        return None
    return juror_effects({(cell.turn, cell.juror): cell.total for cell in cells})


def _weighed(cells: Sequence[Cell], effects: Mapping[str, Fraction], rules: ScoreRules) -> Fraction:
    """Trim within each group that has a weight and ballots, then weigh; without weights all are one group."""
    groups: dict[str, list[Fraction]] = defaultdict(list)
    for cell in cells:
        groups[cell.group if rules.weights else ""].append(cell.total - effects.get(cell.juror, Fraction(0)))
    is_weighed = bool(rules.weights.keys() & groups.keys())
    weights = {name: rules.weights.get(name, 0) if is_weighed else 1 for name in groups}
    total = sum((weights[name] * trimmed_mean(values, rules.trim) for name, values in groups.items()), Fraction(0))
    return total / sum(weights.values())


def _told(turn: str, present: int, totals: Sequence[int], scores: Mapping[str, Fraction]) -> TurnScore:
    return TurnScore(
        turn,
        present,
        len(totals),
        is_established=True,
        score=scores[turn],
        median=quantile(totals, Fraction(1, 2)),
        quartiles=(quantile(totals, Fraction(1, 4)), quantile(totals, Fraction(3, 4))),
        rank=ranks(scores)[turn],
    )


def _normal_line(
    turn: str, turns: Sequence[str], rows: Sequence[Mapping[str, int | Fraction]]
) -> tuple[list[Fraction], Fraction]:
    """Write a turn's normal equation with the jurors eliminated; the last turn's level is 0."""
    mine = [row for row in rows if turn in row]
    left = [
        (len(mine) if other == turn else 0) - sum((Fraction(1, len(row)) for row in mine if other in row), Fraction(0))
        for other in turns[:-1]
    ]
    return left, sum((row[turn] - Fraction(sum(row.values()), len(row)) for row in mine), Fraction(0))


def _solved(lines: Sequence[tuple[list[Fraction], Fraction]]) -> list[Fraction] | None:
    """Solve by Gauss and Jordan; None if there is no single answer."""
    matrix = [[*left, right] for left, right in lines]
    for column in range(len(matrix)):
        pivot = next((row for row in range(column, len(matrix)) if matrix[row][column]), None)
        if pivot is None:
            return None
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        first = matrix[column] = [value / matrix[column][column] for value in matrix[column]]
        for row in range(len(matrix)):
            if row != column and (times := matrix[row][column]):
                matrix[row] = [value - times * above for value, above in zip(matrix[row], first, strict=True)]
    return [line[-1] for line in matrix]
