"""The demo's last month of reviews, played as a district would: frozen, thrown, drawn, reported, scored, published."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from linli.kernel.errors import NotAllowed
from linli.kernel.ids import new_id
from linli.oversight.reviews.actions.casting import Sheet, put_ballot
from linli.oversight.reviews.actions.drawing import commit_draw, lock_throw, reveal_draw, type_throw
from linli.oversight.reviews.actions.halls import confirm_bells, open_session, press
from linli.oversight.reviews.actions.juries import enter, make_badges, seat_jury
from linli.oversight.reviews.actions.lamps import Light, light_lamp
from linli.oversight.reviews.actions.remarks import Said, nod_remark, write_remark
from linli.oversight.reviews.calc.clock import Command
from linli.oversight.reviews.choices import RemarkKind, ScreenRole
from linli.oversight.reviews.queries.halls import JurorSeat
from linli.oversight.reviews.queries.programmes import list_year
from linli.oversight.reviews.queries.sessions import SessionPage, TurnRow, get_session
from linli.registry.people.rules import Viewer

# What twenty ten-sided dice showed at public audits abroad; for a demo any digits will do.
THROW = "08772473296991897540"
JURORS_A_GROUP = {"congress": 4, "departments": 4, "delegates_city": 4, "delegates_district": 8}
_LOCAL = ZoneInfo("Asia/Shanghai")
_DRAWN_AT = time(13, 30)
_TALK, _COMMENT, _SCORE = timedelta(minutes=7, seconds=52), timedelta(minutes=2, seconds=40), timedelta(minutes=1)
_LATE = timedelta(seconds=21)  # one report a session runs over its time
_FIRST_DUE, _DAYS_MORE = timedelta(days=40), 7
_COMMENTS = (
    "数字扎实，问题讲得少了些，下次先讲没办成的。",
    "营商环境这一块有办法，请把做法整理出来给兄弟单位看。",
    "队伍建设讲得实，基层减负还要再往下沉一层。",
)
_ASSIGNMENTS = (
    "把辖区内反复出现的同类诉求列成一张单子，逐件定责任人和时限。",
    "两周内走访十家企业，把提出的困难当天录成事项。",
    "对照承诺逐项公开进度，办不成的写明原因。",
)
_DEPLOYMENT = "入冬供暖和清雪摸一遍底，老旧小区逐栋落实责任人。"


@dataclass(frozen=True, slots=True)
class Office:
    """Who runs the reviews, and a colleague who types the throw a second time."""

    host: Viewer
    second: Viewer


def play_month(
    *, programme_id: UUID, year: int, month: int, office: Office, jury: Mapping[str, Sequence[UUID]], seed: int
) -> None:
    """Play a month's draw and sessions through the rooms' own actions, at the times that were planned.

    jury: people by group. Some 4,000 queries.
    """
    chance = Random(seed)  # noqa: S311 - scores of a demo
    lines = list_year(viewer=office.host, programme_id=programme_id, year=year)
    line = next(each for each in lines if each.month == month)
    for draw in line.draws:
        at = datetime.combine(draw.planned_on, _DRAWN_AT, tzinfo=_LOCAL)
        commit_draw(draw_id=draw.id, by=office.host, source_ip="", at=at - timedelta(days=1))
        for number, viewer in enumerate((office.host, office.second)):
            type_throw(draw_id=draw.id, item="dice", value=THROW, by=viewer, at=at + timedelta(minutes=number))
        lock_throw(draw_id=draw.id, by=office.host, source_ip="", at=at + timedelta(minutes=2))
        reveal_draw(draw_id=draw.id, by=office.host, source_ip="", at=at + timedelta(minutes=3))
    for session in line.sessions:
        _play(get_session(viewer=office.host, session_id=session.id), office.host, jury, chance)


def _play(session: SessionPage, host: Viewer, jury: Mapping[str, Sequence[UUID]], chance: Random) -> None:
    at = session.planned_at - timedelta(minutes=10)
    groups = {person: group for group, people in jury.items() for person in people[: JURORS_A_GROUP[group]]}
    seat_jury(session_id=session.id, groups=groups, by=host, at=at)
    badges = make_badges(session_id=session.id, juror_ids=frozenset(), by=host, at=at)
    for juror_id, badge in badges.items():
        enter(session_id=session.id, badge=badge, holder=str(juror_id), at=at)
    for role in (ScreenRole.SCREEN, ScreenRole.HOST):
        light_lamp(district_id=host.district_id, session_id=session.id, at=at,
                   light=Light(role, new_id(), "", 0, 2, 9, "running", "held"))  # fmt: skip
    confirm_bells(session_id=session.id, by=host, at=at)
    revision = open_session(session_id=session.id, by=host, at=at)
    seats = [JurorSeat(host.district_id, session.id, juror_id) for juror_id in badges]
    for command, turn, moment in _course(session):
        if command == Command.SCORE:
            _remark(session, turn, host, chance, moment - timedelta(seconds=20))
        if command == Command.SHOW:
            _score(seats, turn, chance, moment)
        if command == Command.CLOSE:
            _deploy(session, host, moment - timedelta(minutes=1))
        revision = press(session_id=session.id, command=command, seen=revision, by=host, at=moment)


def _course(session: SessionPage) -> Iterator[tuple[Command, TurnRow, datetime]]:
    """Give the host's commands in order, each with the turn that runs and the moment."""
    at, last = session.planned_at, len(session.turns) - 1
    for place, turn in enumerate(session.turns):
        yield Command.TALK, turn, at
        yield Command.COMMENT, turn, (at := at + _TALK + (_LATE if place == last // 2 else timedelta(0)))
        yield Command.SCORE, turn, (at := at + _COMMENT)
        yield Command.SHOW, turn, (at := at + _SCORE)
        yield (Command.SUMMARY if place == last else Command.NEXT), turn, (at := at + timedelta(seconds=20))
    yield Command.DEPLOYMENT, session.turns[last], (at := at + timedelta(minutes=8))
    yield Command.CLOSE, session.turns[last], at + timedelta(minutes=6)


def _score(seats: Sequence[JurorSeat], turn: TurnRow, chance: Random, at: datetime) -> None:
    """Let all jurors cast but those who stay out; organisations differ in level, jurors in leniency."""
    level = chance.randint(16, 18)
    for number, seat in enumerate(seats):
        points = [min(20, max(10, level + chance.randint(-1, 2) - number % 3)) for _ in range(5)]
        sheet = Sheet(points, f"{chance.getrandbits(128):032x}", 1, is_draft=False)
        try:
            put_ballot(seat=seat, turn_id=turn.id, sheet=sheet, at=at - timedelta(seconds=30 - number))
        except NotAllowed:
            continue


def _remark(session: SessionPage, turn: TurnRow, host: Viewer, chance: Random, at: datetime) -> None:
    due = (at + _FIRST_DUE).date() + timedelta(days=chance.randrange(_DAYS_MORE))
    said = [Said(RemarkKind.COMMENT, _COMMENTS[turn.position % len(_COMMENTS)])]
    if turn.position % 2:
        text = _ASSIGNMENTS[turn.position // 2 % len(_ASSIGNMENTS)]
        said.append(Said(RemarkKind.ASSIGNMENT, text, turn.organisation_id, due))
    for each in said:
        _write(session, turn.id, each, host, at)


def _deploy(session: SessionPage, host: Viewer, at: datetime) -> None:
    owner = session.turns[0].organisation_id
    said = Said(RemarkKind.DEPLOYMENT, _DEPLOYMENT, owner, (at + _FIRST_DUE).date())
    _write(session, None, said, host, at)


def _write(session: SessionPage, turn_id: UUID | None, said: Said, host: Viewer, at: datetime) -> None:
    remark_id = write_remark(by=host, meeting_id=session.id, turn_id=turn_id, said=said, key=str(new_id()), at=at)
    nod_remark(by=host, remark_id=remark_id, version=1, at=at + timedelta(seconds=5))
