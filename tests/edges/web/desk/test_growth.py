from dataclasses import replace

import pytest
from tests.factories.district import AT

from linli.cases.calc.rates import against_year_before, period
from linli.cases.queries.cockpit import Figure
from linli.edges.web.desk.board import Change, say_change

SPAN = period("month", AT)


@pytest.mark.parametrize(
    ("value", "before", "percent"),
    [(5, 4, "+25.0%"), (3, 4, "−25.0%"), (4, 4, "+0.0%"), (0, 4, "−100.0%")],
)
def test_growth_is_told_against_the_period_before(value: int, before: int, percent: str) -> None:
    assert say_change(Figure("opened", value, before, ()), SPAN, has_before=True) == Change(percent, "比上期")


def test_growth_is_told_against_the_year_before_where_there_is_one() -> None:
    said = say_change(Figure("closed", 5, 4, ()), against_year_before(SPAN), has_before=True)

    assert said == Change("+25.0%", "比去年同期", "ok-ink")


@pytest.mark.parametrize("value", [0, 4])
def test_growth_from_zero_is_no_percentage(value: int) -> None:
    """(e) A peer showed +100 % where there had been nothing to compare with."""
    assert say_change(Figure("opened", value, 0, ()), SPAN, has_before=True) == Change("", "上期没有")


def test_figure_of_a_moment_is_compared_by_cases_even_from_zero() -> None:
    assert say_change(Figure("late", 4, 0, ()), SPAN, has_before=True) == Change("+4 件", "比上期", "warn-ink")


def test_what_began_within_the_period_before_is_not_compared() -> None:
    assert say_change(Figure("open", 4, None, ()), SPAN, has_before=False) == Change("", "此前不满一期，不比")


def test_the_year_before_a_leap_day_is_the_twenty_eighth() -> None:
    span = replace(SPAN, since=AT.replace(year=2028, month=2, day=29), until=AT.replace(year=2028, month=2, day=29))

    assert against_year_before(span).before_since == AT.replace(year=2027, month=2, day=28)
