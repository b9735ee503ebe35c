"""Views that a person keeps: one more from the filters of a list; renamed, moved and deleted on a page of their own."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.cases.actions.views import LONGEST_NAME, delete_view, keep_view, move_view, rename_view
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.queries.views import KeptView, list_views
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import ROUTES, read_asked
from linli.edges.web.desk.lists import list_context
from linli.edges.web.desk.tabs import asked_of, say_filters
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.cases import BOXES
from linli.edges.words.errors import say_error
from linli.kernel.errors import InvalidInput, LinliError
from linli.registry.people.rules import Viewer
from linli.registry.territory.queries import area_chains


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A view on the page of views. typed: what was sent as its new name; error: why that could not be."""

    id: UUID
    name: str
    url: str
    filters: str
    typed: str
    error: str


@dataclass(frozen=True, slots=True)
class ViewGroup:
    """The views over one list."""

    title: str
    lines: tuple[ViewLine, ...]


@require_GET
@staff_only
@tells_errors
def show_views(request: ViewerRequest) -> HttpResponse:
    """Show the views that the person keeps."""
    return _page(request)


@require_POST
@staff_only
@tells_errors
def keep(request: ViewerRequest) -> HttpResponse:
    """Keep the filters of a list as a tab; where that can't be, show the list with what was typed still there."""
    at, box, name = timezone.now(), request.POST.get("box", ""), request.POST.get("name", "")
    if box not in ROUTES:
        raise InvalidInput("unknown_box", field="box")
    asked = read_asked(QueryDict(request.POST.get("query", "")), box=box)
    try:
        keep_view(name=name, wanted=asked.wanted, by=request.viewer, at=at)
    except LinliError as error:
        told = {"view_name": name, "view_error": say_error(error)}
        return render(request, "web/desk/list.html", list_context(request, asked, at) | told, status=status_of(error))
    return HttpResponseRedirect(asked.url())


@require_POST
@staff_only
@tells_errors
def change(request: ViewerRequest, view_id: UUID) -> HttpResponse:
    """Rename, move or delete a view."""
    match request.POST.get("do", ""):
        case "rename":
            return _rename(request, view_id)
        case "left" | "right" as side:
            move_view(view_id=view_id, is_left=side == "left", by=request.viewer)
        case "delete":
            delete_view(view_id=view_id, by=request.viewer)
            messages.success(request, _("Deleted. The cases are untouched."))
        case _:
            raise InvalidInput("no_such_step", field="do")
    return HttpResponseRedirect(reverse("desk_views"))


def _rename(request: ViewerRequest, view_id: UUID) -> HttpResponse:
    name = request.POST.get("name", "")
    try:
        rename_view(view_id=view_id, name=name, by=request.viewer)
    except InvalidInput as error:
        return _page(request, wrong=(view_id, name, error))
    return HttpResponseRedirect(reverse("desk_views"))


def _page(request: ViewerRequest, wrong: tuple[UUID, str, LinliError] | None = None) -> HttpResponse:
    status = status_of(wrong[2]) if wrong else 200
    groups = _groups(request.viewer, list_views(viewer=request.viewer), wrong)
    return render(request, "web/desk/views.html", {"groups": groups, "longest_name": LONGEST_NAME}, status=status)


def _groups(viewer: Viewer, views: list[KeptView], wrong: tuple[UUID, str, LinliError] | None) -> list[ViewGroup]:
    """Put views into words, list by list. 1 query for the names of areas."""
    chains = area_chains({view.wanted.area_path for view in views if view.wanted.area_path}, at=timezone.now())
    names = {path: chain[-1].name for path, chain in chains.items() if chain}
    categories = {code: kind.name for code, kind in current_rulebooks(viewer.district_id).categories.items()}
    found: dict[str, list[ViewLine]] = {}
    for view in views:
        asked, is_wrong = asked_of(view.wanted), wrong is not None and wrong[0] == view.id
        found.setdefault(view.wanted.box, []).append(
            ViewLine(
                view.id, view.name, asked.url(), say_filters(asked, areas=names, categories=categories),
                typed=wrong[1] if wrong and is_wrong else view.name,
                error=say_error(wrong[2]) if wrong and is_wrong else "",
            )
        )  # fmt: skip
    return [ViewGroup(str(BOXES[box]), tuple(lines)) for box, lines in found.items()]
