"""Changing the sets of a campaign that was planned: a set, one target with a reason, all by today's registry."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.programmes.visits.actions.planning import check_named, check_roles, draw, tell
from linli.programmes.visits.errors import CampaignOver, CannotPlan, NoSuchVisit
from linli.programmes.visits.models import Campaign, Target, TargetSet
from linli.programmes.visits.rules import may_plan, touches
from linli.registry.people.rules import Viewer

LONGEST_WHY = 200
_DRAWN = ("code", "name", "area_path", "doors", "taken_out_at", "why")


@dataclass(frozen=True, slots=True)
class SetChange:
    """What may change of a set while it is visited: its name, the share aimed at, codes of the roles that visit."""

    name: str
    goal_percent: int
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Redrawn:
    """What drawing again did: targets that came, whose doors or place changed, and that the registry knows no more."""

    added: int
    changed: int
    taken_out: int


@transaction.atomic
def change_set(*, set_id: UUID, change: SetChange, by: Viewer, at: datetime) -> None:
    """Change a set; its kind and rounds stay, for what was counted by them. 5 queries.

    Raises NoSuchVisit, NotAllowed, CampaignOver, CannotPlan.
    """
    found = _open_set(set_id, by)
    check_named(change.name, change.goal_percent)
    check_roles(change.roles)
    found.name, found.goal_percent, found.roles = change.name.strip(), change.goal_percent, list(change.roles)
    found.save(force_update=True, update_fields=["name", "goal_percent", "roles"])
    said: dict[str, object] = {"goal_percent": change.goal_percent, "roles": list(change.roles)}
    tell(found.campaign, "visits.set_changed", by, at, {"set": str(set_id), **said})


@transaction.atomic
def draw_again(*, set_id: UUID, why: str, by: Viewer, at: datetime) -> Redrawn:
    """Draw a set anew from the registry of today: what is new comes, doors and places are those of now.

    What the registry knows no more is taken out; what is out stays out until it is put back. Visits stay. At most 8
    queries. Raises as `change_set`.
    """
    found = _open_set(set_id, by)
    words = _words(why)
    there = {row.subject_id: row for row in Target.objects.select_for_update().filter(
        district_id=by.district_id, target_set_id=set_id
    )}  # fmt: skip
    new, changed = [], []
    for row in draw(found, found.campaign.area_path, timezone.localdate(at)):
        before = there.pop(row.subject_id, None)
        if before is None:
            row.why = words
            new.append(row)
        elif any(getattr(before, name) != getattr(row, name) for name in _DRAWN[:4]):
            for name in _DRAWN[:4]:
                setattr(before, name, getattr(row, name))
            changed.append(before)
    gone = [row for row in there.values() if row.taken_out_at is None]
    for row in gone:
        row.taken_out_at, row.why = at, words
    Target.objects.bulk_create(new, batch_size=1000)
    Target.objects.bulk_update([*changed, *gone], _DRAWN, batch_size=1000)
    done = Redrawn(len(new), len(changed), len(gone))
    tell(found.campaign, "visits.set_redrawn", by, at,
         {"set": str(set_id), "added": done.added, "changed": done.changed, "taken_out": done.taken_out})  # fmt: skip
    return done


@transaction.atomic
def move_target(*, target_id: UUID, is_out: bool, why: str, by: Viewer, at: datetime) -> None:
    """Take a target out of its set, or put it back, with the reason; said again it changes nothing. Visits there stay.

    5 queries. Raises as `change_set`.
    """
    row = Target.objects.filter(district_id=by.district_id, id=target_id).first()
    if row is None:
        raise NoSuchVisit("no_such_target")
    found, words = _open_set(row.target_set_id, by), _words(why)
    moved = Target.objects.filter(district_id=by.district_id, id=target_id, taken_out_at__isnull=is_out).update(
        taken_out_at=at if is_out else None, why=words
    )
    if moved:
        kind = "visits.target_taken_out" if is_out else "visits.target_put_back"
        tell(found.campaign, kind, by, at, {"set": str(found.id), "target": str(target_id)})


def _open_set(set_id: UUID, by: Viewer) -> TargetSet:
    """Lock the campaign of a set that may still be changed. 2 queries."""
    found = TargetSet.objects.filter(district_id=by.district_id, id=set_id).first()
    rows = Campaign.objects.select_for_update().filter(district_id=by.district_id)
    campaign = rows.filter(id=found.campaign_id).first() if found else None
    if found is None or campaign is None or not touches(by, campaign.area_path):
        raise NoSuchVisit("no_such_campaign")
    may_plan(by, area_path=campaign.area_path).require()
    if campaign.closed_at is not None:
        raise CampaignOver("campaign_over")
    found.campaign = campaign
    return found


def _words(why: str) -> str:
    if not why.strip() or len(why) > LONGEST_WHY:
        raise CannotPlan("say_why", field="why", params={"most": LONGEST_WHY})
    return why.strip()
