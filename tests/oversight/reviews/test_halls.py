"""A session from its bells to its publication: who may, from which state, and what is left."""

import json
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import uuid4

import pytest
from tests.factories.district import AT, DemoDistrict
from tests.factories.review import JURY, WHOLE_TURN, Sitting, make_sitting

from linli.kernel.errors import Conflict, NotAllowed, NotFound
from linli.ledger.facts.models import Fact
from linli.oversight.reviews.actions.halls import confirm_bells, open_session, press
from linli.oversight.reviews.actions.lamps import Light, light_lamp
from linli.oversight.reviews.calc.clock import Command
from linli.oversight.reviews.calc.verify_review import check
from linli.oversight.reviews.choices import BallotMode, ScreenRole
from linli.oversight.reviews.errors import HallMovedOn
from linli.oversight.reviews.models import Ballot, BallotKey, Programme, Publication, Recusal, Session, Turn
from linli.oversight.reviews.queries.halls import LIT, get_hall, get_host_view
from linli.registry.orgs.models import Organisation

TOTALS = ([90, 85, 70, 88, 92], [80, 81, 82, 83, 84], [60, 95, 77, 85, 90])


@pytest.fixture
def sitting(district: DemoDistrict) -> Sitting:
    return make_sitting(district)


def played(sitting: Sitting) -> Sitting:
    """Let all three report and be scored, and close."""
    for turn in range(3):
        sitting.press(*WHOLE_TURN)
        sitting.score_all(turn, TOTALS[turn])
        sitting.press(Command.SHOW, Command.NEXT if turn < 2 else Command.SUMMARY)
    sitting.press(Command.DEPLOYMENT, Command.CLOSE)
    return sitting


def test_session_opens_only_after_both_bells_were_heard(district: DemoDistrict) -> None:
    closed = make_sitting(district, is_open=False)
    host = district.viewer("review_office")

    with pytest.raises(Conflict, match="bells_not_tested"):
        open_session(session_id=closed.session_id, by=host, at=AT)
    closed.light(ScreenRole.SCREEN)
    closed.light(ScreenRole.HOST, audio="suspended")
    with pytest.raises(Conflict, match="bells_silent"):
        confirm_bells(session_id=closed.session_id, by=host, at=AT)
    closed.light(ScreenRole.HOST)
    with pytest.raises(Conflict, match="bells_silent"):
        confirm_bells(session_id=closed.session_id, by=host, at=AT + timedelta(minutes=1))
    confirm_bells(session_id=closed.session_id, by=host, at=AT)

    assert open_session(session_id=closed.session_id, by=host, at=AT) == 2
    assert open_session(session_id=closed.session_id, by=host, at=AT) == 2


def test_two_hosts_at_once_move_it_once(sitting: Sitting) -> None:
    seen = sitting.hall.revision
    sitting.press(Command.TALK)

    with pytest.raises(HallMovedOn, match="hall_moved_on"):
        press(session_id=sitting.session_id, command=Command.COMMENT, seen=seen,
              by=sitting.district.viewer("review_office"), at=AT)  # fmt: skip
    assert sitting.hall.phase == "talk"


@pytest.mark.parametrize("role", ["leader_in_charge", "district_dispatcher", "auditor", "discipline_inspector"])
def test_nobody_else_moves_it(sitting: Sitting, role: str) -> None:
    with pytest.raises(NotAllowed):
        press(session_id=sitting.session_id, command=Command.TALK, seen=2, by=sitting.district.viewer(role), at=AT)


def test_session_of_another_district_is_not_there(sitting: Sitting) -> None:
    with pytest.raises(NotFound):
        press(session_id=sitting.session_id, command=Command.TALK, seen=2,
              by=sitting.district.viewer("away-community_secretary"), at=AT)  # fmt: skip
    with pytest.raises(NotFound):
        get_hall(district_id="210105", session_id=sitting.session_id)


def test_times_and_overrun_of_a_report_are_kept(sitting: Sitting) -> None:
    sitting.press(Command.TALK, Command.PAUSE)
    sitting.now += timedelta(seconds=59)
    sitting.press(Command.RESUME)
    sitting.now += timedelta(seconds=482)
    sitting.press(Command.COMMENT)

    turn = Turn.objects.get(id=sitting.turns[0].id)
    assert (turn.talk_ms, turn.talk_overrun_ms) == (484_000, 4_000)


def test_jurors_of_the_presenters_own_organisation_stay_out(district: DemoDistrict) -> None:
    sitting = make_sitting(district, organisations=("committee_1", "water_repair"))
    out = Recusal.objects.filter(turn=sitting.turns[0])

    assert {row.reason for row in out} == {"own_organisation"}
    assert out.count() == 4
    assert Recusal.objects.filter(turn=sitting.turns[1]).count() == 0
    mine = next(number for number, juror in enumerate(sitting.jurors) if out.filter(juror=juror).exists())
    sitting.press(*WHOLE_TURN)
    with pytest.raises(NotAllowed, match="juror_recused"):
        sitting.put(mine, [20] * 5)


@pytest.mark.parametrize(("convener", "stay_in"), [("call_centre", set()), ("office_1", {"subdistrict_dispatcher"})])
def test_jurors_right_below_and_above_stay_out_but_not_those_of_who_convenes(
    district: DemoDistrict, convener: str, stay_in: set[str]
) -> None:
    for code, parent in (("committee_1", "office_2"), ("office_2", "office_1")):
        Organisation.objects.filter(id=district.organisations[code]).update(parent=district.organisations[parent])
    sitting, host = make_sitting(district, is_open=False), district.viewer("review_office")
    Programme.objects.update(organisation=district.organisations[convener])
    sitting.light(ScreenRole.SCREEN, ScreenRole.HOST)
    confirm_bells(session_id=sitting.session_id, by=host, at=AT)
    open_session(session_id=sitting.session_id, by=host, at=AT)

    roles = {district.viewer(role).person_id: role for role in JURY}
    out = Recusal.objects.select_related("juror", "turn")
    assert {(roles[row.juror.person_id], row.turn.position, row.reason) for row in out} == {
        (role, 1, "above_or_below") for role in set(JURY) - stay_in
    }


def test_state_tells_progress_but_no_score_before_it_is_shown(sitting: Sitting) -> None:
    sitting.press(*WHOLE_TURN)
    sitting.score_all(0, TOTALS[0][:4])
    state = get_hall(district_id=sitting.district.id, session_id=sitting.session_id)

    assert (state.cast, state.present, state.needed, state.results) == (4, 5, 4, ())
    assert [turn.is_scored for turn in state.turns] == [False, False, False]
    sitting.press(Command.SHOW)
    shown = get_hall(district_id=sitting.district.id, session_id=sitting.session_id)
    assert [(line.counted, line.rank, line.score) for line in shown.results] == [(4, 1, Fraction(333, 4))]


def test_host_sees_who_has_cast_and_no_points(sitting: Sitting) -> None:
    sitting.press(*WHOLE_TURN)
    sitting.put(0, [20] * 5)
    sitting.put(1, [20, None, None, None, None], is_draft=True)
    state = get_hall(district_id=sitting.district.id, session_id=sitting.session_id)

    view = get_host_view(viewer=sitting.district.viewer("review_office"), state=state, at=sitting.now)
    assert [juror.state for juror in view.jurors] == ["cast", "draft", "empty", "empty", "empty"]
    assert "points" not in repr(view)
    with pytest.raises(NotAllowed):
        get_host_view(viewer=sitting.district.viewer("leader_in_charge"), state=state, at=sitting.now)


def test_host_sees_whose_telephone_is_not_heard_any_more(sitting: Sitting) -> None:
    state = get_hall(district_id=sitting.district.id, session_id=sitting.session_id)
    seat = sitting.jurors[1]
    light_lamp(district_id=sitting.district.id, session_id=sitting.session_id, at=AT, light=Light(
        ScreenRole.JUROR, uuid4(), str(seat.id), 0, 3, 18, "", "held",
    ))  # fmt: skip
    sitting.jurors[2].holder = ""
    sitting.jurors[2].save(update_fields=["holder"])

    def lost(at: datetime) -> list[bool]:
        view = get_host_view(viewer=sitting.district.viewer("review_office"), state=state, at=at)
        assert {lamp.role for lamp in view.lamps} == {"screen", "host"}
        return [juror.is_lost for juror in view.jurors]

    assert lost(AT + LIT) == [True, False, False, True, True]
    assert lost(AT + LIT + timedelta(seconds=1)) == [True, True, False, True, True]


@pytest.mark.parametrize("mode", list(BallotMode))
def test_closing_publishes_what_anybody_can_recompute(district: DemoDistrict, mode: BallotMode) -> None:
    sitting = played(make_sitting(district, mode=mode))
    publication = Publication.objects.get(session_id=sitting.session_id)
    told = json.loads(publication.body)

    assert all(check(told).values())
    assert [(line["score"], line["rank"]) for line in told["results"]] == [("263/3", 1), ("82", 3), ("84", 2)]
    state = get_hall(district_id=district.id, session_id=sitting.session_id)
    assert (state.root, [line.rank for line in state.results]) == (publication.root, [1, 3, 2])
    assert Fact.objects.filter(kind="review_session.published").count() == 1
    scored = Fact.objects.filter(kind="review_turn.scored")
    assert {fact.organisation_id: (fact.data["score"], fact.data["rank"]) for fact in scored} == {
        turn.organisation_id: (line["score"], line["rank"])
        for turn, line in zip(sitting.turns, told["results"], strict=True)
    }


@pytest.mark.parametrize(("mode", "named", "keys"), [("open", 15, 0), ("sealed", 0, 1), ("secret", 0, 0)])
def test_closing_takes_names_off_as_the_mode_has_it(district: DemoDistrict, mode: str, named: int, keys: int) -> None:
    sitting = make_sitting(district, mode=BallotMode(mode))
    sitting.press(*WHOLE_TURN)
    sitting.put(0, [1, None, None, None, None], is_draft=True)
    sitting.press(Command.BACK, Command.BACK, Command.BACK)
    played(sitting)
    ballots = Ballot.objects.filter(session_id=sitting.session_id)

    assert (ballots.count(), ballots.filter(juror__isnull=False).count()) == (15, named)
    assert BallotKey.objects.filter(session_id=sitting.session_id).count() == keys
    told = json.loads(Publication.objects.get(session_id=sitting.session_id).body)
    assert len({row["juror"] for row in told["rows"]}) == (15 if mode == "secret" else 5)


def test_absent_one_is_passed_over_and_gets_no_result(sitting: Sitting) -> None:
    sitting.press(Command.ABSENT, *WHOLE_TURN)
    sitting.score_all(1, TOTALS[1])
    sitting.press(Command.SHOW, Command.NEXT, Command.ABSENT, Command.DEPLOYMENT, Command.CLOSE)
    told = json.loads(Publication.objects.get(session_id=sitting.session_id).body)

    assert [line["score"] for line in told["results"]] == ["82"]
    assert list(Turn.objects.order_by("position").values_list("is_absent", flat=True)) == [True, False, True]


def test_state_costs_the_same_whatever_its_size(sitting: Sitting, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    for turn in (0, 1):
        sitting.press(*WHOLE_TURN)
        sitting.score_all(turn, TOTALS[turn])
        sitting.press(Command.SHOW, Command.NEXT)
        with django_assert_num_queries(7):
            get_hall(district_id=sitting.district.id, session_id=sitting.session_id)


def test_rules_are_those_the_session_was_opened_by(sitting: Sitting) -> None:
    assert Session.objects.get(id=sitting.session_id).book is not None
