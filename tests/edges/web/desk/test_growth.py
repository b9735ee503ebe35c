import pytest

from linli.cases.queries.cockpit import Figure
from linli.edges.web.desk.cockpit import _change


@pytest.mark.parametrize(
    ("value", "before", "percent"),
    [(5, 4, "+25.0%"), (3, 4, "-25.0%"), (4, 4, "+0.0%"), (0, 4, "-100.0%")],
)
def test_growth_is_told_against_the_period_before(value: int, before: int, percent: str) -> None:
    assert percent in _change(Figure("opened", value, before, ()))


@pytest.mark.parametrize("value", [0, 4])
def test_growth_from_zero_is_no_percentage(value: int) -> None:
    """(e) A peer showed +100 % where there had been nothing to compare with."""
    said = _change(Figure("opened", value, 0, ()))

    assert said
    assert "%" not in said


def test_figure_of_a_moment_is_not_compared() -> None:
    assert "%" not in _change(Figure("open", 4, None, ()))
