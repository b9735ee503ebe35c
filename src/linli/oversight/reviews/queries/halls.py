"""A hall's state as screens show it: whole, small, and the same for everybody but what the host may see besides."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from django.db.models import Count

from linli.kernel.errors import NotFound
from linli.oversight.reviews.calc.ballots import Row
from linli.oversight.reviews.calc.clock import Clock, allowed
from linli.oversight.reviews.calc.programme import ProgrammeRules, read_rules
from linli.oversight.reviews.calc.publication import PublishedTurn, score_rows
from linli.oversight.reviews.calc.scores import SessionScore, needed_for_quorum
from linli.oversight.reviews.choices import Phase, ScreenRole
from linli.oversight.reviews.models import (
    Ballot,
    Hall,
    Juror,
    Lamp,
    ProgrammeBook,
    Publication,
    Recusal,
    Remark,
    Session,
    Turn,
)
from linli.oversight.reviews.queries.scoring import clock_of, published_turns, scoring_of, turns_of
from linli.oversight.reviews.rules import may_run_reviews, may_see_reviews
from linli.registry.people.queries import list_role_posts, names_of
from linli.registry.people.rules import Viewer

_SAID_ON_TURN = frozenset({Phase.COMMENT, Phase.SCORE})
_SAID_TO_ALL = frozenset({Phase.SUMMARY, Phase.DEPLOYMENT})
_AFTER_SCORE = frozenset({Phase.RESULT, Phase.SUMMARY, Phase.DEPLOYMENT, Phase.CLOSED})


@dataclass(frozen=True, slots=True)
class TurnLine:
    """A turn in the order of the session. is_scored: its result has been shown."""

    id: UUID
    position: int
    name: str
    is_absent: bool
    is_carried: bool
    is_scored: bool
    talk_overrun_ms: int


@dataclass(frozen=True, slots=True)
class ResultLine:
    """What a turn got so far. totals: sorted sums of all ballots; cut: how many of them at each end did not count."""

    turn_id: UUID
    is_established: bool
    counted: int
    present: int
    score: Fraction
    rank: int
    totals: tuple[int, ...]
    middle: tuple[float, float]
    cut: int


@dataclass(frozen=True, slots=True)
class SaidLine:
    """What a leader nodded to. organisation, due_on: who has to do it and by when, "" and None for a comment.

    others: how many more organisations have to do it too.
    """

    id: UUID
    kind: str
    text: str
    organisation: str
    due_on: date | None
    others: int


@dataclass(frozen=True, slots=True)
class HallState:
    """Where a session stands. cast, present, needed: ballots of this turn; clock: None before it is opened.

    said: on this turn, while it is commented and scored, or to the whole district at the end; newest last.
    """

    session_id: UUID
    district_id: str
    title: str
    focus: str
    place: str
    venues: tuple[str, ...]
    mode: str
    revision: int
    is_open: bool
    are_bells_tested: bool
    clock: Clock | None
    turns: tuple[TurnLine, ...]
    cast: int
    present: int
    needed: int
    results: tuple[ResultLine, ...]
    root: str
    said: tuple[SaidLine, ...]


@dataclass(frozen=True, slots=True)
class JurorLine:
    """A seat as the host and the clerk see it. state: cast, paper, draft, empty, recused, away; paper is cast too.

    is_lost: a telephone came in by the badge and has not been heard of for a while; told to the host alone.
    """

    id: UUID
    number: int
    name: str
    group: str
    is_checked_in: bool
    has_browser: bool
    state: str
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class LampLine:
    """How a page in the hall is doing."""

    role: str
    label: str
    is_lit: bool
    rtt_ms: int
    audio: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class HostView:
    """What the host sees besides: seats, lamps, what can be pressed."""

    jurors: tuple[JurorLine, ...]
    groups: tuple[tuple[str, str], ...]
    lamps: tuple[LampLine, ...]
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartLine:
    """A criterion of the ballot."""

    id: str
    title: str
    most: int


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """A juror's own ballot of a turn, as the server holds it."""

    turn_id: UUID
    points: tuple[int | None, ...]
    client_seq: int
    is_draft: bool
    receipt: str


@dataclass(frozen=True, slots=True)
class Seat:
    """What a juror's page needs besides the state: the ballot's parts, own ballots, turns they stay out of."""

    juror_id: UUID
    number: int
    group: str
    parts: tuple[PartLine, ...]
    ballots: tuple[OwnBallot, ...]
    recused: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class JurorSeat:
    """Whose browser asks: a seat in a session."""

    district_id: str
    session_id: UUID
    juror_id: UUID


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may sit on a jury, and the group they sit in, "" if they do not; where they sat last otherwise."""

    person_id: UUID
    name: str
    post: str
    group: str
    last_group: str


@dataclass(frozen=True, slots=True)
class Jury:
    """The jury's page. is_open: whether the session is, so that nobody is seated any more."""

    title: str
    is_open: bool
    groups: tuple[tuple[str, str], ...]
    candidates: tuple[Candidate, ...]
    jurors: tuple[JurorLine, ...]
    turns: tuple[TurnLine, ...]


JUROR_ROLE = "review_juror"
LIT = timedelta(seconds=12)


def get_hall(*, district_id: str, session_id: UUID) -> HallState:
    """Read a hall's public state, for whoever was let in. At most 8 queries. Raises NotFound."""
    session = session_of(district_id, session_id)
    turns = turns_of(session)
    hall = Hall.objects.filter(district_id=district_id, session=session).first()
    clock = clock_of(hall, [turn.id for turn in turns]) if hall and hall.opened_at else None
    rules = rules_of(session)
    shown = _shown(clock, turns)
    current = turns[clock.position - 1] if clock and clock.position else None
    asked = [*shown, *([current] if current and current not in shown else [])]
    published = published_turns(session, asked) if asked else []
    present = {UUID(turn.turn): turn.present for turn in published}
    ballots = _cast(session)
    here = present.get(current.id, 0) if current else 0
    publication = Publication.objects.filter(district_id=district_id, session=session)
    return HallState(
        session.id, district_id, session.title, session.focus, session.place, tuple(session.venues),
        session.ballot_mode, hall.revision if hall else 0, bool(hall and hall.opened_at),
        bool(hall and hall.bell_test_at), clock, tuple(_line(turn, turn in shown) for turn in turns),
        sum(ballot.turn_id == current.id for ballot in ballots) if current else 0, here,
        needed_for_quorum(here, scoring_of(rules)), _results(ballots, published[: len(shown)], rules),
        publication.values_list("root", flat=True).first() or "", _said(session, clock, current),
    )  # fmt: skip


def get_host_view(*, viewer: Viewer, state: HallState, at: datetime) -> HostView:
    """Read what the host and the clerk see besides. 6 queries. Raises NotFound, NotAllowed."""
    require_host(viewer=viewer, session_id=state.session_id)
    session = session_of(state.district_id, state.session_id)
    turn_id = state.turns[state.clock.position - 1].id if state.clock and state.clock.position else None
    lamps = Lamp.objects.filter(district_id=session.district_id, session=session).order_by("role", "label", "client")
    groups = tuple((group.id, group.name) for group in rules_of(session).jury.groups)
    is_over = state.clock is not None and state.clock.phase == Phase.CLOSED  # lamps are gone then
    heard = {lamp.label for lamp in lamps if lamp.role == ScreenRole.JUROR and at - lamp.seen_at <= LIT}
    return HostView(
        tuple(replace(seat, is_lost=not is_over and seat.has_browser and str(seat.id) not in heard)
              for seat in seats_of(session, turn_id)),
        groups, tuple(_lamp(lamp, at) for lamp in lamps if lamp.role != ScreenRole.JUROR),
        tuple(sorted(allowed(state.clock))) if state.clock else (),
    )  # fmt: skip


def get_jury(*, viewer: Viewer, session_id: UUID, on: date) -> Jury:
    """Read who may sit on a session's jury and who does: holders of the jurors' role. 9 queries.

    Raises NotFound, NotAllowed.
    """
    require_host(viewer=viewer, session_id=session_id)
    session = session_of(viewer.district_id, session_id)
    ours = {"district_id": session.district_id}
    holders = list_role_posts(district_id=session.district_id, roles=[JUROR_ROLE], area_path=session.district_id, on=on)
    seated = dict(Juror.objects.filter(**ours, session=session).values_list("person_id", "group"))
    before = Juror.objects.filter(**ours, session__programme=session.programme).exclude(session=session)
    last = dict(before.order_by("session__planned_at").values_list("person_id", "group"))
    hall = Hall.objects.filter(**ours, session=session, opened_at__isnull=False)
    return Jury(
        session.title, hall.exists(), tuple((group.id, group.name) for group in rules_of(session).jury.groups),
        tuple(
            Candidate(one.person_id, one.person_name, f"{one.organisation_name} {one.role_name}",
                      seated.get(one.person_id, ""), last.get(one.person_id, ""))
            for one in holders
        ),
        seats_of(session, None), tuple(_line(turn, False) for turn in turns_of(session)),
    )  # fmt: skip


def require_host(*, viewer: Viewer, session_id: UUID) -> None:
    """Let who runs the session's programme pass. 1 query. Raises NotFound, NotAllowed."""
    session = session_of(viewer.district_id, session_id)
    area_path = session.programme.organisation.area.path
    may_run_reviews(viewer, district_id=session.district_id, area_path=area_path).require()


def require_watcher(*, viewer: Viewer, session_id: UUID) -> None:
    """Let who serves in the session's district pass. 1 query. Raises NotFound, NotAllowed."""
    may_see_reviews(viewer, district_id=viewer.district_id).require()
    session_of(viewer.district_id, session_id)


def find_seat(*, district_id: str, session_id: UUID, juror_id: UUID, holder_mark: str) -> JurorSeat | None:
    """Find the seat whose browser this is. 1 query."""
    found = Juror.objects.filter(district_id=district_id, session_id=session_id, id=juror_id)
    if not holder_mark or not found.filter(holder=holder_mark).exists():
        return None
    return JurorSeat(district_id, session_id, juror_id)


def get_seat(*, seat: JurorSeat) -> Seat:
    """Read what a juror's page needs of their own. 5 queries."""
    session = session_of(seat.district_id, seat.session_id)
    juror = Juror.objects.get(district_id=seat.district_id, session=session, id=seat.juror_id)
    rules = rules_of(session)
    order = list(
        Juror.objects.filter(district_id=juror.district_id, session=session).order_by("group", "id").values_list(
            "id", flat=True
        )
    )  # fmt: skip
    ballots = Ballot.objects.filter(district_id=juror.district_id, juror=juror).order_by("turn_id")
    out = Recusal.objects.filter(district_id=juror.district_id, juror=juror).values_list("turn_id", flat=True)
    return Seat(
        juror.id, order.index(juror.id) + 1, juror.group,
        tuple(PartLine(part.id, part.title, part.points) for part in rules.parts),
        tuple(
            OwnBallot(row.turn_id, tuple(row.points), row.client_seq, row.is_draft, row.receipt) for row in ballots
        ),
        tuple(sorted(out)),
    )  # fmt: skip


def district_of(session_id: UUID) -> str:
    """Tell which district a session is of, for a browser that nobody signed in at. 1 query. Raises NotFound."""
    found = Session.objects.filter(id=session_id).values_list("district_id", flat=True).first()
    if found is None:
        raise NotFound("no_such_review_session")
    return found


def session_of(district_id: str, session_id: UUID) -> Session:
    """Find a session with its programme's area and its book. 1 query. Raises NotFound."""
    found = Session.objects.filter(district_id=district_id, id=session_id)
    session = found.select_related("programme__organisation__area", "book").first()
    if session is None:
        raise NotFound("no_such_review_session")
    return session


def rules_of(session: Session) -> ProgrammeRules:
    """Read the rules the session was opened by, before that those in force. At most 1 query."""
    if session.book is not None:
        return read_rules(session.book.content)
    books = ProgrammeBook.objects.filter(district_id=session.district_id, programme_id=session.programme_id)
    return read_rules(books.order_by("-number")[:1].get().content)


def _shown(clock: Clock | None, turns: Sequence[Turn]) -> list[Turn]:
    """List the turns whose results the room has seen."""
    if clock is None:
        return []
    last = clock.position if clock.phase in _AFTER_SCORE else clock.position - 1
    return [turn for turn in turns[:last] if not turn.is_absent]


def _cast(session: Session) -> list[Ballot]:
    found = Ballot.objects.filter(district_id=session.district_id, session=session, is_draft=False)
    return list(found.order_by("turn_id", "receipt"))


def _results(
    ballots: Sequence[Ballot], turns: Sequence[PublishedTurn], rules: ProgrammeRules
) -> tuple[ResultLine, ...]:
    ids = {turn.turn for turn in turns}
    rows = [
        Row(str(each.turn_id), str(each.juror_id or each.id), each.group, tuple(each.points), each.receipt)
        for each in ballots
        if str(each.turn_id) in ids
    ]
    scored: SessionScore = score_rows(rows, turns, scoring_of(rules))
    totals: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        totals[row.turn].append(sum(row.points))
    trim = scoring_of(rules).trim
    return tuple(
        ResultLine(
            UUID(turn.turn), turn.is_established, turn.counted, turn.present, turn.score, turn.rank,
            tuple(sorted(totals[turn.turn])), (float(turn.quartiles[0]), float(turn.quartiles[1])),
            int(trim * turn.counted),
        )
        for turn in scored.turns
    )  # fmt: skip


def _said(session: Session, clock: Clock | None, turn: Turn | None) -> tuple[SaidLine, ...]:
    """List what the room sees of what was said, for the phase that is on: nothing before the leader's nod."""
    found = Remark.objects.filter(
        district_id=session.district_id, session=session, nodded_at__isnull=False, struck_at__isnull=True
    )
    if clock is not None and turn is not None and clock.phase in _SAID_ON_TURN:
        found = found.filter(turn=turn)
    elif clock is not None and clock.phase in _SAID_TO_ALL:
        found = found.filter(turn__isnull=True)
    else:
        return ()
    rows = found.order_by("nodded_at", "id").annotate(others=Count("shares"))
    columns = ("id", "kind", "text", "organisation__name", "due_on", "others")
    return tuple(
        SaidLine(id_, kind, text, name or "", due_on, others)
        for id_, kind, text, name, due_on, others in rows.values_list(*columns)
    )


def _line(turn: Turn, is_scored: bool) -> TurnLine:  # noqa: FBT001
    return TurnLine(turn.id, turn.position, turn.organisation.name, turn.is_absent, turn.is_carried, is_scored,
                    turn.talk_overrun_ms)  # fmt: skip


def seats_of(session: Session, turn_id: UUID | None) -> tuple[JurorLine, ...]:
    """List a session's seats in their order, as they stand in a turn. 4 queries, 2 without a turn."""
    ours = {"district_id": session.district_id}
    jurors = list(Juror.objects.filter(**ours, session=session).order_by("group", "id"))
    names = names_of(district_id=session.district_id, person_ids=[juror.person_id for juror in jurors])
    drafts: dict[UUID, tuple[bool, bool]] = {}
    out: set[UUID] = set()
    if turn_id is not None:
        ballots = Ballot.objects.filter(**ours, turn_id=turn_id, juror__isnull=False)
        columns = ("juror_id", "is_draft", "by_clerk")
        drafts = {who: (is_draft, clerk is not None) for who, is_draft, clerk in ballots.values_list(*columns) if who}
        out = set(Recusal.objects.filter(**ours, turn_id=turn_id).values_list("juror_id", flat=True))
    return tuple(
        JurorLine(juror.id, number, names.get(juror.person_id, ""), juror.group, juror.checked_in_at is not None,
                  bool(juror.holder), _seat_state(juror, drafts, out))
        for number, juror in enumerate(jurors, start=1)
    )  # fmt: skip


def _seat_state(juror: Juror, drafts: dict[UUID, tuple[bool, bool]], out: Collection[UUID]) -> str:
    if juror.id in out:
        return "recused"
    if juror.id in drafts:
        is_draft, is_typed = drafts[juror.id]
        return "draft" if is_draft else "paper" if is_typed else "cast"
    return "empty" if juror.checked_in_at else "away"


def _lamp(lamp: Lamp, at: datetime) -> LampLine:
    return LampLine(lamp.role, lamp.label, at - lamp.seen_at <= LIT, lamp.rtt_ms, lamp.audio, lamp.seen_at)
