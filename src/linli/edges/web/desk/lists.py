"""The workbench: lists of cases beside the one that is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.calc.categories import Category
from linli.cases.queries.lists import list_cases
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import LIGHTS, SORTS, Asked, read_asked, usual_sort
from linli.edges.web.desk.lines import case_lines
from linli.edges.web.desk.telling import View, tells_errors
from linli.edges.words.cases import BOXES, STATES
from linli.edges.words.cases import LIGHTS as LIGHT_WORDS
from linli.edges.words.times import LOCAL
from linli.kernel.errors import InvalidInput
from linli.registry.people.choices import Reach, Verb
from linli.registry.people.rules import Viewer, may_somewhere
from linli.registry.territory.queries import area_chain, children_of

PAGE = 50
ROUTES = {
    "todo": "desk", "done": "desk_done", "mine": "desk_mine", "overdue": "desk_overdue", "open": "desk_open",
    "verify": "desk_verify", "unowned": "desk_queue", "": "desk_cases",
}  # fmt: skip
_SORT_WORDS = {
    "newest": gettext_lazy("Newest first"),
    "priority": gettext_lazy("Most pressing first"),
    "due": gettext_lazy("Due first"),
}
_EMPTY = {
    "todo": gettext_lazy("Nothing waits for you. What is given to you shows up here by itself."),
    "done": gettext_lazy("You have taken no step on a case yet."),
    "mine": gettext_lazy("You have written down no case yet."),
    "overdue": gettext_lazy("Nothing within your reach is overdue."),
    "open": gettext_lazy("There is no open case within your reach."),
    "verify": gettext_lazy("No case waits to be verified or closed."),
    "unowned": gettext_lazy("Every open case has a place that somebody owns and a post that somebody holds."),
    "": gettext_lazy("There is no case within your reach."),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that changes what a list shows."""

    code: str
    label: str
    url: str
    is_on: bool


def _page_of(box: str) -> View:
    @staff_only
    @tells_errors
    def show(request: ViewerRequest) -> HttpResponse:
        """Show one of the lists."""
        at = timezone.now()
        asked = read_asked(request.GET, box=box)
        return render(request, "web/desk/list.html", list_context(request, asked, at))

    return show


show_todo, show_done, show_mine = _page_of("todo"), _page_of("done"), _page_of("mine")
show_overdue, show_open, show_verify = _page_of("overdue"), _page_of("open"), _page_of("verify")
show_queue, show_all = _page_of("unowned"), _page_of("")


def list_context(request: ViewerRequest, asked: Asked, at: datetime) -> dict[str, object]:
    """Read a list and what stands around it.

    4 queries, however many rows: cases, names of areas, rulebooks, areas below.
    """
    viewer, cursor = request.viewer, request.GET.get("after", "")
    if asked.area and asked.area.split("/")[0] != viewer.district_id:
        raise InvalidInput("unknown_filter", field="area")
    page = list_cases(viewer=viewer, wanted=asked.wanted, at=at, cursor=cursor, limit=PAGE)
    categories = current_rulebooks(viewer.district_id).categories
    lines = case_lines(page.rows, categories={code: kind.name for code, kind in categories.items()}, at=at)
    base = reverse(ROUTES[asked.box])
    return {
        "box": asked.box,
        "heading": str(BOXES[asked.box]),
        "asked": asked,
        "lines": lines,
        "base": base,
        "is_first_page": not cursor,
        "more_url": _url(base, asked, after=page.next_cursor) if page.next_cursor else "",
        "here": request.get_full_path(),
        "views": _views(base, asked),
        "lights": _lights(base, asked),
        "states": _states(base, asked),
        "sorts": _sorts(base, asked),
        "categories": _categories(base, asked, categories),
        "areas": _areas(base, asked, viewer, at),
        "sort_label": _SORT_WORDS[asked.sort],
        "is_category_on": bool(asked.category),
        "clear_url": base,
        "empty_words": _EMPTY[asked.box],
        "area_label": _area_label(asked, at),
        "without_q_url": _url(base, asked, q=""),
        "without_area_url": _url(base, asked, area=""),
        "category_label": categories[asked.category].name if asked.category in categories else asked.category,
        "export_url": f"{reverse('register', args=['cases'])}?{_register_query(asked)}",
        "may_report": bool(may_somewhere(viewer, Verb.REPORT)),
        "may_export": bool(may_somewhere(viewer, Verb.EXPORT)),
        "may_batch": _may_batch(viewer),
        "has_batch": any(_may_batch(viewer).values()) and bool(lines),
    }


def top_area(viewer: Viewer) -> str:
    """Tell the highest area of a viewer's posts; the district where a post reaches by organisation."""
    if any(post.reach == Reach.ORGANISATION for post in viewer.posts):
        return viewer.district_id
    return min((post.area_path for post in viewer.posts), key=len, default=viewer.district_id)


def _may_batch(viewer: Viewer) -> dict[str, bool]:
    return {
        "accept": bool(may_somewhere(viewer, Verb.WORK_CASES)), "dispatch": bool(may_somewhere(viewer, Verb.DISPATCH)),
        "close": bool(may_somewhere(viewer, Verb.CLOSE)),
    }  # fmt: skip


def _register_query(asked: Asked) -> str:
    box = f"box={asked.box}&" if asked.box else ""
    return box + asked.query(sort="")


def _url(base: str, asked: Asked, **changed: str | tuple[str, ...]) -> str:
    query = asked.query(**changed)
    return f"{base}?{query}" if query else base


def _views(base: str, asked: Asked) -> list[Choice]:
    """List the views as tabs: all, and the ones people look for first."""
    views = [("", _("All"), {"light": "", "sort": ""}), ("late", _("Overdue"), {"light": "late", "sort": "due"}),
             ("warn", _("Due soon"), {"light": "warn", "sort": "due"}),
             ("newest", _("Newest"), {"light": "", "sort": "newest"}) if asked.box == "todo"
             else ("priority", _("Most pressing"), {"light": "", "sort": "priority"}),
             ("hold", _("On hold"), {"light": "hold", "sort": ""})]  # fmt: skip
    if asked.box in {"overdue", "verify"}:
        views = [view for view in views if view[0] in {"", "priority"}]
    sort = "" if asked.sort == usual_sort(asked.box) else asked.sort
    return [
        Choice(code, label, _url(base, asked, **change), (asked.light, sort) == (change["light"], change["sort"]))
        for code, label, change in views
    ]  # fmt: skip


def _lights(base: str, asked: Asked) -> list[Choice]:
    return [
        Choice(code, str(LIGHT_WORDS[code]), _url(base, asked, light="" if asked.light == code else code),
               asked.light == code)
        for code in LIGHTS
    ]  # fmt: skip


def _states(base: str, asked: Asked) -> list[Choice]:
    def flipped(code: str) -> tuple[str, ...]:
        without = tuple(state for state in asked.states if state != code)
        return without if code in asked.states else (*without, code)

    return [
        Choice(code, str(words), _url(base, asked, state=flipped(code)), code in asked.states)
        for code, words in STATES.items()
    ]


def _sorts(base: str, asked: Asked) -> list[Choice]:
    return [Choice(code, str(_SORT_WORDS[code]), _url(base, asked, sort=code), asked.sort == code) for code in SORTS]


def _categories(base: str, asked: Asked, categories: Mapping[str, Category]) -> list[Choice]:
    return [
        Choice(code, kind.name, _url(base, asked, category="" if asked.category == code else code),
               asked.category == code)
        for code, kind in categories.items()
    ]  # fmt: skip


def _area_label(asked: Asked, at: datetime) -> str:
    chain = area_chain(asked.area, at=at) if asked.area else ()
    return chain[-1].name if chain else asked.area


def _areas(base: str, asked: Asked, viewer: Viewer, at: datetime) -> list[Choice]:
    """List the areas right below the one asked for, or below the viewer's own. 1 query."""
    path = asked.area or top_area(viewer)
    return [
        Choice(area.path, area.name, _url(base, asked, area=area.path), is_on=False)
        for area in children_of(path, on=at.astimezone(LOCAL).date())
    ]
