"""Who was absent reports next time in addition; nobody takes their place."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel.errors import Conflict, NotFound
from linli.ledger.facts.actions import record
from linli.oversight.reviews.actions.seating import carry_turn
from linli.oversight.reviews.models import Session, Turn
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
