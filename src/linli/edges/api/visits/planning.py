"""Planning campaigns of visits: whom they are for, changed one by one while they run, and ended."""

from collections.abc import Callable
from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from pydantic import BaseModel, Field

from linli.cases.actions.repeating import Command, once
from linli.edges.api.fields import Text
from linli.edges.api.headers import REPLAYED, Key, checked_key, hash_of
from linli.edges.api.openapi import problems
from linli.edges.api.request import ApiRequest, staff, staff_caller
from linli.edges.api.visits.answers import CampaignAnswer, TargetAnswer, campaign_answer, target_answer
from linli.edges.api.visits.router import router
from linli.programmes.visits.actions.changing import (
    LONGEST_WHY,
    Redrawn,
    SetChange,
    change_set,
    draw_again,
    move_target,
)
from linli.programmes.visits.actions.planning import (
    LONGEST_DAYS,
    LONGEST_NAME,
    LONGEST_PURPOSE,
    LONGEST_SET,
    MOST_SETS,
    NewCampaign,
    NewSet,
    end_campaign,
    plan_once,
)
from linli.programmes.visits.choices import TargetKind
from linli.programmes.visits.errors import NoSuchVisit
from linli.programmes.visits.queries.campaigns import CampaignRow, get_campaign
from linli.programmes.visits.queries.targets import get_target
from linli.registry.orgs.choices import OrganisationKind
from linli.registry.people.rules import Viewer
from linli.registry.territory.queries import area_chains

_Codes = Annotated[list[Annotated[Text, Field(max_length=40)]], Field(max_length=30)]


class SetBody(BaseModel):
    """What is visited. kinds: of organisations, where these are; roles: who visits, all who work there if left out.

    cycle_days: a new round begins after so many, 0 for one round; goal_percent: the coverage aimed at.
    """

    name: Annotated[Text, Field(max_length=LONGEST_SET)]
    kind: TargetKind
    kinds: Annotated[list[OrganisationKind], Field(max_length=20)] = []
    roles: _Codes = []
    cycle_days: Annotated[int, Field(ge=0, le=LONGEST_DAYS)] = 0
    goal_percent: Annotated[int, Field(ge=1, le=100)] = 100


class CampaignBody(BaseModel):
    """Visits to be planned in an area of the caller's and below it, from a day to a day."""

    name: Annotated[Text, Field(max_length=LONGEST_NAME)]
    purpose: Annotated[Text, Field(max_length=LONGEST_PURPOSE)] = ""
    area: Annotated[Text, Field(max_length=20)]
    begins_on: date
    ends_on: date
    sets: Annotated[list[SetBody], Field(min_length=1, max_length=MOST_SETS)]


class SetChangeBody(BaseModel):
    """All that may change of a set while it is visited; kind and rounds stay, for what was counted by them."""

    name: Annotated[Text, Field(max_length=LONGEST_SET)]
    goal_percent: Annotated[int, Field(ge=1, le=100)]
    roles: _Codes = []


class WhyBody(BaseModel):
    """The reason, in words."""

    why: Annotated[Text, Field(max_length=LONGEST_WHY)]


class DrawnAnswer(BaseModel):
    """What drawing again did: targets that came, that changed, that the registry knows no more; 0 if sent again."""

    added: int
    changed: int
    taken_out: int


@router.post("/visits/campaigns", operation_id="plan_campaign", response=CampaignAnswer,
             openapi_extra={"responses": problems(401, 403, 404, 409, 422)})  # fmt: skip
def plan(request: ApiRequest, response: HttpResponse, headers: Key, told: CampaignBody) -> CampaignAnswer:
    """Plan visits: whom they are for is drawn from the registry as it is today."""
    by = staff(request)
    campaign = NewCampaign(
        told.name, told.purpose, told.area, told.begins_on, told.ends_on,
        tuple(NewSet(each.name, each.kind, tuple(each.kinds), tuple(each.roles), each.cycle_days, each.goal_percent)
              for each in told.sets),
    )  # fmt: skip
    planned = plan_once(told=campaign, command=_command(request, headers.key, told), by=by, at=request.at)
    if not planned.is_new:
        response.headers[REPLAYED] = "true"
    return _shown(request, planned.campaign_id)


@router.post("/visits/campaigns/{uuid:campaign_id}/end", operation_id="end_campaign", response=CampaignAnswer,
             openapi_extra={"responses": problems(401, 403, 404)})  # fmt: skip
def end(request: ApiRequest, campaign_id: UUID) -> CampaignAnswer:
    """End a campaign before its last day; said again it stays ended. What was visited and found stays."""
    end_campaign(campaign_id=campaign_id, by=staff(request), at=request.at)
    return _shown(request, campaign_id)


@router.post("/visits/campaigns/{uuid:campaign_id}/sets/{uuid:set_id}/change", operation_id="change_target_set",
             response=CampaignAnswer, openapi_extra={"responses": problems(401, 403, 404, 409, 422)})  # fmt: skip
def change(
    request: ApiRequest, response: HttpResponse, campaign_id: UUID, set_id: UUID, headers: Key, told: SetChangeBody
) -> CampaignAnswer:
    """Change a set: its name, the coverage aimed at, who visits."""
    _check_set(request, campaign_id, set_id)
    changed = SetChange(told.name, told.goal_percent, tuple(told.roles))
    _do(request, response, set_id, headers.key, told,
        lambda by: change_set(set_id=set_id, change=changed, by=by, at=request.at))  # fmt: skip
    return _shown(request, campaign_id)


@router.post("/visits/campaigns/{uuid:campaign_id}/sets/{uuid:set_id}/draw", operation_id="draw_target_set",
             response=DrawnAnswer, openapi_extra={"responses": problems(401, 403, 404, 409, 422)})  # fmt: skip
def draw(
    request: ApiRequest, response: HttpResponse, campaign_id: UUID, set_id: UUID, headers: Key, told: WhyBody
) -> DrawnAnswer:
    """Draw a set again from the registry of today; what was taken out by hand stays out, and visits stay."""
    _check_set(request, campaign_id, set_id)
    done: list[Redrawn] = []
    _do(request, response, set_id, headers.key, told,
        lambda by: done.append(draw_again(set_id=set_id, why=told.why, by=by, at=request.at)))  # fmt: skip
    drawn = done[0] if done else Redrawn(0, 0, 0)
    return DrawnAnswer(added=drawn.added, changed=drawn.changed, taken_out=drawn.taken_out)


@router.post("/visits/campaigns/{uuid:campaign_id}/targets/{uuid:target_id}/take-out", operation_id="take_target_out",
             response=TargetAnswer, openapi_extra={"responses": problems(401, 403, 404, 409, 422)})  # fmt: skip
def take_out(
    request: ApiRequest, response: HttpResponse, campaign_id: UUID, target_id: UUID, headers: Key, told: WhyBody
) -> TargetAnswer:
    """Take a target out of its set; visits there stay."""
    return _move(request, response, (campaign_id, target_id), headers.key, told, is_out=True)


@router.post("/visits/campaigns/{uuid:campaign_id}/targets/{uuid:target_id}/put-back", operation_id="put_target_back",
             response=TargetAnswer, openapi_extra={"responses": problems(401, 403, 404, 409, 422)})  # fmt: skip
def put_back(
    request: ApiRequest, response: HttpResponse, campaign_id: UUID, target_id: UUID, headers: Key, told: WhyBody
) -> TargetAnswer:
    """Put a target back that was taken out."""
    return _move(request, response, (campaign_id, target_id), headers.key, told, is_out=False)


def _move(
    request: ApiRequest, response: HttpResponse, which: tuple[UUID, UUID], key: str, told: WhyBody, *, is_out: bool
) -> TargetAnswer:  # fmt: skip
    campaign_id, target_id = which
    campaign = _campaign(request, campaign_id)
    get_target(viewer=staff(request), campaign=campaign, target_id=target_id)
    _do(request, response, target_id, key, told,
        lambda by: move_target(target_id=target_id, is_out=is_out, why=told.why, by=by, at=request.at))  # fmt: skip
    row = get_target(viewer=staff(request), campaign=campaign, target_id=target_id)
    return target_answer(row, area_chains({row.area_path}, at=request.at)[row.area_path])


def _campaign(request: ApiRequest, campaign_id: UUID) -> CampaignRow:
    return get_campaign(viewer=staff(request), campaign_id=campaign_id, on=timezone.localdate(request.at))


def _check_set(request: ApiRequest, campaign_id: UUID, set_id: UUID) -> None:
    if set_id not in {each.id for each in _campaign(request, campaign_id).sets}:
        raise NoSuchVisit("no_such_campaign")


def _shown(request: ApiRequest, campaign_id: UUID) -> CampaignAnswer:
    row = _campaign(request, campaign_id)
    return campaign_answer(row, area_chains({row.area_path}, at=request.at)[row.area_path])


def _command(request: ApiRequest, key: str, told: BaseModel) -> Command:
    return Command(
        staff(request).district_id, staff_caller(request), checked_key(key), hash_of(told, request.path)
    )  # fmt: skip


def _do(
    request: ApiRequest, response: HttpResponse, of: UUID, key: str, told: BaseModel, act: Callable[[Viewer], object]
) -> None:  # fmt: skip
    """Do it, or say that this very command was carried out before. of: what it is done to."""
    by = staff(request)
    if not once(command=_command(request, key, told), of=of, act=lambda: act(by), at=request.at):
        response.headers[REPLAYED] = "true"
