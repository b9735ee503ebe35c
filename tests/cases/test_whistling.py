"""Whistling for offices, reporting in, opinions on one page, and the caller's evaluation."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, HOME, SHANGHAI, DemoDistrict

from linli.cases.actions.stepping import Actor
from linli.cases.actions.whistling import (
    Marks,
    Whistled,
    change_lead,
    evaluate_help,
    give_opinion,
    report_in,
    take_call_back,
    whistle,
)
from linli.cases.choices import Action
from linli.cases.errors import NoSuchCase, StepNotPossible
from linli.cases.models import Case, CaseStep, WhistleCall
from linli.cases.queries.detail import get_case
from linli.cases.queries.lists import CaseFilter, count_cases, list_cases
from linli.cases.queries.map import list_points
from linli.cases.rules import may_see_case
from linli.cases.tasks import _tell
from linli.kernel.errors import InvalidInput, NotAllowed
from linli.ledger.commands.actions import deliver_pending
from linli.ledger.commands.models import OutboxMessage
from linli.ledger.facts.models import Fact
from linli.support.notices.models import Notice

HOUR = timedelta(hours=1)
ELDER = {"category": "elder_help", "text": "老人需要帮忙买菜"}  # stays with the community


def blow(
    district: DemoDistrict, case: Case, *others: str, lead: str = "", by: str = "community_clerk", at: datetime = AT
) -> Case:
    ids = [district.organisations[code] for code in others]
    whistled = Whistled(ids, "需要到场看管线", district.organisations[lead] if lead else None)
    return whistle(district_id=HOME, case_id=case.id, whistled=whistled, by=district.actor(by), at=at)


def arrive(district: DemoDistrict, case: Case, *, community: int = 1, at: datetime = AT + HOUR) -> Case:
    by = district.actor("department_handler", community=community)
    return report_in(district_id=HOME, case_id=case.id, note="", by=by, at=at)


def sees(district: DemoDistrict, case: Case, role: str, community: int = 1) -> bool:
    """Whether somebody sees a case, asked of the single page, the list, the count and the map, which have to agree."""
    viewer, all_of = district.viewer(role, community=community), CaseFilter()
    page = bool(may_see_case(viewer, case))
    listed = case.id in {row.id for row in list_cases(viewer=viewer, wanted=all_of, at=AT).rows}
    counted = count_cases(viewer=viewer, wanted=CaseFilter(ids=(case.id,)), at=AT) == 1
    assert page == listed == counted
    return page


def call_of(district: DemoDistrict, code: str) -> WhistleCall:
    return WhistleCall.objects.get(organisation_id=district.organisations[code])


def test_whistle_calls_several_with_one_lead_and_a_clock_each(district: DemoDistrict) -> None:
    case = district.open_case_in(**ELDER)
    holder, due_at = case.post_id, case.due_at
    case = blow(district, case, "heating_office", "office_1", lead="water_repair")
    calls = WhistleCall.objects.order_by("-is_lead", "organisation__code").values_list(
        "organisation__code", "is_lead", "caller__code"
    )

    assert list(calls) == [
        ("water_repair", True, "committee_1"), ("heating_office", False, "committee_1"),
        ("office_1", False, "committee_1"),
    ]  # fmt: skip
    # 16 working hours from Wednesday 10:00: two working days of 8 hours on.
    assert call_of(district, "office_1").due_at.astimezone(SHANGHAI) == datetime(2026, 11, 20, 10, tzinfo=SHANGHAI)
    assert (case.post_id, case.due_at, case.state) == (holder, due_at, "reported")
    told = OutboxMessage.objects.filter(kind="case.whistled").values_list("data__organisation", flat=True)
    offices = ("water_repair", "heating_office", "office_1")
    assert sorted(told) == sorted(str(district.organisations[code]) for code in offices)


def test_called_office_sees_the_case_and_others_do_not(district: DemoDistrict) -> None:
    case = district.open_case_in(**ELDER)
    assert not sees(district, case, "department_handler")
    blow(district, case, "water_repair")

    assert sees(district, case, "department_handler")
    assert sees(district, case, "department_head")
    assert not sees(district, case, "department_handler", 2)  # of the heating office
    assert not sees(district, case, "property_manager")
    assert not sees(district, case, "grid_worker", 2)
    assert not may_see_case(district.viewer("away-department_handler"), case)
    points = list_points(viewer=district.viewer("department_handler"), wanted=CaseFilter(), at=AT, limit=9)
    assert [row.id for row in points] == [case.id]


def test_who_was_called_goes_on_seeing_it_when_it_is_closed(district: DemoDistrict) -> None:
    case = district.open_case_in(**ELDER)
    blow(district, case, "water_repair")
    clerk = district.actor("community_clerk")
    district.handled(case, by=clerk)
    for action in (Action.VERIFY, Action.CLOSE):
        case = district.take(case, action, by=clerk, after=2 * HOUR)

    assert sees(district, case, "department_handler")


def test_call_taken_back_shows_nothing_unless_they_came(district: DemoDistrict) -> None:
    case = district.open_case_in(**ELDER)
    blow(district, case, "water_repair", "heating_office")
    arrive(district, case)
    for code in ("water_repair", "heating_office"):
        take_call_back(district_id=HOME, case_id=case.id, organisation_id=district.organisations[code], note="",
                       version=None, by=district.actor("community_clerk"), at=AT + 2 * HOUR)  # fmt: skip

    assert sees(district, case, "department_head")  # of the water repair, where somebody else reported in
    assert not sees(district, case, "department_handler", 2)
    with pytest.raises(NoSuchCase):
        arrive(district, case, community=2)


def test_reporting_in_late_is_written_down_and_shown(district: DemoDistrict) -> None:
    case = district.open_case_in(**ELDER)
    blow(district, case, "water_repair", "heating_office")
    arrive(district, case)
    arrive(district, case, community=2, at=AT + timedelta(days=6))
    shown = get_case(viewer=district.viewer("community_clerk"), case_id=case.id, at=AT + timedelta(days=7))

    assert [(row.organisation, row.is_late) for row in shown.beside.calls] == [
        ("供热办", True),
        ("供水抢修中心", False),
    ]
    late = CaseStep.objects.filter(action="report-in").order_by("at").values_list("data__late", flat=True)
    assert list(late) == [False, True]
    assert Fact.objects.filter(kind="case.reported_in").order_by("at").last().organisation_id == (
        district.organisations["heating_office"]
    )  # fmt: skip


def test_who_does_not_come_is_late_when_time_is_up(district: DemoDistrict) -> None:
    case = district.open_case_in(**ELDER)
    blow(district, case, "water_repair")
    viewer, due_at = district.viewer("community_clerk"), call_of(district, "water_repair").due_at

    assert not get_case(viewer=viewer, case_id=case.id, at=due_at).beside.calls[0].is_late
    assert get_case(viewer=viewer, case_id=case.id, at=due_at + HOUR).beside.calls[0].is_late


def test_all_opinions_stand_on_one_page(district: DemoDistrict) -> None:
    case = district.open_case_in(**ELDER)
    blow(district, case, "heating_office", lead="water_repair")
    for community, words in ((1, "已关阀"), (2, "与供热无关"), (1, "已修好")):
        give_opinion(district_id=HOME, case_id=case.id, note=words, at=AT + HOUR,
                     by=district.actor("department_handler", community=community))  # fmt: skip
    shown = get_case(viewer=district.viewer("department_handler", community=2), case_id=case.id, at=AT + HOUR)

    assert [(row.organisation, row.is_lead, [each.text for each in row.opinions]) for row in shown.beside.calls] == [
        ("供水抢修中心", True, ["已关阀", "已修好"]), ("供热办", False, ["与供热无关"]),
    ]  # fmt: skip
    assert call_of(district, "heating_office").reported_in_at == AT + HOUR  # an opinion reports in


def test_caller_evaluates_for_the_office(district: DemoDistrict) -> None:
    case = district.open_case_in(**ELDER)
    blow(district, case, "water_repair")
    office = district.organisations["water_repair"]

    def evaluate(by: str, speed: str = "quick", *, at: datetime = AT + 2 * HOUR) -> None:
        evaluate_help(district_id=HOME, case_id=case.id, marks=Marks(office, speed, "solved"),
                      by=district.actor(by), at=at)  # fmt: skip

    with pytest.raises(StepNotPossible, match="not_reported_in_yet"):
        evaluate("community_clerk")
    arrive(district, case)
    with pytest.raises(NotAllowed):
        evaluate("department_handler")
    with pytest.raises(InvalidInput, match="mark_missing"):
        evaluate("community_clerk", "superb")
    evaluate("community_clerk")
    evaluate("community_secretary", "in_time")  # said again, the last counts
    call, fact = call_of(district, "water_repair"), Fact.objects.filter(kind="case.help_evaluated").latest("id")

    assert (call.speed, call.result) == ("in_time", "solved")
    assert (fact.organisation_id, fact.post_id, fact.data["speed"]) == (office, None, "in_time")


def test_lead_is_changed_and_there_is_one(district: DemoDistrict) -> None:
    case = district.open_case_in(**ELDER)
    blow(district, case, "heating_office", lead="water_repair")
    change_lead(district_id=HOME, case_id=case.id, organisation_id=district.organisations["heating_office"],
                version=None, by=district.actor("community_clerk"), at=AT + HOUR)  # fmt: skip

    assert list(WhistleCall.objects.filter(is_lead=True).values_list("organisation__code")) == [("heating_office",)]
    with pytest.raises(InvalidInput, match="has_lead"):
        blow(district, case, lead="office_1")


@pytest.mark.parametrize(
    ("others", "code"),
    [((), "nobody_called"), (("water_repair", "water_repair"), ""), (("committee_1",), "no_such_organisation")],
)
def test_whistle_names_offices_that_exist_once(district: DemoDistrict, others: tuple[str, ...], code: str) -> None:
    case = district.open_case_in(**ELDER)
    if code:
        with pytest.raises(InvalidInput, match=code):
            blow(district, case, *others)
    else:
        blow(district, case, *others)
        with pytest.raises(InvalidInput, match="called_already"):
            blow(district, case, *others)
    assert WhistleCall.objects.count() == (0 if code else 1)


@pytest.mark.parametrize("role", ["call_back_clerk", "district_leader", "building_head", "catalogue_keeper"])
def test_others_may_not_whistle(district: DemoDistrict, role: str) -> None:
    with pytest.raises(NotAllowed):
        blow(district, district.open_case_in(**ELDER), "water_repair", by=role)


def test_only_who_was_called_answers(district: DemoDistrict) -> None:
    case = district.open_case_in(**ELDER)
    blow(district, case, "water_repair")
    for who in (district.actor("community_secretary"), district.actor("district_dispatcher")):
        with pytest.raises(NotAllowed):
            report_in(district_id=HOME, case_id=case.id, note="", by=who, at=AT + HOUR)
    arrive(district, case)
    with pytest.raises(StepNotPossible, match="reported_in_already"):
        arrive(district, case)


def test_case_that_is_done_calls_nobody(district: DemoDistrict) -> None:
    case = district.open_case_in(**ELDER)
    district.handled(case, by=district.actor("community_clerk"))
    with pytest.raises(StepNotPossible, match="step_not_possible"):
        blow(district, case, "water_repair")


def test_called_cases_have_a_list_of_their_own(district: DemoDistrict) -> None:
    called, other = district.open_case_in(**ELDER), district.open_case_in(community=2, **ELDER)
    blow(district, called, "water_repair")
    whistled = Whistled([district.organisations["heating_office"]], "来人")
    whistle(district_id=HOME, case_id=other.id, whistled=whistled, at=AT,
            by=district.actor("community_clerk", community=2))  # fmt: skip

    def listed(role: str, community: int = 1) -> list[UUID]:
        viewer = district.viewer(role, community=community)
        return [row.id for row in list_cases(viewer=viewer, wanted=CaseFilter(box="called"), at=AT).rows]

    assert (listed("department_handler"), listed("department_handler", 2)) == ([called.id], [other.id])
    assert listed("community_clerk") == []


def test_people_of_called_offices_are_told(district: DemoDistrict) -> None:
    case = district.open_case_in(**ELDER)
    blow(district, case, "water_repair")
    deliver_pending(district_id=HOME, handlers={"case.whistled": _tell}, at=AT + HOUR)

    told = set(Notice.objects.filter(kind="case.whistled").values_list("person_id", flat=True))
    water = {district.viewer(role).person_id for role in ("department_handler", "department_head")}
    assert told == water


def test_whistle_takes_few_queries(district: DemoDistrict) -> None:
    case, by = district.open_case_in(**ELDER), Actor(district.viewer("community_clerk"))
    ids = [district.organisations[code] for code in ("water_repair", "heating_office", "office_1")]
    with CaptureQueriesContext(connection) as captured:
        whistle(district_id=HOME, case_id=case.id, whistled=Whistled(ids, "来人"), by=by, at=AT)
    assert len(captured) <= 16


def test_who_works_in_two_offices_calls_for_the_one_that_dispatches_there(district: DemoDistrict) -> None:
    case, dispatcher = district.open_case_in(**ELDER), district.viewer("subdistrict_dispatcher")
    elsewhere = district.viewer("community_steward", community=2).posts
    by = Actor(replace(dispatcher, posts=(*elsewhere, *dispatcher.posts)))
    whistled = Whistled([district.organisations["water_repair"]], "来人")
    whistle(district_id=HOME, case_id=case.id, whistled=whistled, by=by, at=AT)

    assert WhistleCall.objects.get().caller_id == district.organisations["office_1"]


def test_nobody_calls_or_evaluates_their_own_office(district: DemoDistrict) -> None:
    case = district.open_case_in(**ELDER)
    with pytest.raises(InvalidInput, match="no_such_organisation"):
        blow(district, case, "office_1", by="subdistrict_dispatcher")
    blow(district, case, "water_repair")
    arrive(district, case)
    clerk = district.viewer("community_clerk")
    both = Actor(replace(clerk, posts=(*clerk.posts, *district.viewer("department_handler").posts)))
    marks = Marks(district.organisations["water_repair"], "quick", "solved")
    with pytest.raises(NotAllowed, match="own_office"):
        evaluate_help(district_id=HOME, case_id=case.id, marks=marks, by=both, at=AT + 2 * HOUR)

    shown = get_case(viewer=both.viewer, case_id=case.id, at=AT + 2 * HOUR).beside.calls[0]
    assert (bool(shown.may_lead), bool(shown.may_evaluate)) == (True, False)
