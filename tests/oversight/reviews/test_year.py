"""A year of draws and sessions falls on working days, by the rules as data."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.errors import InvalidInput
from linli.oversight.reviews.calc.checks import check_rules
from linli.oversight.reviews.calc.programme import (
    ProgrammeRules,
    Special,
    Stratum,
    Times,
    default_rules,
    read_rules,
    write_rules,
)
from linli.oversight.reviews.calc.year import plan_year, session_day
from linli.oversight.reviews.choices import Choosing

RULES = default_rules((Stratum("street", "街道党工委", 2, 2), Stratum("dept", "部门党组", 13, 3)))
SATURDAY = 5


def is_weekday(day: date) -> bool:
    return day.weekday() < SATURDAY


def test_fifteen_are_split_over_two_sessions() -> None:
    assert (RULES.presenters, RULES.split) == (15, (8, 7))


def test_year_has_a_draw_and_two_sessions_a_month_on_working_days() -> None:
    months = plan_year(RULES, year=2026, is_workday=is_weekday)

    days = [each.at.date() for month in months for each in month.sessions]
    assert [len(month.sessions) for month in months] == [2] * 12
    assert [month.draw_at.date() for month in months if month.draw_at] == days[::2]
    assert all(is_weekday(day) for day in days)
    assert [day.day for day in days[::2]] == [20, 20, 20, 20, 20, 22, 20, 20, 21, 20, 20, 21]


def test_year_has_four_focuses_and_the_special_sessions() -> None:
    months = plan_year(RULES, year=2026, is_workday=is_weekday)

    assert [month.focus for month in months][::3] == list(RULES.focuses)
    assert {month.month: month.occasion for month in months if month.occasion != "regular"} == {
        4: "field", 5: "born_after_1980", 6: "mid_year", 9: "born_after_1980", 10: "field", 12: "year_end",
    }  # fmt: skip


def test_announced_draw_lies_working_days_before_its_sessions_and_a_rota_has_none() -> None:
    noticed = replace(RULES, choosing=Choosing.NOTICE.value)
    first = plan_year(noticed, year=2026, is_workday=is_weekday)[0]
    assert first.draw_at
    assert (first.draw_at.date(), first.sessions[0].at.date()) == (date(2026, 1, 15), date(2026, 1, 20))
    rota = plan_year(replace(RULES, choosing=Choosing.ROTA.value), year=2026, is_workday=is_weekday)
    assert {month.draw_at for month in rota} == {None}


@given(
    year=st.integers(2020, 2100), month=st.integers(1, 12), day=st.integers(1, 31),
    off=st.frozensets(st.integers(1, 31), max_size=30),
)  # fmt: skip
def test_session_day_is_the_nearest_working_day_of_its_month(
    year: int, month: int, day: int, off: frozenset[int]
) -> None:
    found = session_day(year, month, day, lambda each: each.day not in off)

    assert (found.year, found.month) == (year, month)
    works = [n for n in range(1, 29) if n not in off]
    assert not works or found.day not in off


def test_rules_come_back_from_their_document_unchanged() -> None:
    assert read_rules(write_rules(RULES)) == RULES


@pytest.mark.parametrize(
    ("field", "broken"),
    [
        ("strata", replace(RULES, strata=())),
        ("strata", replace(RULES, strata=(Stratum("a", "甲", 0, 0),))),
        ("strata", replace(RULES, strata=(RULES.strata[0], RULES.strata[0]))),
        ("parts", replace(RULES, parts=RULES.parts[:-1])),
        ("groups", replace(RULES, jury=replace(RULES.jury, groups=()))),
        ("groups", replace(RULES, jury=replace(RULES.jury, groups=(
            replace(RULES.jury.groups[0], weight=1), *RULES.jury.groups[1:])))),
        ("trim_percent", replace(RULES, jury=replace(RULES.jury, trim_percent=50))),
        ("quorum", replace(RULES, jury=replace(RULES.jury, quorum=(3, 2)))),
        ("times", replace(RULES, times=Times(talk_s=0))),
        ("times", replace(RULES, times=Times(draw_min=900))),
        ("day", replace(RULES, times=Times(day=0))),
        ("specials", replace(RULES, specials=(Special(13, "field"),))),
        ("focuses", replace(RULES, focuses=("",))),
        ("entropy", replace(RULES, entropy=())),
        ("presenter_roles", replace(RULES, presenter_roles=())),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_run_by_are_refused(field: str, broken: ProgrammeRules) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_rules(broken)
    assert (refused.value.code, refused.value.field) == ("review_rules", field)
