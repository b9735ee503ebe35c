"""Planning a campaign and drawing whom it is for, and ending it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.cases.actions.repeating import Command
from linli.kernel.ids import new_id
from linli.ledger.commands.actions import claim
from linli.ledger.facts.actions import record
from linli.programmes.visits.choices import TargetKind
from linli.programmes.visits.errors import CannotPlan, NoSuchVisit
from linli.programmes.visits.models import Campaign, Target, TargetSet
from linli.programmes.visits.rules import may_plan, person_of, touches
from linli.registry.orgs.choices import OrganisationKind
from linli.registry.orgs.queries import list_organisations
from linli.registry.people.choices import Verb
from linli.registry.people.queries.managing import list_roles
from linli.registry.people.rules import Viewer
from linli.registry.territory.queries import get_area_by_code, list_buildings_of_area

MOST_SETS = 6
LONGEST_NAME, LONGEST_PURPOSE, LONGEST_SET = 60, 400, 40
LONGEST_DAYS = 366
_MOST_TARGETS = 20_000


@dataclass(frozen=True, slots=True)
class NewSet:
    """What is visited, by whom, how often and how far; see `models.TargetSet`."""

    name: str
    kind: str
    kinds: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    cycle_days: int = 0
    goal_percent: int = 100


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A campaign to be planned, with its sets in order."""

    name: str
    purpose: str
    area_code: str
    begins_on: date
    ends_on: date
    sets: tuple[NewSet, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """The campaign that now is; is_new: False where the same command planned it before."""

    campaign_id: UUID
    is_new: bool


@transaction.atomic
def plan_once(*, told: NewCampaign, command: Command, by: Viewer, at: datetime) -> Planned:
    """Plan visits unless the same command did before. 1 query with a key, and those of `plan_campaign`.

    Raises as that, and Conflict (the key was used for something else).
    """
    campaign_id = new_id()
    if command.key:
        claimed = claim(district_id=command.district_id, caller=command.caller, key=command.key,
                        body_hash=command.body_hash, result_id=campaign_id, at=at)  # fmt: skip
        if not claimed.is_new:
            return Planned(claimed.result_id, is_new=False)
    return Planned(plan_campaign(told=told, by=by, at=at, campaign_id=campaign_id), is_new=True)


@transaction.atomic
def plan_campaign(*, told: NewCampaign, by: Viewer, at: datetime, campaign_id: UUID | None = None) -> UUID:
    """Plan visits and draw their targets from the registry as it is today. Returns the campaign's id.

    Writes campaign, sets, targets and a fact. Queries: 6, and 2 a set. Raises CannotPlan, NotAllowed, NotFound (area).
    """
    area = get_area_by_code(told.area_code)
    if area.path.split("/")[0] != by.district_id:
        raise CannotPlan("area_unknown", field="area")
    may_plan(by, area_path=area.path).require()
    _check(told)
    campaign = Campaign.objects.create(
        id=campaign_id or new_id(), district_id=by.district_id, name=told.name.strip(), purpose=told.purpose.strip(),
        area_id=area.id,
        area_path=area.path, begins_on=told.begins_on, ends_on=told.ends_on, made_at=at, made_by=person_of(by),
    )  # fmt: skip
    total = 0
    for position, each in enumerate(told.sets):
        made = TargetSet.objects.create(
            district_id=by.district_id, campaign=campaign, position=position, name=each.name.strip(), kind=each.kind,
            kinds=list(each.kinds), roles=list(each.roles), cycle_days=each.cycle_days, goal_percent=each.goal_percent,
        )  # fmt: skip
        total += len(Target.objects.bulk_create(draw(made, area.path, timezone.localdate(at)), batch_size=1000))
    if not total:
        raise CannotPlan("nothing_to_visit", field="sets")
    tell(campaign, "visits.planned", by, at, {"targets": total, "sets": len(told.sets)})
    return campaign.id


@transaction.atomic
def end_campaign(*, campaign_id: UUID, by: Viewer, at: datetime) -> None:
    """End a campaign before its last day; what was visited stays. 3 queries. Raises NoSuchVisit, NotAllowed."""
    found = Campaign.objects.select_for_update().filter(district_id=by.district_id, id=campaign_id).first()
    if found is None or not touches(by, found.area_path):
        raise NoSuchVisit("no_such_campaign")
    may_plan(by, area_path=found.area_path).require()
    if found.closed_at is None:
        found.closed_at = at
        found.save(force_update=True)
        tell(found, "visits.ended", by, at, {})


def _check(told: NewCampaign) -> None:
    if not told.name.strip() or len(told.name) > LONGEST_NAME:
        raise CannotPlan("campaign_name_missing", field="name", params={"most": LONGEST_NAME})
    if len(told.purpose) > LONGEST_PURPOSE:
        raise CannotPlan("purpose_too_long", field="purpose", params={"most": LONGEST_PURPOSE})
    if not 0 <= (told.ends_on - told.begins_on).days <= LONGEST_DAYS:
        raise CannotPlan("campaign_days", field="ends_on", params={"most": LONGEST_DAYS})
    if not 0 < len(told.sets) <= MOST_SETS:
        raise CannotPlan("sets_missing", field="sets", params={"most": MOST_SETS})
    check_roles({role for each in told.sets for role in each.roles})
    for each in told.sets:
        _check_set(each)


def _check_set(told: NewSet) -> None:
    check_named(told.name, told.goal_percent)
    if told.kind not in set(TargetKind):
        raise CannotPlan("set_name_missing", field="sets", params={"most": LONGEST_SET})
    if told.kind == TargetKind.ORGANISATIONS and not set(told.kinds) & set(OrganisationKind):
        raise CannotPlan("set_kinds_missing", field="sets")
    if not 0 <= told.cycle_days <= LONGEST_DAYS:
        raise CannotPlan("set_out_of_bounds", field="sets")


def check_named(name: str, goal_percent: int) -> None:
    """Refuse a set without a name or a share to aim at. Raises CannotPlan."""
    if not name.strip() or len(name) > LONGEST_SET:
        raise CannotPlan("set_name_missing", field="sets", params={"most": LONGEST_SET})
    if not 1 <= goal_percent <= 100:  # noqa: PLR2004 - percent
        raise CannotPlan("set_out_of_bounds", field="sets")


def check_roles(roles: Collection[str]) -> None:
    """Refuse roles that visit nobody. 1 query, none without roles. Raises CannotPlan."""
    if roles and set(roles) - {role.code for role in list_roles() if Verb.REPORT in role.verbs}:
        raise CannotPlan("unknown_role", field="roles")


def draw(made: TargetSet, area_path: str, on: date) -> list[Target]:
    """Draw a set's targets, unsaved: buildings with as many doors as households, or organisations with a door each."""
    if made.kind == TargetKind.DOORS:
        rows = [
            (row.id, row.code, f"{row.compound_name}{row.name}", row.area_path, row.households)
            for row in list_buildings_of_area(area_path) if row.households > 0
        ]  # fmt: skip
    else:
        rows = [
            (row.id, row.code, row.name, row.area_path, 1)
            for kind in made.kinds
            for row in list_organisations(
                district_id=made.district_id, on=on, kind=kind, area_path=area_path, limit=_MOST_TARGETS
            )
        ]
    return [
        Target(id=new_id(), district_id=made.district_id, target_set=made, subject_id=subject, code=code,
               name=name[:80], area_path=path, doors=doors)
        for subject, code, name, path, doors in rows
    ]  # fmt: skip


def tell(campaign: Campaign, kind: str, by: Viewer, at: datetime, data: dict[str, object]) -> None:
    """Record a fact about a campaign."""
    record(district_id=campaign.district_id, kind=kind, subject_id=campaign.id, at=at, actor_id=by.person_id,
           area_path=campaign.area_path, data=data)  # fmt: skip
