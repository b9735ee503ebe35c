"""Who was absent reports next time in addition, nobody takes their place; what was noted by mistake is taken back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel.errors import Conflict, NotFound
from linli.ledger.facts.actions import record
from linli.oversight.reviews.actions.seating import carry_turn
from linli.oversight.reviews.models import Hall, Session, Turn
from linli.oversight.reviews.queries.meetings import get_meeting
from linli.registry.people.rules import Viewer


@transaction.atomic
def mark_absent(*, by: Viewer, turn_id: UUID, at: datetime) -> UUID | None:
    """Note that nobody came, and give the organisation a turn in addition at the programme's next session.

    Returns that turn's id, None where no later session that was not opened is planned. Twice is the same as once.
    Locks the turn; a fact of the absence and one of the turn. Raises NotFound, NotAllowed, Conflict (turn_was_held).
    """
    turn = Turn.objects.select_for_update().filter(district_id=by.district_id, id=turn_id).first()
    if turn is None:
        raise NotFound("no_such_turn")
    meeting = get_meeting(viewer=by, meeting_id=turn.session_id)
    meeting.may_run(by).require()
    if turn.talk_ms is not None:
        raise Conflict("turn_was_held")
    if not turn.is_absent:
        turn.is_absent = True
        turn.save(update_fields=["is_absent"])
        record(
            district_id=turn.district_id, kind="review_turn.absent", subject_id=turn.id, at=at, actor_id=by.person_id,
            area_path=meeting.area_path, organisation_id=turn.organisation_id, data={"session": str(meeting.id)},
        )  # fmt: skip
    return carry_absent(turn=turn, at=at)


@transaction.atomic
def take_back_absence(*, by: Viewer, turn_id: UUID, at: datetime) -> None:
    """Take an absence back that was noted by mistake, and the turn in addition that came of it; twice is once.

    Until the hall has passed the turn. The later turn stays if another absence is made up for by it. Locks the turn;
    a fact. Raises NotFound, NotAllowed, Conflict("absence_passed").
    """
    turn = Turn.objects.select_for_update().filter(district_id=by.district_id, id=turn_id).first()
    if turn is None:
        raise NotFound("no_such_turn")
    meeting = get_meeting(viewer=by, meeting_id=turn.session_id)
    meeting.may_run(by).require()
    if not turn.is_absent:
        return
    hall = Hall.objects.filter(district_id=turn.district_id, session_id=turn.session_id).select_related("turn").first()
    if hall and (hall.closed_at or (hall.turn and hall.turn.position > turn.position)):
        raise Conflict("absence_passed")
    turn.is_absent = False
    turn.save(update_fields=["is_absent"])
    _drop_carried(turn, meeting.programme_id)
    record(
        district_id=turn.district_id, kind="review_turn.absence_taken_back", subject_id=turn.id, at=at,
        actor_id=by.person_id, area_path=meeting.area_path, organisation_id=turn.organisation_id,
        data={"session": str(meeting.id)},
    )  # fmt: skip


def _drop_carried(turn: Turn, programme_id: UUID) -> None:
    """Drop the turn in addition, if it was made for this absence alone and its session was not opened."""
    ours = Turn.objects.filter(
        district_id=turn.district_id, organisation_id=turn.organisation_id, session__programme_id=programme_id
    ).select_related("session").order_by("session__planned_at", "session__part")  # fmt: skip
    rows = list(ours)
    here = next(place for place, row in enumerate(rows) if row.id == turn.id)
    after = rows[here + 1] if here + 1 < len(rows) else None
    if after is None or not after.is_carried or after.is_absent or (here and rows[here - 1].is_absent):
        return
    halls = Hall.objects.filter(district_id=turn.district_id, session_id=after.session_id, opened_at__isnull=False)
    if not halls.exists():
        position, session_id = after.position, after.session_id
        after.delete()
        later = Turn.objects.filter(district_id=turn.district_id, session_id=session_id, position__gt=position)
        for each in later.order_by("position"):
            each.position -= 1
            each.save(update_fields=["position"])


def carry_absent(*, turn: Turn, at: datetime) -> UUID | None:
    """Carry an absent turn to the programme's next session that was not opened, in its transaction. 5 queries."""
    this = Session.objects.get(district_id=turn.district_id, id=turn.session_id)
    later = Session.objects.filter(
        district_id=turn.district_id, programme_id=this.programme_id, planned_at__gt=this.planned_at
    ).exclude(halls__opened_at__isnull=False)  # fmt: skip
    following = later.order_by("planned_at", "part").first()
    if following is None:
        return None
    return carry_turn(
        session=following, organisation_id=turn.organisation_id, presenter_id=turn.presenter_id, at=at
    )  # fmt: skip
