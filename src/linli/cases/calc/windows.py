"""Days, weeks, months and years as a district counts them: each begins at the very instant the one before ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from linli.cases.calc.rate_scheme import RateScheme, effective_day
from linli.cases.calc.rates import LOCAL

DAY = timedelta(days=1)
KINDS = ("day", "week", "month", "year")
CUSTOM = "custom"
PARTS: Mapping[str, str] = {"week": "day", "month": "day", "year": "month"}
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, [since, until).

    kind: one of KINDS, or CUSTOM; first: the day it is named by: its own, the Monday, the first of the month or of
    the year, whatever day of the calendar it begins on; last: the last of its days.
    """

    kind: str
    first: date
    last: date
    since: datetime
    until: datetime

    @property
    def key(self) -> str:
        """Give what tells it from others of its kind: 2026-11-02."""
        return self.first.isoformat()


def begin_of(day: date, scheme: RateScheme) -> datetime:
    """Give the instant at which a day of the scheme begins: its midnight, or the hour set on the day before."""
    before = day - DAY if scheme.day_begins_at else day
    return datetime.combine(before, time(scheme.day_begins_at), tzinfo=LOCAL)


def window_of(kind: str, on: date, scheme: RateScheme) -> Window:
    """Give the day, week, month or year that a day of the scheme lies in. Raises KeyError for another kind."""
    return named(kind, _NAMES[kind](on, scheme), scheme)


def window_at(kind: str, at: datetime, scheme: RateScheme) -> Window:
    """Give the window of a kind in which a moment lies: there is exactly one. Raises KeyError for another kind."""
    return window_of(kind, effective_day(scheme, at).date(), scheme)


def named(kind: str, first: date, scheme: RateScheme) -> Window:
    """Give the window that is named by a day: the month of 1 November, whenever it begins."""
    begins, ends = _first_day(kind, first, scheme), _first_day(kind, _next(kind, first), scheme)
    return Window(kind, first, ends - DAY, begin_of(begins, scheme), begin_of(ends, scheme))


def custom(since: date, until: date, scheme: RateScheme) -> Window:
    """Give a stretch from a day to another, both with all of it."""
    return Window(CUSTOM, since, until, begin_of(since, scheme), begin_of(until + DAY, scheme))


def before(window: Window, scheme: RateScheme) -> Window:
    """Give the window right before: of a chosen stretch, one of as many days."""
    if window.kind == CUSTOM:
        days = window.last - window.first + DAY
        return custom(window.first - days, window.last - days, scheme)
    return window_of(window.kind, _first_day(window.kind, window.first, scheme) - DAY, scheme)


def after(window: Window, scheme: RateScheme) -> Window:
    """Give the window right after."""
    if window.kind == CUSTOM:
        days = window.last - window.first + DAY
        return custom(window.first + days, window.last + days, scheme)
    return named(window.kind, _next(window.kind, window.first), scheme)


def year_before(window: Window, scheme: RateScheme) -> Window:
    """Give the same window of the year before; a week: the one 52 weeks before; 29 February: the 28th."""
    if window.kind == "week":
        return named("week", window.first - 52 * 7 * DAY, scheme)
    first = _same_day_before(window.first)
    if window.kind == CUSTOM:
        return custom(first, _same_day_before(window.last), scheme)
    return named(window.kind, first, scheme)


def up_to(window: Window, other: Window, at: datetime) -> tuple[datetime, datetime]:
    """Give as much of another window as has passed of this one: what a running month is compared with."""
    if at >= window.until:
        return other.since, other.until
    return other.since, min(other.since + max(at - window.since, timedelta(0)), other.until)


def parts_of(window: Window, scheme: RateScheme) -> list[Window]:
    """Cut a window into the smaller ones it is made of: a year into months, a month or a week into days.

    A chosen stretch into days up to two months, else whole: months of the scheme need not fit into it.
    """
    if window.kind == CUSTOM:
        short = window.last - window.first <= 62 * DAY
        return _days(window.first, window.last, scheme) if short else [window]
    if window.kind == "year":
        return [named("month", date(window.first.year, month, 1), scheme) for month in range(1, _MONTHS + 1)]
    if window.kind == "day":
        return [window]
    return _days(_first_day(window.kind, window.first, scheme), window.last, scheme)


def _days(first: date, last: date, scheme: RateScheme) -> list[Window]:
    return [named("day", first + n * DAY, scheme) for n in range((last - first).days + 1)]


def _month_of(day: date, scheme: RateScheme) -> date:
    """Name the month that a day counts for: from its 19th on, say, the next one."""
    first = day.replace(day=1)
    is_next = scheme.month_begins_on > 1 and day.day >= scheme.month_begins_on
    return _next("month", first) if is_next else first


def _first_day(kind: str, first: date, scheme: RateScheme) -> date:
    """Give the day of the calendar on which the window that a day names begins."""
    if kind in {"day", "week"} or scheme.month_begins_on == 1:
        return first
    return (first - DAY).replace(day=scheme.month_begins_on)


def _next(kind: str, first: date) -> date:
    if kind == "year":
        return first.replace(year=first.year + 1)
    if kind == "month":
        return (first + 31 * DAY).replace(day=1)
    return first + (DAY if kind == "day" else 7 * DAY)


def _same_day_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


_NAMES: Mapping[str, Callable[[date, RateScheme], date]] = {
    "day": lambda day, _scheme: day,
    "week": lambda day, _scheme: day - timedelta(days=day.weekday()),
    "month": _month_of,
    "year": lambda day, scheme: _month_of(day, scheme).replace(month=1),
}
