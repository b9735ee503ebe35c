"""A programme of monthly reviews in the synthetic district, with a session at which three organisations report."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tests.factories.district import AT, HOME, DemoDistrict

from linli.kernel.ids import new_id
from linli.oversight.reviews.calc.programme import Stratum, default_rules, write_rules
from linli.oversight.reviews.choices import Occasion, Phase, ReviewLevel
from linli.oversight.reviews.models import Hall, Programme, ProgrammeBook, Session, Turn

REPORTING = ("office_1", "water_repair", "office_2")


@dataclass(frozen=True, slots=True)
class DemoMeeting:
    """A session. turns: ids by the code of who reports; later: the same programme's next session, without turns."""

    id: UUID
    programme_id: UUID
    turns: dict[str, UUID]
    later_id: UUID


def make_meeting(
    district: DemoDistrict, *, at: datetime = AT, phase: Phase = Phase.COMMENT, convener: str = "call_centre",
    reporting: tuple[str, ...] = REPORTING,
) -> DemoMeeting:  # fmt: skip
    """Make a programme, two sessions and the turns of the first; its hall stands at the first one's comment."""
    programme = Programme.objects.create(
        id=new_id(), district_id=HOME, code=f"by-{convener}", name="区级月述月评", level=ReviewLevel.DISTRICT,
        organisation_id=district.organisations[convener],
    )  # fmt: skip
    book = ProgrammeBook.objects.create(
        id=new_id(), district_id=HOME, programme=programme, number=1, made_at=at,
        content=write_rules(default_rules((Stratum("street", "街道", 2, 1),))),
    )  # fmt: skip
    first, later = (
        Session.objects.create(
            id=new_id(), district_id=HOME, programme=programme, book=book, year=2026, month=11, part=part,
            occasion=Occasion.REGULAR, title=f"十一月述职会，第{part}场", focus="全年收官、来年打算",
            planned_at=at + timedelta(hours=2 * (part - 1)), place="区政府三楼会议室", venues=["北街分会场"],
        )
        for part in (1, 2)
    )  # fmt: skip
    turns = {
        code: Turn.objects.create(
            id=new_id(), district_id=HOME, session=first, organisation_id=district.organisations[code], position=place
        ).id
        for place, code in enumerate(reporting, start=1)
    }  # fmt: skip
    at_turn = phase in {Phase.TALK, Phase.COMMENT, Phase.SCORE}
    Hall.objects.create(
        id=new_id(), district_id=HOME, session=first, phase=phase, opened_at=at, started_at=at,
        turn_id=turns[reporting[0]] if at_turn else None,
    )  # fmt: skip
    return DemoMeeting(first.id, programme.id, turns, later.id)
