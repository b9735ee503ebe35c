"""A session of the monthly review in the synthetic district: three turns, a jury, badges."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from tests.factories.district import AT, DemoDistrict

from linli.kernel.ids import new_id
from linli.oversight.reviews.actions.casting import Kept, Sheet, put_ballot
from linli.oversight.reviews.actions.halls import confirm_bells, open_session, press
from linli.oversight.reviews.actions.juries import enter, make_badges, seat_jury
from linli.oversight.reviews.actions.lamps import Light, light_lamp
from linli.oversight.reviews.calc.clock import Command
from linli.oversight.reviews.calc.programme import Stratum, default_rules, write_rules
from linli.oversight.reviews.choices import BallotMode, Occasion, ReviewLevel, ScreenRole
from linli.oversight.reviews.models import Hall, Juror, Programme, ProgrammeBook, Session, Turn
from linli.oversight.reviews.queries.halls import JurorSeat

STRATA = (Stratum("street", "街道", 1, 1), Stratum("dept", "部门", 2, 1))
WHOLE_TURN = (Command.TALK, Command.COMMENT, Command.SCORE)


@dataclass
class Sitting:
    """A session with its people. now: moves on by a second at each command."""

    district: DemoDistrict
    session_id: UUID
    turns: list[Turn]
    jurors: list[Juror]
    badges: dict[UUID, str]
    now: datetime = AT
    seqs: dict[UUID, int] = field(default_factory=dict)

    @property
    def hall(self) -> Hall:
        """Read the state row."""
        return Hall.objects.get(district_id=self.district.id, session_id=self.session_id)

    def press(self, *commands: Command) -> int:
        """Press as the host would, each from what stands there now."""
        revision = 0
        for command in commands:
            self.now += timedelta(seconds=1)
            revision = press(session_id=self.session_id, command=command, seen=self.hall.revision,
                             by=self.district.viewer("review_office"), at=self.now)  # fmt: skip
        return revision

    def put(
        self, juror: int, points: Sequence[int | None], *, turn: int = 0, is_draft: bool = False, seq: int = 0,
        nonce: str = "",
    ) -> Kept:  # fmt: skip
        """Send a ballot as a juror's telephone would."""
        seat = self.jurors[juror]
        self.seqs[seat.id] = seq or self.seqs.get(seat.id, 0) + 1
        sheet = Sheet(points, nonce or f"{juror:032x}", self.seqs[seat.id], is_draft)
        return put_ballot(
            seat=JurorSeat(self.district.id, self.session_id, seat.id),
            turn_id=self.turns[turn].id,
            sheet=sheet,
            at=self.now,
        )

    def score_all(self, turn: int, totals: Sequence[int]) -> None:
        """Let the jurors cast, one total each, spread over the five parts."""
        for juror, total in enumerate(totals):
            self.put(juror, [total // 5 + (part < total % 5) for part in range(5)], turn=turn)

    def light(self, *roles: ScreenRole, audio: str = "running") -> None:
        """Let pages of these roles report."""
        for role in roles:
            light_lamp(district_id=self.district.id, session_id=self.session_id, at=self.now,
                       light=Light(role, uuid4(), "", 0, 3, 18, audio, "held"))  # fmt: skip


JURY = ("grid_worker", "grid_head", "community_clerk", "community_secretary", "subdistrict_dispatcher")


def make_sitting(
    district: DemoDistrict, *, mode: BallotMode = BallotMode.SEALED, is_open: bool = True,
    organisations: Sequence[str] = ("office_2", "water_repair", "heating_office"),
) -> Sitting:  # fmt: skip
    """Make a programme, a session of three and a jury of five, checked in; open unless told otherwise."""
    host = district.viewer("review_office")
    programme = Programme.objects.create(
        id=new_id(), district_id=district.id, code="district", name="区委月述月评", level=ReviewLevel.DISTRICT,
        organisation_id=district.organisations["call_centre"],
    )  # fmt: skip
    ProgrammeBook.objects.create(
        id=new_id(), district_id=district.id, programme=programme, number=1, made_at=AT,
        content=write_rules(default_rules(STRATA)),
    )  # fmt: skip
    session = Session.objects.create(
        id=new_id(), district_id=district.id, programme=programme, year=2026, month=11, occasion=Occasion.REGULAR,
        title="十一月述职会，第一场", planned_at=AT, place="区委礼堂", ballot_mode=mode.value,
    )  # fmt: skip
    turns = [
        Turn.objects.create(id=new_id(), district_id=district.id, session=session, position=number,
                            organisation_id=district.organisations[code])
        for number, code in enumerate(organisations, start=1)
    ]  # fmt: skip
    groups = ("congress", "departments", "delegates_city", "delegates_district", "departments")
    people = [district.viewer(role).person_id for role in JURY]
    seat_jury(session_id=session.id, groups={p: g for p, g in zip(people, groups, strict=True) if p}, by=host, at=AT)
    badges = make_badges(session_id=session.id, juror_ids=frozenset(), by=host, at=AT)
    for juror_id, badge in badges.items():
        enter(session_id=session.id, badge=badge, holder=f"browser-{juror_id}", at=AT)
    jurors = list(Juror.objects.filter(session=session).order_by("group", "id"))
    sitting = Sitting(district, session.id, turns, jurors, badges)
    if is_open:
        sitting.light(ScreenRole.SCREEN, ScreenRole.HOST)
        confirm_bells(session_id=session.id, by=host, at=AT)
        open_session(session_id=session.id, by=host, at=AT)
    return sitting
