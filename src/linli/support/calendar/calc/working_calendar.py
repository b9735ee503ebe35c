"""Which days work, which hours, and how much working time lies before an instant.

Instants become whole microseconds since 2000-01-01 00:00 in Shanghai, which has kept one offset since 1991.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from types import MappingProxyType
from typing import ClassVar
from zoneinfo import ZoneInfo

from linli.support.calendar.errors import BadTable, OutsideCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
DEFAULT_HOURS = ((8 * 60, 12 * 60), (14 * 60, 18 * 60))
FIRST_YEAR, LAST_YEAR = 2000, 2099

_FIRST_DAY = date(FIRST_YEAR, 1, 1)
_FIRST_ORDINAL = _FIRST_DAY.toordinal()
_DAYS = date(LAST_YEAR, 12, 31).toordinal() - _FIRST_ORDINAL + 1
_ZERO = datetime(FIRST_YEAR, 1, 1, tzinfo=SHANGHAI)
_SECOND_US = 1_000_000
_MINUTE_US = 60 * _SECOND_US
_DAY_US = 86_400 * _SECOND_US
_DAY_MINUTES = 24 * 60
_WEEK = 7
_SATURDAY = 5

# Statutory days whose date is certain long before the year's notice: New Year, Labour Day, National Day. Qingming
# and the lunar festivals, and every make-up day, are known only from the notice.
# Source: regulation on public holidays as revised 2024-11-10, art. 2 (1), (4), (7).
STATUTORY_DAYS = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """One version of the calendar, ready for arithmetic. Costs some 10 ms and 2 MB to make: make it once, keep it.

    hours: (start, end) in minutes since midnight, in order, not overlapping, the same on every working day.
    exceptions: day -> works or not, against what its weekday says. published_years: years whose holidays are
    announced; in any other year weekends and STATUTORY_DAYS are off. Raises BadTable for hours that make no sense.
    """

    version: int
    hours: tuple[tuple[int, int], ...]
    exceptions: Mapping[date, bool] = field(hash=False)
    published_years: frozenset[int]
    timezone: ClassVar[ZoneInfo] = SHANGHAI
    day_us: int = field(init=False, repr=False, compare=False)
    _hours_us: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)
    _workdays: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _before: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_hours(self.hours)
        works = _works(self.exceptions, self.published_years)
        put = object.__setattr__
        put(self, "exceptions", MappingProxyType(dict(self.exceptions)))
        put(self, "_hours_us", tuple((start * _MINUTE_US, end * _MINUTE_US) for start, end in self.hours))
        put(self, "day_us", sum(end - start for start, end in self._hours_us))
        put(self, "_workdays", tuple(day for day, is_workday in enumerate(works) if is_workday))
        put(self, "_before", tuple(accumulate(works, initial=0)))

    def is_workday(self, day: date) -> bool:
        """Whether people work on that day. Raises OutsideCalendar."""
        return self._is_workday(_checked(day.toordinal() - _FIRST_ORDINAL))

    def count_workdays(self, first: date, last: date) -> int:
        """Count the working days from first to last, both included. Raises OutsideCalendar."""
        begin = _checked(first.toordinal() - _FIRST_ORDINAL)
        return self._before[_checked(last.toordinal() - _FIRST_ORDINAL) + 1] - self._before[begin]

    def is_working(self, at: datetime) -> bool:
        """Whether at is a working moment; opening and closing instants both are. Raises OutsideCalendar."""
        day, time_us = divmod(elapsed_us(at), _DAY_US)
        return self._is_workday(day) and any(start <= time_us <= end for start, end in self._hours_us)

    def worked_us(self, at: datetime) -> int:
        """Sum the working microseconds before an instant. Raises OutsideCalendar. O(1)."""
        day, time_us = divmod(elapsed_us(at), _DAY_US)
        worked = self._before[day] * self.day_us
        if self._is_workday(day):
            for start, end in self._hours_us:
                if time_us <= start:
                    break
                worked += min(time_us, end) - start
        return worked

    def instant_worked(self, worked_us: int) -> datetime:
        """Find the earliest instant with so many working microseconds before it; > 0. Raises OutsideCalendar. O(1)."""
        number, rest = divmod(worked_us - 1, self.day_us)
        day_us, rest = self._workday_us(number), rest + 1
        for start, end in self._hours_us:
            if rest <= end - start:
                return _ZERO + timedelta(microseconds=day_us + start + rest)
            rest -= end - start
        raise AssertionError("a rest is at most the hours of a day")

    def close_worked(self, worked_us: int) -> datetime:
        """Find the close of the working day in which so many working microseconds are reached. As instant_worked."""
        day_us = self._workday_us((worked_us - 1) // self.day_us)
        return _ZERO + timedelta(microseconds=day_us + self._hours_us[-1][1])

    def _is_workday(self, day: int) -> bool:
        return self._before[day + 1] > self._before[day]

    def _workday_us(self, number: int) -> int:
        if number >= len(self._workdays):
            raise OutsideCalendar("outside_calendar", params={"last_year": LAST_YEAR})
        return self._workdays[number] * _DAY_US


def elapsed_us(at: datetime) -> int:
    """Count the microseconds from 2000-01-01 00:00 Shanghai to an aware instant. Raises OutsideCalendar."""
    since = at - _ZERO
    _checked(since.days)
    return (since.days * 86_400 + since.seconds) * _SECOND_US + since.microseconds


def instant_elapsed(microseconds: int) -> datetime:
    """Find the instant so many microseconds after 2000-01-01 00:00 Shanghai. Raises OutsideCalendar."""
    _checked(microseconds // _DAY_US)
    return _ZERO + timedelta(microseconds=microseconds)


def _checked(day: int) -> int:
    if not 0 <= day < _DAYS:
        raise OutsideCalendar("outside_calendar", params={"first_year": FIRST_YEAR, "last_year": LAST_YEAR})
    return day


def _works(exceptions: Mapping[date, bool], published_years: frozenset[int]) -> bytearray:
    """Say for each day of the span, 1 or 0, whether it works."""
    first_weekday = _FIRST_DAY.weekday()
    works = bytearray((first_weekday + day) % _WEEK < _SATURDAY for day in range(_DAYS))
    for day in _assumed_days_off(published_years):
        works[day.toordinal() - _FIRST_ORDINAL] = False
    for day, is_workday in exceptions.items():
        works[_checked(day.toordinal() - _FIRST_ORDINAL)] = is_workday
    return works


def _assumed_days_off(published_years: frozenset[int]) -> Iterator[date]:
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        if year not in published_years:
            yield from (date(year, month, day) for month, day in STATUTORY_DAYS)


def _check_hours(hours: tuple[tuple[int, int], ...]) -> None:
    last = 0
    for row, (start, end) in enumerate(hours, start=1):
        if not last <= start < end <= _DAY_MINUTES:
            raise BadTable("hours_out_of_order", field="hours", row=row)
        last = end
    if not hours:
        raise BadTable("hours_missing", field="hours")
