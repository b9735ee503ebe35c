"""Supervisions and cards as figures, by area, organisation, category and in their course; each leads to its cases."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from linli.cases.queries.watched_table import (
    WATCHED_FIGURES,
    WatchedCounts,
    WatchedLine,
    WatchedTable,
    get_watched,
    list_watched_rows,
)
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.rate_asking import (
    PAGE,
    more_url,
    names_of_lines,
    read_asked,
    read_line,
    rows_of,
    say_span,
    span_of,
    ways_on,
)
from linli.edges.web.desk.rate_lines import BY, Address, Group, Line, Number, by_kind, named
from linli.edges.web.desk.sheets import Sheet, hand_out
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.times import LOCAL
from linli.registry.people.choices import Verb
from linli.registry.people.rules import may_somewhere
from linli.support.documents.calc.registers import Column
from linli.support.documents.choices import ColumnKind

# Short words over the columns, in the order of WATCHED_FIGURES.
WATCHED_COLUMNS: Mapping[str, Any] = {
    "supervised": gettext_lazy("Supervised"), "answered": gettext_lazy("Answered"),
    "missed": gettext_lazy("Day missed"), "closed": gettext_lazy("Supervision closed"),
    "yellow": gettext_lazy("Yellow cards"), "red": gettext_lazy("Red cards"),
}  # fmt: skip


@require_GET
@staff_only
@tells_errors
def show_watched(request: ViewerRequest) -> HttpResponse:
    """Show the table for a stretch, an area and what its lines are."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    address = Address(read_asked(request.GET, viewer), "watched")
    table = get_watched(viewer=viewer, asked=address.asked, at=at)
    found, heading = _groups(table, address, at)
    earlier = table.year_before if address.asked.against == "year" else table.before
    context = ways_on(address, viewer, table.window, table.scheme, at) | {
        "heading": heading, "table": table, "groups": found, "columns": list(WATCHED_COLUMNS.values()),
        "whole": [
            (Number(str(words), getattr(table.whole, name), address.rows(name)),
             None if earlier is None else getattr(earlier, name))
            for name, words in WATCHED_COLUMNS.items()
        ],
        "rules": _rules(), "may_export": bool(may_somewhere(viewer, Verb.EXPORT)),
    }  # fmt: skip
    return render(request, "web/desk/watched.html", context)


@require_GET
@staff_only
@tells_errors
def show_watched_rows(request: ViewerRequest, figure: str) -> HttpResponse:
    """List the supervisions or cards behind a number, each as its case: as many as it says."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    address, (key, offset) = Address(read_asked(request.GET, viewer), "watched"), read_line(request.GET)
    page = list_watched_rows(
        viewer=viewer, asked=address.asked, figure=figure, key=key, at=at, offset=offset, limit=PAGE
    )  # fmt: skip
    is_card = figure in {"yellow", "red"}
    total = (
        ngettext("%(n)d card", "%(n)d cards", page.total) if is_card
        else ngettext("%(n)d supervision", "%(n)d supervisions", page.total)
    )  # fmt: skip
    return render(request, "web/desk/cockpit_rows.html", rows_of(viewer, page, at) | {
        "heading": WATCHED_COLUMNS[figure], "total_words": total % {"n": page.total},
        "when_words": _("Card given") if is_card else _("Supervision opened"),
        "more_url": more_url(address, figure, key, page), "back": address.page(),
        "back_words": _("Back to supervision and cards"),
    })  # fmt: skip


@require_POST
@staff_only
@tells_errors
def export_watched(request: ViewerRequest) -> HttpResponseBase:
    """Write the table out as Excel, after a line in the audit log."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    may_somewhere(viewer, Verb.EXPORT).require()
    asked = read_asked(QueryDict(request.POST.get("query", "")), viewer)
    table = get_watched(viewer=viewer, asked=asked, at=at)
    found, heading = _groups(table, Address(asked, "watched"), at)
    columns = [
        Column("name", str(BY[asked.by]), 28),
        *(Column(name, str(words), 12, ColumnKind.NUMBER) for name, words in WATCHED_COLUMNS.items()),
    ]
    rows: list[list[object]] = [
        [line.name, *(number.value for number in line.numbers)] for group in found for line in group.lines
    ]
    notes = [say_span(heading, table.window, at), *_rules()]
    sheet = Sheet("watched", _("Supervision and cards"), notes, columns,
                  [*rows, [_("Total of all lines"), *table.whole]])  # fmt: skip
    return hand_out(request, sheet, span_of(asked, table.window), at)


def _groups(table: WatchedTable, address: Address, at: datetime) -> tuple[list[Group], str]:
    """Give the lines in words and the name of the area they are parts of."""
    names = names_of_lines(table.asked, table.area_path, (line.key for line in table.lines), at)

    def line(each: WatchedLine) -> Line:
        name, url = named(each, table.area_path, names, address, at.astimezone(LOCAL).date())
        return Line(name, url, tuple(_numbers(each.counts, address, each.key)), ())

    found = by_kind(((each.like, line(each)) for each in table.lines), address)
    return found, names.get(table.area_path, "")


def _numbers(counts: WatchedCounts, address: Address, key: str) -> list[Number]:
    return [
        Number(str(WATCHED_COLUMNS[name]), getattr(counts, name), address.rows(name, key)) for name in WATCHED_FIGURES
    ]


def _rules() -> list[str]:
    return [
        _("Counted are supervisions opened and cards given in these days. What was called off and cards that were "
          "taken back count nowhere."),
        _("Counted are organisations, never persons, in the order of their codes: a list, not a ranking."),
    ]  # fmt: skip
