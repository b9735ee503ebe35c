"""The workbench: lists of cases beside the one that is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from linli.cases.actions.views import LONGEST_NAME
from linli.cases.calc.categories import Category
from linli.cases.queries.lists import list_cases
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import LIGHTS, ROUTES, SORTS, Asked, read_asked, usual_sort
from linli.edges.web.desk.lines import case_lines
from linli.edges.web.desk.menu import first_page
from linli.edges.web.desk.tabs import SORT_WORDS, tabs_of
from linli.edges.web.desk.telling import View, tells_errors
from linli.edges.words.cases import BOXES, STATES
from linli.edges.words.cases import LIGHTS as LIGHT_WORDS
from linli.edges.words.times import LOCAL, say_day
from linli.kernel.errors import InvalidInput
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may_somewhere
from linli.registry.territory.queries import area_chain, children_of

PAGE = 50
_EMPTY = {
    "todo": gettext_lazy("Nothing waits for you. What is given to you shows up here by itself."),
    "done": gettext_lazy("You have taken no step on a case yet."),
    "mine": gettext_lazy("You have written down no case yet."),
    "overdue": gettext_lazy("Nothing within your reach is overdue."),
    "open": gettext_lazy("There is no open case within your reach."),
    "verify": gettext_lazy("No case waits to be verified or closed."),
    "unowned": gettext_lazy("Every open case has a place that somebody owns and a post that somebody holds."),
    "escalated": gettext_lazy("No open case was named to you because it was not done in time."),
    "called": gettext_lazy("Nobody has whistled for your office. Who does shows up here."),
    "disputed": gettext_lazy("No dispute waits for you to decide it."),
    "held": gettext_lazy("No case within your reach is on hold."),
    "": gettext_lazy("There is no case within your reach."),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that changes what a list shows."""

    code: str
    label: str
    url: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter over the list, always in its place. without_url: takes it away, "" where it is not set."""

    code: str
    label: str
    without_url: str
    choices: tuple[Choice, ...] = ()


def _page_of(box: str) -> View:
    @staff_only
    @tells_errors
    def show(request: ViewerRequest) -> HttpResponse:
        """Show one of the lists; who has no cases at all begins elsewhere."""
        if box == "todo" and (start := first_page(request.viewer)) != "desk":
            return HttpResponseRedirect(reverse(start))
        at = timezone.now()
        asked = read_asked(request.GET, box=box)
        return render(request, "web/desk/list.html", list_context(request, asked, at))

    return show


show_todo, show_done, show_mine = _page_of("todo"), _page_of("done"), _page_of("mine")
show_overdue, show_open, show_verify = _page_of("overdue"), _page_of("open"), _page_of("verify")
show_called, show_disputed = _page_of("called"), _page_of("disputed")
show_queue, show_escalated, show_all = _page_of("unowned"), _page_of("escalated"), _page_of("")
show_held = _page_of("held")


def list_context(request: ViewerRequest, asked: Asked, at: datetime) -> dict[str, object]:
    """Read a list and what stands around it.

    6 queries, however many rows and tabs: cases, names of areas, rulebooks, areas below, views, counts.
    """
    viewer, cursor = request.viewer, request.GET.get("after", "")
    if asked.area and asked.area.split("/")[0] != viewer.district_id:
        raise InvalidInput("unknown_filter", field="area")
    page = list_cases(viewer=viewer, wanted=asked.wanted, at=at, cursor=cursor, limit=PAGE)
    categories = current_rulebooks(viewer.district_id).categories
    lines = case_lines(page.rows, categories={code: kind.name for code, kind in categories.items()}, at=at)
    may_batch = _may_batch(viewer)
    return {
        "heading": str(BOXES[asked.box]),
        "asked": asked,
        "query": asked.query(),
        "lines": lines,
        "base": reverse(ROUTES[asked.box]),
        "is_first_page": not cursor,
        "more_url": asked.url(after=page.next_cursor) if page.next_cursor else "",
        "here": asked.url(after=cursor),
        "tabs": tabs_of(viewer, asked, at),
        "chips": [chip for chip in _chips(asked, viewer, categories, at) if chip.without_url or chip.choices],
        "sorts": _sorts(asked),
        "sort_label": SORT_WORDS[asked.sort],
        "clear_url": reverse(ROUTES[asked.box]),
        "empty_words": _EMPTY[asked.box],
        "export_url": f"{reverse('register', args=['cases'])}?{_register_query(asked)}",
        "may_report": bool(may_somewhere(viewer, Verb.REPORT)),
        "may_export": bool(may_somewhere(viewer, Verb.EXPORT)),
        "may_batch": may_batch,
        "has_batch": any(may_batch.values()) and bool(lines),
        "longest_name": LONGEST_NAME,
        "view_name": "",
        "view_error": "",
    }


def top_area(viewer: Viewer) -> str:
    """Tell the highest area of a viewer's posts; the district where a post reaches by organisation."""
    if any(post.organisation_ids for post in viewer.posts):
        return viewer.district_id
    return min((post.area_path for post in viewer.posts), key=len, default=viewer.district_id)


def _may_batch(viewer: Viewer) -> dict[str, bool]:
    may_work, may_dispatch = may_somewhere(viewer, Verb.WORK_CASES), may_somewhere(viewer, Verb.DISPATCH)
    return {
        "accept": bool(may_work), "dispatch": bool(may_dispatch), "suspend": bool(may_work or may_dispatch),
        "close": bool(may_somewhere(viewer, Verb.CLOSE)), "export": bool(may_somewhere(viewer, Verb.EXPORT)),
    }  # fmt: skip


def _register_query(asked: Asked) -> str:
    box = f"box={asked.box}&" if asked.box else ""
    return box + asked.query(sort="")


def _chips(asked: Asked, viewer: Viewer, categories: Mapping[str, Category], at: datetime) -> list[Chip]:
    """List the filters in their order, those that are set and those that can be. At most 2 queries: names of areas."""
    return [
        Chip("q", _("“%(words)s”") % {"words": asked.q}, asked.url(q="") if asked.q else ""),
        Chip("returned", _("Sent back"), asked.url(returned="", returned_by="", returned_for="")
             if asked.returned or asked.returned_by or asked.returned_for else ""),
        Chip("days", _say_days(asked, at), asked.url(since="", until="") if asked.since or asked.until else ""),
        Chip("area", _area_label(asked, at), asked.url(area="") if asked.area else "", _areas(asked, viewer, at)),
        Chip("category", _category_label(asked, categories), asked.url(category="") if asked.category else "",
             _categories(asked, categories)),
        Chip("state", _state_label(asked), asked.url(state=()) if asked.states else "", _states(asked)),
        Chip("light", str(LIGHT_WORDS[asked.light]) if asked.light else _("Lights"),
             asked.url(light="") if asked.light else "", _lights(asked)),
    ]  # fmt: skip


def _say_days(asked: Asked, at: datetime) -> str:
    today = at.astimezone(LOCAL).date()
    since, until = (say_day(day, today) if day else "" for day in (asked.since, asked.until))
    return f"{since} – {until}".strip()


def _category_label(asked: Asked, categories: Mapping[str, Category]) -> str:
    if not asked.category:
        return _("Category")
    return categories[asked.category].name if asked.category in categories else asked.category


def _state_label(asked: Asked) -> str:
    match asked.states:
        case ():
            return _("Stage")
        case (only,):
            return str(STATES[only])
        case several:
            return ngettext("%(n)d stage", "%(n)d stages", len(several)) % {"n": len(several)}


def _lights(asked: Asked) -> tuple[Choice, ...]:
    return tuple(
        Choice(code, str(LIGHT_WORDS[code]), asked.url(light="" if asked.light == code else code), asked.light == code)
        for code in LIGHTS
    )


def _states(asked: Asked) -> tuple[Choice, ...]:
    def flipped(code: str) -> tuple[str, ...]:
        without = tuple(state for state in asked.states if state != code)
        return without if code in asked.states else (*without, code)

    return tuple(
        Choice(code, str(words), asked.url(state=flipped(code)), code in asked.states)
        for code, words in STATES.items()
    )  # fmt: skip


def _sorts(asked: Asked) -> list[Choice]:
    return [
        Choice(code, str(SORT_WORDS[code]), asked.url(sort="" if code == usual_sort(asked.box) else code),
               asked.sort == code)
        for code in SORTS
    ]  # fmt: skip


def _categories(asked: Asked, categories: Mapping[str, Category]) -> tuple[Choice, ...]:
    return tuple(
        Choice(code, kind.name, asked.url(category="" if asked.category == code else code), asked.category == code)
        for code, kind in categories.items()
    )


def _area_label(asked: Asked, at: datetime) -> str:
    chain = area_chain(asked.area, at=at) if asked.area else ()
    return chain[-1].name if chain else asked.area or _("Place")


def _areas(asked: Asked, viewer: Viewer, at: datetime) -> tuple[Choice, ...]:
    """List the areas right below the one asked for, or below the viewer's own. 1 query."""
    path = asked.area or top_area(viewer)
    return tuple(
        Choice(area.path, area.name, asked.url(area=area.path), is_on=False)
        for area in children_of(path, on=at.astimezone(LOCAL).date())
    )
