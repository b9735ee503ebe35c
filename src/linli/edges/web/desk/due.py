"""What was due to be dealt with: by area, organisation, category and in its course; each number leads to its cases."""

from datetime import datetime

from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.cases.queries.due_table import DueTable, get_due, list_due_rows
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.due_lines import DUE_COLUMNS, SHARES, due_boxes, due_groups, say_due_rules, whole_due
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
from linli.edges.web.desk.rate_lines import BY, Address, Group, apart, cells
from linli.edges.web.desk.sheets import Sheet, hand_out
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.times import LOCAL
from linli.registry.people.choices import Verb
from linli.registry.people.rules import may_somewhere
from linli.support.documents.calc.registers import Column
from linli.support.documents.choices import ColumnKind


@require_GET
@staff_only
@tells_errors
def show_due(request: ViewerRequest) -> HttpResponse:
    """Show the table for a stretch, an area and what its lines are."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    address = Address(read_asked(request.GET, viewer), "due")
    table = get_due(viewer=viewer, asked=address.asked, at=at)
    found, heading = _groups(table, address, at)
    found, few = apart(found)
    context = ways_on(address, viewer, table.window, table.scheme, at) | {
        "heading": heading, "table": table, "boxes": due_boxes(table, address), "groups": found,
        "few": few, "few_count": sum(len(group.lines) for group in few),
        "columns": list(DUE_COLUMNS.values()), "rate_columns": list(SHARES.values()),
        "held": address.rows("held"), "extended": address.rows("extended"), "rules": say_due_rules(table.scheme),
        "sample": table.scheme.rules.smallest_sample, "may_export": bool(may_somewhere(viewer, Verb.EXPORT)),
        "may_read_rules": may_read_rules(viewer),
    }  # fmt: skip
    return render(request, "web/desk/due.html", context)


@require_GET
@staff_only
@tells_errors
def show_due_rows(request: ViewerRequest, figure: str) -> HttpResponse:
    """List the cases behind a number of the table: as many as it says."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    address, (key, offset) = Address(read_asked(request.GET, viewer), "due"), read_line(request.GET)
    page = list_due_rows(
        viewer=viewer, asked=address.asked, figure=figure, key=key, at=at, offset=offset, limit=PAGE
    )  # fmt: skip
    return render(request, "web/desk/cockpit_rows.html", rows_of(viewer, page, at) | {
        "heading": DUE_COLUMNS[figure], "is_call_backs": False, "more_url": more_url(address, figure, key, page),
        "back": address.page(), "back_words": _("Back to what was due"),
    })  # fmt: skip


@require_POST
@staff_only
@tells_errors
def export_due(request: ViewerRequest) -> HttpResponseBase:
    """Write the table out as Excel, with the rules it was counted by, after a line in the audit log."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    may_somewhere(viewer, Verb.EXPORT).require()
    asked = read_asked(QueryDict(request.POST.get("query", "")), viewer)
    table = get_due(viewer=viewer, asked=asked, at=at)
    found, heading = _groups(table, Address(asked, "due"), at)
    notes = [
        say_span(heading, table.window, at),
        _("Counted by version %(number)d of the rules of the rates.") % {"number": table.number},
        *say_due_rules(table.scheme),
    ]
    number = ColumnKind.NUMBER
    columns = [
        Column("name", str(BY[asked.by]), 28),
        *(Column(name, str(words), 12, number) for name, words in DUE_COLUMNS.items()),
        *(Column(f"{name}_share", f"{words} %", 14, number) for name, words in SHARES.items()),
        Column("sample", _("Sample"), 12),
    ]
    rows = [*(row for group in found for row in cells(group.lines)), whole_due(table.whole)]
    sheet = Sheet("due", _("Due to be dealt with"), notes, columns, rows)
    return hand_out(request, sheet, span_of(asked, table.window), at)


def _groups(table: DueTable, address: Address, at: datetime) -> tuple[list[Group], str]:
    """Give the lines in words and the name of the area they are parts of."""
    names = names_of_lines(table.asked, table.area_path, (line.key for line in table.lines), at)
    return due_groups(table, names, address, at.astimezone(LOCAL).date()), names.get(table.area_path, "")
