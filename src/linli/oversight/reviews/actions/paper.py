"""A juror's paper ballot, typed by the clerks: two people type the same from the same sheet, then it is cast."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel.errors import Conflict, NotAllowed, NotFound
from linli.kernel.ids import new_id
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.ledger.facts.actions import record
from linli.oversight.reviews.actions.casting import Sheet, checked_points, is_taken
from linli.oversight.reviews.actions.halls import lock_session, tell_hall
from linli.oversight.reviews.calc.ballots import NONCE_BYTES, receipt_of
from linli.oversight.reviews.calc.programme import ProgrammeRules, read_rules
from linli.oversight.reviews.choices import BallotMode, Phase
from linli.oversight.reviews.models import Ballot, Hall, Juror, Recusal, Session, Turn
from linli.registry.people.rules import Viewer


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on a juror's sheet. points: a whole number for each part of the ballot."""

    turn_id: UUID
    juror_id: UUID
    points: Sequence[int]


@transaction.atomic
def type_paper(*, session_id: UUID, paper: Paper, by: Viewer, source_ip: str, at: datetime) -> bool:
    """Type a paper ballot as this person reads it; returns whether two people have typed it alike, so that it is cast.

    Other points than the first person's begin anew. The same person again is the same as once. Taken while scoring
    runs; the second person's also within the rules' seconds after it. Whoever is not checked in is then. 12 queries
    at most; an audit line without points, and once it is cast a fact. Locks the session. Raises NotFound, NotAllowed,
    InvalidInput("ballot_points"), Conflict("paper_not_secret", "juror_stays_out", "ballot_there_already",
    "scoring_closed").
    """
    session = lock_session(session_id, by)
    if by.person_id is None:
        raise NotAllowed("not_signed_in")
    if session.ballot_mode == BallotMode.SECRET:
        raise Conflict("paper_not_secret")
    juror, turn = _seat(session, paper)
    if session.book is None:
        raise Conflict("scoring_closed")
    rules = read_rules(session.book.content)
    nonce = secrets.token_hex(NONCE_BYTES)
    points = checked_points(Sheet(paper.points, nonce, 1, is_draft=False), rules)
    before = Ballot.objects.select_for_update().filter(district_id=session.district_id, turn=turn, juror=juror).first()
    if before and not before.is_draft:
        if before.points == points and by.person_id in {before.by_clerk, before.confirmed_by}:
            return True
        raise Conflict("ballot_there_already")
    if before and before.by_clerk and before.points == points:
        if before.by_clerk == by.person_id:
            return False
        _cast(session, before, turn, juror, rules, by, at)
        _write(session, turn, juror, "confirmed", by, source_ip, at)
        return True
    _keep(session, before, Ballot(
        id=new_id(), district_id=session.district_id, session=session, turn=turn, juror=juror, group=juror.group,
        points=points, nonce=nonce, client_seq=before.client_seq + 1 if before else 1, receipt="", is_draft=True,
        by_clerk=by.person_id, received_at=at,
    ))  # fmt: skip
    _write(session, turn, juror, "typed", by, source_ip, at)
    tell_hall(session)
    return False


def _seat(session: Session, paper: Paper) -> tuple[Juror, Turn]:
    ours = {"district_id": session.district_id, "session": session}
    juror = Juror.objects.select_for_update().filter(**ours, id=paper.juror_id).first()
    turn = Turn.objects.filter(**ours, id=paper.turn_id).first()
    if juror is None or turn is None:
        raise NotFound("no_such_juror")
    if Recusal.objects.filter(district_id=session.district_id, juror=juror, turn=turn).exists():
        raise Conflict("juror_stays_out")
    return juror, turn


def _keep(session: Session, before: Ballot | None, typed: Ballot) -> None:
    """Keep what the first person typed, in the place of an earlier draft if there is one."""
    hall = Hall.objects.filter(district_id=session.district_id, session=session).first()
    if hall is None or hall.turn_id != typed.turn_id or hall.phase != Phase.SCORE:
        raise Conflict("scoring_closed")
    if before is not None:
        typed.id = before.id
        typed.save(force_update=True)
        return
    Ballot.objects.bulk_create([typed], ignore_conflicts=True)
    if not Ballot.objects.filter(district_id=session.district_id, id=typed.id).exists():
        raise Conflict("ballot_there_already")  # the telephone came back in this very moment


def _cast(
    session: Session, ballot: Ballot, turn: Turn, juror: Juror, rules: ProgrammeRules, by: Viewer, at: datetime
) -> None:
    hall = Hall.objects.filter(district_id=session.district_id, session=session).first()
    whole = Sheet(ballot.points, ballot.nonce, ballot.client_seq + 1, is_draft=False)
    if hall is None or not is_taken(hall, juror, turn.id, whole, rules, at):
        raise Conflict("scoring_closed")
    ballot.is_draft, ballot.confirmed_by, ballot.client_seq = False, by.person_id, whole.client_seq
    ballot.receipt = receipt_of(bytes.fromhex(ballot.nonce), str(turn.id), ballot.points)
    ballot.received_at = at
    ballot.save(update_fields=["is_draft", "confirmed_by", "client_seq", "receipt", "received_at"])
    if juror.checked_in_at is None:
        juror.checked_in_at, juror.checked_in_by = at, by.person_id
        juror.save(update_fields=["checked_in_at", "checked_in_by"])
    record(district_id=session.district_id, kind="review_ballot.from_paper", subject_id=session.id, at=at,
           actor_id=by.person_id, organisation_id=session.programme.organisation_id,
           data={"position": turn.position})  # fmt: skip
    tell_hall(session)


def _write(session: Session, turn: Turn, juror: Juror, did: str, by: Viewer, source_ip: str, at: datetime) -> None:
    write_line(district_id=session.district_id, kind=LineKind.SETTINGS_CHANGED, at=at, actor_id=by.person_id,
               object_kind="review_paper", object_id=str(juror.id), source_ip=source_ip,
               data={"did": did, "session": str(session.id), "turn": turn.position})  # fmt: skip
