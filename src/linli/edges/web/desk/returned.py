"""The page of how often cases are sent back; every number leads to the list of just these cases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.cases.queries.returned import ReturnedLine, count_returned
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import Asked, read_day, read_uuid
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.cases import say_reason
from linli.edges.words.times import LOCAL
from linli.registry.people.choices import Verb
from linli.registry.people.rules import may_somewhere

_USUAL = timedelta(days=29)
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
    today = timezone.localdate()
    until = read_day(request.GET.get("until", "")) or today
    since = read_day(request.GET.get("since", "")) or until - _USUAL
    begin, end = (datetime.combine(day, time(), tzinfo=LOCAL) for day in (since, until + timedelta(days=1)))
    told = count_returned(viewer=viewer, since=begin, until=end)
    asked = Asked(returned="1", since=since, until=until)
    kinds = current_rulebooks(viewer.district_id).categories

    def table(title: str, head: str, lines: Sequence[ReturnedLine], name: Callable[[str], str],
              ask: Callable[[str], Asked]) -> Table:  # fmt: skip
        return Table(
            title, head, tuple(_line(line, name(line.code), ask(line.code), told.total.cases) for line in lines)
        )

    tables = (
        table(_("By category"), _("Category"), told.by_category,
              lambda code: kinds[code].name if code in kinds else code, lambda code: replace(asked, category=code)),
        table(_("By who sent them back"), _("Organisation"), told.by_organisation,
              lambda code: told.names.get(code, code), lambda code: replace(asked, returned_by=read_uuid(code))),
        table(_("By reason"), _("Reason"), told.by_reason, say_reason, lambda code: replace(asked, returned_for=code)),
    )  # fmt: skip
    total = _line(told.total, _("All"), asked, told.reported)
    context = {"total": total, "tables": tables, "since": since, "until": until, "reported": told.reported}
    return render(request, "web/desk/returned.html", context)


def _line(line: ReturnedLine, name: str, asked: Asked, whole: int) -> Line:
    tenths = round(1000 * line.cases / whole) if whole else None
    share = _("no sample") if tenths is None else f"{tenths // 10}.{tenths % 10}%"
    return Line(name, asked.url(), line.cases, line.returns, share, f"{line.held_s / _HOUR:.1f}")
