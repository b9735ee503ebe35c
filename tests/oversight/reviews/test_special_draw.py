"""The draw of a special session: of those who may report there, as many as there are."""

import json
from uuid import UUID

import pytest
from tests.factories.district import AT, ROLES, DemoDistrict
from tests.factories.reviews import make_review_programme

from linli.kernel.errors import InvalidInput, NotAllowed, NotFound
from linli.ledger.facts.models import Fact
from linli.oversight.reviews.actions.drawing import commit_draw, lock_throw, reveal_draw, type_throw
from linli.oversight.reviews.actions.planning import make_year
from linli.oversight.reviews.actions.qualifying import say_who_may
from linli.oversight.reviews.calc import records, verifying
from linli.oversight.reviews.calc.chain import walk
from linli.oversight.reviews.errors import DrawMovedOn, PolicyImpossible
from linli.oversight.reviews.models import Draw, DrawRecord, Qualification, Turn
from linli.oversight.reviews.queries.draws import get_draw

IN_POST = ("office_1", "office_2", "water_repair", "heating_office")


@pytest.fixture
def draws(district: DemoDistrict) -> dict[int, UUID]:
    """Plan a year; the session of May is of those born after 1980."""
    programme = make_review_programme(district)
    make_year(programme_id=programme, year=AT.year + 1, by=district.viewer("review_office"), at=AT)
    return dict(Draw.objects.order_by("month").values_list("month", "id"))


def _say(district: DemoDistrict, draw: UUID, *codes: str, by: str = "review_office") -> int:
    return say_who_may(draw_id=draw, codes=codes, by=district.viewer(by), source_ip="", at=AT)


def _hold(district: DemoDistrict, draw: UUID) -> bytes:
    office, other = district.viewer("review_office"), district.viewer("discipline_inspector")
    commit_draw(draw_id=draw, by=office, source_ip="", at=AT)
    for by in (office, other):
        type_throw(draw_id=draw, item="dice", value="08772473", by=by, at=AT)
    lock_throw(draw_id=draw, by=office, source_ip="", at=AT)
    reveal_draw(draw_id=draw, by=office, source_ip="", at=AT)
    return DrawRecord.objects.get().body.encode()


def test_those_who_may_are_drawn_as_many_as_there_are(district: DemoDistrict, draws: dict[int, UUID]) -> None:
    assert _say(district, draws[5], "office_2", "heating_office") == 2
    body = _hold(district, draws[5])

    record = json.loads(body)
    assert [(part["id"], part["take"]) for part in record["commit"]["strata"]] == [("street", 1), ("dept", 1)]
    out = {row["id"]: row["excused"] for row in record["commit"]["pool"] if row["tickets"] == 0}
    assert out == dict.fromkeys(("office_1", "water_repair", "call_centre"), "born_after_1980")
    assert list(Turn.objects.order_by("session__part").values_list("organisation__code", flat=True)) == [
        "office_2", "heating_office",
    ]  # fmt: skip
    assert all(holds for holds, _ in verifying.check(body).values())
    assert walk([records.parse(body)]).is_sound


def test_nobody_named_is_no_draw(district: DemoDistrict, draws: dict[int, UUID]) -> None:
    with pytest.raises(PolicyImpossible):
        _hold(district, draws[5])
    assert Draw.objects.get(id=draws[5]).state == "planned"


def test_what_is_said_holds_for_the_next_session_and_until_the_commit(
    district: DemoDistrict, draws: dict[int, UUID]
) -> None:
    assert [_say(district, draws[5], *codes) for codes in (IN_POST, IN_POST, ("office_1", "nobody"))] == [4, 4, 1]
    seen = get_draw(viewer=district.viewer("review_office"), draw_id=draws[9]).who_may
    assert [row.code for row in seen if row.is_qualified] == ["office_1"]
    facts = Fact.objects.filter(kind="review_draw.who_may_said")
    assert sorted(fact.data["count"] for fact in facts) == [1, 4]
    _hold(district, draws[5])
    with pytest.raises(DrawMovedOn):
        _say(district, draws[5], "office_2")


def test_other_sessions_ask_nothing(district: DemoDistrict, draws: dict[int, UUID]) -> None:
    with pytest.raises(InvalidInput, match="not_a_special_draw"):
        _say(district, draws[1], "office_1")
    assert get_draw(viewer=district.viewer("review_office"), draw_id=draws[1]).who_may == ()


@pytest.mark.parametrize("role", [role for role in ROLES if role != "review_office"])
def test_nobody_else_says_or_sees_who_may(district: DemoDistrict, draws: dict[int, UUID], role: str) -> None:
    _say(district, draws[5], "office_1")
    with pytest.raises(NotAllowed):
        _say(district, draws[5], "office_2", by=role)
    with pytest.raises(NotFound):
        _say(district, draws[5], "office_2", by="away-community_secretary")
    assert get_draw(viewer=district.viewer(role), draw_id=draws[5]).who_may == ()
    assert Qualification.objects.count() == 1
