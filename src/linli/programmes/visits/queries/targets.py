"""What there is to visit in an area, and what was noted down there."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from linli.programmes.visits.errors import NoSuchVisit
from linli.programmes.visits.models import KEPT_DAYS, Target, Visit
from linli.programmes.visits.queries.campaigns import CampaignRow
from linli.programmes.visits.rules import may_read_notes, may_visit, person_of, reached
from linli.registry.people.rules import Viewer

_SHANGHAI = ZoneInfo("Asia/Shanghai")
MOST_TARGETS = 400


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A building or an organisation; visited: doors called at in this round, never more than there are.

    is_out: it was taken out and does not count; why: it was, or was put back or added since.
    """

    id: UUID
    set_name: str
    kind: str
    code: str
    name: str
    area_path: str
    doors: int
    visited: int
    may_visit: bool
    is_out: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class NoteRow:
    """What a visit noted down and nobody made a case of yet."""

    id: UUID
    at: datetime
    note: str


def list_targets(
    *, viewer: Viewer, campaign: CampaignRow, area_paths: Sequence[str] = (), with_out: bool = False
) -> list[TargetRow]:
    """List at most 400 targets within the viewer's areas, by set and code. 2 queries. with_out: those taken out too."""
    sets = {each.id: each for each in campaign.sets}
    found = Target.objects.filter(reached(viewer, "area_path"), target_set_id__in=sets)
    if not with_out:
        found = found.filter(taken_out_at=None)
    if area_paths:
        inside = Q(pk__in=[])
        for path in area_paths:
            inside |= Q(area_path=path) | Q(area_path__startswith=f"{path}/")
        found = found.filter(inside)
    rows = list(found.order_by("target_set__position", "code")[:MOST_TARGETS])
    return _told(viewer, campaign, rows)


def get_target(*, viewer: Viewer, campaign: CampaignRow, target_id: UUID) -> TargetRow:
    """Read one target of a campaign. 2 queries. Raises NoSuchVisit."""
    found = Target.objects.filter(
        reached(viewer, "area_path"), id=target_id, target_set_id__in=[each.id for each in campaign.sets]
    ).first()
    if found is None:
        raise NoSuchVisit("no_such_target")
    return _told(viewer, campaign, [found])[0]


def _told(viewer: Viewer, campaign: CampaignRow, rows: Sequence[Target]) -> list[TargetRow]:
    """Tell of targets with the doors called at in the round that runs. 1 query."""
    sets = {each.id: each for each in campaign.sets}
    called: dict[UUID, set[bytes]] = defaultdict(set)
    visits = Visit.objects.filter(district_id=viewer.district_id, target_id__in=[row.id for row in rows])
    begins = {each.id: datetime.combine(each.begins_on, time(), tzinfo=_SHANGHAI) for each in campaign.sets}
    for target_id, set_id, door, done_at in visits.values_list(
        "target_id", "target__target_set_id", "door_index", "done_at"
    ).order_by("id"):
        if done_at >= begins[set_id]:
            called[target_id].add(bytes(door))
    return [
        TargetRow(row.id, sets[row.target_set_id].name, sets[row.target_set_id].kind, row.code, row.name, row.area_path,
                  row.doors, min(len(called[row.id]), row.doors), row.taken_out_at is None
                  and bool(may_visit(viewer, area_path=row.area_path, roles=sets[row.target_set_id].roles)),
                  row.taken_out_at is not None, row.why)
        for row in rows
    ]  # fmt: skip


def list_notes(*, viewer: Viewer, target: TargetRow) -> list[NoteRow]:
    """List what visits noted down there, the newest first: the viewer's own, all where they see cases. 1 query."""
    found = Visit.objects.filter(district_id=viewer.district_id, target_id=target.id).exclude(note="")
    if not may_read_notes(viewer, area_path=target.area_path):
        found = found.filter(by_person=person_of(viewer))
    return [NoteRow(*row) for row in found.order_by("-at", "-id").values_list("id", "at", "note")[:100]]


def visits_with_words(*, district_id: str, before: datetime) -> QuerySet[Visit]:
    """Give the visits made before then that still hold what is kept for a time only."""
    return Visit.objects.filter(district_id=district_id, at__lt=before, is_wiped=False)


WORDS_DAYS = KEPT_DAYS
