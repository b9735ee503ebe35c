"""What every page's frame shows: whose it is, how it looks, and that it is a demo."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.cases.queries.lists import inbox_counts
from linli.edges.web.desk.menu import MenuGroup, desk_menu
from linli.ledger.audit.queries import list_alarms
from linli.registry.people.rules import NOBODY, Viewer, may_see_alarms
from linli.registry.territory.queries.districts import district_name, served_names

_RECENT = timedelta(days=1)
THEMES = ("light", "dark", "auto")
MODES = ("standard", "elder")


@dataclass(frozen=True, slots=True)
class FrameViewer:
    """Who is signed in, as the bar names them. stands_in: for whom, in words."""

    name: str
    post_name: str
    organisation_name: str
    initial: str
    stands_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page."""

    is_demo: bool
    theme: str
    mode: str
    language: str
    is_menu_folded: bool
    viewer: FrameViewer | None
    district_name: str
    menu: tuple[MenuGroup, ...]


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Give the frame: two queries for staff (counters, name of the district), one for residents, none for parts.

    Two more for who sees alarms.
    """
    viewer: Viewer = getattr(request, "viewer", NOBODY)
    is_page = not request.headers.get("HX-Request")
    is_desk = viewer.is_known and is_page
    return {
        "frame": Frame(
            is_demo=settings.IS_DEMO,
            theme=_chosen(request, "linli_theme", THEMES, "auto"),
            mode=_chosen(request, "linli_mode", MODES, "standard"),
            language=getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
            is_menu_folded=request.COOKIES.get("linli_menu") == "folded",
            viewer=_frame_viewer(viewer) if viewer.is_known else None,
            district_name=_district_name(viewer) if is_page else "",
            menu=_menu(viewer, request.path) if is_desk else (),
        )
    }


def _menu(viewer: Viewer, path: str) -> tuple[MenuGroup, ...]:
    at = timezone.now()
    alarms = list_alarms(district_id=viewer.district_id, since=at - _RECENT) if may_see_alarms(viewer) else ()
    return tuple(desk_menu(viewer, inbox_counts(viewer=viewer, at=at), path, alarms=len(alarms)))


def _district_name(viewer: Viewer) -> str:
    """Name the viewer's district, or the only one that residents can mean."""
    if viewer.is_known:
        return district_name(viewer.district_id)
    names = served_names()
    return names[0] if len(names) == 1 else ""


def _frame_viewer(viewer: Viewer) -> FrameViewer:
    post = viewer.posts[0]
    lent = dict.fromkeys(
        _("Stands in for %(name)s, %(role)s") % {"name": each.holder_name, "role": each.role_name}
        for each in viewer.posts if each.is_deputised
    )  # fmt: skip
    return FrameViewer(viewer.name, post.role_name, post.organisation_name, post.role_name[:1], tuple(lent))


def _chosen(request: HttpRequest, cookie: str, known: tuple[str, ...], usual: str) -> str:
    given = request.COOKIES.get(cookie, usual)
    return given if given in known else usual
