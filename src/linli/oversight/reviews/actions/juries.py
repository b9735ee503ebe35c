"""A session's jury: who sits on it, badges at the door, one browser a badge, who stays out of a turn."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel.errors import Conflict, InvalidInput, NotFound
from linli.kernel.ids import new_id
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.ledger.facts.actions import record
from linli.oversight.reviews.actions.halls import lock_session, tell_hall
from linli.oversight.reviews.calc.programme import read_rules
from linli.oversight.reviews.models import Hall, Juror, ProgrammeBook, Recusal, Session, Turn
from linli.registry.people.queries import names_of
from linli.registry.people.rules import Viewer

_BADGE_BYTES = 20


@transaction.atomic
def seat_jury(*, session_id: UUID, groups: Mapping[UUID, str], by: Viewer, at: datetime) -> int:
    """Say who sits on a session's jury, each in a group of the programme's rules; who is left out stands up.

    groups: by person. Until the session opens. Twice is the same as once. 8 queries; a fact. Returns how many sit.
    Raises NotFound, NotAllowed, InvalidInput("unknown_juror_group", "unknown_person"), Conflict("hall_open_already").
    """
    session = lock_session(session_id, by)
    if Hall.objects.filter(district_id=session.district_id, session=session, opened_at__isnull=False).exists():
        raise Conflict("hall_open_already")
    book = ProgrammeBook.objects.filter(district_id=session.district_id, programme_id=session.programme_id)
    rules = read_rules(book.order_by("-number")[:1].get().content)
    if not set(groups.values()) <= {group.id for group in rules.jury.groups}:
        raise InvalidInput("unknown_juror_group", field="group")
    if len(names_of(district_id=session.district_id, person_ids=list(groups))) != len(groups):
        raise InvalidInput("unknown_person", field="person")
    there = Juror.objects.filter(district_id=session.district_id, session=session)
    there.exclude(person_id__in=list(groups)).delete()
    seated = {juror.person_id: juror for juror in there.order_by("id")}
    for juror in seated.values():
        if juror.group != groups[juror.person_id]:
            juror.group = groups[juror.person_id]
            juror.save(update_fields=["group"])
    Juror.objects.bulk_create(
        Juror(id=new_id(), district_id=session.district_id, session=session, person_id=person, group=group,
              badge=secrets.token_bytes(32))
        for person, group in groups.items() if person not in seated
    )  # fmt: skip
    _tell(session, "review_jury.seated", by, at, {"jurors": len(groups)})
    return len(groups)


@transaction.atomic
def make_badges(*, session_id: UUID, juror_ids: frozenset[UUID], by: Viewer, at: datetime) -> dict[UUID, str]:
    """Make badges to be printed, of these jurors or of all with none given; earlier ones of theirs stop opening.

    What a badge holds is known here and now alone. A browser that was let in before is let out: so a lost or shared
    badge is taken over. 3 queries a juror and 2; a fact. Raises NotFound, NotAllowed.
    """
    session = lock_session(session_id, by)
    jurors = Juror.objects.select_for_update().filter(district_id=session.district_id, session=session)
    badges = {}
    for juror in (jurors.filter(id__in=juror_ids) if juror_ids else jurors).order_by("id"):
        badges[juror.id] = secrets.token_urlsafe(_BADGE_BYTES)
        juror.badge, juror.holder = digest_of(badges[juror.id]), ""
        juror.save(update_fields=["badge", "holder"])
    _tell(session, "review_jury.badges_made", by, at, {"badges": len(badges)})
    return badges


@transaction.atomic
def enter(*, session_id: UUID, badge: str, holder: str, at: datetime) -> UUID:
    """Let a browser in by a badge. holder: the browser's own secret. Returns the juror's id.

    The same browser again is the same as once; another one only after the clerk let the first out. 3 queries; a fact
    the first time. Raises NotFound("no_such_badge"), Conflict("badge_in_use").
    """
    found = Juror.objects.select_for_update(of=("self",)).select_related("session__programme")
    juror = found.filter(session_id=session_id, badge=digest_of(badge)).first()
    if juror is None or not holder:
        raise NotFound("no_such_badge")
    mark = digest_of(holder).hex()
    if juror.holder not in {"", mark}:
        raise Conflict("badge_in_use")
    if not juror.holder:
        juror.holder, juror.checked_in_at = mark, juror.checked_in_at or at
        juror.save(update_fields=["holder", "checked_in_at"])
        record(district_id=juror.district_id, kind="review_jury.checked_in", subject_id=juror.session_id, at=at)
        tell_hall(juror.session)
    return juror.id


@transaction.atomic
def let_out(*, session_id: UUID, juror_id: UUID, by: Viewer, source_ip: str, at: datetime) -> None:
    """Let the browser out that a badge let in, so that another one can come in by it. 4 queries; an audit line.

    Raises NotFound, NotAllowed.
    """
    session = lock_session(session_id, by)
    if not Juror.objects.filter(district_id=session.district_id, session=session, id=juror_id).update(holder=""):
        raise NotFound("no_such_juror")
    write_line(district_id=session.district_id, kind=LineKind.SESSION_ENDED, at=at, actor_id=by.person_id,
               object_kind="juror", object_id=str(juror_id), source_ip=source_ip)  # fmt: skip
    _tell(session, "review_jury.let_out", by, at, {})


@transaction.atomic
def recuse(*, session_id: UUID, juror_id: UUID, turn_id: UUID, by: Viewer, at: datetime) -> None:
    """Keep a juror out of a turn by declaration; twice is the same as once. 5 queries; a fact.

    Raises NotFound, NotAllowed, Conflict("ballot_there_already").
    """
    session = lock_session(session_id, by)
    ours = {"district_id": session.district_id, "session": session}
    juror = Juror.objects.filter(**ours, id=juror_id).first()
    turn = Turn.objects.filter(**ours, id=turn_id).first()
    if juror is None or turn is None:
        raise NotFound("no_such_juror")
    if juror.ballots.filter(district_id=session.district_id, turn=turn, is_draft=False).exists():
        raise Conflict("ballot_there_already")
    row = Recusal(id=new_id(), district_id=session.district_id, juror=juror, turn=turn, reason="declared")
    Recusal.objects.bulk_create([row], ignore_conflicts=True)
    _tell(session, "review_jury.recused", by, at, {"position": turn.position})


def digest_of(secret: str) -> bytes:
    """Hash a badge's or a browser's secret, which are long and random."""
    return hashlib.sha256(secret.encode()).digest()


def _tell(session: Session, kind: str, by: Viewer, at: datetime, data: dict[str, object]) -> None:
    record(district_id=session.district_id, kind=kind, subject_id=session.id, at=at, actor_id=by.person_id,
           organisation_id=session.programme.organisation_id, data=data)  # fmt: skip
    tell_hall(session)
