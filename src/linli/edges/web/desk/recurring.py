"""What comes back: recurring matters, one of them from first to last time, and what to look after before complaints."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from linli.cases.actions.preventing import Prevention, open_preventive_case, open_root_case
from linli.cases.calc.categories import Category
from linli.cases.calc.series import SEASON, Span
from linli.cases.choices import State
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.queries.series import Expected, Seen, expect_ahead, get_series, list_series
from linli.cases.rules import may_report
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.lines import keep_numbers
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.cases import say_state
from linli.edges.words.times import LOCAL, say_day
from linli.registry.people.choices import Verb
from linli.registry.people.rules import may_somewhere
from linli.registry.territory.queries import area_chains


@dataclass(frozen=True, slots=True)
class Number:
    """A number and the list of the cases behind it; url "" for none."""

    label: str
    count: int
    url: str


@require_GET
@staff_only
@tells_errors
def show_recurring(request: ViewerRequest) -> HttpResponse:
    """List what recurs at one place."""
    viewer, at = request.viewer, timezone.now()
    may_somewhere(viewer, Verb.SEE_CASES).require()
    found, books = list_series(viewer=viewer, at=at), current_rulebooks(viewer.district_id)
    lines = [
        {"row": row, "title": keep_numbers(row.newest.title),
         "category": _category(books.categories, row.newest.category),
         "place": keep_numbers(row.newest.place), "since": say_day(row.since.astimezone(LOCAL).date(), _today())}
        for row in found.rows
    ]  # fmt: skip
    return render(request, "web/desk/recurring.html", {"lines": lines, "rule": found.rule, "is_cut": found.is_cut})


@require_GET
@staff_only
@tells_errors
def show_one(request: ViewerRequest, case_id: UUID) -> HttpResponse:
    """Show every time that a matter came up around a case."""
    viewer, at = request.viewer, timezone.now()
    series, books = get_series(viewer=viewer, case_id=case_id, at=at), current_rulebooks(viewer.district_id)
    category = _category(books.categories, series.anchor.category)
    times = [
        {"row": each.row, "title": keep_numbers(each.row.title), "what": each.what, "state": say_state(each.row.state),
         "day": say_day(each.row.reported_at.astimezone(LOCAL).date(), _today()),
         "gap": _gap(series.times[n - 1].row.reported_at, each.row.reported_at) if n else ""}
        for n, each in enumerate(series.times)
    ]  # fmt: skip
    context = {
        "series": series, "category": category, "times": times[::-1], "place": keep_numbers(series.anchor.place),
        "since": say_day(series.since.astimezone(LOCAL).date(), _today()),
        "may_open": bool(may_report(viewer, district_id=viewer.district_id)) and not series.has_root
        and len(times) >= series.rule.series_least,
        "text": _("Find and remove the cause: %(category)s came up %(n)d times at this place since %(day)s.")
        % {"category": category, "n": len(times),
           "day": say_day(series.since.astimezone(LOCAL).date(), _today())},
    }  # fmt: skip
    return render(request, "web/desk/recurring_one.html", context)


@require_POST
@staff_only
@tells_errors
def open_root(request: ViewerRequest, case_id: UUID) -> HttpResponse:
    """Open the one case of the cause."""
    text = request.POST.get("text", "").strip()
    opened = open_root_case(case_id=case_id, text=text, by=request.viewer, at=timezone.now())
    return HttpResponseRedirect(reverse("desk_case", args=[opened]))


@require_GET
@staff_only
@tells_errors
def show_ahead(request: ViewerRequest) -> HttpResponse:
    """List what the coming weeks are likely to bring."""
    viewer, at = request.viewer, timezone.now()
    may_somewhere(viewer, Verb.SEE_CASES).require()
    ahead, books = expect_ahead(viewer=viewer, at=at), current_rulebooks(viewer.district_id)
    chains = area_chains({row.area_path for row in ahead.rows}, at=at)
    lines = [
        {"row": row, "category": _category(books.categories, row.category), "why": _why(row),
         "area": "·".join(area.name for area in chains[row.area_path][1:]),
         "numbers": [_number(row, each, str(each.span.year)) for each in row.years]
         + [_number(row, row.now, _("lately")), _number(row, row.before, _("before that"))]}
        for row in ahead.rows
    ]  # fmt: skip
    context = {
        "lines": lines, "rule": ahead.rule, "may_open": bool(may_report(viewer, district_id=viewer.district_id)),
        "until": say_day(ahead.until.astimezone(LOCAL).date(), _today()),
    }  # fmt: skip
    return render(request, "web/desk/ahead.html", context)


@require_POST
@staff_only
@tells_errors
def open_ahead(request: ViewerRequest) -> HttpResponse:
    """Open a task in one tap; what it says is made of the numbers, which are counted anew."""
    viewer, at = request.viewer, timezone.now()
    wanted = (request.POST.get("category", "")[:40], request.POST.get("area", "")[:120])
    row = next(
        (row for row in expect_ahead(viewer=viewer, at=at).rows if (row.category, row.area_path) == wanted), None
    )
    if row is None:
        messages.error(request, _("That is not expected any more. Nothing was opened."))
        return HttpResponseRedirect(reverse("ahead"))
    category = _category(current_rulebooks(viewer.district_id).categories, row.category)
    text = _("Act before complaints: look after “%(category)s” here. %(why)s") % {
        "category": category,
        "why": _why(row),
    }
    opened = open_preventive_case(task=Prevention(row.category, row.area_path, text), by=viewer, at=at)
    return HttpResponseRedirect(reverse("desk_case", args=[opened]))


def _why(row: Expected) -> str:
    if row.why == SEASON:
        years = _("; ").join(
            _("%(year)d: %(n)d") % {"year": each.span.year, "n": each.count} for each in row.years if each.count
        )
        return _("The same weeks of earlier years brought: %(years)s.") % {"years": years}
    return _("It rises: %(now)d lately, %(before)d in as many weeks before.") % {
        "now": row.now.count, "before": row.before.count,
    }  # fmt: skip


def _number(row: Expected, seen: Seen, label: str) -> Number:
    return Number(label, seen.count, _list_url(row, seen.span) if seen.count else "")


def _list_url(row: Expected, span: Span) -> str:
    last = span.until.astimezone(LOCAL).date().toordinal() - 1
    asked = {
        "state": State.CLOSED.value, "category": row.category, "area": row.area_path,
        "since": span.since.astimezone(LOCAL).date().isoformat(),
        "until": span.until.astimezone(LOCAL).date().fromordinal(last).isoformat(),
    }  # fmt: skip
    return f"{reverse('desk_cases')}?{urlencode(asked)}"


def _gap(before: datetime, after: datetime) -> str:
    days = (after.astimezone(LOCAL).date() - before.astimezone(LOCAL).date()).days
    if not days:
        return _("on the same day as the time before")
    return ngettext("%(n)d day after the time before", "%(n)d days after the time before", days) % {"n": days}


def _category(categories: Mapping[str, Category], code: str) -> str:
    return categories[code].name if code in categories else code


def _today() -> date:
    return timezone.localdate()
