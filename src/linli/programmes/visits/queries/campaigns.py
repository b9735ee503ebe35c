"""Campaigns with how far they are: by grid and above, never by who visits."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum

from linli.programmes.visits.calc import percent, round_begin
from linli.programmes.visits.errors import NoSuchVisit
from linli.programmes.visits.models import Campaign, Target, TargetSet, Visit
from linli.programmes.visits.rules import may_plan, reached, touches
from linli.registry.people.rules import Viewer

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_GRID_DEPTH = 4


@dataclass(frozen=True, slots=True)
class SetRow:
    """A set as it was planned; begins_on: of the round that runs."""

    id: UUID
    name: str
    kind: str
    kinds: tuple[str, ...]
    roles: tuple[str, ...]
    cycle_days: int
    goal_percent: int
    begins_on: date


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign. is_running: today lies within it and nobody ended it."""

    id: UUID
    name: str
    purpose: str
    area_path: str
    begins_on: date
    ends_on: date
    is_running: bool
    may_change: bool
    sets: tuple[SetRow, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """How far a set is in an area: doors to call at, doors called at in this round."""

    doors: int
    visited: int

    @property
    def percent(self) -> int | None:
        """Tell the whole percent, None where there is nothing to visit."""
        return percent(self.visited, self.doors)


@dataclass(frozen=True, slots=True)
class AreaTotals:
    """An area of the tree with its figures: by set, and how many visits became cases. depth: 1 for the district."""

    path: str
    depth: int
    covered: dict[UUID, Covered]
    findings: int


def list_campaigns(*, viewer: Viewer, on: date) -> list[CampaignRow]:
    """List the campaigns that concern a viewer, the newest first. 2 queries."""
    found = Campaign.objects.filter(district_id=viewer.district_id).order_by("-begins_on", "-id")
    mine = [campaign for campaign in found if touches(viewer, campaign.area_path)]
    sets: dict[UUID, list[TargetSet]] = defaultdict(list)
    for each in TargetSet.objects.filter(
        district_id=viewer.district_id, campaign_id__in=[one.id for one in mine]
    ).order_by("position"):
        sets[each.campaign_id].append(each)
    return [_row(viewer, campaign, sets[campaign.id], on) for campaign in mine]


def get_campaign(*, viewer: Viewer, campaign_id: UUID, on: date) -> CampaignRow:
    """Read a campaign that concerns the viewer. 2 queries. Raises NoSuchVisit."""
    found = Campaign.objects.filter(district_id=viewer.district_id, id=campaign_id).first()
    if found is None or not touches(viewer, found.area_path):
        raise NoSuchVisit("no_such_campaign")
    sets = TargetSet.objects.filter(district_id=viewer.district_id, campaign_id=found.id).order_by("position")
    return _row(viewer, found, sets, on)


def list_totals(*, viewer: Viewer, campaign: CampaignRow) -> list[AreaTotals]:
    """Tell how far a campaign is, for each grid within the viewer's areas and each area above it, by code. 3 queries.

    A door counts once a round, whoever called there and however often. Areas come in the order of their codes: there is
    no other, since nobody is ranked by visits.
    """
    sets = [each.id for each in campaign.sets]
    targets = Target.objects.filter(reached(viewer, "area_path"), target_set_id__in=sets, taken_out_at=None)
    doors = {
        (path, set_id): total
        for path, set_id, total in targets.values_list("area_path", "target_set_id").annotate(Sum("doors")).order_by()
    }
    called = _called(viewer, campaign)
    found = _visits(viewer, campaign).filter(case_id__isnull=False)
    cases = dict(found.values_list("target__area_path").annotate(Count("id")).order_by())
    visited: dict[str, dict[UUID, Covered]] = defaultdict(dict)
    findings: dict[str, int] = defaultdict(int)
    for (path, set_id), total in doors.items():
        for above in _above(path):
            before = visited[above].get(set_id, Covered(0, 0))
            visited[above][set_id] = Covered(before.doors + total, before.visited + called.get((path, set_id), 0))
    for path, count in cases.items():
        for above in _above(path):
            findings[above] += count
    inside = [path for path in visited if path == campaign.area_path or path.startswith(f"{campaign.area_path}/")]
    return [AreaTotals(path, path.count("/") + 1, visited[path], findings[path]) for path in sorted(inside)]


def list_finding_ids(*, viewer: Viewer, campaign: CampaignRow) -> list[UUID]:
    """List the cases that visits of a campaign became, within the viewer's areas. 1 query."""
    found = _visits(viewer, campaign).filter(case_id__isnull=False)
    return [id_ for id_ in found.order_by("id").values_list("case_id", flat=True) if id_]


def _called(viewer: Viewer, campaign: CampaignRow) -> dict[tuple[str, UUID], int]:
    """Count the doors called at in the running round of each set, by the target's area: at each at most what it has.

    1 query.
    """
    rounds = Q(pk__in=[])
    for each in campaign.sets:
        since = datetime.combine(each.begins_on, time(), tzinfo=_SHANGHAI)
        rounds |= Q(target__target_set_id=each.id, done_at__gte=since)
    counting = _visits(viewer, campaign).filter(rounds, target__taken_out_at=None)
    counted = counting.values_list("target_id", "target__area_path", "target__target_set_id", "target__doors")
    found: dict[tuple[str, UUID], int] = defaultdict(int)
    for _target, path, set_id, doors, n in counted.annotate(n=Count("door_index", distinct=True)).order_by():
        found[path, set_id] += min(n, doors)
    return found


def _visits(viewer: Viewer, campaign: CampaignRow) -> QuerySet[Visit]:
    return Visit.objects.filter(
        reached(viewer, "target__area_path"), target__target_set_id__in=[each.id for each in campaign.sets]
    )


def _above(path: str) -> Iterable[str]:
    """Give the area's grid and whatever lies above it; parts of grids count for their grid."""
    codes = path.split("/")[:_GRID_DEPTH]
    return ["/".join(codes[: n + 1]) for n in range(len(codes))]


def _row(viewer: Viewer, campaign: Campaign, sets: Iterable[TargetSet], on: date) -> CampaignRow:
    is_running = campaign.closed_at is None and campaign.begins_on <= on <= campaign.ends_on
    day = min(on, campaign.ends_on)
    return CampaignRow(
        id=campaign.id, name=campaign.name, purpose=campaign.purpose, area_path=campaign.area_path,
        begins_on=campaign.begins_on, ends_on=campaign.ends_on, is_running=is_running,
        may_change=campaign.closed_at is None and bool(may_plan(viewer, area_path=campaign.area_path)),
        sets=tuple(
            SetRow(each.id, each.name, each.kind, tuple(each.kinds), tuple(each.roles), each.cycle_days,
                   each.goal_percent, round_begin(campaign.begins_on, cycle_days=each.cycle_days, on=day))
            for each in sets
        ),
    )  # fmt: skip
