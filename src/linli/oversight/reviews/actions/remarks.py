"""What leaders say, written live: seen by the room after the leader's nod, and from then on a case."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.cases.actions.assigning import Task, open_assigned_case
from linli.cases.calc.words import plain
from linli.cases.choices import Source
from linli.kernel.errors import NotAllowed, NotFound
from linli.kernel.ids import new_id
from linli.kernel.live import hint
from linli.ledger.commands.actions import claim
from linli.ledger.facts.actions import record
from linli.oversight.reviews.actions.halls import TOPIC
from linli.oversight.reviews.choices import RemarkKind
from linli.oversight.reviews.errors import CannotWriteRemark, RemarkMovedOn
from linli.oversight.reviews.models import Remark, RemarkShare, Turn
from linli.oversight.reviews.queries.meetings import Meeting, get_meeting
from linli.registry.orgs.queries import OrganisationRow, get_organisation, list_organisations
from linli.registry.people.rules import Viewer, is_within

LONGEST_REMARK = 500
_ALL = 5000
FURTHEST_DAY = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said. organisation_id, due_on: who has to do it and by when, None for a bare comment.

    also: of a deployment, who else has to do it.
    """

    kind: str
    text: str
    organisation_id: UUID | None = None
    due_on: date | None = None
    also: tuple[UUID, ...] = ()


@transaction.atomic
def write_remark(*, by: Viewer, meeting_id: UUID, turn_id: UUID | None, said: Said, key: str, at: datetime) -> UUID:
    """Write down what was said on a turn, or with turn_id None what the whole district has to do. Returns its id.

    Nobody but the clerks sees it before the nod. Told again with the same key it writes nothing and names the first.
    6 queries, 8 with others who have to do it too; a fact without words. Raises NotFound, NotAllowed,
    CannotWriteRemark, Conflict (the key came with other words).
    """
    meeting = get_meeting(viewer=by, meeting_id=meeting_id)
    meeting.may_run(by).require()
    said = _checked(said, meeting, at, is_deployment=turn_id is None)
    if by.person_id is None:
        raise NotAllowed("not_signed_in")
    remark = Remark(
        id=new_id(), district_id=meeting.district_id, session_id=meeting.id, turn_id=turn_id, kind=said.kind,
        text=said.text, organisation_id=said.organisation_id, due_on=said.due_on, written_by=by.person_id,
        written_at=at,
    )  # fmt: skip
    claimed = claim(
        district_id=meeting.district_id, caller=f"person:{by.person_id}", key=key,
        body_hash=_hash(meeting_id, turn_id, said), result_id=remark.id, at=at,
    )  # fmt: skip
    if not claimed.is_new:
        return claimed.result_id
    if (
        turn_id is not None
        and not Turn.objects.filter(district_id=meeting.district_id, session_id=meeting.id, id=turn_id).exists()
    ):
        raise NotFound("no_such_turn")
    remark.save(force_insert=True)
    _share(remark, said)
    _tell(remark, "written", by, meeting, at)
    return remark.id


@transaction.atomic
def change_remark(*, by: Viewer, remark_id: UUID, said: Said, version: int, at: datetime) -> int:
    """Put other words, another owner or day in the place of what was written, until the nod. Returns its new version.

    version: of the words that were changed. Locks the remark; a fact without words. Raises NotFound, NotAllowed,
    CannotWriteRemark, RemarkMovedOn (another clerk changed it, the leader nodded, or it was struck).
    """
    remark, meeting = _locked(by, remark_id)
    _require_waiting(remark, version)
    said = _checked(said, meeting, at, is_deployment=remark.turn_id is None)
    remark.kind, remark.text, remark.organisation_id, remark.due_on = (
        said.kind, said.text, said.organisation_id, said.due_on,
    )  # fmt: skip
    remark.version += 1
    remark.save(update_fields=["kind", "text", "organisation", "due_on", "version"])
    remark.shares.filter(district_id=remark.district_id).delete()
    _share(remark, said)
    _tell(remark, "changed", by, meeting, at)
    return remark.version


@transaction.atomic
def strike_remark(*, by: Viewer, remark_id: UUID, at: datetime) -> None:
    """Take a remark back: nobody but the clerks sees it again. Struck twice is the same as once.

    Not one that became a case: that goes its way in the engine. Locks the remark; a fact. Raises NotFound, NotAllowed,
    RemarkMovedOn (remark_is_case).
    """
    remark, meeting = _locked(by, remark_id)
    if remark.struck_at is not None:
        return
    if remark.case_id is not None:
        raise RemarkMovedOn("remark_is_case")
    remark.struck_at = at
    remark.version += 1
    remark.save(update_fields=["struck_at", "version"])
    _tell(remark, "struck", by, meeting, at)


@transaction.atomic
def nod_remark(*, by: Viewer, remark_id: UUID, version: int, at: datetime) -> UUID | None:
    """Note that the leader nodded: the room sees it, and what somebody has to do becomes a case in the same moment.

    version: of the words that the leader saw. The case lies where its owner works, a deployment's where who convenes
    does; it is due on the remark's day. A deployment that others have to do too is one case for each, where each
    works. Returns the id of the owner's, None for a bare comment; a second nod gives the same one.
    Locks the remark; a fact. Raises NotFound, NotAllowed, RemarkMovedOn, CannotOpenCase (due_day_past).
    """
    remark, meeting = _locked(by, remark_id)
    if remark.nodded_at is not None and remark.struck_at is None:
        return remark.case_id
    _require_waiting(remark, version)
    remark.nodded_at = at
    remark.version += 1
    if remark.kind != RemarkKind.COMMENT and remark.organisation_id and remark.due_on:
        owner = _owner(meeting, remark.organisation_id, at)
        shares = list(remark.shares.filter(district_id=remark.district_id).order_by("organisation__code"))
        where = owner.area_path if remark.turn_id or shares else meeting.area_path
        task = Task(remark.text, owner, where.rsplit("/", 1)[-1], remark.due_on)
        remark.case_id = open_assigned_case(task=task, source=Source.REVIEW, by=by, at=at)
        for share in shares:
            other = _owner(meeting, share.organisation_id, at)
            task = Task(remark.text, other, other.area_path.rsplit("/", 1)[-1], remark.due_on)
            share.case_id = open_assigned_case(task=task, source=Source.REVIEW, by=by, at=at)
            share.save(update_fields=["case"])
    remark.save(update_fields=["nodded_at", "case", "version"])
    _tell(remark, "nodded", by, meeting, at)
    return remark.case_id


def _locked(by: Viewer, remark_id: UUID) -> tuple[Remark, Meeting]:
    """Lock a remark of a session that the viewer runs. 2 queries. Raises NotFound, NotAllowed."""
    found = Remark.objects.select_for_update().filter(district_id=by.district_id, id=remark_id).first()
    if found is None:
        raise NotFound("no_such_remark")
    meeting = get_meeting(viewer=by, meeting_id=found.session_id)
    meeting.may_run(by).require()
    return found, meeting


def _require_waiting(remark: Remark, version: int) -> None:
    if remark.struck_at is not None:
        raise RemarkMovedOn("remark_struck")
    if remark.nodded_at is not None:
        raise RemarkMovedOn("remark_nodded")
    if remark.version != version:
        raise RemarkMovedOn("remark_changed")


def _checked(said: Said, meeting: Meeting, at: datetime, *, is_deployment: bool) -> Said:
    """Refuse what is incomplete; a bare comment has neither owner nor day. At most 2 queries."""
    text, today = plain(said.text.strip()), timezone.localdate(at)
    kinds = {RemarkKind.DEPLOYMENT} if is_deployment else {RemarkKind.COMMENT, RemarkKind.ASSIGNMENT}
    if said.kind not in kinds:
        raise CannotWriteRemark("remark_kind", field="kind")
    if not text:
        raise CannotWriteRemark("remark_text_missing", field="text")
    if len(text) > LONGEST_REMARK:
        raise CannotWriteRemark("remark_too_long", field="text", params={"most": LONGEST_REMARK})
    if said.kind == RemarkKind.COMMENT:
        return Said(said.kind, text)
    if said.organisation_id is None:
        raise CannotWriteRemark("remark_needs_owner", field="organisation")
    if said.due_on is None or not today <= said.due_on <= today + FURTHEST_DAY:
        raise CannotWriteRemark("remark_needs_day", field="due_on")
    _owner(meeting, said.organisation_id, at)
    also = tuple(sorted({*said.also} - {said.organisation_id})) if is_deployment else ()
    if also:
        there = list_organisations(
            district_id=meeting.district_id, on=timezone.localdate(at), area_path=meeting.area_path, limit=_ALL
        )
        if not set(also) <= {row.id for row in there}:
            raise CannotWriteRemark("remark_needs_owner", field="organisation")
    return Said(said.kind, text, said.organisation_id, said.due_on, also)


def _share(remark: Remark, said: Said) -> None:
    RemarkShare.objects.bulk_create(
        RemarkShare(id=new_id(), district_id=remark.district_id, remark=remark, organisation_id=each)
        for each in said.also
    )


def _owner(meeting: Meeting, organisation_id: UUID, at: datetime) -> OrganisationRow:
    """Find who has to do it, within the area of who convenes. 1 query. Raises CannotWriteRemark."""
    on = timezone.localdate(at)
    owner = get_organisation(district_id=meeting.district_id, organisation_id=organisation_id, on=on)
    if owner is None or not is_within(owner.area_path, meeting.area_path):
        raise CannotWriteRemark("remark_needs_owner", field="organisation")
    return owner


def _hash(meeting_id: UUID, turn_id: UUID | None, said: Said) -> str:
    parts = (meeting_id, turn_id or "", said.kind, said.text, said.organisation_id or "", said.due_on or "",
             *said.also)  # fmt: skip
    return sha256("\0".join(str(part) for part in parts).encode()).hexdigest()


def _tell(remark: Remark, did: str, by: Viewer, meeting: Meeting, at: datetime) -> None:
    record(
        district_id=remark.district_id, kind=f"review_remark.{did}", subject_id=remark.id, at=at,
        actor_id=by.person_id, area_path=meeting.area_path, organisation_id=remark.organisation_id,
        data={"session": str(meeting.id), "turn": str(remark.turn_id or ""), "kind": remark.kind,
              "due_on": remark.due_on.isoformat() if remark.due_on else "", "case": str(remark.case_id or ""),
              "version": remark.version},
    )  # fmt: skip
    if remark.nodded_at is not None:
        hint(TOPIC, district=remark.district_id, session=str(meeting.id))
