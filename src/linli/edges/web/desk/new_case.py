"""Writing down a case for somebody on the telephone or at the counter."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.cases.actions.joining import join_case
from linli.cases.actions.learning import count_answer
from linli.cases.actions.opening import Caller, Contact, Report, open_case
from linli.cases.calc.categories import offered
from linli.cases.choices import ConsentWay, Source
from linli.cases.queries.public import code_of, code_of_joined
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.queries.suggesting import suggest_categories
from linli.edges.callers import caller_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_uuid, read_uuids
from linli.edges.web.desk.lists import top_area
from linli.edges.web.desk.new_case_place import (
    find_places,
    list_alike,
    read_point,
    suggested_category,
    take_place,
    unseen,
)
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.errors import say_error
from linli.edges.words.personal_data import say_found
from linli.kernel.errors import LinliError, NotFound
from linli.kernel.ids import new_id
from linli.oversight.privacy.queries.consent import current_consent
from linli.registry.people.choices import Verb
from linli.registry.people.rules import may_somewhere
from linli.registry.territory.queries import AreaRow, list_areas
from linli.registry.territory.queries.areas import bounds_of
from linli.support.files.actions import store_file

_LEVELS = ("subdistrict", "community", "grid")
_SAID = ("text", "category", "area", "address", "name", "phone", "lng", "lat", "crs")
_FIELDS = (*_SAID, "place_q", "place_found")
_ERROR_FIELDS = {"area_code": "area", "point": "area", "location": "area", "file_ids": "photos", "file": "photos"}


@dataclass(frozen=True, slots=True)
class Street:
    """A subdistrict with the communities and grids to choose from, each (code, name)."""

    name: str
    areas: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Page:
    """The form as it is shown again. asks: open cases nearby were not looked at yet."""

    sent: QueryDict
    key: str
    file_ids: tuple[UUID, ...] = ()
    asks: bool = False
    error: LinliError | None = None


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def new_case(request: ViewerRequest) -> HttpResponse:
    """Show the form; sent, open the case and go to its page. Sent twice it is opened once.

    Before that a place is looked up by its name, and open cases nearby are shown once.
    """
    may_somewhere(request.viewer, Verb.REPORT).require()
    at = timezone.now()
    if request.method == "GET":
        return _form(request, Page(request.GET.copy(), key=str(new_id())), at)
    page = Page(request.POST.copy(), request.POST.get("key", ""), read_uuids(request.POST.getlist("file_ids")))
    try:
        page.file_ids += _kept_photos(request, at)
        return _taken(request, page, at)
    except LinliError as error:
        page.error = error
        return _form(request, page, at)


@require_POST
@staff_only
@tells_errors
def new_case_places(request: ViewerRequest) -> HttpResponse:
    """List the places that the words can mean, as a piece of the form."""
    may_somewhere(request.viewer, Verb.REPORT).require()
    words = request.POST.get("place_q", "")
    context = {"places": find_places(request.viewer, words, timezone.now()), "place_q": words.strip()}
    return render(request, "web/desk/new_case_places.html", context)


@require_POST
@staff_only
@tells_errors
def new_case_alike(request: ViewerRequest) -> HttpResponse:
    """Tell what the words speak for and which open cases nearby are alike, as a piece of the form."""
    may_somewhere(request.viewer, Verb.REPORT).require()
    return render(request, "web/desk/new_case_alike.html", _alike(request, request.POST))


def _taken(request: ViewerRequest, page: Page, at: datetime) -> HttpResponse:
    """Do what was pressed: choose a place, look one up, join a case, or write it down."""
    sent = page.sent
    if sent.get("place"):
        take_place(sent)
        return _form(request, page, at)
    if sent.get("pick"):
        sent["category"] = str(sent["pick"])
        return _form(request, page, at)
    words, pressed = sent.get("place_q", ""), sent.get("go", "")
    if pressed == "find" or (pressed == "enter" and words != sent.get("place_found", "")):
        sent["place_found"] = words
        return _form(request, page, at, is_search=True)
    if sent.get("join"):
        return _joined(request, page, at)
    page.asks = unseen(list_alike(request.viewer, sent, at), sent)
    if page.asks:
        return _form(request, page, at)
    opened = open_case(report=_report(sent, request.viewer.district_id, page.file_ids), by=_caller(request), at=at)
    _count_learned(sent, request.viewer.district_id, is_new=opened.is_new)
    messages.success(
        request, _("Written down. The code to follow it by is %(code)s.") % {"code": code_of(opened.case_id)}
    )
    return HttpResponseRedirect(reverse("desk_case", args=[opened.case_id]))


def _count_learned(sent: QueryDict, district_id: str, *, is_new: bool) -> None:
    """Count whether the first category that closed cases suggested was taken; left open, nobody said anything."""
    if is_new and sent.get("learned") and sent.get("category"):
        count_answer(district_id=district_id, was_taken=sent["learned"] == sent["category"])


def _joined(request: ViewerRequest, page: Page, at: datetime) -> HttpResponse:
    """Add the caller to a case that is known already. Its page is shown where it is within reach."""
    viewer, case_id = request.viewer, read_uuid(page.sent.get("join", ""))
    if case_id is None:
        raise NotFound("no_such_case", field="join")
    caller, key = caller_of(request, ""), page.key[:40]
    by = Caller(Source.DESK, caller=f"{caller}:{key}"[:100], viewer=viewer, key=key, uploader=caller)
    report = _report(page.sent, viewer.district_id, page.file_ids)
    reporter_id = join_case(
        district_id=viewer.district_id, case_id=case_id, report=report, by=by, at=at
    )  # fmt: skip
    messages.success(request, _("Added to the case that is there already. Nobody has to go twice."))
    seen = [case for case in list_alike(viewer, page.sent, at) if case.id == case_id and case.line]
    if seen:  # its number stands on the page that follows
        code = code_of_joined(reporter_id)
        messages.success(request, _("Whoever called follows it by its number and the code %(code)s.") % {"code": code})
    return HttpResponseRedirect(reverse("desk_case", args=[case_id]) if seen else reverse("desk"))


def _kept_photos(request: ViewerRequest, at: datetime) -> tuple[UUID, ...]:
    return tuple(
        store_file(district_id=request.viewer.district_id, file=photo.file, claimed_name=photo.name or "",
                   by=caller_of(request, ""), at=at).id
        for photo in request.FILES.getlist("photos") if photo.file is not None
    )  # fmt: skip


def _report(sent: QueryDict, district_id: str, file_ids: tuple[UUID, ...]) -> Report:
    return Report(
        text=sent.get("text", ""), category=sent.get("category", ""), point=read_point(sent),
        address=sent.get("address", ""), area_code=sent.get("area", ""), contact=_contact(sent, district_id),
        file_ids=file_ids,
    )  # fmt: skip


def _contact(sent: QueryDict, district_id: str) -> Contact:
    contact = Contact(sent.get("name", "").strip(), sent.get("phone", "").strip(), way=ConsentWay.STAFF)
    if not (contact.name or contact.phone):
        return Contact()
    return replace(contact, consent=current_consent(district_id).number)


def _caller(request: ViewerRequest) -> Caller:
    said = "\n".join(request.POST.get(name, "") for name in _SAID)
    return Caller(
        source=Source.DESK, caller=caller_of(request, ""), viewer=request.viewer,
        key=request.POST.get("key", "")[:64], body_hash=sha256(said.encode()).hexdigest(),
    )  # fmt: skip


def _form(request: ViewerRequest, page: Page, at: datetime, *, is_search: bool = False) -> HttpResponse:
    viewer, sent, error = request.viewer, page.sent, page.error
    top = top_area(viewer)
    words = sent.get("place_q", "").strip()
    context = {
        "form": {name: sent.get(name, "") for name in _FIELDS}, "consent": current_consent(viewer.district_id),
        "key": page.key, "file_ids": page.file_ids,
        "categories": [
            (kind.code, kind.name, kind.group)
            for kind in offered(current_rulebooks(viewer.district_id).categories.values())
        ],
        "streets": _streets(list_areas(top, on=timezone.localdate(at), levels=_LEVELS)),
        "bounds": bounds_of(viewer.district_id, at=at), "view": bounds_of(top, at=at),
        "places": find_places(viewer, words, at) if is_search else [], "place_q": words if is_search else "",
        "error": say_error(error) if error else "",
        "field": _ERROR_FIELDS.get(error.field, error.field) if error else "", "asks": page.asks,
        **_alike(request, sent),
    }  # fmt: skip
    return render(request, "web/desk/new_case.html", context, status=status_of(error) if error else 200)


def _alike(request: ViewerRequest, sent: QueryDict) -> dict[str, object]:
    return {
        "learned": suggest_categories(district_id=request.viewer.district_id, text=sent.get("text", "")),
        "suggested": suggested_category(request.viewer, sent),
        "found": say_found(sent.get("text", "")),
        "alike": list_alike(request.viewer, sent, timezone.now()),
    }


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
