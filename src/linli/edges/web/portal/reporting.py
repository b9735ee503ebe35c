"""Reporting in three steps on one address: what, where, how to reach you. No script, no session needed."""

import json
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.cases.actions.joining import join_case
from linli.cases.actions.opening import MOST_FILES, Caller, Contact, Opened, Point, Report, open_case
from linli.cases.calc.categories import offered
from linli.cases.choices import ConsentWay, Source
from linli.cases.queries.nearby import list_similar
from linli.cases.queries.public import FollowedCase, code_of_joined, followed_case, joined_case
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.callers import address_of, caller_of, new_visitor, remember_visitor, visitor_of
from linli.edges.limits import FILES, REPORTS
from linli.edges.request import ViewerRequest
from linli.edges.web.portal.stations import portal_case
from linli.edges.words.cases import say_state
from linli.edges.words.errors import say_error
from linli.edges.words.personal_data import say_found
from linli.kernel.errors import InvalidInput, LinliError
from linli.oversight.privacy.queries.consent import current_consent
from linli.registry.territory.queries import (
    LocatedArea,
    children_of,
    list_areas,
    locate,
    place_by_code,
    served_districts,
)
from linli.registry.territory.queries.areas import bounds_of
from linli.support.files.actions import store_file

CONTACT_DAYS = 365
_LONGEST_NUMBER = 4
_TEMPLATES = {"what": "report_what", "where": "report_where", "contact": "report_contact"}
_FORWARD = {"what": "where", "where": "contact"}
_BACK = {"where": "what", "contact": "where"}


@dataclass(frozen=True, slots=True)
class ReportForm:
    """What has been filled in so far, all text; carried from step to step in the page itself."""

    key: str = ""
    text: str = ""
    category: str = ""
    address: str = ""
    area: str = ""
    lng: str = ""
    lat: str = ""
    crs: str = "GCJ-02"
    name: str = ""
    phone: str = ""
    news: str = ""
    join: str = ""
    consent: int = 0
    file_ids: tuple[str, ...] = ()

    @property
    def point(self) -> Point | None:
        """Read the pin; none if it was not set or a community was chosen by hand."""
        if self.area:
            return None
        try:
            return Point(float(self.lng), float(self.lat), self.crs)
        except ValueError:
            return None


@dataclass(slots=True)
class Page:
    """The step to be shown and what is wrong with what was sent."""

    step: str
    form: ReportForm
    errors: dict[str, str] = field(default_factory=dict)


@require_http_methods(["GET", "POST"])
def report_page(request: ViewerRequest) -> HttpResponse:
    """Show a step, take it, and send the report after the third."""
    visitor = visitor_of(request) or new_visitor()
    if request.method == "GET":
        response = _render(request, Page("what", ReportForm(key=str(uuid.uuid4()))))
    else:
        response = _take(request, visitor)
    remember_visitor(response, visitor, is_secure=settings.SESSION_COOKIE_SECURE)
    return response


@require_http_methods(["GET", "POST"])
def feedback_page(request: ViewerRequest) -> HttpResponse:
    """Take a complaint or suggestion about the service itself; it becomes a case like any other."""
    text, phone = request.POST.get("text", ""), request.POST.get("phone", "")
    came_from = request.POST.get("from_page") or request.headers.get("Referer", "")
    form = {"text": text, "phone": phone, "from_page": came_from[:200]}
    context = {"form": form, "errors": {}, "hotline": "", "keep_days": CONTACT_DAYS,
               "consent": current_consent(next(iter(served_districts()), ""))}  # fmt: skip
    if request.method == "GET":
        return render(request, "web/portal/feedback.html", context)
    try:
        REPORTS.take(address_of(request))
        report = Report(
            text=text,
            category="feedback",
            contact=Contact("", phone, _number(request.POST.get("consent", "")), ConsentWay.PORTAL),
        )
        opened = open_case(report=report, by=Caller(Source.PORTAL), at=timezone.now())
    except LinliError as error:
        known = error.field if error.field in {"text", "phone"} else "send"
        return render(request, "web/portal/feedback.html", {**context, "errors": {known: say_error(error)}}, status=422)
    return _opened(request, opened)


def _take(request: ViewerRequest, visitor: str) -> HttpResponse:
    form, step = _with_known_place(_read(request), timezone.now()), request.POST.get("step", "what")
    if step not in _TEMPLATES:
        step = "what"
    caller = caller_of(request, visitor)
    page = Page(step, form)
    removed = request.POST.get("remove")
    if removed:
        page.form = replace(form, file_ids=tuple(i for i in form.file_ids if i != removed))
        return _render(request, page)
    if step == "what":
        _keep_photos(request, page, caller)
    if request.POST.get("go") == "back":
        page.step = _BACK.get(step, "what")
        return _render(request, page)
    page.errors.update(_errors(step, page.form))
    if page.errors:
        page.step = "where" if "place" in page.errors else step
        return _render(request, page, status=422)
    if form.join and step == "where":
        page.step = "contact"
        return _render(request, page)
    if step in _FORWARD:
        page.step = _FORWARD[step]
        return _render(request, page)
    return _send(request, page, caller)


def _send(request: ViewerRequest, page: Page, caller: str) -> HttpResponse:
    """Open or join the case; whatever goes wrong, nothing typed is lost."""
    form, at = page.form, timezone.now()
    try:
        REPORTS.take(address_of(request))
        if form.join:
            return _join(request, form, caller, at)
        return _opened(request, _open(request, form, caller, at))
    except LinliError as error:
        field_name = {
            "text": "text",
            "category": "category",
            "address": "address",
            "area_code": "area",
            "location": "place",
            "contact": "phone",
            "file_ids": "photos",
        }.get(error.field, "send")
        page.errors[field_name] = say_error(error)
        page.step = next((s for s, names in _FIELDS.items() if field_name in names), "contact")
        return _render(request, page, status=422)


_FIELDS = {
    "what": {"text", "category", "photos"},
    "where": {"place", "area", "address"},
    "contact": {"name", "phone", "send"},
}


def _open(request: ViewerRequest, form: ReportForm, caller: str, at: datetime) -> Opened:
    by = Caller(Source.PORTAL, caller=caller, viewer=request.viewer, key=form.key, body_hash=_hash(form))
    return open_case(report=_report(form), by=by, at=at)


def _join(request: ViewerRequest, form: ReportForm, caller: str, at: datetime) -> HttpResponse:
    district_id = _located(form, at).district_id
    case_id = UUID(form.join) if _is_uuid(form.join) else uuid.uuid4()
    by = Caller(Source.PORTAL, caller=caller, key=form.key)
    reporter_id = join_case(district_id=district_id, case_id=case_id, report=_report(form), by=by, at=at)
    followed = joined_case(district_id=district_id, case_id=case_id, reporter_id=reporter_id, at=at)
    return _done(request, followed, at, code=code_of_joined(reporter_id))


def _report(form: ReportForm) -> Report:
    return Report(
        text=form.text, category=form.category, point=form.point, address=form.address, area_code=form.area,
        contact=Contact(form.name, form.phone, form.consent, ConsentWay.PORTAL, news=bool(form.news)),
        file_ids=tuple(UUID(i) for i in form.file_ids if _is_uuid(i)),
    )  # fmt: skip


def _opened(request: ViewerRequest, opened: Opened) -> HttpResponse:
    at = timezone.now()
    return _done(request, followed_case(district_id=opened.district_id, case_id=opened.case_id, at=at), at)


def _done(request: ViewerRequest, followed: FollowedCase, at: datetime, *, code: str = "") -> HttpResponse:
    case = portal_case(followed, at=at, verify_url=reverse("follow_verify"), code=code)
    return render(request, "web/portal/report_done.html", {"case": case})


def _render(request: ViewerRequest, page: Page, status: int = 200) -> HttpResponse:
    at, form = timezone.now(), page.form
    if page.step != "contact" and form.join:
        form = replace(form, join="")
    files = [{"id": i, "thumbnail_url": f"/api/v1/files/{i}?size=thumbnail", "name": ""} for i in form.file_ids]
    context = {"form": form, "errors": page.errors, "files": files}
    district_id = served_districts()[0]
    if page.step == "what":
        kinds = offered(current_rulebooks(district_id).categories.values())
        context |= {
            "categories": [(kind.code, kind.name) for kind in kinds if kind.code != "feedback"],
            "max_photos": MOST_FILES,
        }
    elif page.step == "where":
        context |= {
            "map_bounds": bounds_of(district_id, at=at),
            "areas": _communities(district_id, at),
            "place": _place(form, at),
        }
    else:
        context |= _summary(form, district_id, at)
    return render(request, f"web/portal/{_TEMPLATES[page.step]}.html", context, status=status)


def _summary(form: ReportForm, district_id: str, at: datetime) -> dict[str, object]:
    """Say back what is going to be sent, and what kind of thing was reported nearby, not in whose words."""
    located = _located(form, at)
    kind = current_rulebooks(district_id).categories.get(form.category)
    kind_name = kind.name if kind else ""
    near = []
    if located.lng is not None and located.lat is not None and form.category:
        near = list_similar(
            district_id=district_id, category=form.category, text=form.text, lng=located.lng, lat=located.lat, at=at
        )
    similar = [
        {"id": str(c.id), "title": kind_name, "status": say_state(c.state), "distance_m": c.distance_m} for c in near
    ]
    return {
        "place_text": form.address or located.place or located.name,
        "category_name": kind_name,
        "joined": {"title": kind_name} if form.join else None,
        "similar": similar,
        "keep_days": CONTACT_DAYS,
        "may_text": bool(settings.OUTSIDE.sms_url) or settings.IS_DEMO,
        "consent": current_consent(located.district_id or district_id),
        "found": say_found(f"{form.text}\n{form.address}"),
    }


def _place(form: ReportForm, at: datetime) -> dict[str, object] | None:
    if form.point is None:
        return None
    located = _located(form, at)
    return {"name": located.place or located.name, "path": [area.name for area in located.chain]}


def _located(form: ReportForm, at: datetime) -> LocatedArea:
    if form.point is not None:
        located = locate(lng=form.point.lng, lat=form.point.lat, crs=form.point.crs, at=at)
        if located.district_id:
            return located
    return place_by_code(code=form.area, at=at)


def _with_known_place(form: ReportForm, at: datetime) -> ReportForm:
    """Take away a place that is none, so that it is asked for again."""
    if form.point is None and not form.area:
        return form
    try:
        _located(form, at)
    except LinliError:
        return replace(form, area="", lng="", lat="")
    return form


def _communities(district_id: str, at: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """List communities by street, for choosing without a map. 2 queries."""
    day = timezone.localdate(at)
    inside: dict[str, list[tuple[str, str]]] = {}
    for area in list_areas(district_id, on=day, levels=("community",)):
        inside.setdefault(area.path.split("/")[1], []).append((area.code, area.name))
    return [(street.name, inside[street.code]) for street in children_of(district_id, on=day) if street.code in inside]


def _keep_photos(request: ViewerRequest, page: Page, caller: str) -> None:
    """Store the photos that came with the form; one that can't be taken is named, the others stay."""
    district_id, ids = served_districts()[0], list(page.form.file_ids)
    photos = request.FILES.getlist("photos")
    if len(ids) + len(photos) > MOST_FILES:
        page.errors["photos"] = say_error(InvalidInput("too_many_files", params={"most": MOST_FILES}))
    for photo in photos[: MOST_FILES - len(ids)]:
        try:
            FILES.take(address_of(request))
            stored = store_file(
                district_id=district_id, file=photo, claimed_name=photo.name or "", by=caller, at=timezone.now()
            )
        except LinliError as error:
            page.errors["photos"] = say_error(error)
        else:
            ids.append(str(stored.id))
    page.form = replace(page.form, file_ids=tuple(ids))


def _errors(step: str, form: ReportForm) -> dict[str, str]:
    if step == "what" and not form.text.strip():
        return {"text": _("Please write a few words about what it is.")}
    if step != "what" and form.point is None and not form.area:
        return {"place": _("Please put the pin on the map, or choose the community below.")}
    digits = [c for c in form.phone if c.isdigit()]
    if step == "contact" and form.phone and not 7 <= len(digits) <= 13:  # noqa: PLR2004 - landline to +86 mobile
        return {"phone": _("This does not look like a phone number. Leave it empty if you like.")}
    return {}


def _read(request: ViewerRequest) -> ReportForm:
    def one(name: str, longest: int) -> str:
        return request.POST.get(name, "")[:longest]

    return ReportForm(
        key=one("key", 64) or str(uuid.uuid4()),
        text=one("text", 2000),
        category=one("category", 40),
        address=one("address", 200),
        area=one("area", 20),
        lng=one("lng", 24),
        lat=one("lat", 24),
        crs=one("crs", 12) or "GCJ-02",
        name=one("name", 40),
        phone=one("phone", 20),
        news=one("news", 1),
        join=one("join", 40),
        consent=_number(one("consent", 4)),
        file_ids=tuple(i for i in request.POST.getlist("file_ids") if _is_uuid(i))[:MOST_FILES],
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_NUMBER else 0


def _hash(form: ReportForm) -> str:
    told = [
        form.text, form.category, form.address, form.area, form.lng, form.lat, form.crs, form.name, form.phone,
        form.join, form.news, *form.file_ids,
    ]  # fmt: skip
    return sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
