from pathlib import Path

import pytest

import linli.support.calendar as room
from linli.support.calendar.calc import DEFAULT_HOURS, DayException, WorkingCalendar, read_table

TABLE = Path(room.__file__).parent / "data" / "cn_workdays.csv"


@pytest.fixture(scope="session")
def announced() -> list[DayException]:
    """Rows of the table that comes with the program."""
    return read_table(TABLE.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def calendar(announced: list[DayException]) -> WorkingCalendar:
    return WorkingCalendar(
        version=1,
        hours=DEFAULT_HOURS,
        exceptions={each.date: each.is_workday for each in announced},
        published_years=frozenset({2024, 2025, 2026}),
    )
