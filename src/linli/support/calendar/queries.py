"""Reading the calendar."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from linli.kernel.db.standing import StandingQuery
from linli.support.calendar.calc import DayException, WorkingCalendar
from linli.support.calendar.errors import NoCalendar
from linli.support.calendar.models import CalendarDay, CalendarVersion


@dataclass(frozen=True, slots=True)
class CalendarVersionRow:
    """A version as edges show it; hours: (start, end) in minutes since midnight; made_by: a person, or None."""

    number: int
    made_at: datetime
    made_by: UUID | None
    reason: str
    hours: tuple[tuple[int, int], ...]
    published_years: tuple[int, ...]


def current_calendar() -> WorkingCalendar:
    """Give the calendar that counts now. Raises NoCalendar. 1 query, 3 the first time in a process.

    The query asks for the newest version each time, so what another process publishes counts with the next call. A
    calendar kept in a variable goes stale when a version is published: hold it for one action or one page, no longer.
    """
    newest = _NEWEST.rows()
    if not newest:
        raise NoCalendar("no_calendar")
    return _calendar(newest[0][0])


def calendar_of(version: int) -> WorkingCalendar:
    """Give the calendar of a version number, to audit a deadline that was computed by it. As current_calendar."""
    found = CalendarVersion.objects.filter(number=version).values_list("id", flat=True).first()
    if found is None:
        raise NoCalendar("no_calendar", field="version", params={"version": version})
    return _calendar(found)


def list_calendar_versions() -> list[CalendarVersionRow]:
    """List the versions, newest first. 1 query."""
    return [
        CalendarVersionRow(
            number=each.number,
            made_at=each.made_at,
            made_by=each.made_by,
            reason=each.reason,
            hours=_hours(each),
            published_years=tuple(each.published_years),
        )
        for each in CalendarVersion.objects.order_by("-number")
    ]


def list_calendar_days(*, version: int, year: int) -> list[DayException]:
    """List a version's exceptions of one year by date; [] if there are none. 1 query."""
    found = CalendarDay.objects.filter(version__number=version, date__range=(date(year, 1, 1), date(year, 12, 31)))
    return [DayException(*row) for row in found.order_by("date").values_list("date", "is_workday", "name")]


_NEWEST = StandingQuery(lambda: CalendarVersion.objects.order_by("-number").values_list("id")[:1])


@lru_cache(maxsize=16)  # 2 MB each; open cases hold a handful of versions at most
def _calendar(version_id: UUID) -> WorkingCalendar:
    """Keyed by id, not by number: a number is given again when the transaction that took it is rolled back."""
    version = CalendarVersion.objects.get(id=version_id)
    days = CalendarDay.objects.filter(version_id=version_id).order_by("date").values_list("date", "is_workday")
    return WorkingCalendar(
        version=version.number,
        hours=_hours(version),
        exceptions=dict(days),
        published_years=frozenset(version.published_years),
    )


def _hours(version: CalendarVersion) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in version.hours)
