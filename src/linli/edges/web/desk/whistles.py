"""What became of whistles: how offices came, what the callers thought of it; each number leads to its cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from linli.cases.queries.whistle_figures import (
    MARKS,
    WHISTLE_FIGURES,
    CalledLine,
    CallsAsked,
    WhistleFigures,
    count_calls,
    list_calls,
)
from linli.edges.days import Days
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_days, read_uuid
from linli.edges.web.desk.rate_asking import PAGE, read_line, rows_of
from linli.edges.web.desk.rate_lines import Number, Percent, percent
from linli.edges.web.desk.sheets import Sheet, hand_out
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.cases import ORGANISATION_KINDS, say_reason
from linli.edges.words.times import say_day
from linli.kernel.errors import InvalidInput
from linli.registry.orgs.queries import organisation_names
from linli.registry.people.choices import Verb
from linli.registry.people.rules import may_somewhere
from linli.support.documents.calc.registers import Column
from linli.support.documents.choices import ColumnKind

# Short words over the columns of numbers, in the order of WHISTLE_FIGURES.
COLUMNS: Mapping[str, Any] = {
    "calls": gettext_lazy("Calls to it"), "in_time": gettext_lazy("Reported in on time"),
    "late": gettext_lazy("Reported in late"), "missed": gettext_lazy("Never reported in"),
    "opinions": gettext_lazy("Gave an opinion"), "evaluated": gettext_lazy("Evaluated"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """How often a mark was given, and its share of what was evaluated."""

    number: Number
    share: Percent


@dataclass(frozen=True, slots=True)
class Line:
    """An office in words."""

    name: str
    numbers: tuple[Number, ...]
    share: Percent
    marks: tuple[Mark, ...]


@require_GET
@staff_only
@tells_errors
def show_whistles(request: ViewerRequest) -> HttpResponse:
    """Show, office by office, what became of the calls of some days: the last thirty unless others are asked for."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_CASES).require()
    days = read_days(request.GET, timezone.localdate(at))
    told = count_calls(viewer=viewer, asked=CallsAsked(days.begin, days.end), at=at)
    context = {
        "days": days, "whole": _line(told, told.whole, days), "lines": [_line(told, each, days) for each in told.lines],
        "columns": list(COLUMNS.values()), "speeds": [say_reason(code) for code in told.speeds],
        "results": [say_reason(code) for code in told.results], "rules": _rules(told),
        "may_export": bool(may_somewhere(viewer, Verb.EXPORT)),
    }  # fmt: skip
    return render(request, "web/desk/whistles.html", context)


@require_GET
@staff_only
@tells_errors
def show_calls(request: ViewerRequest, figure: str) -> HttpResponse:
    """List the calls behind a number, each as its case: as many as it says."""
    at, viewer, query = timezone.now(), request.viewer, request.GET
    may_somewhere(viewer, Verb.SEE_CASES).require()
    days, (_key, offset) = read_days(query, timezone.localdate(at)), read_line(query)
    office, mark = read_uuid(query.get("office", "")), query.get("mark", "")[:40]
    if query.get("office") and office is None:
        raise InvalidInput("unknown_filter", field="office")
    asked = CallsAsked(days.begin, days.end, office)
    page = list_calls(viewer=viewer, asked=asked, figure=figure, mark=mark, at=at, offset=offset, limit=PAGE)
    following = offset + len(page.rows)
    names = organisation_names(
        district_id=viewer.district_id, organisation_ids=[office] if office and page.total else []
    )
    return render(request, "web/desk/cockpit_rows.html", rows_of(viewer, page, at) | {
        "heading": _say_mark(mark) if figure in MARKS else COLUMNS[figure],
        "total_words": ngettext("%(n)d call", "%(n)d calls", page.total) % {"n": page.total},
        "area": "".join(names.values()), "period": _say_days(days, timezone.localdate(at)),
        "when_words": _("Whistled at"), "back": f"{reverse('whistles')}?{days.query}",
        "back_words": _("Back to whistles"),
        "more_url": _rows(days, figure, office, mark, following) if following < page.total else "",
    })  # fmt: skip


@require_POST
@staff_only
@tells_errors
def export_whistles(request: ViewerRequest) -> HttpResponseBase:
    """Write the table out as Excel, after a line in the audit log."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_CASES).require()
    may_somewhere(viewer, Verb.EXPORT).require()
    days = read_days(QueryDict(request.POST.get("query", "")), timezone.localdate(at))
    told = count_calls(viewer=viewer, asked=CallsAsked(days.begin, days.end), at=at)
    columns = [
        Column("name", _("Organisation"), 28), Column("kind", _("Kind of organisation"), 14),
        *(Column(name, str(words), 12, ColumnKind.NUMBER) for name, words in COLUMNS.items()),
        Column("share", f"{_('Share on time')} %", 14, ColumnKind.NUMBER),
        *(Column(f"{mark}_{n}", _say_mark(code), 18, ColumnKind.NUMBER)
          for mark, codes in _codes(told).items() for n, code in enumerate(codes)),
        Column("sample", _("Sample"), 12),
    ]  # fmt: skip
    rows = [_cells(told, line) for line in (*told.lines, told.whole)]
    notes = [_("Calls made from %(since)s to %(until)s") % {"since": days.since, "until": days.until}, *_rules(told)]
    sheet = Sheet("whistles", _("Whistles and who came"), notes, columns, rows)
    return hand_out(request, sheet, {"since": days.begin.isoformat(), "until": days.end.isoformat()}, at)


def _say_days(days: Days, today: date) -> str:
    return f"{say_day(days.since, today)} – {say_day(days.until, today)}"


def _rules(told: WhistleFigures) -> list[str]:
    return [
        _("Share on time = reported in on time ÷ (on time + late + never); never: the time given was over before the "
          "case was closed. Calls taken back do not count."),
        ngettext("Fewer than %(n)d call is too few: no share.", "Fewer than %(n)d calls are too few: no share.",
                 told.whole.smallest_sample) % {"n": told.whole.smallest_sample},
        _("Counted are offices, never persons, by kind and code: a list, not a ranking."),
    ]  # fmt: skip


def _say_mark(code: str) -> str:
    """Say which mark the caller gave, so that it can't be taken for what the clock says."""
    return _("Evaluated: %(mark)s") % {"mark": say_reason(code)}


def _codes(told: WhistleFigures) -> dict[str, tuple[str, ...]]:
    return {"speed": told.speeds, "result": told.results}


def _rows(days: Days, figure: str, office: object, mark: str = "", start: int = 0) -> str:
    said = {"since": days.since, "until": days.until, "office": office or "", "mark": mark, "from": start or ""}
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{reverse('whistles_rows', args=[figure])}?{query}"


def _line(told: WhistleFigures, line: CalledLine, days: Days) -> Line:
    numbers = tuple(
        Number(str(COLUMNS[figure]), line.numbers[figure], _rows(days, figure, line.office))
        for figure in WHISTLE_FIGURES
    )
    marks = tuple(
        Mark(Number(_say_mark(code), line.marks[mark][code], _rows(days, mark, line.office, code)),
             percent(line.share(mark, code), _say_mark(code)))
        for mark, codes in _codes(told).items() for code in codes
    )  # fmt: skip
    name = line.name or _("Total of all lines")
    return Line(name, numbers, percent(line.share_in_time, _("Share on time")), marks)


def _cells(told: WhistleFigures, line: CalledLine) -> list[object]:
    share = line.share_in_time
    tenths = share.tenths if share.is_sampled else None
    return [
        line.name or _("Total of all lines"), str(ORGANISATION_KINDS.get(line.kind, line.kind)) if line.kind else "",
        *(line.numbers[figure] for figure in WHISTLE_FIGURES), None if tenths is None else tenths / 10,
        *(line.marks[mark][code] for mark, codes in _codes(told).items() for code in codes),
        "" if share.is_sampled else _("too few"),
    ]  # fmt: skip
