"""Publishing the calendar."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, transaction

from linli.kernel.bus import publish
from linli.registry.people.rules import Viewer
from linli.support.calendar.calc import DEFAULT_HOURS, DayException, WorkingCalendar, check_table, read_table
from linli.support.calendar.errors import BadTable, CalendarChanged
from linli.support.calendar.events import CalendarPublished
from linli.support.calendar.models import CalendarDay, CalendarVersion
from linli.support.calendar.rules import may_publish_calendar

_DEFAULT_TABLE = Path(__file__).parent / "data" / "cn_workdays.csv"
_DEFAULT_REASON = "随程序提供：2024—2026 年国务院办公厅节假日安排（数据来自 chinesecalendar 1.11.0）"
_REASON_LENGTH = 200

Hours = tuple[tuple[int, int], ...]


@transaction.atomic
def publish_calendar(
    *,
    exceptions: Sequence[DayException],
    published_years: Iterable[int],
    hours: Hours,
    reason: str,
    by: Viewer,
    at: datetime,
) -> int:
    """Make a new version that counts from now on, whole, and return its number; older versions stay as they were.

    Raises NotAllowed; BadTable with the row; CalendarChanged if somebody else published at the same moment.
    Publishes CalendarPublished in this transaction: open deadlines are recomputed before it commits, or not at all.
    4 queries and those of the receivers.
    """
    may_publish_calendar(by).require()
    if not 0 < len(reason.strip()) <= _REASON_LENGTH:
        raise BadTable("reason_length", field="reason")
    return _publish(
        exceptions=exceptions,
        years=frozenset(published_years),
        hours=hours,
        reason=reason.strip(),
        made_by=by.person_id,
        at=at,
    )


@transaction.atomic
def install_default_calendar(*, at: datetime) -> int:
    """Publish the calendar that comes with the program, unless there is one; return the number that counts.

    Source: data/README.md.
    """
    newest = CalendarVersion.objects.order_by("-number").values_list("number", flat=True).first()
    if newest is not None:
        return newest
    exceptions = read_table(_DEFAULT_TABLE.read_text(encoding="utf-8"))
    years = frozenset(each.date.year for each in exceptions)
    return _publish(
        exceptions=exceptions, years=years, hours=DEFAULT_HOURS, reason=_DEFAULT_REASON, made_by=None, at=at
    )


def _publish(
    *,
    exceptions: Sequence[DayException],
    years: frozenset[int],
    hours: Hours,
    reason: str,
    made_by: UUID | None,
    at: datetime,
) -> int:
    check_table(exceptions, years)
    newest = CalendarVersion.objects.order_by("-number").values_list("number", flat=True).first()
    calendar = WorkingCalendar(  # refuses hours that make no sense
        version=(newest or 0) + 1,
        hours=hours,
        exceptions={each.date: each.is_workday for each in exceptions},
        published_years=years,
    )
    version = _insert_version(calendar, reason=reason, made_by=made_by, at=at)
    CalendarDay.objects.bulk_create(
        CalendarDay(version=version, date=each.date, is_workday=each.is_workday, name=each.name) for each in exceptions
    )
    publish(CalendarPublished(version=version.number, at=at))
    return version.number


def _insert_version(calendar: WorkingCalendar, *, reason: str, made_by: UUID | None, at: datetime) -> CalendarVersion:
    """Take the next number. The unique key decides between two at once: rows that nobody may update can't be locked."""
    try:
        with transaction.atomic():
            return CalendarVersion.objects.create(
                number=calendar.version,
                made_at=at,
                made_by=made_by,
                reason=reason,
                hours=[list(each) for each in calendar.hours],
                published_years=sorted(calendar.published_years),
            )
    except IntegrityError as error:
        raise CalendarChanged("calendar_changed", params={"version": calendar.version}) from error
