"""Programmes: who may begin and change them, versions of rules, members, a year by one click, turns."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, HOME, ROLES, DemoDistrict
from tests.factories.reviews import DEPARTMENTS, RULES, STREETS, make_review_programme

from linli.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from linli.kernel.ids import new_id
from linli.ledger.audit.models import AuditLine
from linli.ledger.facts.models import Fact
from linli.oversight.reviews.actions.planning import make_year
from linli.oversight.reviews.actions.programmes import save_rules, set_members
from linli.oversight.reviews.actions.seating import carry_turn, seat_presenters
from linli.oversight.reviews.calc.programme import Policy
from linli.oversight.reviews.errors import PolicyImpossible
from linli.oversight.reviews.models import Draw, Member, Session, Turn
from linli.oversight.reviews.queries.programmes import get_programme, list_programmes, list_year
from linli.registry.orgs.actions import NewOrganisation, load_organisations

YEAR = AT.year + 1


@pytest.fixture
def programme(district: DemoDistrict) -> UUID:
    return make_review_programme(district)


def _plan(district: DemoDistrict, programme: UUID, *, role: str = "review_office", year: int = YEAR) -> tuple[int, int]:
    return make_year(programme_id=programme, year=year, by=district.viewer(role), at=AT)


def _save(district: DemoDistrict, programme: UUID, *, seen: int = 1, take: int = 1, reason: str = "换届") -> int:
    strata = (replace(RULES.strata[0], take=take), RULES.strata[1])
    return save_rules(programme_id=programme, rules=replace(RULES, strata=strata), seen=seen, reason=reason,
                      by=district.viewer("review_office"), source_ip="", at=AT)  # fmt: skip


def _ranked(district: DemoDistrict) -> list[UUID]:
    return [district.organisations[code] for code in (STREETS[0], *DEPARTMENTS[:2])]


@pytest.mark.parametrize("role", [role for role in ROLES if role != "review_office"])
def test_nobody_else_plans_a_year(district: DemoDistrict, programme: UUID, role: str) -> None:
    with pytest.raises(NotAllowed):
        _plan(district, programme, role=role)
    assert (Draw.objects.count(), Session.objects.count()) == (0, 0)


def test_programme_of_another_district_is_not_there(district: DemoDistrict, programme: UUID) -> None:
    stranger = district.viewer("away-community_secretary")
    assert list_programmes(viewer=stranger, at=AT) == []
    with pytest.raises(NotFound):
        get_programme(viewer=stranger, programme_id=programme)
    assert list_year(viewer=stranger, programme_id=programme, year=YEAR) == []


def test_year_is_made_by_one_click_and_once(district: DemoDistrict, programme: UUID) -> None:
    assert (_plan(district, programme), _plan(district, programme)) == ((12, 24), (0, 0))
    worker = district.viewer("grid_worker")
    with CaptureQueriesContext(connection) as captured:
        months = list_year(viewer=worker, programme_id=programme, year=YEAR)
    assert (len(captured), [len(month.sessions) for month in months]) == (2, [2] * 12)
    assert [month.draws[0].code for month in months][:2] == [f"district/{YEAR}-01/1", f"district/{YEAR}-02/1"]
    assert Fact.objects.filter(kind="review_programme.year_planned").count() == 1


def test_year_out_of_reach_is_refused(district: DemoDistrict, programme: UUID) -> None:
    with pytest.raises(InvalidInput):
        _plan(district, programme, year=1999)


def test_months_that_are_over_are_left_out(district: DemoDistrict, programme: UUID) -> None:
    _plan(district, programme, year=AT.year)
    assert min(Session.objects.values_list("planned_at", flat=True)) > AT


def test_rules_are_versions_and_the_second_to_save_is_told(district: DemoDistrict, programme: UUID) -> None:
    assert (_save(district, programme, take=2), _save(district, programme, seen=2, take=2)) == (2, 2)
    with pytest.raises(Conflict):
        _save(district, programme, seen=1)
    with pytest.raises(InvalidInput):
        _save(district, programme, seen=2, reason=" ")
    page = get_programme(viewer=district.viewer("review_office"), programme_id=programme)
    assert (page.number, page.rules.strata[0].take, page.may_run) == (2, 2, True)
    assert AuditLine.objects.filter(object_kind="review_programme", data__did="rules_saved").count() == 2


def test_members_that_leave_end_the_day_before(district: DemoDistrict, programme: UUID) -> None:
    later, office = AT.date() + timedelta(days=30), district.viewer("review_office")
    strata = {district.organisations[code]: "street" for code in (*STREETS, "heating_office")}
    changed = set_members(programme_id=programme, strata=strata, by=office, source_ip="", on=later, at=AT)

    page = get_programme(viewer=office, programme_id=programme)
    assert (changed, [(each.code, each.stratum) for each in page.members]) == (
        (1, 3), [("heating_office", "street"), ("office_1", "street"), ("office_2", "street")],
    )  # fmt: skip
    gone = Member.objects.filter(ends_on__isnull=False)
    assert {each.ends_on for each in gone} == {later - timedelta(days=1)}
    with pytest.raises(InvalidInput):
        set_members(programme_id=programme, strata={new_id(): "nobody"}, by=office, source_ip="", on=later, at=AT)


def test_members_that_a_year_of_draws_can_not_reach_are_refused_and_so_is_the_rule(
    district: DemoDistrict, programme: UUID
) -> None:
    office, area = district.viewer("review_office"), district.areas[HOME]
    rows = [NewOrganisation(new_id(), f"bureau_{n}", f"第{n}局", "department", area) for n in range(13)]
    load_organisations(district_id=HOME, rows=rows, starts_on=AT.date())

    def save(kind: str, *, seen: int) -> int:
        return save_rules(programme_id=programme, rules=replace(RULES, policy=Policy(kind)), seen=seen, reason="试",
                          by=office, source_ip="", at=AT)  # fmt: skip

    def enter() -> tuple[int, int]:
        strata = dict.fromkeys((row.id for row in rows), "street")
        return set_members(programme_id=programme, strata=strata, by=office, source_ip="", on=AT.date(), at=AT)

    with pytest.raises(PolicyImpossible) as refused:
        enter()
    assert (refused.value.params["why"], Member.objects.filter(stratum="street").count()) == ("floor_out_of_reach", 2)
    assert (save("A", seen=1), enter()) == (2, (13, 5))
    with pytest.raises(PolicyImpossible):
        save("F", seen=2)


def test_drawn_ones_get_their_turns_in_rank_order_once(district: DemoDistrict, programme: UUID) -> None:
    _plan(district, programme)
    draw = Draw.objects.get(month=1)
    turns = seat_presenters(draw=draw, rules=RULES, ranked=_ranked(district), at=AT)

    assert seat_presenters(draw=draw, rules=RULES, ranked=_ranked(district)[::-1], at=AT) == turns
    seated = Turn.objects.order_by("session__part", "position").values_list("session__part", "position", "organisation")
    assert list(seated) == [
        (part, position, organisation)
        for (part, position), organisation in zip(((1, 1), (1, 2), (2, 1)), _ranked(district), strict=True)
    ]
    holders = [district.viewer("subdistrict_secretary").person_id, district.viewer("department_head").person_id]
    assert [Turn.objects.get(id=each).presenter_id for each in turns[:2]] == holders


def test_absent_one_reports_in_addition_after_the_others(district: DemoDistrict, programme: UUID) -> None:
    _plan(district, programme)
    seat_presenters(draw=Draw.objects.get(month=1), rules=RULES, ranked=_ranked(district), at=AT)
    session = Session.objects.get(month=1, part=2)
    absent = district.organisations[DEPARTMENTS[2]]
    carried = [carry_turn(session=session, organisation_id=absent, presenter_id=None, at=AT) for _ in range(2)]

    turn = Turn.objects.get(id=carried[0])
    assert (carried[0], turn.position, turn.is_carried) == (carried[1], 2, True)
