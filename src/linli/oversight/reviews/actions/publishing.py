"""What a closed session leaves: its ballots without names, its scores, and for a sealed one who could link them."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from linli.kernel.crypto import open_document, seal_document
from linli.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from linli.kernel.ids import new_id
from linli.kernel.sealed_box import seal_to
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.ledger.facts.actions import record
from linli.ledger.facts.calc.canonical import canonical
from linli.oversight.reviews.calc.ballots import Row
from linli.oversight.reviews.calc.programme import ProgrammeRules
from linli.oversight.reviews.calc.publication import publish
from linli.oversight.reviews.choices import BallotMode
from linli.oversight.reviews.models import Ballot, BallotKey, Juror, Publication, Session, Turn
from linli.oversight.reviews.queries.auditing import newest_key
from linli.oversight.reviews.queries.scoring import published_rules, published_turns, scoring_of
from linli.oversight.reviews.rules import may_unseal_ballots
from linli.registry.people.queries import names_of
from linli.registry.people.rules import Viewer

_BOX = BallotKey.personal_data["box"].sealed_for
LONGEST_REASON = 200
Opened = dict[str, UUID] | bytes


def publish_session(
    *, session: Session, rules: ProgrammeRules, turns: Sequence[Turn], by: Viewer, at: datetime
) -> Publication:
    """Write a session's publication in the closing's transaction, and take the names off its ballots.

    Sealed: whose is whose goes encrypted into a row of its own. Secret: it is gone. Rows are written anew in the order
    of receipts, without times, so that neither place nor time in the table tells whose they are. Drafts go. A fact.
    """
    mode = BallotMode(session.ballot_mode)
    cast = list(
        Ballot.objects.filter(district_id=session.district_id, session=session, is_draft=False).order_by("receipt")
    )
    names = _names(session, mode, cast)
    weighs = bool(scoring_of(rules).weights)
    rows = [
        Row(str(ballot.turn_id), names[ballot.id], ballot.group if weighs or mode != BallotMode.SECRET else "",
            tuple(ballot.points), ballot.receipt)
        for ballot in cast
    ]  # fmt: skip
    held = [turn for turn in turns if not turn.is_absent]
    document: dict[str, Any] = publish(
        session=str(session.id), mode=mode, rules=published_rules(rules),
        turns=published_turns(session, held), rows=rows,
    )  # fmt: skip
    body = canonical(document)
    publication = Publication.objects.create(
        id=new_id(), district_id=session.district_id, session=session, body=body.decode(), root=str(document["root"]),
        digest=hashlib.sha256(body).hexdigest(), made_at=at, made_by=by.person_id,
    )  # fmt: skip
    _take_names_off(session, mode, cast, rows)
    record(district_id=session.district_id, kind="review_session.published", subject_id=session.id, at=at,
           actor_id=by.person_id, organisation_id=session.programme.organisation_id,
           data={"root": publication.root, "digest": publication.digest, "ballots": len(rows)})  # fmt: skip
    _tell_scores(session, {str(turn.id): turn.organisation_id for turn in held}, document["results"], at)
    return publication


@transaction.atomic
def ask_unsealing(*, session_id: UUID, reason: str, by: Viewer, source_ip: str, at: datetime) -> None:
    """Ask to open the list of whose ballot is whose; somebody else has to do it. 4 queries; an audit line.

    Raises NotFound, NotAllowed, InvalidInput("reason_missing").
    """
    key = _locked_key(session_id, by)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InvalidInput("reason_missing", field="reason")
    key.asked_by, key.asked_at, key.reason = by.person_id, at, reason.strip()
    key.opened_by = key.opened_at = None
    key.save(update_fields=["asked_by", "asked_at", "reason", "opened_by", "opened_at"])
    _write(key, by, "asked", source_ip, at)


@transaction.atomic
def unseal(*, session_id: UUID, by: Viewer, source_ip: str, at: datetime) -> Opened:
    """Open the list: the rows' names and the persons behind them; the sealed file where it is the auditor's to open.

    4 queries; an audit line.

    Raises NotFound, NotAllowed, Conflict("unsealing_not_asked", "unsealing_needs_two"; for a third person
    "unsealing_open_already").
    """
    key = _locked_key(session_id, by)
    if key.asked_by is None:
        raise Conflict("unsealing_not_asked")
    if key.asked_by == by.person_id:
        raise Conflict("unsealing_needs_two")
    if key.opened_by not in {None, by.person_id}:
        raise Conflict("unsealing_open_already")
    key.opened_by, key.opened_at = by.person_id, at
    key.save(update_fields=["opened_by", "opened_at"])
    _write(key, by, "opened", source_ip, at)
    return _whose(key)


@transaction.atomic
def look_at_unsealed(*, session_id: UUID, by: Viewer, source_ip: str, at: datetime) -> Opened:
    """Give the opened list, or its file, again to one of the two who opened it. 3 queries; an audit line each time.

    Raises NotFound, NotAllowed (also "not_of_the_two"), Conflict("unsealing_not_opened").
    """
    key = _locked_key(session_id, by)
    if key.opened_by is None:
        raise Conflict("unsealing_not_opened")
    if by.person_id not in {key.asked_by, key.opened_by}:
        raise NotAllowed("not_of_the_two")
    write_line(district_id=key.district_id, kind=LineKind.VIEWED_SENSITIVE, at=at, actor_id=by.person_id,
               object_kind="review_ballots", object_id=str(key.session_id), source_ip=source_ip,
               data={"did": "seen", "reason": key.reason})  # fmt: skip
    return _whose(key)


def _whose(key: BallotKey) -> Opened:
    if key.auditor_key_id:
        return key.auditor_box.encode()
    return {name: UUID(person) for name, person in open_document(key.box, purpose=_BOX).items()}


def _tell_scores(
    session: Session, organisations: Mapping[str, UUID], results: Sequence[Mapping[str, Any]], at: datetime
) -> None:
    """Record a fact of each report that was scored, of its organisation, as published: an appraisal counts these."""
    for row in results:
        told = {name: row[name] for name in ("counted", "is_established", "score", "rank") if name in row}
        record(district_id=session.district_id, kind="review_turn.scored", subject_id=UUID(row["turn"]), at=at,
               organisation_id=organisations[row["turn"]], data={"session": str(session.id), **told})  # fmt: skip


def _names(session: Session, mode: BallotMode, cast: Sequence[Ballot]) -> dict[UUID, str]:
    """Name each ballot's juror as its mode has it, by ballot."""
    if mode == BallotMode.SECRET:
        return {ballot.id: secrets.token_hex(8) for ballot in cast}
    jurors = Juror.objects.filter(district_id=session.district_id, session=session).order_by("group", "id")
    if mode == BallotMode.OPEN:
        names = {juror.id: f"{number:02d}" for number, juror in enumerate(jurors, start=1)}
    else:
        names = {juror.id: secrets.token_hex(8) for juror in jurors}
    return {ballot.id: names[ballot.juror_id] for ballot in cast if ballot.juror_id}


def _take_names_off(session: Session, mode: BallotMode, cast: Sequence[Ballot], rows: Sequence[Row]) -> None:
    """Write the ballots anew with no more than was published of each; rows: as published, in the ballots' order."""
    if mode == BallotMode.OPEN:
        return
    if mode == BallotMode.SEALED:
        persons = dict(
            Juror.objects.filter(district_id=session.district_id, session=session).values_list("id", "person_id")
        )
        whose: dict[str, Any] = {
            row.juror: str(persons[each.juror_id]) for each, row in zip(cast, rows, strict=True) if each.juror_id
        }
        BallotKey.objects.create(
            id=new_id(), district_id=session.district_id, session=session, **_sealed(session, whose)
        )
    Ballot.objects.filter(district_id=session.district_id, session=session).delete()
    Ballot.objects.bulk_create(
        Ballot(id=UUID(bytes=secrets.token_bytes(16), version=4), district_id=session.district_id, session=session,
               turn_id=ballot.turn_id, juror=None, group=row.group, points=ballot.points, nonce="", client_seq=0,
               receipt=ballot.receipt, is_draft=False)
        for ballot, row in zip(cast, rows, strict=True)
    )  # fmt: skip


def _sealed(session: Session, whose: Mapping[str, str]) -> dict[str, Any]:
    """Seal a list to the auditor's key, under the data folder's where none is registered. 1 query, 2 with names."""
    key = newest_key(session.district_id)
    if key is None:
        return {"box": seal_document(whose, purpose=_BOX)}
    names = names_of(district_id=session.district_id, person_ids=[UUID(person) for person in whose.values()])
    jurors = [{"juror": row, "person": person, "name": names[UUID(person)]} for row, person in whose.items()]
    document = {"session": str(session.id), "title": session.title, "jurors": jurors}
    return {"auditor_key": key, "auditor_box": seal_to(bytes(key.public), document, about=str(session.id)).decode()}


def _locked_key(session_id: UUID, by: Viewer) -> BallotKey:
    may_unseal_ballots(by, district_id=by.district_id).require()
    found = BallotKey.objects.select_for_update(of=("self",)).filter(district_id=by.district_id, session_id=session_id)
    key = found.first()
    if key is None:
        raise NotFound("nothing_sealed")
    return key


def _write(key: BallotKey, by: Viewer, did: str, source_ip: str, at: datetime) -> None:
    write_line(district_id=key.district_id, kind=LineKind.UNMASKED, at=at, actor_id=by.person_id,
               object_kind="review_ballots", object_id=str(key.session_id), source_ip=source_ip,
               data={"did": did, "reason": key.reason})  # fmt: skip
