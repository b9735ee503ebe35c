"""Campaigns of visits, whom to call on within one's own areas, and visits written down."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field
from pydantic_core import PydanticCustomError

from linli.edges.api.answers import AreaAnswer, area_answer
from linli.edges.api.fields import Text
from linli.edges.api.headers import REPLAYED, hash_of
from linli.edges.api.openapi import problems
from linli.edges.api.places import path_of_area
from linli.edges.api.request import ApiRequest, staff, staff_caller
from linli.edges.api.visits.answers import CampaignAnswer, TargetAnswer, campaign_answer, target_answer
from linli.edges.api.visits.router import router
from linli.programmes.visits.actions.visiting import LONGEST_NOTE, Called, write_visit
from linli.programmes.visits.queries.campaigns import AreaTotals, CampaignRow, get_campaign, list_campaigns, list_totals
from linli.programmes.visits.queries.targets import MOST_TARGETS, list_targets
from linli.programmes.visits.rules import may_see_visits
from linli.registry.territory.queries import AreaRow, area_chains

_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def _of_these_years(moment: datetime) -> datetime:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise PydanticCustomError("other_times", "A time of these years is needed.")
    return moment


class CampaignsAnswer(BaseModel):
    """Campaigns, the newest first."""

    items: list[CampaignAnswer]


class TargetsAnswer(BaseModel):
    """At most 400 targets, by set and code. is_cut: name an area to see the rest."""

    items: list[TargetAnswer]
    is_cut: bool


class CoveredAnswer(BaseModel):
    """How far a set is in an area. percent: rounded down, so 100 is all; null: nothing to visit."""

    set_id: UUID
    doors: int
    visited: int
    percent: int | None


class TotalsRowAnswer(BaseModel):
    """An area with its sets in their order, and how many visits there became cases."""

    area: AreaAnswer | None
    covered: list[CoveredAnswer]
    findings: int


class TotalsAnswer(BaseModel):
    """Grids within reach and the areas above them, by code: nobody is ranked by visits."""

    items: list[TotalsRowAnswer]


class TargetsQuery(BaseModel):
    """area: a code, with all below it; left out, all areas of the caller's posts. with_out: those taken out, too."""

    area: Annotated[Text, Field(max_length=20)] = ""
    with_out: bool = False


class VisitBody(BaseModel):
    """A visit. id: a UUID of yours; sent again with the same body it is the same visit.

    door: as one says it, for doors alone; it counts once a round and can be read by nobody. note: what has to be done
    there, mostly nothing. Whether somebody opened or what they said is no part of it.
    """

    id: UUID
    done_at: Annotated[AwareDatetime, AfterValidator(_of_these_years)]
    door: Annotated[Text, Field(max_length=60)] = ""
    note: Annotated[Text, Field(max_length=LONGEST_NOTE)] = ""
    makes_case: bool = False
    category: Annotated[Text, Field(max_length=40)] = ""


class VisitAnswer(BaseModel):
    """The visit that now is, and the case that its note became, if it did."""

    id: UUID
    case_id: UUID | None


@router.get("/visits/campaigns", operation_id="list_campaigns", response=CampaignsAnswer,
            openapi_extra={"responses": problems(401, 403)})  # fmt: skip
def get_campaigns(request: ApiRequest) -> CampaignsAnswer:
    """List the campaigns that concern the caller."""
    viewer = staff(request)
    may_see_visits(viewer).require()
    rows = list_campaigns(viewer=viewer, on=timezone.localdate(request.at))
    chains = area_chains({row.area_path for row in rows}, at=request.at)
    return CampaignsAnswer(items=[campaign_answer(row, chains[row.area_path]) for row in rows])


@router.get("/visits/campaigns/{uuid:campaign_id}/targets", operation_id="list_targets", response=TargetsAnswer,
            openapi_extra={"responses": problems(401, 403, 404, 422)})  # fmt: skip
def get_targets(request: ApiRequest, campaign_id: UUID, asked: Query[TargetsQuery]) -> TargetsAnswer:
    """List whom a campaign is for, within the caller's areas."""
    viewer = staff(request)
    campaign = get_campaign(viewer=viewer, campaign_id=campaign_id, on=timezone.localdate(request.at))
    within = path_of_area(asked.area, viewer.district_id)
    rows = list_targets(
        viewer=viewer, campaign=campaign, area_paths=[within] if within else (), with_out=asked.with_out
    )  # fmt: skip
    chains = area_chains({row.area_path for row in rows}, at=request.at)
    return TargetsAnswer(
        items=[target_answer(row, chains[row.area_path]) for row in rows], is_cut=len(rows) == MOST_TARGETS
    )  # fmt: skip


@router.get("/visits/campaigns/{uuid:campaign_id}/totals", operation_id="get_visit_totals", response=TotalsAnswer,
            openapi_extra={"responses": problems(401, 403, 404)})  # fmt: skip
def get_totals(request: ApiRequest, campaign_id: UUID) -> TotalsAnswer:
    """Tell how far a campaign is in this round, for each grid within the caller's areas and each area above it."""
    viewer = staff(request)
    campaign = get_campaign(viewer=viewer, campaign_id=campaign_id, on=timezone.localdate(request.at))
    rows = list_totals(viewer=viewer, campaign=campaign)
    chains = area_chains({row.path for row in rows}, at=request.at)
    return TotalsAnswer(items=[_totals(campaign, row, chains[row.path]) for row in rows])


@router.post("/visits/targets/{uuid:target_id}/visits", operation_id="write_visit", response=VisitAnswer,
             openapi_extra={"responses": problems(401, 403, 404, 409, 422)})  # fmt: skip
def post_visit(request: ApiRequest, response: HttpResponse, target_id: UUID, told: VisitBody) -> VisitAnswer:
    """Write a visit down, and make a case of its note where that is wished."""
    called = Called(
        key=told.id, target_id=target_id, done_at=min(told.done_at, request.at), door=told.door, note=told.note,
        makes_case=told.makes_case, category=told.category,
    )  # fmt: skip
    written = write_visit(
        told=called, caller=staff_caller(request), body_hash=hash_of(told, request.path), by=staff(request),
        at=request.at,
    )  # fmt: skip
    if not written.is_new:
        response.headers[REPLAYED] = "true"
    return VisitAnswer(id=written.visit_id, case_id=written.case_id)


def _totals(campaign: CampaignRow, row: AreaTotals, chain: Sequence[AreaRow]) -> TotalsRowAnswer:
    there = [(each.id, row.covered[each.id]) for each in campaign.sets if each.id in row.covered]
    covered = [
        CoveredAnswer(set_id=set_id, doors=each.doors, visited=each.visited, percent=each.percent)
        for set_id, each in there
    ]
    return TotalsRowAnswer(area=area_answer(chain), covered=covered, findings=row.findings)
