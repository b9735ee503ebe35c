"""What residents may ask without a token: report, find the place, see what is near, follow, say how it went."""

from typing import Annotated
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from ninja import Header, Query, Status
from pydantic import BaseModel, Field

from linli.cases.actions.opening import Caller, Contact, Opened, Point, Report, open_case
from linli.cases.actions.stepping import RESIDENT, Actor
from linli.cases.actions.verifying import Finding, verify_case
from linli.cases.calc.categories import offered, suggest
from linli.cases.choices import ConsentWay, Satisfaction, Source, VerifiedBy
from linli.cases.queries.nearby import list_similar
from linli.cases.queries.opened import read_opened
from linli.cases.queries.public import code_of, followed_case, joined_case
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.queries.suggesting import suggest_categories
from linli.edges.api.answers import AreaAnswer, PointAnswer, area_answer, point_answer
from linli.edges.api.cases.answers import (
    FollowedAnswer,
    OpenedAnswer,
    followed_answer,
    opened_answer,
)
from linli.edges.api.cases.bodies import Code, CrsName, FollowBody, RatingBody, ReportBody
from linli.edges.api.cases.examples import FOLLOWED, OPENED
from linli.edges.api.cases.router import router
from linli.edges.api.fields import Lat, Lng, Moment, Text
from linli.edges.api.headers import IDEMPOTENCY_KEY, REPLAYED, checked_key, hash_of
from linli.edges.api.openapi import answers, problems
from linli.edges.api.request import ApiRequest, look_up
from linli.edges.api.visitors import Visitor, uploader_of, visitor_behind
from linli.edges.callers import address_of, caller_of, remember_visitor
from linli.edges.following import find_followed, find_opened
from linli.edges.limits import REPORTS
from linli.edges.words.cases import say_state
from linli.kernel.errors import LinliError, NotFound
from linli.oversight.privacy.queries.consent import current_consent
from linli.registry.territory.queries import LocatedArea, area_chains, locate, served_districts

_FIELDS = {"crs": "location.crs", "point": "location", "key": IDEMPOTENCY_KEY}


class LocatedAnswer(BaseModel):
    """Where a point lies. area null: outside. reason: inside, on_border, nobody_owns or outside."""

    area: AreaAnswer | None
    reason: str
    place: str | None
    point: PointAnswer | None
    compound: str | None
    building: str | None
    boundary_version: int


class SimilarAnswer(BaseModel):
    """An open case nearby, with no more than everybody may know; status in words."""

    id: UUID
    title: str
    distance_m: int
    status: str


class SimilarsAnswer(BaseModel):
    """At most three, the nearest and likest first."""

    items: list[SimilarAnswer]


class CategoryAnswer(BaseModel):
    """A category of the district's rulebook."""

    code: str
    name: str


class GroupedCategoryAnswer(CategoryAnswer):
    """With its group."""

    group: str


class CategoriesAnswer(BaseModel):
    """The categories in the order of the rulebook."""

    items: list[GroupedCategoryAnswer]


class LearnedAnswer(BaseModel):
    """What closed cases suggest, the likeliest first; the first, or one of three, was right in so many percent."""

    categories: list[CategoryAnswer]
    tried: int
    first_percent: int
    three_percent: int
    made_at: Moment


class SuggestedAnswer(BaseModel):
    """What the words speak for; null if for nothing. learned: null where too little was learned or too often wrong."""

    category: CategoryAnswer | None
    learned: LearnedAnswer | None


class PlaceQuery(BaseModel):
    """A point."""

    lng: Lng
    lat: Lat
    crs: CrsName = "GCJ-02"


class SimilarQuery(PlaceQuery):
    """A point and what it is about."""

    text: Annotated[Text, Field(max_length=2000)] = ""
    category: Code = ""


@router.post("/cases", operation_id="open_case", summary="Report", response={201: OpenedAnswer}, openapi_extra={
    "responses": {**answers({201: OPENED}), **problems(401, 403, 409, 422, 429)},
})  # fmt: skip
def post_case(
    request: ApiRequest,
    response: HttpResponse,
    told: ReportBody,
    idempotency_key: Annotated[str, Header(alias=IDEMPOTENCY_KEY)] = "",
) -> Status[OpenedAnswer]:
    """Open a case. Sent again with the same key it is the same case, answered with Idempotency-Replayed: true."""
    key = checked_key(idempotency_key)
    visitor = visitor_behind(request, key)
    if not request.viewer.is_known:
        REPORTS.take(address_of(request))
    opened = _open(request, told, key, visitor)
    if opened.is_new and visitor.is_new and not request.viewer.is_known:
        remember_visitor(response, visitor.secret, is_secure=settings.SESSION_COOKIE_SECURE)
    if not opened.is_new:
        response.headers[REPLAYED] = "true"
    return Status(201, _opened(request, opened, visitor))


@router.get("/cases/locate", operation_id="locate", response=LocatedAnswer,
            openapi_extra={"responses": problems(422, 429)})  # fmt: skip
def get_locate(request: ApiRequest, where: Query[PlaceQuery]) -> LocatedAnswer:
    """Tell the area that a point lies in, by the boundaries in force."""
    look_up(request)
    located = _located(where, request)
    inside = bool(located.district_id)
    return LocatedAnswer(
        area=area_answer(located.chain) if inside else None, reason=located.reason, place=located.place or None,
        point=point_answer(located.lng, located.lat), compound=located.compound_name or None,
        building=located.building_name or None, boundary_version=located.boundary_number,
    )  # fmt: skip


@router.get("/cases/similar", operation_id="list_similar", response=SimilarsAnswer,
            openapi_extra={"responses": problems(422, 429)})  # fmt: skip
def get_similar(request: ApiRequest, about: Query[SimilarQuery]) -> SimilarsAnswer:
    """List open cases of the same category within 80 m and 14 days, for "is it the same one?".

    The title is the category's name: what others wrote is not for everybody.
    """
    look_up(request)
    located = _located(about, request)
    if not located.district_id or located.lng is None or located.lat is None:
        return SimilarsAnswer(items=[])
    category = about.category or _suggested(located.district_id, about.text)
    near = list_similar(district_id=located.district_id, category=category, text=about.text, lng=located.lng,
                        lat=located.lat, at=request.at)  # fmt: skip
    kinds = current_rulebooks(located.district_id).categories
    return SimilarsAnswer(items=[
        SimilarAnswer(id=case.id, title=kinds[category].name, distance_m=case.distance_m, status=say_state(case.state))
        for case in near
    ])  # fmt: skip


@router.get("/categories", operation_id="list_categories", response=CategoriesAnswer,
            openapi_extra={"responses": problems(404, 422, 429)})  # fmt: skip
def get_categories(
    request: ApiRequest, district: Annotated[str, Query(max_length=6, pattern=r"^(\d{6})?$")] = ""
) -> CategoriesAnswer:
    """List the categories that a new case can have; without a district, of the first one that is served here."""
    look_up(request)
    found = offered(current_rulebooks(_district(district)).categories.values())
    return CategoriesAnswer(items=[
        GroupedCategoryAnswer(code=each.code, name=each.name, group=each.group) for each in found
    ])  # fmt: skip


@router.get("/categories/suggest", operation_id="suggest_category", response=SuggestedAnswer,
            openapi_extra={"responses": problems(404, 422, 429)})  # fmt: skip
def get_suggestion(request: ApiRequest, text: Annotated[str, Query(max_length=2000)]) -> SuggestedAnswer:
    """Tell which category the words speak for."""
    look_up(request)
    found = suggest(text, current_rulebooks(_district("")).categories.values())
    learned = suggest_categories(district_id=_district(""), text=text)
    return SuggestedAnswer(
        category=CategoryAnswer(code=found.code, name=found.name) if found else None,
        learned=LearnedAnswer(
            categories=[CategoryAnswer(code=code, name=name) for code, name in learned.pairs], tried=learned.tried,
            first_percent=learned.first_percent, three_percent=learned.three_percent, made_at=learned.made_at,
        ) if learned else None,
    )  # fmt: skip


@router.post("/cases/follow", operation_id="follow_case", response=FollowedAnswer, openapi_extra={
    "responses": {**answers({200: FOLLOWED}), **problems(404, 422, 429)},
})  # fmt: skip
def post_follow(request: ApiRequest, told: FollowBody) -> FollowedAnswer:
    """Show a case to whoever has its number and code. Ten wrong tries an hour, by number and by address."""
    opens = find_opened(request, number=told.number, code=told.code, at=request.at)
    return _followed(request, opens.district_id, opens.case_id, opens.reporter_id)


@router.post("/cases/follow/verify", operation_id="rate_case", response=FollowedAnswer, openapi_extra={
    "responses": {**answers({200: FOLLOWED}), **problems(403, 404, 409, 422, 429)},
})  # fmt: skip
def post_rating(request: ApiRequest, told: RatingBody) -> FollowedAnswer:
    """Take the reporter's answer to "is it done?", once the case was reported back or turned down."""
    district_id, case_id = find_followed(request, number=told.number, code=told.code, at=request.at)
    finding = Finding(VerifiedBy.REPORTER, is_solved=told.is_solved, satisfaction=Satisfaction(told.satisfaction),
                      comment=told.comment or "")  # fmt: skip
    verify_case(district_id=district_id, case_id=case_id, finding=finding, version=None, by=Actor(kind=RESIDENT),
                at=request.at)  # fmt: skip
    return _followed(request, district_id, case_id)


def _consent_of(district_id: str) -> int:
    return current_consent(district_id).number


def _open(request: ApiRequest, told: ReportBody, key: str, visitor: Visitor) -> Opened:
    contact, point = told.contact, told.location
    report = Report(
        text=told.text, category=told.category or "", address=told.address or "", area_code=told.area_code or "",
        point=Point(point.lng, point.lat, point.crs) if point else None, file_ids=tuple(told.file_ids),
        contact=Contact(contact.name or "", contact.phone or "", way=ConsentWay.API, news=contact.news,
                        text_of=_consent_of) if contact else Contact(),
    )  # fmt: skip
    caller = caller_of(request, visitor.secret)
    by = Caller(Source.API, caller=caller, viewer=request.viewer, key=key, body_hash=hash_of(told),
                uploader=uploader_of(request, report.file_ids, caller))  # fmt: skip
    try:
        return open_case(report=report, by=by, at=request.at)
    except LinliError as error:
        error.field = _FIELDS.get(error.field, error.field)
        raise


def _opened(request: ApiRequest, opened: Opened, visitor: Visitor) -> OpenedAnswer:
    """Answer with the case. A caller who can't show to be the first one is not told the code."""
    is_first = opened.is_new or request.viewer.is_known or not visitor.is_new
    access_code = code_of(opened.case_id) if is_first else None
    if opened.case is not None:
        return opened_answer(opened.case, opened.chain, access_code=access_code)
    told = read_opened(district_id=opened.district_id, case_id=opened.case_id)
    chain = area_chains([told.area_path], at=request.at)[told.area_path]
    return opened_answer(told, chain, access_code=access_code)


def _located(where: PlaceQuery, request: ApiRequest) -> LocatedArea:
    return locate(lng=where.lng, lat=where.lat, crs=where.crs, at=request.at)


def _suggested(district_id: str, text: str) -> str:
    found = suggest(text, current_rulebooks(district_id).categories.values())
    return found.code if found else ""


def _district(code: str) -> str:
    served = served_districts()
    if not served or code not in {"", *served}:
        raise NotFound("area_unknown", field="district")
    return code or served[0]


def _followed(
    request: ApiRequest, district_id: str, case_id: UUID, joined: UUID | None = None
) -> FollowedAnswer:  # fmt: skip
    if joined is None:
        found = followed_case(district_id=district_id, case_id=case_id, at=request.at)
    else:
        found = joined_case(district_id=district_id, case_id=case_id, reporter_id=joined, at=request.at)
    return followed_answer(found, area_chains([found.row.area_path], at=request.at)[found.row.area_path])
