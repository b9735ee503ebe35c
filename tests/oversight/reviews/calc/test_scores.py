"""Trimmed means, missing cells, quorum, places: the published vectors, and made-up juries against other arithmetic."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.oversight.reviews.calc.scores import (
    Cell,
    Method,
    ScoreRules,
    TurnScore,
    has_quorum,
    juror_effects,
    needed_for_quorum,
    quantile,
    ranks,
    score_session,
    shown,
    trimmed_mean,
)

F = Fraction
FIFTH = F(1, 5)
HOLED: Mapping[str, Sequence[int | None]] = {"J1": [90, 80, 85], "J2": [80, 70, None], "J3": [95, 85, 90]}


def cells_of(table: Mapping[str, Sequence[int | None]], groups: Mapping[str, str] | None = None) -> list[Cell]:
    return [
        Cell(turn, juror, (groups or {}).get(juror, "g"), total)
        for juror, row in table.items()
        for turn, total in zip("ABC", row, strict=False)
        if total is not None
    ]


def test_drop_one_each_side_as_the_worked_example_does() -> None:
    assert trimmed_mean([72, 76, 81, 81, 85, 87, 90], FIFTH) == 82


def test_missing_cell_is_filled_by_the_additive_model() -> None:
    totals = {(cell.turn, cell.juror): cell.total for cell in cells_of(HOLED)}

    assert juror_effects(totals) == {"J1": F(5, 3), "J2": F(-25, 3), "J3": F(20, 3)}
    untrimmed = score_session(cells_of(HOLED), dict.fromkeys("ABC", 3), ScoreRules(trim=F(0), quorum=F(1, 2)))
    assert [turn.score for turn in untrimmed.turns] == [F(265, 3), F(235, 3), F(250, 3)]
    assert [shown(turn.score) for turn in untrimmed.turns] == ["88.33", "78.33", "83.33"]
    assert untrimmed.method == Method.FITTED


def test_each_juror_is_one_total_before_anything_else() -> None:
    """Medians by part would give 5, 5, 5 where every juror gave 11."""
    sums = [sum(points) for points in [(5, 5, 1), (5, 1, 5), (1, 5, 5)]]

    assert F(quantile(sums, F(1, 2)), 3) == F(11, 3)


def test_full_table_is_not_fitted() -> None:
    score = score_session(cells_of({"J1": [90, 80], "J2": [80, 70], "J3": [95, 84]}), {"A": 3, "B": 3}, ScoreRules())

    assert score.method == Method.PLAIN
    assert [turn.score for turn in score.turns] == [F(265, 3), 78]


def test_whole_answer_of_one_turn() -> None:
    table = {f"J{number}": [total] for number, total in enumerate([72, 76, 81, 81, 85, 87, 90])}

    assert score_session(cells_of(table), {"A": 8}, ScoreRules()).turns == (
        TurnScore(
            "A", 8, 7, is_established=True, score=F(82), median=F(81), quartiles=(F(157, 2), F(86)), rank=1
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("counted", "present", "is_enough"),
    [(0, 0, False), (0, 3, False), (20, 31, False), (21, 31, True), (2, 3, True), (1, 2, False), (1, 1, True)],
)
def test_quorum_is_two_thirds_of_those_present(counted: int, present: int, *, is_enough: bool) -> None:
    assert has_quorum(counted, present, ScoreRules()) == is_enough
    assert (counted >= needed_for_quorum(present, ScoreRules())) == is_enough


def test_turn_without_quorum_moves_nobody() -> None:
    table = {"J1": [90, 80, 10], "J2": [80, 70], "J3": [95, 85]}
    score = score_session(cells_of(table), dict.fromkeys("ABC", 3), ScoreRules())

    assert score.method == Method.PLAIN
    assert score.turns[2] == TurnScore("C", 3, 1, is_established=False)
    assert [turn.rank for turn in score.turns] == [1, 2, 0]


def test_groups_weigh_as_the_programme_says() -> None:
    groups = {"J1": "npc", "J2": "npc", "J3": "delegate"}
    rules = ScoreRules(weights={"npc": 1, "delegate": 3, "absent": 5})

    score = score_session(cells_of({"J1": [80], "J2": [90], "J3": [60]}, groups), {"A": 3}, rules)
    assert score.turns[0].score == F(85 * 1 + 60 * 3, 4)


def test_turns_that_no_juror_ties_together_stay_plain() -> None:
    cells = [Cell("A", "J1", "g", 90), Cell("A", "J2", "g", 80), Cell("B", "J3", "g", 70)]

    score = score_session(cells, {"A": 2, "B": 1}, ScoreRules())
    assert (score.method, dict(score.effects)) == (Method.PLAIN, {})
    assert [turn.score for turn in score.turns] == [85, 70]


def test_equal_fractions_share_a_place() -> None:
    assert ranks({"A": F(265, 3), "B": F(530, 6), "C": F(88), "D": F(89)}) == {"A": 2, "B": 2, "C": 4, "D": 1}


@pytest.mark.parametrize(
    ("value", "text"),
    [(F(82), "82.00"), (F(87945, 1000), "87.95"), (F(87944999, 10**6), "87.94"), (F(-1, 3), "-0.33"), (F(0), "0.00")],
)
def test_two_places_half_up(value: Fraction, text: str) -> None:
    assert shown(value) == text


tables = st.integers(2, 5).flatmap(
    lambda turns: st.lists(
        st.lists(st.none() | st.integers(0, 100), min_size=turns, max_size=turns), min_size=1, max_size=7
    )
)


@settings(deadline=None)
@given(tables)
def test_fit_solves_the_normal_equations(table: list[list[int | None]]) -> None:
    totals = {
        (f"T{turn}", f"J{juror}"): total
        for juror, row in enumerate(table)
        for turn, total in enumerate(row)
        if total is not None
    }
    effects = juror_effects(totals) if totals else None
    if effects is None:
        return
    turns = {turn for turn, _ in totals}
    left = {(t, j): total - effects[j] for (t, j), total in totals.items()}
    level = {t: trimmed_mean([value for (turn, _), value in left.items() if turn == t], F(0)) for t in turns}
    assert sum(effects.values()) == 0
    for juror in effects:
        assert sum((value - level[t] for (t, j), value in left.items() if j == juror), F(0)) == 0


@settings(deadline=None)
@given(st.lists(st.integers(0, 100), min_size=1, max_size=50))
def test_trimmed_mean_lies_between_the_quartiles_ends_and_ignores_order(values: list[int]) -> None:
    mean = trimmed_mean(values, FIFTH)

    assert quantile(values, F(0)) <= mean <= quantile(values, F(1))
    assert trimmed_mean(values[::-1], FIFTH) == mean


@settings(deadline=None)
@given(st.lists(st.integers(60, 100), min_size=20, max_size=50), st.integers(0, 4))
def test_few_spoilers_stay_within_what_the_others_gave(values: list[int], spoilers: int) -> None:
    """⌊0.2 x J⌋ jurors at either end can't carry the result out of the range of the rest."""
    spoilt = [0] * spoilers + values[spoilers:]

    assert min(values[spoilers:]) <= trimmed_mean(spoilt, FIFTH) <= max(values[spoilers:])
