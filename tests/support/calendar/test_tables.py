from datetime import date

import pytest

from linli.support.calendar.calc import DayException, check_table, read_table
from linli.support.calendar.errors import BadTable

NEW_YEAR = DayException(date(2027, 1, 1), is_workday=False, name="元旦")


def test_table_that_comes_with_the_program(announced: list[DayException]) -> None:
    check_table(announced, {2024, 2025, 2026})
    assert (len(announced), announced[0]) == (108, DayException(date(2024, 1, 1), is_workday=False, name="元旦"))


def test_read_table() -> None:
    text = "\ufeffdate,is_workday,name\r\n2027-01-01,0,元旦\r\n2027-01-03, 1 ,元旦\r\n"
    assert read_table(text) == [NEW_YEAR, DayException(date(2027, 1, 3), is_workday=True, name="元旦")]


@pytest.mark.parametrize(
    ("text", "code", "field", "row"),
    [
        ("date,name\n2027-01-01,元旦", "column_missing", "is_workday", 0),
        ("date,is_workday,name\n2027-01-01,0,元旦\n2027-02-30,0,春节", "no_date", "date", 2),
        ("date,is_workday,name\n2027-01-01,off,元旦", "not_zero_or_one", "is_workday", 1),
        ("date,is_workday,name\n2027-01-01", "not_zero_or_one", "is_workday", 1),
    ],
)
def test_read_table_with_bad_text(text: str, code: str, field: str, row: int) -> None:
    with pytest.raises(BadTable) as caught:
        read_table(text)
    assert (caught.value.code, caught.value.field, caught.value.params["row"]) == (code, field, row)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (NEW_YEAR, "date_twice"),
        (DayException(date(2028, 1, 1), is_workday=False, name="元旦"), "year_not_published"),
        (DayException(date(2027, 1, 4), is_workday=True, name="元旦"), "make_up_day_in_week"),
        (DayException(date(2027, 1, 2), is_workday=False, name=""), "name_length"),
    ],
)
def test_check_table_with_bad_row(row: DayException, code: str) -> None:
    with pytest.raises(BadTable) as caught:
        check_table([NEW_YEAR, row], {2027})
    assert (caught.value.code, caught.value.params["row"]) == (code, 2)


@pytest.mark.parametrize(("year", "code"), [(2028, "year_without_holidays"), (1900, "year_out_of_range")])
def test_check_table_with_year_that_has_nothing(year: int, code: str) -> None:
    with pytest.raises(BadTable) as caught:
        check_table([NEW_YEAR], {2027, year})
    assert (caught.value.code, caught.value.params["year"]) == (code, year)
