"""Who is responsible where: an area with its posts and those below, and how it was on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_day
from linli.edges.web.desk.lists import top_area
from linli.edges.web.desk.telling import tells_errors
from linli.edges.web.people.lists import PostLine, post_line
from linli.edges.web.people.tabs import people_tabs
from linli.edges.words.times import say_day
from linli.registry.people.queries.chart import AreaPosts, get_area_history, get_chart
from linli.registry.people.queries.managing import PostRow
from linli.registry.territory.queries import area_chain


@dataclass(frozen=True, slots=True)
class Held:
    """A post on the chart: role, who holds it, who stands in."""

    role: str
    name: str
    organisation: str
    note: str


@dataclass(frozen=True, slots=True)
class Box:
    """An area on the chart, in words."""

    name: str
    url: str
    history_url: str
    posts: tuple[Held, ...]
    vacant: tuple[str, ...]


@require_GET
@staff_only
@tells_errors
def show_chart(request: ViewerRequest) -> HttpResponse:
    """Show who holds which post in an area and right below it today."""
    at = timezone.now()
    today = timezone.localdate(at)
    code = request.GET.get("area", "")[:20] or top_area(request.viewer).rsplit("/", 1)[-1]
    chart = get_chart(viewer=request.viewer, area_code=code, on=today)
    chain = area_chain(chart.top.area.path, at=at)
    context = {
        "top": _box(chart.top, today), "below": [_box(row, today) for row in chart.below],
        "above": [(area.name, f"?area={area.code}") for area in chain[:-1]],
        "vacancies": sum(len(row.vacant) for row in (chart.top, *chart.below)), "tab": "chart",
        "people_tabs": people_tabs(request.viewer),
    }  # fmt: skip
    return render(request, "web/people/chart.html", context)


@require_GET
@staff_only
@tells_errors
def show_history(request: ViewerRequest, code: str) -> HttpResponse:
    """Show who was responsible for an area on a day, and everybody who ever was."""
    today = timezone.localdate()
    on = read_day(request.GET.get("on", "")) or today
    history = get_area_history(viewer=request.viewer, area_code=code, on=on)
    context = {
        "area": history.area, "box": _box(history.on_day, on), "on": on, "day": say_day(on, today),
        "lines": _lines(history.all_posts, today), "tab": "chart",
    }  # fmt: skip
    return render(request, "web/people/history.html", context)


def _lines(rows: Iterable[PostRow], today: date) -> list[tuple[str, PostLine]]:
    return [(row.person_name, post_line(row, today)) for row in rows]


def _box(row: AreaPosts, on: date) -> Box:
    return Box(
        row.area.name, f"{reverse('chart')}?area={row.area.code}", reverse("area_history", args=[row.area.code]),
        tuple(_held(post, on) for post in row.posts), row.vacant,
    )  # fmt: skip


def _held(row: PostRow, on: date) -> Held:
    absence = row.absence(on)
    note = _("%(name)s stands in") % {"name": absence.deputy_name} if absence else ""
    return Held(row.role_name, row.person_name, row.organisation_name, note)
