"""Tabs over a list: the views that everybody has, then those that this person keeps, each with how many it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.queries.lists import MOST_COUNTED, CaseFilter, count_each
from linli.cases.queries.views import MOST_VIEWS, list_views
from linli.edges.web.desk.asking import Asked, usual_sort
from linli.edges.words.cases import LIGHTS, STATES
from linli.registry.people.rules import Viewer

SORT_WORDS = {
    "newest": gettext_lazy("Newest first"),
    "priority": gettext_lazy("Most pressing first"),
    "due": gettext_lazy("Due first"),
    "review": gettext_lazy("Looked at again first"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A view over a list. count: "999+" where there are more."""

    label: str
    url: str
    is_on: bool
    count: str


@dataclass(frozen=True, slots=True)
class Tabs:
    """The tabs of a list. has_own: whether the viewer keeps any; is_full: whether no more may be kept."""

    shown: tuple[Tab, ...]
    has_own: bool
    is_full: bool

    @property
    def is_new(self) -> bool:
        """Whether what is shown now is none of the tabs, so that it could become one."""
        return not any(tab.is_on for tab in self.shown)

    @property
    def counts(self) -> str:
        """Give the counts in a row, for the page to write into tabs that stand already."""
        return " ".join(tab.count for tab in self.shown)


def tabs_of(viewer: Viewer, asked: Asked, at: datetime) -> Tabs:
    """List the tabs of a list. 2 queries, however many: the person's views, and all counts together."""
    kept = list_views(viewer=viewer)
    views = _built_in(asked.box) + [
        (view.name, asked_of(view.wanted)) for view in kept if view.wanted.box == asked.box
    ]  # fmt: skip
    counts = count_each(viewer=viewer, wanted=[view.wanted for _name, view in views], at=at)
    return Tabs(_shown(views, counts, asked), bool(kept), len(kept) >= MOST_VIEWS)


def asked_of(wanted: CaseFilter) -> Asked:
    """Spell a saved view's filters as an address does."""
    return Asked(
        box=wanted.box, states=wanted.states, category=wanted.category, area=wanted.area_path, light=wanted.light,
        q=wanted.q, sort=wanted.sort,
    )  # fmt: skip


def say_filters(asked: Asked, *, areas: Mapping[str, str], categories: Mapping[str, str]) -> str:
    """Name what a view asks for: 西边社区·供水·超期. areas, categories: names by path and by code."""
    said = [
        f"“{asked.q}”" if asked.q else "",
        areas.get(asked.area, asked.area),
        categories.get(asked.category, asked.category),
        *(str(STATES.get(state, state)) for state in asked.states),
        str(LIGHTS[asked.light]) if asked.light else "",
        str(SORT_WORDS[asked.sort]) if asked.sort != usual_sort(asked.box) else "",
    ]
    return " · ".join(words for words in said if words)


def _shown(views: Sequence[tuple[str, Asked]], counts: Sequence[int], asked: Asked) -> tuple[Tab, ...]:
    now = replace(asked, states=tuple(sorted(asked.states)))
    return tuple(
        Tab(name, view.url(), now == replace(view, states=tuple(sorted(view.states))), _say_count(count))
        for (name, view), count in zip(views, counts, strict=True)
    )  # fmt: skip


def _say_count(count: int) -> str:
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)


def _built_in(box: str) -> list[tuple[str, Asked]]:
    """List the views that everybody has over a list: all, and the ones people look for first."""
    every, usual = Asked(box=box, sort=usual_sort(box)), usual_sort(box)
    other = (_("Newest"), replace(every, sort="newest")) if usual == "priority" else (
        _("Most pressing"), replace(every, sort="priority"))  # fmt: skip
    if box in {"overdue", "verify", "held"}:
        return [(_("All"), every), other]
    return [
        (_("All"), every),
        (str(LIGHTS["late"]).capitalize(), replace(every, light="late", sort="due")),
        (str(LIGHTS["warn"]).capitalize(), replace(every, light="warn", sort="due")),
        other,
        (_("On hold"), replace(every, light="hold")),
    ]
