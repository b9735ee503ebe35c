"""The table of days that are not what their weekday says: reading it and checking it."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from linli.support.calendar.calc.working_calendar import FIRST_YEAR, LAST_YEAR
from linli.support.calendar.errors import BadTable

_SATURDAY = 5
_NAME_LENGTH = 40
_COLUMNS = ("date", "is_workday", "name")


@dataclass(frozen=True, slots=True)
class DayException:
    """A day off in the week, a make-up day at the weekend, or a weekend day that a festival falls on."""

    date: date
    is_workday: bool
    name: str


def read_table(text: str) -> list[DayException]:
    """Read lines of CSV: date (2026-02-14), is_workday (1 or 0), name; the first line names the columns.

    Raises BadTable with the row, counted from 1 after the first line.
    """
    reader = csv.DictReader(text.removeprefix("\ufeff").splitlines())
    missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise BadTable("column_missing", field=missing[0])
    return [_exception(row, cells) for row, cells in enumerate(reader, start=1)]


def check_table(exceptions: Sequence[DayException], published_years: Iterable[int]) -> None:
    """Refuse a table that can't be right. Raises BadTable with the first bad row, counted from 1.

    A day twice; a day of a year that is not said to be published; a make-up day in the week, which is a slip of the
    date; a published year without any day off in it, which is one forgotten.
    """
    years = set(published_years)
    seen: set[date] = set()
    for row, exception in enumerate(exceptions, start=1):
        _check_row(row, exception, seen, years)
        seen.add(exception.date)
    for year in sorted(years):
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise BadTable("year_out_of_range", field="published_years", year=year)
        if not any(each.date.year == year and not each.is_workday for each in exceptions):
            raise BadTable("year_without_holidays", field="published_years", year=year)


def _check_row(row: int, exception: DayException, seen: set[date], years: set[int]) -> None:
    day = exception.date
    if day in seen:
        raise BadTable("date_twice", field="date", row=row, date=day.isoformat())
    if day.year not in years:
        raise BadTable("year_not_published", field="date", row=row, date=day.isoformat())
    if exception.is_workday and day.weekday() < _SATURDAY:
        raise BadTable("make_up_day_in_week", field="is_workday", row=row, date=day.isoformat())
    if not 0 < len(exception.name) <= _NAME_LENGTH:
        raise BadTable("name_length", field="name", row=row)


def _exception(row: int, cells: dict[str, str | None]) -> DayException:
    day, is_workday, name = ((cells[column] or "").strip() for column in _COLUMNS)
    if is_workday not in {"0", "1"}:
        raise BadTable("not_zero_or_one", field="is_workday", row=row)
    try:
        return DayException(date.fromisoformat(day), is_workday == "1", name)
    except ValueError:
        raise BadTable("no_date", field="date", row=row) from None
