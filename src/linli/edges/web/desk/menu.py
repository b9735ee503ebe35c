"""The menu on the left: what this person's posts have pages for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases.queries.lists import InboxCounts
from linli.oversight.privacy.rules import may_answer_somewhere, may_publish_consent
from linli.oversight.reviews.rules import may_see_reviews
from linli.programmes.visits.rules import may_see_visits, seen_areas
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may_edit_areas, may_read_audit, may_see_alarms, own_grids
from linli.registry.sheets.rules import kinds_for

_RULES = (Verb.EDIT_RULEBOOKS, Verb.DISPATCH, Verb.OVERRIDE_PRIORITY)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of the menu. count_topic: what keeps the number up to date by itself, "" if nothing does."""

    url: str
    label: str
    icon: str
    is_current: bool
    count: int | None = None
    count_topic: str = ""


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Lines that belong together."""

    title: str
    items: tuple[MenuItem, ...]


def desk_menu(viewer: Viewer, counts: InboxCounts, path: str, *, alarms: int = 0) -> list[MenuGroup]:
    """List the pages that the viewer's posts have a use for; a group without any is left out. No query.

    alarms: of the last day, for who may see them.
    """
    groups = (
        MenuGroup(_("Mine"), tuple(_mine(viewer, counts, path))),
        MenuGroup(_("Work"), tuple(_work(viewer, counts, path))),
        MenuGroup(_("Figures"), tuple(_figures(viewer, path))),
        MenuGroup(_("People"), tuple(_people(viewer, path, alarms))),
        MenuGroup(_("Rules"), tuple(_rules(viewer, path))),
    )
    return [group for group in groups if group.items]


def first_page(viewer: Viewer) -> str:
    """Name the page a day begins with: the work to be done, and for who has none of it, what their post is for."""
    if has_any(viewer, (Verb.SEE_CASES, Verb.WORK_CASES)):
        return "desk"
    if may_read_audit(viewer):
        return "audit"
    if has_any(viewer, (Verb.MANAGE_POSTS, Verb.MANAGE_LOGINS)):
        return "people"
    if has_any(viewer, (Verb.REPORT,)):
        return "phone"
    return "reviews" if may_see_reviews(viewer, district_id=viewer.district_id) else "desk"


def has_any(viewer: Viewer, verbs: Iterable[Verb]) -> bool:
    """Whether one of the viewer's posts allows one of the verbs somewhere."""
    return any(viewer.posts_with(verb) for verb in verbs)


def may_read_rules(viewer: Viewer) -> bool:
    """Whether the viewer's posts have a use for the rulebooks."""
    return has_any(viewer, _RULES)


def _mine(viewer: Viewer, counts: InboxCounts, path: str) -> Iterable[MenuItem]:
    if own_grids(viewer):
        yield _item("phone", _("On the phone"), "phone", path)
    if has_any(viewer, (Verb.SEE_CASES, Verb.WORK_CASES)):
        yield _item("desk", _("To do"), "inbox", path, counts.todo, "todo")
        yield _item("desk_done", _("Done by me"), "done", path)
        yield _item("desk_mine", _("Started by me"), "person", path)
        yield _item("desk_overdue", _("Overdue"), "clock", path, counts.overdue, "overdue")
    if has_any(viewer, (Verb.WORK_CASES,)):
        yield _item("desk_called", _("Called to me"), "whistle", path)
    yield _item("my_notices", _("My notices"), "bell", path)


def _work(viewer: Viewer, counts: InboxCounts, path: str) -> Iterable[MenuItem]:
    if has_any(viewer, (Verb.SEE_CASES,)):
        yield _item("desk_open", _("Cases"), "case", path, counts.open, "open")
    if has_any(viewer, (Verb.CALL_BACK, Verb.CLOSE)):
        yield _item("desk_verify", _("To be verified"), "phone", path)
    if has_any(viewer, (Verb.DISPATCH,)):
        yield _item("desk_queue", _("Nobody owns it"), "alert", path)
        yield _item("desk_disputes", _("Disputes to decide"), "agreement", path)
    if has_any(viewer, (Verb.SEE_COCKPIT,)):
        yield _item("desk_escalated", _("Named to me"), "flag", path)
    if has_any(viewer, (Verb.SEE_CASES,)):
        yield _item("desk_held", _("On hold"), "pause", path)
        yield _item("supervisions", _("Time and supervision"), "watch", path)
    if seen_areas(viewer) and may_see_visits(viewer):
        yield _item("visits", _("Three visits"), "visit", path)
    if may_answer_somewhere(viewer):
        yield _item("data_requests", _("Requests about data"), "shield", path)
    if has_any(viewer, (Verb.REPORT,)):
        yield _item("desk_case_new", _("Write down a case"), "plus", path)


def _figures(viewer: Viewer, path: str) -> Iterable[MenuItem]:
    if has_any(viewer, (Verb.SEE_COCKPIT,)):
        rates = _item("rates", _("Three rates"), "star", path)
        rates = replace(rates, is_current=rates.is_current or path.startswith((reverse("due"), reverse("watched"))))
        cockpit = _item("cockpit", _("Cockpit"), "chart", path)
        yield replace(cockpit, is_current=cockpit.is_current and not rates.is_current)
        yield rates
    if may_see_reviews(viewer, district_id=viewer.district_id):
        yield _item("reviews", _("Monthly review"), "council", path)
    if has_any(viewer, (Verb.SEE_CASES,)):
        yield _item("map", _("One map"), "map", path)
        item = _item("recurring", _("What comes back"), "calendar", path)
        yield replace(item, is_current=item.is_current or path.startswith(reverse("ahead")))
        yield _item("registers", _("Registers"), "register", path)
        yield _item("desk_returns", _("Sent back"), "return", path)
        yield _item("whistles", _("Whistles and who came"), "whistle", path)


def _people(viewer: Viewer, path: str, alarms: int) -> Iterable[MenuItem]:
    if has_any(viewer, (Verb.MANAGE_POSTS, Verb.MANAGE_LOGINS)):
        yield _item("people", _("People and posts"), "people", path)
    else:
        item = _item("chart", _("Who is responsible"), "people", path)
        yield replace(item, is_current=item.is_current or path.startswith(reverse("coverage")))
    if may_see_alarms(viewer):
        yield _item("alarms", _("Alarms"), "alert", path, alarms)
    if may_read_audit(viewer):
        yield _item("audit", _("Audit log"), "shield", path)
        yield _item("retention", _("Keeping times"), "clock", path)


def _rules(viewer: Viewer, path: str) -> Iterable[MenuItem]:
    if may_read_rules(viewer):
        yield _item("rules", _("Rulebooks"), "settings", path)
    if may_edit_areas(viewer):
        yield _item("areas", _("Areas"), "map", path)
    if may_publish_consent(viewer):
        yield _item("consent_edit", _("Consent text"), "agreement", path)
    if kinds_for(viewer):
        yield _item("registry", _("Registry"), "import", path)
    if has_any(viewer, (Verb.EDIT_CALENDAR,)):
        yield _item("calendar", _("Working calendar"), "calendar", path)
    if has_any(viewer, (Verb.RUN_JOBS,)):
        yield _item("jobs", _("Jobs and deliveries"), "send", path)
        yield _item("ways_out", _("Notices outside"), "bell", path)


def _item(name: str, label: str, icon: str, path: str, count: int | None = None, topic: str = "") -> MenuItem:
    url = reverse(name)
    # The workbench itself begins every other address of the desk, so only it is compared whole.
    is_current = path == url if name in {"desk", "desk_case_new"} else path.startswith(url)
    if name == "registry":
        is_current = is_current and not path.startswith(reverse("areas"))
    return MenuItem(url, label, icon, is_current, count, topic)
