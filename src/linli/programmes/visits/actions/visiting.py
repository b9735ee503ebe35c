"""Writing a visit down, once however often it is sent, and making a case of what it found."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import BinaryField, F, Func
from django.utils import timezone

from linli.cases.actions.opening import Caller, Report, open_case
from linli.cases.choices import Source
from linli.kernel.crypto import blind_index, blind_indexes
from linli.kernel.errors import Conflict, InvalidInput
from linli.ledger.commands.actions import claim
from linli.ledger.facts.actions import record
from linli.programmes.visits.calc import plain_door
from linli.programmes.visits.choices import TargetKind
from linli.programmes.visits.errors import CampaignOver, NoSuchVisit
from linli.programmes.visits.models import Target, Visit
from linli.programmes.visits.queries.targets import visits_with_words
from linli.programmes.visits.rules import may_read_notes, may_visit, person_of
from linli.registry.people.rules import Viewer, is_within

LONGEST_NOTE, LONGEST_DOOR = 500, 40
# What was visited on the last day without a network may come in later.
_GRACE = timedelta(days=14)
DOOR_PURPOSE = "visit.door"


@dataclass(frozen=True, slots=True)
class Called:
    """A visit as it is sent. door: as typed, for doors alone; note: what has to be done there, "" mostly.

    There is no word here for somebody who did not open or did not want to talk: that is a visit without a note.
    """

    key: UUID
    target_id: UUID
    done_at: datetime
    door: str = ""
    note: str = ""
    makes_case: bool = False
    category: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """The visit that now is; is_new: False where it was sent before; case_id: what it became."""

    visit_id: UUID
    is_new: bool
    case_id: UUID | None


@transaction.atomic
def write_visit(*, told: Called, caller: str, body_hash: str, by: Viewer, at: datetime) -> Written:
    """Write a visit down, and make a case of its note where that is wished. 8 queries; a case as `open_case`.

    Raises NoSuchVisit, NotAllowed, CampaignOver, InvalidInput, Conflict (the key was used for something else).
    """
    target = _target(by, told.target_id)
    may_visit(by, area_path=target.area_path, roles=target.target_set.roles).require()
    claimed = claim(district_id=by.district_id, caller=caller, key=str(told.key), body_hash=body_hash,
                    result_id=told.key, at=at)  # fmt: skip
    if not claimed.is_new:
        found = Visit.objects.filter(district_id=by.district_id, id=claimed.result_id).first()
        return Written(claimed.result_id, is_new=False, case_id=found.case_id if found else None)
    _check(told, target, at)
    visit = Visit(
        id=told.key, district_id=by.district_id, target=target, at=at, done_at=told.done_at, by_person=person_of(by),
        door_index=_index(target, told.door), note=told.note.strip(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
    except IntegrityError as error:  # somebody else's visit has it, or one's own whose claim was forgotten
        raise Conflict("idempotency_key_reused", field="key") from error
    record(district_id=by.district_id, kind="visits.visited", subject_id=target.id, at=at, actor_id=by.person_id,
           area_path=target.area_path, data={"campaign": str(target.target_set.campaign_id)})  # fmt: skip
    if told.makes_case and visit.note:
        _open(visit, door=told.door, category=told.category, by=by, at=at)
    return Written(visit.id, is_new=True, case_id=visit.case_id)


@transaction.atomic
def make_case(*, visit_id: UUID, category: str, by: Viewer, at: datetime) -> UUID:
    """Make a case of what a visit noted down; a second time it is the same case. Queries: 3 and those of `open_case`.

    Raises NoSuchVisit (also where the note is not the viewer's to read), NotAllowed.
    """
    visit = Visit.objects.select_for_update(of=["self"]).filter(district_id=by.district_id, id=visit_id).first()
    if visit is None:
        raise NoSuchVisit("no_such_visit")
    target = _target(by, visit.target_id)
    if visit.by_person != by.person_id and not may_read_notes(by, area_path=target.area_path):
        raise NoSuchVisit("no_such_visit")
    if visit.case_id is None:
        if not visit.note:
            raise NoSuchVisit("no_such_visit")
        _open(visit, door="", category=category, by=by, at=at)
    return UUID(str(visit.case_id))


def forget_visits(*, district_id: str, before: datetime) -> int:
    """Wipe notes and doors of visits made before then; that they were made stays. Returns how many. 1 query."""
    own = Func(F("id"), function="uuid_send", output_field=BinaryField())
    found = visits_with_words(district_id=district_id, before=before)
    return int(found.update(note="", door_index=own, is_wiped=True))


def _target(viewer: Viewer, target_id: UUID) -> Target:
    found = (
        Target.objects.select_related("target_set", "target_set__campaign")
        .filter(district_id=viewer.district_id, id=target_id)
        .first()
    )
    if found is None or not any(is_within(found.area_path, post.area_path) for post in viewer.posts):
        raise NoSuchVisit("no_such_target")
    return found


def _check(told: Called, target: Target, at: datetime) -> None:
    if len(told.note) > LONGEST_NOTE:
        raise InvalidInput("note_too_long", field="note", params={"most": LONGEST_NOTE})
    if target.taken_out_at is not None and told.done_at >= target.taken_out_at:
        raise CampaignOver("target_taken_out")
    is_door = target.target_set.kind == TargetKind.DOORS
    if is_door and not 0 < len(plain_door(told.door)) <= LONGEST_DOOR:
        raise InvalidInput("door_missing", field="door")
    campaign, day = target.target_set.campaign, timezone.localdate(told.done_at)
    ended = timezone.localdate(campaign.closed_at) if campaign.closed_at else campaign.ends_on
    if not campaign.begins_on <= day <= ended or at > told.done_at + _GRACE:
        raise CampaignOver("campaign_over")


def _index(target: Target, door: str) -> bytes:
    """Give the index of a door; the one it has already, where an older key made it. 1 query for doors, else none."""
    if target.target_set.kind != TargetKind.DOORS:
        return b""
    said = f"{target.subject_id}/{plain_door(door)}"
    of_target = Visit.objects.filter(district_id=target.district_id, target_id=target.id)
    known = of_target.filter(door_index__in=blind_indexes(said, purpose=DOOR_PURPOSE)).order_by("id")
    before = known.values_list("door_index", flat=True).first()
    return bytes(before) if before is not None else blind_index(said, purpose=DOOR_PURPOSE)


def _open(visit: Visit, *, door: str, category: str, by: Viewer, at: datetime) -> None:
    target = visit.target
    is_door = target.target_set.kind == TargetKind.DOORS
    report = Report(
        text=visit.note, category=category, address=f"{target.name}{door.strip()}"[:200],
        area_code=target.code if is_door else target.area_path.rpartition("/")[2],
    )  # fmt: skip
    opened = open_case(report=report, by=Caller(Source.VISIT, viewer=by, done_at=visit.done_at), at=at)
    visit.case_id, visit.note = opened.case_id, ""
    visit.save(force_update=True)
