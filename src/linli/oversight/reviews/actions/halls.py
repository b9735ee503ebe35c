"""Running a session: its bells tested, opened, moved on by the host from the state that the host saw."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.kernel.errors import Conflict, NotFound
from linli.kernel.ids import new_id
from linli.kernel.live import hint
from linli.ledger.facts.actions import record
from linli.oversight.reviews.actions.absences import carry_absent
from linli.oversight.reviews.actions.materials import freeze_materials
from linli.oversight.reviews.actions.publishing import publish_session
from linli.oversight.reviews.calc.clock import Clock, Command, moved
from linli.oversight.reviews.calc.programme import read_rules
from linli.oversight.reviews.choices import Phase, ScreenRole
from linli.oversight.reviews.errors import HallMovedOn
from linli.oversight.reviews.models import Hall, Juror, Lamp, ProgrammeBook, Recusal, Session, Turn
from linli.oversight.reviews.queries.scoring import clock_of, durations_of, turns_of
from linli.oversight.reviews.rules import may_run_reviews
from linli.registry.orgs.queries import organisations_under
from linli.registry.people.queries import list_all_holders
from linli.registry.people.rules import Viewer

TOPIC = "review.hall"
HEARD = timedelta(seconds=20)


@transaction.atomic
def confirm_bells(*, session_id: UUID, by: Viewer, at: datetime) -> None:
    """Write down that both bells were heard; a screen and a host's page must say that they can sound.

    4 queries; a fact. Raises NotFound, NotAllowed, Conflict("bells_silent").
    """
    session = lock_session(session_id, by)
    lamps = Lamp.objects.filter(district_id=session.district_id, session=session, seen_at__gte=at - HEARD)
    ringing = set(lamps.filter(audio="running").values_list("role", flat=True))
    if not {ScreenRole.SCREEN.value, ScreenRole.HOST.value} <= ringing:
        raise Conflict("bells_silent")
    hall = _hall(session)
    hall.bell_test_at = at
    hall.revision += 1
    hall.save(update_fields=["bell_test_at", "revision"])
    _tell(session, "review_hall.bells_heard", by, at, {})


@transaction.atomic
def open_session(*, session_id: UUID, by: Viewer, at: datetime) -> int:
    """Open a session: rules frozen, materials frozen, jurors of who presents recused, the first turn ready.

    Twice is the same as once. Some 12 queries; a fact. Returns the revision. Raises NotFound, NotAllowed,
    Conflict("bells_not_tested", "nobody_reports", "no_jury").
    """
    session = lock_session(session_id, by)
    hall = _hall(session)
    if hall.opened_at is not None:
        return hall.revision
    turns = turns_of(session)
    if not turns:
        raise Conflict("nobody_reports")
    if not Juror.objects.filter(district_id=session.district_id, session=session).exists():
        raise Conflict("no_jury")
    if hall.bell_test_at is None:
        raise Conflict("bells_not_tested")
    book = ProgrammeBook.objects.filter(district_id=session.district_id, programme_id=session.programme_id)
    session.book = session.book or book.order_by("-number")[:1].get()
    session.save(update_fields=["book"])
    _recuse_colleagues(session, turns, at)
    freeze_materials(district_id=session.district_id, meeting_id=session.id, by=by, at=at)
    hall.opened_at, hall.turn, hall.phase = at, turns[0], Phase.READY.value
    hall.revision += 1
    hall.save(update_fields=["opened_at", "turn", "phase", "revision"])
    _tell(session, "review_hall.opened", by, at, {"turns": len(turns)})
    return hall.revision


@transaction.atomic
def press(*, session_id: UUID, command: Command, seen: int, by: Viewer, at: datetime) -> int:
    """Follow a host's command if the hall still stands where the host saw it. seen: the revision. Returns the next.

    The clock's time is `at`, of a steady clock. Writes what a report and a comment took; closing publishes. Some 8
    queries; a fact. Raises NotFound, NotAllowed, HallMovedOn, Conflict("hall_not_open", "hall_wrong_phase").
    """
    session = lock_session(session_id, by)
    hall = _hall(session)
    if hall.revision != seen:
        raise HallMovedOn("hall_moved_on", params={"revision": hall.revision})
    if hall.opened_at is None or hall.turn is None or session.book is None:
        raise Conflict("hall_not_open")
    turns = turns_of(session)
    rules = read_rules(session.book.content)
    before = clock_of(hall, [turn.id for turn in turns])
    after = moved(before, command, at=at, durations=durations_of(rules))
    _keep_times(hall.turn, before, command, at)
    if command == Command.ABSENT:
        carry_absent(turn=hall.turn, at=at)
    hall.phase, hall.started_at, hall.duration_ms = after.phase.value, after.started_at, after.duration_ms
    hall.paused_ms, hall.paused_at, hall.turn = after.paused_ms, after.paused_at, turns[after.position - 1]
    hall.closed_at = at if after.phase == Phase.CLOSED else None
    hall.revision += 1
    hall.save()
    if after.phase == Phase.CLOSED:
        publish_session(session=session, rules=rules, turns=turns, by=by, at=at)
        Lamp.objects.filter(district_id=session.district_id, session=session).delete()
    told: dict[str, object] = {
        "command": command.value,
        "position": before.position,
        "overrun_ms": before.overrun_ms(at),
    }
    _tell(session, "review_hall.moved", by, at, told)
    return hall.revision


def lock_session(session_id: UUID, by: Viewer) -> Session:
    """Lock a session for somebody who runs its programme. 1 query. Raises NotFound, NotAllowed."""
    found = Session.objects.select_for_update(of=("self",)).select_related("programme__organisation__area", "book")
    session = found.filter(district_id=by.district_id, id=session_id).first()
    if session is None:
        raise NotFound("no_such_review_session")
    area_path = session.programme.organisation.area.path
    may_run_reviews(by, district_id=session.district_id, area_path=area_path).require()
    return session


def tell_hall(session: Session) -> None:
    """Tell whoever watches a hall that something changed, once this transaction has committed."""
    hint(TOPIC, district=session.district_id, session=str(session.id))


def _hall(session: Session) -> Hall:
    """Lock the state row, making it if it is not there."""
    Hall.objects.bulk_create(
        [Hall(id=new_id(), district_id=session.district_id, session=session)], ignore_conflicts=True
    )
    found = Hall.objects.select_for_update(of=("self",)).select_related("turn")
    return found.get(district_id=session.district_id, session=session)


def _keep_times(turn: Turn, clock: Clock, command: Command, at: datetime) -> None:
    if command == Command.ABSENT:
        turn.is_absent = True
    elif clock.phase == Phase.TALK and command == Command.COMMENT:
        turn.talk_ms, turn.talk_overrun_ms = clock.used_ms(at), clock.overrun_ms(at)
    elif clock.phase == Phase.COMMENT and command == Command.SCORE:
        turn.comment_ms, turn.comment_overrun_ms = clock.used_ms(at), clock.overrun_ms(at)
    else:
        return
    turn.save(update_fields=["is_absent", "talk_ms", "talk_overrun_ms", "comment_ms", "comment_overrun_ms"])


def _recuse_colleagues(session: Session, turns: Sequence[Turn], at: datetime) -> None:
    """Recuse jurors who hold a post in an organisation that reports, in one right below it or in the one above it.

    Who convenes, and the body above that, are above everybody who reports, so they keep nobody out. 4 queries.
    """
    on, convener = timezone.localdate(at), session.programme.organisation
    ours = {turn.organisation_id for turn in turns}
    under = organisations_under(district_id=session.district_id, organisation_ids=list(ours), on=on)
    serves: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for holder in list_all_holders(district_id=session.district_id, on=on):
        serves[holder.person_id].add(holder.organisation_id)
    rows = []
    for juror in Juror.objects.filter(district_id=session.district_id, session=session).order_by("id"):
        for turn in turns:
            above = {turn.organisation.parent_id} - {None, convener.id, convener.parent_id}
            is_own = turn.organisation_id in serves[juror.person_id]
            if is_own or serves[juror.person_id] & (under[turn.organisation_id] | above):
                reason = "own_organisation" if is_own else "above_or_below"
                rows.append(
                    Recusal(id=new_id(), district_id=session.district_id, juror=juror, turn=turn, reason=reason)
                )
    Recusal.objects.bulk_create(rows, ignore_conflicts=True)


def _tell(session: Session, kind: str, by: Viewer, at: datetime, data: dict[str, object]) -> None:
    record(district_id=session.district_id, kind=kind, subject_id=session.id, at=at, actor_id=by.person_id,
           organisation_id=session.programme.organisation_id, data=data)  # fmt: skip
    tell_hall(session)
