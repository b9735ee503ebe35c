"""Writing down a case for somebody on the telephone or at the counter."""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.cases.actions.opening import Caller, Contact, Point, Report, open_case
from linli.cases.calc.categories import suggest
from linli.cases.choices import Source
from linli.cases.queries.public import code_of
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.callers import caller_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_uuids
from linli.edges.web.desk.lists import top_area
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.errors import say_error
from linli.kernel.errors import LinliError
from linli.kernel.ids import new_id
from linli.registry.people.choices import Verb
from linli.registry.people.rules import may_somewhere
from linli.registry.territory.queries import AreaRow, list_areas
from linli.support.files.actions import store_file

_LEVELS = ("subdistrict", "community", "grid")
_FIELDS = ("text", "category", "area", "address", "name", "phone", "lng", "lat", "crs")


@dataclass(frozen=True, slots=True)
class Street:
    """A subdistrict with the communities and grids to choose from, each (code, name, depth below it)."""

    name: str
    areas: tuple[tuple[str, str], ...]


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def new_case(request: ViewerRequest) -> HttpResponse:
    """Show the form; sent, open the case and go to its page. Sent twice it is opened once."""
    may_somewhere(request.viewer, Verb.REPORT).require()
    if request.method == "GET":
        return _form(request, request.GET, key=str(new_id()), file_ids=())
    at = timezone.now()
    file_ids = read_uuids(request.POST.getlist("file_ids"))
    try:
        file_ids += tuple(
            store_file(district_id=request.viewer.district_id, file=photo.file, claimed_name=photo.name or "",
                       by=caller_of(request, ""), at=at).id
            for photo in request.FILES.getlist("photos") if photo.file is not None
        )  # fmt: skip
        opened = open_case(report=_report(request.POST, file_ids), by=_caller(request), at=at)
    except LinliError as error:
        key = request.POST.get("key", "")
        return _form(request, request.POST, key=key, file_ids=file_ids, error=error)
    messages.success(
        request, _("Written down. The code to follow it by is %(code)s.") % {"code": code_of(opened.case_id)}
    )
    return HttpResponseRedirect(reverse("desk_case", args=[opened.case_id]))


def _report(sent: QueryDict, file_ids: tuple[UUID, ...]) -> Report:
    return Report(
        text=sent.get("text", ""), category=sent.get("category", ""), point=_point(sent),
        address=sent.get("address", ""), area_code=sent.get("area", ""),
        contact=Contact(name=sent.get("name", "").strip(), phone=sent.get("phone", "").strip()), file_ids=file_ids,
    )  # fmt: skip


def _point(sent: QueryDict) -> Point | None:
    """Read the pin; an area that was chosen by hand goes before it."""
    if sent.get("area"):
        return None
    try:
        return Point(float(sent.get("lng", "")), float(sent.get("lat", "")), sent.get("crs", "GCJ-02"))
    except ValueError:
        return None


def _caller(request: ViewerRequest) -> Caller:
    said = "\n".join(request.POST.get(name, "") for name in _FIELDS)
    return Caller(
        source=Source.DESK, caller=caller_of(request, ""), viewer=request.viewer,
        key=request.POST.get("key", "")[:64], body_hash=sha256(said.encode()).hexdigest(),
    )  # fmt: skip


def _form(
    request: ViewerRequest, sent: QueryDict, *, key: str, file_ids: tuple[UUID, ...], error: LinliError | None = None
) -> HttpResponse:
    viewer = request.viewer
    categories = current_rulebooks(viewer.district_id).categories
    suggested = suggest(sent.get("text", ""), categories.values()) if sent.get("text") else None
    field = {"area_code": "area", "point": "area", "file_ids": "photos", "file": "photos"}.get(
        error.field if error else "", error.field if error else ""
    )  # fmt: skip
    context = {
        "form": {name: sent.get(name, "") for name in _FIELDS}, "key": key, "file_ids": file_ids,
        "categories": [(kind.code, kind.name, kind.group) for kind in categories.values()], "suggested": suggested,
        "streets": _streets(list_areas(top_area(viewer), on=timezone.localdate(), levels=_LEVELS)),
        "error": say_error(error) if error else "", "field": field,
    }  # fmt: skip
    return render(request, "web/desk/new_case.html", context, status=status_of(error) if error else 200)


def _streets(areas: list[AreaRow]) -> list[Street]:
    """Put communities and grids under their subdistrict, a grid with its community's name before it."""
    names = {area.path: area.name for area in areas}
    groups: dict[str, list[tuple[str, str]]] = {}
    for area in areas:
        above = area.path.rsplit("/", 1)[0]
        street = "/".join(area.path.split("/")[:2])
        is_grid = area.level == "grid"
        name = f"{names.get(above, '')} {area.name}".strip() if is_grid else area.name
        groups.setdefault(street, []).append((area.code, name))
    return [Street(names.get(street, ""), tuple(found)) for street, found in groups.items()]
