from datetime import UTC, date, datetime, timedelta

import pytest

from linli.support.calendar.calc import SHANGHAI, WorkingCalendar
from linli.support.calendar.errors import BadTable, OutsideCalendar


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ],
)
def test_workday_made_up_at_weekend(calendar: WorkingCalendar, day: date) -> None:
    assert (day.weekday() >= 5, calendar.is_workday(day)) == (True, True)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 1, 1), date(2026, 1, 3)),
        (date(2026, 2, 15), date(2026, 2, 23)),
        (date(2026, 9, 25), date(2026, 9, 27)),
        (date(2026, 10, 1), date(2026, 10, 7)),
    ],
)
def test_workday_in_holiday(calendar: WorkingCalendar, first: date, last: date) -> None:
    assert [day for day in days(first, last) if calendar.is_workday(day)] == []
    assert calendar.count_workdays(first, last) == 0


@pytest.mark.parametrize("year", [2025, 2026])
def test_workdays_of_year(calendar: WorkingCalendar, year: int) -> None:
    first, last = date(year, 1, 1), date(year, 12, 31)
    assert calendar.count_workdays(first, last) == 248
    assert sum(calendar.is_workday(day) for day in days(first, last)) == 248


def test_workday_in_year_not_published(calendar: WorkingCalendar) -> None:
    weekdays_off = [
        d for d in days(date(2027, 1, 1), date(2027, 12, 31)) if d.weekday() < 5 and not calendar.is_workday(d)
    ]
    assert weekdays_off == [date(2027, 1, 1), date(2027, 10, 1)]
    assert not any(calendar.is_workday(day) for day in (date(2027, 5, 1), date(2027, 5, 2), date(2027, 10, 3)))


@pytest.mark.parametrize(
    ("hour", "minute", "is_working"),
    [(7, 59, False), (8, 0, True), (12, 0, True), (12, 1, False), (14, 0, True), (18, 0, True), (18, 1, False)],
)
def test_is_working_at_edges_of_hours(calendar: WorkingCalendar, hour: int, minute: int, is_working: bool) -> None:  # noqa: FBT001
    assert calendar.is_working(datetime(2026, 3, 2, hour, minute, tzinfo=SHANGHAI)) is is_working


def test_is_working_given_utc(calendar: WorkingCalendar) -> None:
    assert calendar.is_working(datetime(2026, 3, 2, 0, 30, tzinfo=UTC))
    assert not calendar.is_working(datetime(2026, 3, 2, 10, 30, tzinfo=UTC))


def test_calendar_outside_its_span(calendar: WorkingCalendar) -> None:
    for at in (datetime(1999, 12, 31, 15, 59, tzinfo=UTC), datetime(2099, 12, 31, 16, 0, tzinfo=UTC)):
        with pytest.raises(OutsideCalendar, match="outside_calendar"):
            calendar.worked_us(at)


@pytest.mark.parametrize("hours", [(), ((720, 480),), ((480, 720), (700, 1080)), ((480, 1500),)])
def test_calendar_with_senseless_hours(hours: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(BadTable, match="hours_"):
        WorkingCalendar(version=1, hours=hours, exceptions={}, published_years=frozenset())
