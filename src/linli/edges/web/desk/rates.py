"""The three rates: by area, organisation, category and in their course; each number leads to what it counts."""

from datetime import date, datetime

from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.cases.calc.rate_scheme import RateScheme
from linli.cases.choices import LeftOutKind, RatesBy
from linli.cases.queries.rate_table import RateTable, get_rates, list_rate_rows
from linli.cases.queries.rates_asked import RatesAsked
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.board import FIGURE_WORDS
from linli.edges.web.desk.menu import may_read_rules
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
from linli.edges.web.desk.rate_lines import (
    BY,
    COLUMNS,
    Address,
    Group,
    apart,
    boxes,
    cells,
    groups,
    whole_line,
)
from linli.edges.web.desk.sheets import Sheet, hand_out
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.cases import METHODS, RATES, say_rate_formula, say_source
from linli.edges.words.times import LOCAL
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may_somewhere
from linli.support.documents.calc.registers import Column
from linli.support.documents.choices import ColumnKind


@require_GET
@staff_only
@tells_errors
def show_rates(request: ViewerRequest) -> HttpResponse:
    """Show the table for a stretch, an area and what its lines are."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    asked = read_asked(request.GET, viewer)
    table = get_rates(viewer=viewer, asked=asked, at=at)
    address = Address(asked)
    found, heading = _groups(table, address, at.astimezone(LOCAL).date(), at)
    found, few = apart(found)
    context = ways_on(address, viewer, table.whole.window, table.scheme, at) | {
        "heading": heading, "table": table, "boxes": boxes(table, address), "groups": found,
        "few": few, "few_count": sum(len(group.lines) for group in few),
        "columns": list(COLUMNS.values()), "rate_columns": list(RATES.values()),
        "has_changes": asked.by != RatesBy.PERIOD and any(line.said_before for line in table.lines),
        "has_places": any(line.place for line in table.lines),
        "received": address.rows("opened"), "closed": address.rows("closed"),
        "formula": say_rate_formula(table.scheme.rules.weights), "sample": table.scheme.rules.smallest_sample,
        "left_out": _left_out(viewer, table.scheme), "methods": [METHODS[method] for method in table.scheme.methods],
        "may_export": bool(may_somewhere(viewer, Verb.EXPORT)), "may_read_rules": may_read_rules(viewer),
    }  # fmt: skip
    return render(request, "web/desk/rates.html", context)


@require_GET
@staff_only
@tells_errors
def show_rows(request: ViewerRequest, figure: str) -> HttpResponse:
    """List the rows behind a number of the table: as many as it says."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    asked, (key, offset) = read_asked(request.GET, viewer), read_line(request.GET)
    page = list_rate_rows(viewer=viewer, asked=asked, figure=figure, key=key, at=at, offset=offset, limit=PAGE)
    return render(request, "web/desk/cockpit_rows.html", rows_of(viewer, page, at) | {
        "heading": FIGURE_WORDS[figure], "is_call_backs": figure not in {"opened", "closed"},
        "more_url": more_url(Address(asked), figure, key, page), "back": Address(asked).page(),
        "back_words": _("Back to the rates"),
    })  # fmt: skip


@require_POST
@staff_only
@tells_errors
def export_rates(request: ViewerRequest) -> HttpResponseBase:
    """Write the table out as Excel, with the rules it was counted by, after a line in the audit log."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    may_somewhere(viewer, Verb.EXPORT).require()
    asked = read_asked(QueryDict(request.POST.get("query", "")), viewer)
    table = get_rates(viewer=viewer, asked=asked, at=at)
    today = at.astimezone(LOCAL).date()
    found, heading = _groups(table, Address(asked), today, at)
    notes = [
        say_span(heading, table.whole.window, at),
        _("Rules of the rates, version %(number)d: %(formula)s") % {
            "number": table.number, "formula": say_rate_formula(table.scheme.rules.weights),
        },
        *_left_out(viewer, table.scheme),
    ]  # fmt: skip
    rows = [*(row for group in found for row in cells(group.lines)), whole_line(table)]
    sheet = Sheet("rates", _("Three rates"), notes, _columns(asked), rows)
    return hand_out(request, sheet, span_of(asked, table.whole.window), at)


def _groups(table: RateTable, address: Address, today: date, at: datetime) -> tuple[list[Group], str]:
    """Give the lines in words and the name of the area they are parts of."""
    names = names_of_lines(table.asked, table.area_path, (line.key for line in table.lines), at)
    return groups(table, names, address, today), names.get(table.area_path, "")


def _columns(asked: RatesAsked) -> list[Column]:
    number = ColumnKind.NUMBER
    return [
        Column("name", str(BY[asked.by]), 28),
        *(Column(name, str(words), 12, number) for name, words in COLUMNS.items()),
        *(Column(f"{name}_rate", f"{words} %", 12, number) for name, words in RATES.items()),
        Column("together", f"{_('All together')} %", 12, number), Column("sample", _("Sample"), 12),
        Column("place", _("Place in the order"), 8),
    ]  # fmt: skip


def _left_out(viewer: Viewer, scheme: RateScheme) -> list[str]:
    """Say what the rates are not counted from, and why. 1 query where categories are left out."""
    kinds = current_rulebooks(viewer.district_id).categories if scheme.left_out else {}
    return [
        _("Not counted: %(what)s (%(why)s)") % {
            "what": say_source(each.code) if each.kind == LeftOutKind.SOURCE
            else kinds[each.code].name if each.code in kinds else each.code,
            "why": each.why,
        }
        for each in scheme.left_out
    ]  # fmt: skip
