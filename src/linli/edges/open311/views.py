"""The methods of GeoReport v2: what can be reported, reporting it, and how far it is."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.utils import timezone

from linli.cases.actions.opening import Caller, Contact, Point, Report, open_case
from linli.cases.calc.categories import offered
from linli.cases.choices import ConsentWay, Source
from linli.cases.queries.opened import read_opened
from linli.cases.queries.public import code_of, followed_case
from linli.cases.queries.public_requests import PublicFilter, list_public_requests, list_public_updates
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.api.headers import IDEMPOTENCY_KEY, REPLAYED, checked_key, hash_of_form
from linli.edges.api.request import WRITE, ApiRequest, look_up
from linli.edges.api.visitors import Visitor, visitor_behind
from linli.edges.callers import address_of, caller_of, remember_visitor
from linli.edges.following import find_followed
from linli.edges.limits import REPORTS
from linli.edges.open311.asking import LONGEST, district_of, read_filter, read_page, read_span
from linli.edges.open311.entries import followed_entry, request_entry, service_entry, update_entry
from linli.edges.open311.frame import framed
from linli.edges.open311.writing import Entry, answer, answer_one
from linli.edges.words.cases import say_notice
from linli.kernel.errors import InvalidInput, NotAllowed, NotFound
from linli.oversight.privacy.queries.consent import current_consent
from linli.registry.people.queries import viewer_of_token
from linli.registry.territory.queries import area_chains, served_districts

CHANGED = "2026-11-29T00:00:00Z"  # when what this speaks changed last
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
_FURTHEST_NUMBER = timedelta(days=3650)


def get_discovery(request: ApiRequest, form: str) -> HttpResponse:
    """Tell where it is and which forms it has."""
    look_up(request)
    here = request.build_absolute_uri("/open311/v2")
    endpoint = {
        "specification": SPECIFICATION, "url": here, "changeset": CHANGED, "type": "production",
        "formats": {"format": ["text/xml", "application/json"]},
    }  # fmt: skip
    return answer_one(form, "discovery", {
        "changeset": CHANGED, "contact": request.build_absolute_uri("/feedback/"),
        "key_service": request.build_absolute_uri("/api/v1/docs"), "endpoints": {"endpoint": [endpoint]},
    })  # fmt: skip


def get_services(request: ApiRequest, form: str) -> HttpResponse:
    """List the categories that a new case can have."""
    look_up(request)
    found = offered(current_rulebooks(district_of(request.GET)).categories.values())
    return answer(form, "services", "service", [service_entry(each) for each in found])


def get_service(request: ApiRequest, form: str, code: str) -> HttpResponse:
    """Tell what a category asks for besides: nothing."""
    look_up(request)
    known = {each.code for each in offered(current_rulebooks(district_of(request.GET)).categories.values())}
    if code not in known:
        raise NotFound("unknown_category", field="service_code", params={"category": code})
    return answer_one(form, "service_definition", {"service_code": code, "attributes": {"attribute": []}})


def get_requests(request: ApiRequest, form: str) -> HttpResponse:
    """List cases as everybody may know them, the newest first."""
    look_up(request)
    wanted, page = read_filter(request.GET, request.at), read_page(request.GET)
    entries = _entries(request, wanted, offset=page.offset, limit=page.size)
    return answer(form, "service_requests", "request", entries)


def get_request(request: ApiRequest, form: str, number: str) -> HttpResponse:
    """Tell of one case: as everybody may know it, or with its code as whoever reported it does."""
    if code := request.GET.get("code", ""):
        district_id, case_id = find_followed(request, number=number, code=code, at=request.at)
        found = followed_case(district_id=district_id, case_id=case_id, at=request.at)
        kinds, category = current_rulebooks(district_id).categories, found.row.category
        name = kinds[category].name if category in kinds else category
        return answer(form, "service_requests", "request", [followed_entry(found, name)])
    look_up(request)
    districts = [district_of(request.GET)] if request.GET.get("jurisdiction_id") else served_districts()
    for district_id in districts:
        wanted = PublicFilter(district_id, request.at - _FURTHEST_NUMBER, request.at, numbers=(number,))
        if entries := _entries(request, wanted, offset=0, limit=1):
            return answer(form, "service_requests", "request", entries)
    raise NotFound("no_such_case", field="service_request_id")


def get_token(request: ApiRequest, form: str, code: str) -> HttpResponse:  # noqa: ARG001 - an address has it
    """Say that there are no tokens: the number is told at once."""
    look_up(request)
    raise NotFound("no_tokens", field="token_id")


def get_updates(request: ApiRequest, form: str) -> HttpResponse:
    """List the stages that cases came to, the oldest first: mySociety's extension."""
    look_up(request)
    since, until = read_span(request.GET, request.at)
    page = read_page(request.GET)
    found = list_public_updates(
        district_id=district_of(request.GET), since=since, until=until, counted_since=request.at - LONGEST,
        offset=page.offset, limit=page.size,
    )  # fmt: skip
    return answer(form, "service_request_updates", "request_update", [update_entry(each) for each in found])


def post_request(request: ApiRequest, form: str) -> HttpResponse:
    """Open a case from a form. Sent again with the same Idempotency-Key it is the same case."""
    told, key = request.POST, checked_key(request.headers.get(IDEMPOTENCY_KEY, ""))
    _identify(request, told)
    visitor = visitor_behind(request, key)
    if not request.viewer.is_known:
        REPORTS.take(address_of(request))
    caller = caller_of(request, visitor.secret)
    opened = open_case(
        report=_report(told),
        by=Caller(Source.API, caller=caller, viewer=request.viewer, key=key, body_hash=hash_of_form(told.lists())),
        at=request.at,
    )  # fmt: skip
    number = opened.case.number if opened.case else _number_of(opened.district_id, opened.case_id)
    knows = opened.is_new or request.viewer.is_known or not visitor.is_new
    entry = {
        "service_request_id": number, "account_id": None,
        "service_notice": say_notice(code_of(opened.case_id)) if knows else None,
    }  # fmt: skip
    response = answer(form, "service_requests", "request", [entry], status=200)
    _remember(request, response, visitor, is_new=opened.is_new)
    return response


def _entries(request: ApiRequest, wanted: PublicFilter, *, offset: int, limit: int) -> list[Entry]:
    rows = list_public_requests(
        wanted=wanted, counted_since=request.at - LONGEST, offset=offset, limit=limit
    )  # fmt: skip
    paths = {row.street: f"{wanted.district_id}/{row.street}" for row in rows if row.street}
    chains = area_chains(list(paths.values()), at=request.at) if paths else {}
    names = {street: chains[path][-1].name if chains.get(path) else "" for street, path in paths.items()}
    return [request_entry(row, names.get(row.street, "")) for row in rows]


def _identify(request: ApiRequest, told: QueryDict) -> None:
    """Take a token for an API key, as staff's programs send it; without one it is a resident. Raises NotAllowed."""
    given = told.get("api_key", "")
    if not given:
        return
    on = timezone.localdate(request.at)
    found = viewer_of_token(token=given, at=request.at, on=on) if settings.SERVES_STAFF else None
    if found is None:
        raise NotAllowed("token_unknown", field="api_key")
    request.viewer, request.access = found
    if request.access != WRITE:
        raise NotAllowed("token_reads_only", field="api_key")


def _report(told: QueryDict) -> Report:
    """Read the report. Photos are sent by the API's own way: an address in media_url is never fetched."""
    category = told.get("service_code", "")
    if not category:
        raise InvalidInput("category_missing", field="service_code")
    name = " ".join(part for part in (told.get("first_name", ""), told.get("last_name", "")) if part)
    return Report(
        text=told.get("description", "") or _name_of(category), category=category,
        address=told.get("address_string", ""), point=_point(told),
        area_code=told.get("address_id", "") or _jurisdiction(told),
        contact=Contact(name, told.get("phone", ""), way=ConsentWay.API, text_of=_consent_of),
    )  # fmt: skip


def _jurisdiction(told: QueryDict) -> str:
    """Tell the district that is named, if one is: it has a report without a point. Raises NotFound for no such one."""
    return district_of(told) if told.get("jurisdiction_id") else ""


def _name_of(category: str) -> str:
    """Give a category's name for a report without words, which the specification allows."""
    for district_id in served_districts():
        kind = current_rulebooks(district_id).categories.get(category)
        if kind is not None:
            return kind.name
    return category


def _consent_of(district_id: str) -> int:
    return current_consent(district_id).number


def _point(told: QueryDict) -> Point | None:
    lat, long = told.get("lat", ""), told.get("long", "")
    if not (lat or long):
        if not (told.get("address_string") or told.get("address_id")):
            raise InvalidInput("place_missing", field="lat")
        return None
    try:
        return Point(float(long), float(lat), "WGS-84")
    except ValueError as error:
        raise InvalidInput("coordinates_out_of_range", field="lat") from error


def _number_of(district_id: str, case_id: UUID) -> str:
    return read_opened(district_id=district_id, case_id=case_id).number


def _remember(request: ApiRequest, response: HttpResponse, visitor: Visitor, *, is_new: bool) -> None:
    if not is_new:
        response[REPLAYED] = "true"
    elif visitor.is_new and not request.viewer.is_known:
        remember_visitor(response, visitor.secret, is_secure=settings.SESSION_COOKIE_SECURE)


discovery = framed(get=get_discovery)
services = framed(get=get_services)
service = framed(get=get_service)
requests = framed(get=get_requests, post=post_request)
one_request = framed(get=get_request)
token = framed(get=get_token)
updates = framed(get=get_updates)
