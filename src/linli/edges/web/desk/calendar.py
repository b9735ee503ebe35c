"""The working calendar: which days work, and publishing a new version, after which open deadlines are counted anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.calendar_lines import DaySpan, read_lines, spans_of, write_lines
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.errors import say_error
from linli.edges.words.times import say_moment
from linli.kernel.errors import LinliError
from linli.registry.people.choices import Verb
from linli.registry.people.rules import may_somewhere
from linli.support.calendar.actions import publish_calendar
from linli.support.calendar.calc import DayException
from linli.support.calendar.errors import BadTable
from linli.support.calendar.queries import CalendarVersionRow, list_calendar_days, list_calendar_versions


@dataclass(frozen=True, slots=True)
class YearBox:
    """A year of the calendar: the days that are not what their weekday says."""

    year: int
    days: list[DayException]

    @property
    def spans(self) -> list[DaySpan]:
        """Put days on end together."""
        return spans_of(self.days)


@require_GET
@staff_only
@tells_errors
def show_calendar(request: ViewerRequest) -> HttpResponse:
    """Show the calendar that counts, year by year, and its versions."""
    may_somewhere(request.viewer, Verb.EDIT_CALENDAR).require()
    at = timezone.now()
    versions = list_calendar_versions()
    newest = versions[0] if versions else None
    context = {
        "versions": [(row.number, say_moment(row.made_at, at), row.reason) for row in versions],
        "years": _years(newest) if newest else [], "hours": _say_hours(newest) if newest else "",
        "is_next_missing": newest is not None and at.year + 1 not in newest.published_years, "next_year": at.year + 1,
    }  # fmt: skip
    return render(request, "web/desk/calendar.html", context)


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def edit_calendar(request: ViewerRequest) -> HttpResponse:
    """Publish a new version of the whole calendar."""
    may_somewhere(request.viewer, Verb.EDIT_CALENDAR).require()
    if request.method == "GET":
        newest = next(iter(list_calendar_versions()), None)
        return _form(request, table=_table(newest), years=_years_text(newest), hours=_say_hours(newest), reason="")
    sent, at = request.POST, timezone.now()
    try:
        number = _publish(request, sent, at)
    except LinliError as error:
        return _form(request, table=sent.get("table", ""), years=sent.get("years", ""), hours=sent.get("hours", ""),
                     reason=sent.get("reason", ""), error=error)  # fmt: skip
    messages.success(
        request, _("Version %(number)d counts from now on; open deadlines were counted anew.") % {"number": number}
    )
    return HttpResponseRedirect(reverse("calendar"))


def _publish(request: ViewerRequest, sent: QueryDict, at: datetime) -> int:
    lines = read_lines(sent.get("table", ""))
    try:
        return publish_calendar(
            exceptions=lines.days, published_years=_read_years(sent.get("years", "")),
            hours=_read_hours(sent.get("hours", "")), reason=sent.get("reason", ""), by=request.viewer, at=at,
        )  # fmt: skip
    except BadTable as error:
        raise lines.placed(error) from None


def _form(
    request: ViewerRequest, *, table: str, years: str, hours: str, reason: str, error: LinliError | None = None
) -> HttpResponse:
    context = {"table": table, "years": years, "hours": hours, "reason": reason,
               "error": say_error(error) if error else ""}  # fmt: skip
    return render(request, "web/desk/calendar_edit.html", context, status=status_of(error) if error else 200)


def _years(version: CalendarVersionRow) -> list[YearBox]:
    """Read the days of each year that is announced. 1 query a year."""
    return [
        YearBox(year, list_calendar_days(version=version.number, year=year))
        for year in sorted(version.published_years, reverse=True)
    ]


def _table(version: CalendarVersionRow | None) -> str:
    return write_lines(day for year in _years(version) for day in year.days) if version else ""


def _years_text(version: CalendarVersionRow | None) -> str:
    return " ".join(str(year) for year in sorted(version.published_years)) if version else ""


def _say_hours(version: CalendarVersionRow | None) -> str:
    return " ".join(f"{_clock(start)}-{_clock(end)}" for start, end in version.hours) if version else ""


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def _read_years(text: str) -> list[int]:
    return [int(part) for part in text.replace(",", " ").split() if part.isdecimal()]


def _read_hours(text: str) -> tuple[tuple[int, int], ...]:
    """Read "8:00-12:00 14:00-18:00" as minutes since midnight; what can't be read is left out and refused later."""
    return tuple(span for span in map(_span, text.split()) if span is not None)


def _span(text: str) -> tuple[int, int] | None:
    start, _dash, end = text.partition("-")
    minutes = [_minutes(start.split(":")), _minutes(end.split(":"))]
    return (minutes[0], minutes[1]) if minutes[0] is not None and minutes[1] is not None else None


def _minutes(parts: Iterable[str]) -> int | None:
    numbers = list(parts)
    if len(numbers) != 2 or not all(part.isdecimal() for part in numbers):  # noqa: PLR2004 - hour and minute
        return None
    return int(numbers[0]) * 60 + int(numbers[1])
