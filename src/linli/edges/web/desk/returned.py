"""The page of how often cases are sent back; every number leads to the list of just these cases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.cases.queries.returned import Returned, ReturnedLine, count_returned
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.days import Days
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import Asked, read_days, read_uuid
from linli.edges.web.desk.sheets import Sheet, hand_out
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.cases import say_reason
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may_somewhere
from linli.support.documents.calc.registers import Column
from linli.support.documents.choices import ColumnKind

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Line:
    """A line in words. url: the list of its cases."""

    name: str
    url: str
    cases: int
    returns: int
    share: str
    hours: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of lines."""

    title: str
    head: str
    lines: tuple[Line, ...]


@require_GET
@staff_only
@tells_errors
def show_returned(request: ViewerRequest) -> HttpResponse:
    """Show how often cases reported in some days were sent back: the last thirty unless others are asked for."""
    viewer = request.viewer
    may_somewhere(viewer, Verb.SEE_CASES).require()
    days = read_days(request.GET, timezone.localdate())
    told = count_returned(viewer=viewer, since=days.begin, until=days.end)
    context = {
        "total": _line(told.total, _("All"), _asked(days), told.reported), "tables": _tables(viewer, told, days),
        "days": days, "reported": told.reported, "may_export": bool(may_somewhere(viewer, Verb.EXPORT)),
    }  # fmt: skip
    return render(request, "web/desk/returned.html", context)


@require_POST
@staff_only
@tells_errors
def export_returned(request: ViewerRequest) -> HttpResponseBase:
    """Write the figures out as Excel, one table under the other, after a line in the audit log."""
    at, viewer, number = timezone.now(), request.viewer, ColumnKind.NUMBER
    may_somewhere(viewer, Verb.SEE_CASES).require()
    may_somewhere(viewer, Verb.EXPORT).require()
    days = read_days(QueryDict(request.POST.get("query", "")), timezone.localdate(at))
    told = count_returned(viewer=viewer, since=days.begin, until=days.end)
    total = _line(told.total, _("All"), _asked(days), told.reported)
    columns = [
        Column("by", _("Table"), 14), Column("name", _("Line"), 28), Column("cases", _("Cases"), 12, number),
        Column("share", _("Share of those sent back"), 16), Column("returns", _("How often"), 12, number),
        Column("hours", _("Hours before"), 12, number),
    ]  # fmt: skip
    rows = [
        *(_cells(table.title, line) for table in _tables(viewer, told, days) for line in table.lines),
        _cells(_("All"), replace(total, name="", share="")),
    ]
    notes = [
        _("Cases reported from %(since)s to %(until)s") % {"since": days.since, "until": days.until},
        _("Of %(reported)d cases within reach, %(cases)d (%(share)s) were sent back.") % {
            "reported": told.reported, "cases": total.cases, "share": total.share,
        },
        _("Counted are organisations, never persons. Hours: how long whoever sent a case back had had it, by the clock."),  # noqa: E501
    ]  # fmt: skip
    sheet = Sheet("returns", _("Sent back"), notes, columns, rows)
    return hand_out(request, sheet, {"since": days.begin.isoformat(), "until": days.end.isoformat()}, at)


def _asked(days: Days) -> Asked:
    return Asked(returned="1", since=days.since, until=days.until)


def _tables(viewer: Viewer, told: Returned, days: Days) -> tuple[Table, ...]:
    """Put the tables into words."""
    asked, kinds = _asked(days), current_rulebooks(viewer.district_id).categories

    def table(title: str, head: str, lines: Sequence[ReturnedLine], name: Callable[[str], str],
              ask: Callable[[str], Asked]) -> Table:  # fmt: skip
        return Table(
            title, head, tuple(_line(line, name(line.code), ask(line.code), told.total.cases) for line in lines)
        )

    return (
        table(_("By category"), _("Category"), told.by_category,
              lambda code: kinds[code].name if code in kinds else code, lambda code: replace(asked, category=code)),
        table(_("By who sent them back"), _("Organisation"), told.by_organisation,
              lambda code: told.names.get(code, code), lambda code: replace(asked, returned_by=read_uuid(code))),
        table(_("By reason"), _("Reason"), told.by_reason, say_reason, lambda code: replace(asked, returned_for=code)),
    )  # fmt: skip


def _cells(title: str, line: Line) -> list[object]:
    return [title, line.name, line.cases, line.share, line.returns, float(line.hours)]


def _line(line: ReturnedLine, name: str, asked: Asked, whole: int) -> Line:
    tenths = round(1000 * line.cases / whole) if whole else None
    share = _("no sample") if tenths is None else f"{tenths // 10}.{tenths % 10}%"
    return Line(name, asked.url(), line.cases, line.returns, share, f"{line.held_s / _HOUR:.1f}")
