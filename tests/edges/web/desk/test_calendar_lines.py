"""Days of the calendar as lines: written, read again, and what is refused by its line."""

from datetime import date

import pytest
from django.utils import translation

from linli.edges.web.desk.calendar_lines import read_lines, write_lines
from linli.support.calendar.calc import DayException
from linli.support.calendar.errors import BadTable

DAYS = [
    DayException(date(2026, 12, 31), is_workday=False, name="元旦"),
    DayException(date(2027, 1, 1), is_workday=False, name="元旦"),
    DayException(date(2027, 1, 3), is_workday=True, name="元旦"),
    DayException(date(2027, 10, 2), is_workday=False, name="国庆节"),
    DayException(date(2027, 10, 1), is_workday=False, name="国庆节"),
]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_written_reads_as_it_was(language: str) -> None:
    with translation.override(language):
        found = read_lines(write_lines(DAYS))

    assert sorted(found.days, key=lambda day: day.date) == sorted(DAYS, key=lambda day: day.date)


def test_days_on_end_stand_in_one_line_newest_year_first() -> None:
    with translation.override("zh-hans"):
        assert write_lines(DAYS).splitlines() == [
            "2027-01-03 上班 元旦", "2027-10-01至2027-10-02 放假 国庆节", "2026-12-31至2027-01-01 放假 元旦",
        ]  # fmt: skip


def test_lines_of_the_file_are_read_too() -> None:
    found = read_lines("date,is_workday,name\n2027-01-01,0,元旦\n\n2027-1-3， 上班，元旦")

    assert (found.days, found.rows) == ([DAYS[1], DAYS[2]], [2, 4])


@pytest.mark.parametrize(("line", "code"), [
    ("2027-13-01 放假 元旦", "no_date"), ("元旦 放假", "no_date"), ("2027-01-03至2027-01-01 放假 元旦", "no_date"),
    ("2027-01-01至2028-01-01 放假 元旦", "no_date"), ("2027-01-01 休息 元旦", "not_off_or_works"),
    ("2027-01-01", "not_off_or_works"),
])  # fmt: skip
def test_bad_line_is_named(line: str, code: str) -> None:
    with translation.override("zh-hans"), pytest.raises(BadTable) as refused:
        read_lines(f"2027-01-03 上班 元旦\n{line}")

    assert (refused.value.code, refused.value.params) == (code, {"row": 2})


def test_error_about_a_day_is_told_by_its_line() -> None:
    found = read_lines("2027-10-01至2027-10-03,0,国庆节\n2027-10-02,0,国庆节")

    error = found.placed(BadTable("date_twice", field="date", row=4, date="2027-10-02"))

    assert (error.code, error.params) == ("date_twice", {"row": 2, "date": "2027-10-02"})
