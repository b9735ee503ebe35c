"""A draw from the frozen list to the record: excused, committed, thrown, locked, revealed; voided or amended by two.

Each step is a transaction that locks the programme first, so that its chain has one end; done again it is a conflict or
the same result. The seed can't be known before the throw is locked, nor changed after.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from linli.kernel.crypto import decrypt, encrypt
from linli.kernel.errors import Conflict, InvalidInput, NotFound
from linli.kernel.ids import new_id
from linli.ledger.facts.calc.canonical import canonical
from linli.oversight.reviews.actions.draw_steps import lock_draw, person_of, save_draw, tell_step
from linli.oversight.reviews.actions.leaves import deputies_of
from linli.oversight.reviews.actions.programmes import newest_book
from linli.oversight.reviews.actions.seating import seat_presenters
from linli.oversight.reviews.actions.telling import tell_observers
from linli.oversight.reviews.calc import records
from linli.oversight.reviews.calc.chain import history, next_number
from linli.oversight.reviews.calc.commits import (
    NAME,
    VALUE,
    Frame,
    Listed,
    confirmed,
    for_few,
    make_commit,
    speaking_order,
    too_few,
)
from linli.oversight.reviews.calc.programme import read_rules
from linli.oversight.reviews.choices import (
    DrawState,
    ExcuseReason,
    RecordKind,
    StrikeReason,
    VoidReason,
)
from linli.oversight.reviews.errors import PolicyImpossible
from linli.oversight.reviews.models import (
    Draw,
    DrawRecord,
    EntropyEntry,
    Excuse,
    Hall,
    Programme,
    Session,
    Turn,
)
from linli.oversight.reviews.models import Member as MemberOf
from linli.oversight.reviews.queries.qualifying import ASKS_WHO_MAY, qualified_among
from linli.oversight.reviews.rules import may_witness_draws
from linli.registry.people.queries import presenters_of, viewer_of_person
from linli.registry.people.rules import Viewer

SECRET_PURPOSE = "reviews.draw.secret"  # noqa: S105 - what it is sealed for, no secret
VOID_ITEM, STRIKE_ITEM = "sign-void", "sign-strike"
_SECRET_BYTES, _SIGNERS = 32, 2
_OPEN = (DrawState.COMMITTED.value, DrawState.LOCKED.value)


@transaction.atomic
def excuse_organisation(
    *, draw_id: UUID, organisation_id: UUID, reason: ExcuseReason, approver: str, by: Viewer, source_ip: str,
    at: datetime,
) -> None:  # fmt: skip
    """Leave an organisation without tickets in a draw that is not committed yet. approver: the office, no name.

    Twice is once. 9 queries; a fact and an audit line. Raises NotFound, NotAllowed, DrawMovedOn,
    InvalidInput("approver_missing"), Conflict("excused_too_often") past the programme's cap a year.
    """
    draw = lock_draw(draw_id, by, DrawState.PLANNED)
    if not approver.strip():
        raise InvalidInput("approver_missing", field="approver")
    members = MemberOf.objects.filter(district_id=draw.district_id, programme=draw.programme, ends_on__isnull=True)
    if not members.filter(organisation_id=organisation_id).exists():
        raise NotFound("no_such_organisation", field="organisation")
    before = Excuse.objects.filter(
        district_id=draw.district_id, organisation_id=organisation_id, draw__programme_id=draw.programme_id,
        draw__year=draw.year,
    )  # fmt: skip
    drawn_before = list(before.order_by("id").values_list("draw_id", flat=True))
    if draw.id in drawn_before:
        return
    cap = read_rules(newest_book(draw.programme).content).policy.excuse_cap
    if len(drawn_before) >= cap:
        raise Conflict("excused_too_often", field="organisation", params={"cap": cap})
    Excuse.objects.create(
        id=new_id(), district_id=draw.district_id, draw=draw, organisation_id=organisation_id, reason=reason.value,
        approver=approver.strip(), approved_by=person_of(by), approved_at=at,
    )  # fmt: skip
    save_draw(draw)
    tell_step(draw, "review_draw.excused", by, source_ip, at, {"organisation": str(organisation_id), "reason": reason})


@transaction.atomic
def take_back_excuse(*, draw_id: UUID, organisation_id: UUID, by: Viewer, source_ip: str, at: datetime) -> None:
    """Put an organisation that was excused back among those with tickets, until the commit; twice is once.

    It no longer counts toward the year's cap. 5 queries; a fact and an audit line. Raises NotFound, NotAllowed,
    DrawMovedOn.
    """
    draw = lock_draw(draw_id, by, DrawState.PLANNED)
    ours = Excuse.objects.filter(district_id=draw.district_id, draw=draw, organisation_id=organisation_id)
    if ours.delete()[0]:
        save_draw(draw)
        tell_step(draw, "review_draw.excuse_taken_back", by, source_ip, at, {"organisation": str(organisation_id)})


@transaction.atomic
def commit_draw(*, draw_id: UUID, by: Viewer, source_ip: str, at: datetime) -> str:
    """Freeze list, tickets, rules and a secret that the server keeps; returns the check code to be made public.

    23 queries and 3 where somebody has leave; a fact, an audit line, a notice to those who watch over draws. Locks the
    programme. Raises NotFound, NotAllowed, DrawMovedOn where it is committed already, Conflict("other_draw_open") while
    another of the programme is,
    Conflict("deputy_gone") where a deputy may no longer stand in, PolicyImpossible.
    """
    draw = lock_draw(draw_id, by, DrawState.PLANNED)
    if draw.programme.draws.filter(district_id=draw.district_id, state__in=_OPEN).exists():
        raise Conflict("other_draw_open")
    _require_last(draw)
    book = newest_book(draw.programme)
    rules = read_rules(book.content)
    secret = secrets.token_hex(_SECRET_BYTES)
    chain = _chain(draw.programme)
    frame = Frame(
        draw_id=draw.code, level=draw.programme.code, year=draw.year, draws_left=_draws_left(draw),
        parts=max(1, draw.sessions.filter(district_id=draw.district_id).count()), choosing=draw.choosing,
        occasion=draw.occasion, secret_hash=records.hash_secret(secret),
        previous=records.id_of(chain[-1]) if chain else records.FIRST,
    )  # fmt: skip
    listed = _listed(draw, [each.id for each in rules.strata], rules.presenter_roles, at)
    if draw.occasion in ASKS_WHO_MAY:
        rules = for_few(rules, listed)
    commit = make_commit(frame, rules, listed, history(chain))
    if stratum := too_few(commit):
        raise PolicyImpossible("too_few_in_pool", field="pool", params={"stratum": stratum})
    draw.book, draw.commit, draw.commit_hash = book, commit, records.digest_of(commit)
    draw.secret = encrypt(secret, purpose=SECRET_PURPOSE)
    draw.state, draw.committed_at, draw.committed_by = DrawState.COMMITTED.value, at, by.person_id
    save_draw(draw)
    tell_step(draw, "review_draw.committed", by, source_ip, at, {"commit_hash": draw.commit_hash})
    tell_observers(draw, at)
    return draw.commit_hash


@transaction.atomic
def type_throw(*, draw_id: UUID, item: str, value: str, by: Viewer, at: datetime) -> bool:
    """Write down what was thrown, as this person read it; returns whether two people have typed it alike.

    Spaces don't count. 6 queries. Locks the programme. Raises NotFound, NotAllowed, DrawMovedOn,
    InvalidInput("unknown_item", "throw_unreadable").
    """
    draw = lock_draw(draw_id, by, DrawState.COMMITTED, may=may_witness_draws)
    if item not in {each["id"] for each in draw.commit["entropy_plan"]}:
        raise InvalidInput("unknown_item", field="item")
    plain = "".join(value.split())
    if not VALUE.fullmatch(plain):
        raise InvalidInput("throw_unreadable", field=item)
    return bool(_type(draw, item, plain, by, at))


@transaction.atomic
def lock_throw(*, draw_id: UUID, by: Viewer, source_ip: str, at: datetime) -> None:
    """Close the throw, before anything is computed of it: nobody types after this. 6 queries; a fact, an audit line.

    Raises NotFound, NotAllowed, DrawMovedOn, Conflict("throw_not_confirmed").
    """
    draw = lock_draw(draw_id, by, DrawState.COMMITTED)
    if not all(value for _, value in _thrown(draw)):
        raise Conflict("throw_not_confirmed")
    draw.state, draw.locked_at, draw.locked_by = DrawState.LOCKED.value, at, by.person_id
    save_draw(draw)
    tell_step(draw, "review_draw.locked", by, source_ip, at, {})


@transaction.atomic
def reveal_draw(*, draw_id: UUID, by: Viewer, source_ip: str, at: datetime, without_secret: bool = False) -> str:
    """Compute the result of a locked throw, write the record and seat who was drawn. Returns the record's id.

    without_secret: the organiser keeps the secret back; by the commit's own rule the check code stands in its place.
    Done again it returns the same record. 20 queries and more for turns; a fact, an audit line. Locks the programme.
    Raises NotFound, NotAllowed, DrawMovedOn.
    """
    draw = lock_draw(draw_id, by, DrawState.LOCKED, DrawState.DRAWN)
    if draw.state == DrawState.DRAWN.value:
        return _record_of(draw).record_id
    secret = draw.commit_hash if without_secret else decrypt(draw.secret, purpose=SECRET_PURPOSE)
    made = records.complete(draw.commit, secret=secret, entropy=_thrown(draw))
    draw.seed, draw.result, draw.state, draw.revealed_at = made["seed"], made["result"], DrawState.DRAWN.value, at
    save_draw(draw)
    record_id = _append(draw, RecordKind.DRAW, made, by, at)
    _seat(draw, speaking_order(draw.commit, draw.result), at)
    told = {"record": record_id, "is_default": without_secret}
    tell_step(draw, "review_draw.drawn", by, source_ip, at, told)
    return record_id


@transaction.atomic
def sign_void(*, draw_id: UUID, code: VoidReason, by: Viewer, source_ip: str, at: datetime) -> UUID | None:
    """Sign that a draw is void; with the second person's same signature it is, and another takes its place.

    The record hangs in the chain; the new draw of the same month has the next number. Returns its id, None while one
    signature is missing. Never possible once a session was opened. 14 queries; a fact, an audit line. Raises NotFound,
    NotAllowed, DrawMovedOn, Conflict("draw_session_opened").
    """
    draw = lock_draw(draw_id, by, DrawState.COMMITTED, DrawState.LOCKED, DrawState.DRAWN, may=may_witness_draws)
    _require_unopened(draw)
    _require_last(draw)
    if not _type(draw, VOID_ITEM, code.value, by, at):
        return None
    drawn = _record_of(draw).record_id if draw.state == DrawState.DRAWN.value else ""
    chain = _chain(draw.programme)
    made = records.void_of(
        draw.commit, code=code.value, record=drawn, offices=_offices(draw, VOID_ITEM, at),
        at=at.isoformat(timespec="seconds"), previous=records.id_of(chain[-1]) if chain else records.FIRST,
    )  # fmt: skip
    Turn.objects.filter(district_id=draw.district_id, session__draw=draw).delete()
    draw.state = DrawState.VOID.value
    save_draw(draw)
    _append(draw, RecordKind.VOID, made, by, at)
    tell_step(draw, "review_draw.voided", by, source_ip, at, {"code": code.value})
    return _follow_up(draw)


@transaction.atomic
def sign_strike(
    *, draw_id: UUID, organisation_code: str, reason: StrikeReason, by: Viewer, source_ip: str, at: datetime
) -> str:
    """Sign that an organisation should not have been on the list; with a second signature the next in rank moves up.

    Nobody else moves. Returns the amendment's id, "" while one signature is missing. Never possible once a session was
    opened. 16 queries; a fact, an audit line. Raises NotFound, NotAllowed, DrawMovedOn, InvalidInput, Conflict.
    """
    draw = lock_draw(draw_id, by, DrawState.DRAWN, may=may_witness_draws)
    _require_unopened(draw)
    if organisation_code not in {row["id"] for row in draw.commit["pool"] if row["tickets"]}:
        raise InvalidInput("not_on_the_list", field="organisation")
    if not _type(draw, STRIKE_ITEM, f"{organisation_code}:{reason.value}", by, at):
        return ""
    struck = _struck_before(draw)
    if organisation_code in dict(struck):
        raise Conflict("struck_already")
    body = records.parse(_record_of(draw).body.encode())
    chain = _chain(draw.programme)
    made = records.amendment_of(
        body, struck=[*struck, (organisation_code, reason.value)], offices=_offices(draw, STRIKE_ITEM, at),
        at=at.isoformat(timespec="seconds"), previous=records.id_of(chain[-1]),
    )  # fmt: skip
    draw.result = made["amendment"]["result"]
    save_draw(draw)
    record_id = _append(draw, RecordKind.AMENDMENT, made, by, at)
    Turn.objects.filter(district_id=draw.district_id, session__draw=draw).delete()
    _seat(draw, speaking_order(draw.commit, draw.result), at)
    told = {"organisation": organisation_code, "reason": reason.value}
    tell_step(draw, "review_draw.amended", by, source_ip, at, told)
    return record_id


def _chain(programme: Programme) -> list[records.Record]:
    """Read a programme's records in their order. 1 query."""
    ours = DrawRecord.objects.filter(district_id=programme.district_id, programme=programme)
    return [records.parse(body.encode()) for body in ours.order_by("number").values_list("body", flat=True)]


def _draws_left(draw: Draw) -> int:
    later = draw.programme.draws.filter(
        district_id=draw.district_id, year=draw.year, state=DrawState.PLANNED.value, planned_on__gt=draw.planned_on
    )
    return later.count()


def _listed(draw: Draw, strata: Sequence[str], roles: Sequence[str], at: datetime) -> list[Listed]:
    """List who can be drawn now, excused ones among them, by stratum and code. 3 to 8 queries."""
    members = MemberOf.objects.filter(
        district_id=draw.district_id, programme=draw.programme, ends_on__isnull=True, starts_on__lte=localdate(at)
    ).select_related("organisation")
    excused = {
        row.organisation_id: (row.reason, row.approver) for row in draw.excuses.filter(district_id=draw.district_id)
    }
    found = sorted(members.order_by("id"), key=lambda one: (strata.index(one.stratum), one.organisation.code))
    if draw.occasion in ASKS_WHO_MAY:
        for unfit in _unfit(draw, [one.organisation_id for one in found], roles, at):
            excused.setdefault(unfit, (draw.occasion, draw.programme.name))
    if bad := next((one for one in found if not NAME.fullmatch(one.organisation.code)), None):
        raise InvalidInput("code_unfit", field="pool", params={"code": bad.organisation.code})
    deputies = deputies_of(draw)
    return [
        Listed(one.organisation.code, one.organisation.name, one.stratum,
               *excused.get(one.organisation_id, ("", "")), tuple(one.merged_from),
               deputies.get(one.organisation_id))
        for one in found
    ]  # fmt: skip


def _unfit(draw: Draw, organisations: Sequence[UUID], roles: Sequence[str], at: datetime) -> list[UUID]:
    """List whose secretary does not qualify for the draw's occasion. 2 queries."""
    presenters = presenters_of(
        district_id=draw.district_id, organisation_ids=organisations, roles=roles, on=localdate(at)
    )
    fit = qualified_among(draw, list(presenters.values()))
    return [each for each in organisations if presenters.get(each) not in fit]


def _thrown(draw: Draw) -> list[tuple[str, str]]:
    """Give what two people typed alike of each item, in the order of the plan; "" for what is not confirmed."""
    typed: dict[str, list[tuple[str, object]]] = {}
    for entry in draw.entropy.filter(district_id=draw.district_id).order_by("take"):
        typed.setdefault(entry.item, []).append((entry.value, entry.typed_by))
    return [(each["id"], confirmed(typed.get(each["id"], []))) for each in draw.commit["entropy_plan"]]


def _type(draw: Draw, item: str, value: str, by: Viewer, at: datetime) -> str:
    """Append what somebody typed, and give the value if it is the second of two people's."""
    ours = draw.entropy.filter(district_id=draw.district_id, item=item)
    last = ours.aggregate(last=Max("take"))["last"] or 0
    EntropyEntry.objects.create(
        id=new_id(), district_id=draw.district_id, draw=draw, item=item, take=last + 1, value=value,
        typed_by=person_of(by), typed_at=at,
    )  # fmt: skip
    return confirmed(list(ours.order_by("take").values_list("value", "typed_by")))


def _append(draw: Draw, kind: RecordKind, made: records.Record, by: Viewer, at: datetime) -> str:
    """Hang a record at the end of the programme's chain. 2 queries. Returns its id."""
    ours = DrawRecord.objects.filter(district_id=draw.district_id, programme=draw.programme)
    record_id = records.id_of(made)
    DrawRecord.objects.create(
        id=new_id(), district_id=draw.district_id, programme=draw.programme, draw=draw, kind=kind.value,
        number=(ours.aggregate(last=Max("number"))["last"] or 0) + 1, body=canonical(made).decode(),
        record_id=record_id, previous=records.body_of(made)["prev_record"], made_at=at, made_by=by.person_id,
    )  # fmt: skip
    return record_id


def _record_of(draw: Draw) -> DrawRecord:
    return draw.records.get(district_id=draw.district_id, kind=RecordKind.DRAW.value)


def _struck_before(draw: Draw) -> list[tuple[str, str]]:
    last = (
        draw.records.filter(district_id=draw.district_id, kind=RecordKind.AMENDMENT.value).order_by("-number").first()
    )
    if last is None:
        return []
    return [(each["id"], each["code"]) for each in records.parse(last.body.encode())["amendment"]["struck"]]


def _seat(draw: Draw, codes: Sequence[str], at: datetime) -> None:
    members = MemberOf.objects.filter(
        district_id=draw.district_id, programme=draw.programme, organisation__code__in=codes
    )
    ids = dict(members.order_by("id").values_list("organisation__code", "organisation_id"))
    if draw.book is not None:
        rules = read_rules(draw.book.content)
        seat_presenters(draw=draw, rules=rules, ranked=[ids[code] for code in codes], at=at)


def _require_unopened(draw: Draw) -> None:
    halls = Hall.objects.filter(district_id=draw.district_id, session__draw=draw, opened_at__isnull=False)
    if halls.exists():
        raise Conflict("draw_session_opened")


def _require_last(draw: Draw) -> None:
    """Refuse what would put an earlier month behind a later one in the chain."""
    records_after = DrawRecord.objects.filter(district_id=draw.district_id, programme=draw.programme).exclude(draw=draw)
    if any(
        (each.draw.year, each.draw.month) > (draw.year, draw.month) for each in records_after.select_related("draw")
    ):
        raise Conflict("later_draw_there")


def _offices(draw: Draw, item: str, at: datetime) -> list[str]:
    """Name the offices of the last two who signed, without their names. 3 queries."""
    signed = (
        draw.entropy.filter(district_id=draw.district_id, item=item)
        .order_by("-take")
        .values_list("typed_by", flat=True)
    )
    viewers = [
        viewer_of_person(district_id=draw.district_id, person_id=person, on=localdate(at))
        for person in reversed(signed[:_SIGNERS])
    ]
    return [f"{viewer.posts[0].organisation_name}{viewer.posts[0].role_name}" for viewer in viewers]


def _follow_up(draw: Draw) -> UUID:
    """Put a new draw in the place of one that is void: same month, next number, same sessions. 3 queries."""
    month = {"district_id": draw.district_id, "programme": draw.programme, "year": draw.year, "month": draw.month}
    codes = list(Draw.objects.filter(**month).order_by("number").values_list("code", flat=True))
    code = next_number(codes, level=draw.programme.code, year=draw.year, month=draw.month)
    new = Draw.objects.create(
        id=new_id(), **month, number=len(codes) + 1, code=code, occasion=draw.occasion, choosing=draw.choosing,
        planned_on=draw.planned_on,
    )  # fmt: skip
    Session.objects.filter(district_id=draw.district_id, draw=draw).update(draw=new)
    return new.id
