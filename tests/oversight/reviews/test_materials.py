"""Material makes itself, says the board's numbers, begins with what was asked for, and stays as it was frozen."""

import json
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, HOME, PATH, DemoDistrict
from tests.factories.meetings import DemoMeeting, make_meeting

from linli.cases.actions.verifying import Finding, verify_case
from linli.cases.choices import Action, Satisfaction, VerifiedBy
from linli.cases.models import Case
from linli.cases.queries.cockpit import get_cockpit
from linli.kernel.errors import Conflict, NotAllowed, NotFound
from linli.kernel.ids import new_id
from linli.ledger.facts.models import Fact
from linli.oversight.reviews.actions.absences import mark_absent, take_back_absence
from linli.oversight.reviews.actions.materials import freeze_materials, write_words
from linli.oversight.reviews.actions.remarks import Said, nod_remark, write_remark
from linli.oversight.reviews.choices import Phase, RemarkKind
from linli.oversight.reviews.models import Hall, Publication, Turn
from linli.oversight.reviews.queries.materials import Material, get_turn_page, list_behind_material
from linli.oversight.reviews.queries.organisations import get_reviewed_organisation

STREET = PATH[1].rsplit("/", 1)[0]
NOW = AT + timedelta(days=3)


@pytest.fixture
def meeting(district: DemoDistrict) -> DemoMeeting:
    return make_meeting(district, at=NOW, phase=Phase.READY)


def not_opened(meeting: DemoMeeting) -> None:
    Hall.objects.filter(session_id=meeting.id).update(opened_at=None)


def material(district: DemoDistrict, meeting: DemoMeeting, code: str = "office_1", at: datetime = NOW) -> Material:
    viewer = district.viewer("district_leader")
    return get_turn_page(viewer=viewer, turn_id=meeting.turns[code], at=at).material


def closed_case(district: DemoDistrict) -> Case:
    case = district.open_case_in("compound", category="noise", text="半夜施工")
    worker, clerk = district.actor("grid_worker"), district.actor("call_back_clerk")
    district.take(case, Action.ACCEPT, by=worker)
    district.handled(case, by=worker, after=timedelta(hours=2))
    case = Case.objects.get(id=case.id)
    finding = Finding(VerifiedBy.CALL, is_solved=True, satisfaction=Satisfaction.SATISFIED)
    case = verify_case(district_id=HOME, case_id=case.id, finding=finding, version=case.version, by=clerk,
                       at=AT + timedelta(hours=3))  # fmt: skip
    return district.take(case, Action.CLOSE, by=clerk, after=timedelta(hours=4))


def asked(district: DemoDistrict, meeting: DemoMeeting, text: str, at: datetime = NOW) -> UUID:
    said = Said(RemarkKind.ASSIGNMENT, text, district.organisations["office_1"], at.date() + timedelta(days=2))
    clerk = district.viewer("review_office")
    remark_id = write_remark(by=clerk, meeting_id=meeting.id, turn_id=meeting.turns["office_1"], said=said, key=text,
                             at=at)  # fmt: skip
    case_id = nod_remark(by=clerk, remark_id=remark_id, version=1, at=at)
    assert case_id is not None
    return case_id


def test_numbers_are_those_of_the_board(district: DemoDistrict, meeting: DemoMeeting) -> None:
    closed_case(district)
    district.open_case_in("compound")
    district.open_case_in("compound", community=2)

    found = material(district, meeting)

    board = get_cockpit(viewer=district.viewer("district_leader"), period_name="year", area_path=STREET, at=NOW)
    numbers = {figure.name: figure.value for figure in board.figures}
    assert (found.counts.closed, found.counts.open, found.counts.late) == (
        numbers["closed"], numbers["open"], numbers["late"]) == (1, 1, 1)  # fmt: skip
    assert found.rates == board.said.rates
    assert [rate.tenths for rate in found.rates] == [1000, 1000, 1000]


@pytest.mark.parametrize("figure", ["closed", "open", "late", "response", "solution", "satisfaction"])
def test_each_number_leads_to_as_many_rows(district: DemoDistrict, meeting: DemoMeeting, figure: str) -> None:
    closed_case(district)
    district.open_case_in("compound")

    *_, page = list_behind_material(
        viewer=district.viewer("district_leader"), turn_id=meeting.turns["office_1"], figure=figure, at=NOW
    )
    *_, strangers = list_behind_material(
        viewer=district.viewer("grid_worker", community=2), turn_id=meeting.turns["office_1"], figure=figure, at=NOW
    )

    assert (page.total, [row.row is not None for row in page.rows]) == (1, [True])
    assert (strangers.total, [row.row is not None for row in strangers.rows]) == (1, [False])


def test_organisation_without_a_case_has_a_page(district: DemoDistrict, meeting: DemoMeeting) -> None:
    found = material(district, meeting, "office_2")

    assert (found.has_cases, found.follow_ups, found.times_drawn, found.times_absent) == (False, (), 1, 0)


def test_department_counts_what_is_in_its_hands(district: DemoDistrict, meeting: DemoMeeting) -> None:
    case = district.open_case_in("compound")
    Case.objects.filter(id=case.id).update(organisation_id=district.organisations["water_repair"], post_id=None)

    assert material(district, meeting, "water_repair").counts.open == 1


def test_frozen_material_stays_as_it_was(district: DemoDistrict, meeting: DemoMeeting) -> None:
    district.open_case_in("compound")
    by = district.viewer("review_office")
    first = freeze_materials(district_id=HOME, meeting_id=meeting.id, by=by, at=NOW)
    district.open_case_in("compound", at=NOW)

    again = freeze_materials(district_id=HOME, meeting_id=meeting.id, by=by, at=NOW + timedelta(hours=1))

    found = material(district, meeting, at=NOW + timedelta(hours=2))
    assert (first, again, found.is_frozen, found.counts.open, found.as_of) == (3, 0, True, 1, NOW)
    assert Fact.objects.filter(kind="review_turn.material_frozen").count() == 3
    *_, page = list_behind_material(viewer=by, turn_id=meeting.turns["office_1"], figure="open", at=NOW)
    assert page.total == 1


def test_next_turn_begins_with_what_was_asked_for(district: DemoDistrict, meeting: DemoMeeting) -> None:
    case_id = asked(district, meeting, "把楼道杂物清完")
    later = Turn.objects.create(id=new_id(), district_id=HOME, session_id=meeting.later_id, position=1,
                                organisation_id=district.organisations["office_1"])  # fmt: skip

    page = get_turn_page(viewer=district.viewer("district_leader"), turn_id=later.id, at=NOW + timedelta(days=5))

    assert [(row.text, row.case_id, row.standing) for row in page.material.follow_ups] == [
        ("把楼道杂物清完", case_id, "late")]  # fmt: skip
    assert material(district, meeting).follow_ups == ()


def test_own_organisation_adds_words_until_the_session_opens(district: DemoDistrict, meeting: DemoMeeting) -> None:
    secretary, turn_id = district.viewer("subdistrict_secretary"), meeting.turns["office_1"]
    not_opened(meeting)
    write_words(by=secretary, turn_id=turn_id, words="  数字说不出的话 ", at=NOW)

    seen = {
        role: get_turn_page(viewer=district.viewer(role), turn_id=turn_id, at=NOW).words
        for role in ("subdistrict_secretary", "review_office", "grid_worker")
    }

    assert seen == {"subdistrict_secretary": "数字说不出的话", "review_office": "数字说不出的话", "grid_worker": ""}
    Hall.objects.filter(session_id=meeting.id).update(opened_at=NOW)
    assert get_turn_page(viewer=district.viewer("grid_worker"), turn_id=turn_id, at=NOW).words == "数字说不出的话"
    with pytest.raises(Conflict, match="turn_is_frozen"):
        write_words(by=secretary, turn_id=turn_id, words="晚了", at=NOW)


@pytest.mark.parametrize("role", ["review_office", "discipline_inspector", "grid_worker", "department_head"])
def test_others_add_no_words(district: DemoDistrict, meeting: DemoMeeting, role: str) -> None:
    not_opened(meeting)

    with pytest.raises(NotAllowed, match="presenters_own"):
        write_words(by=district.viewer(role), turn_id=meeting.turns["office_1"], words="别人的话", at=NOW)


def test_another_district_finds_no_turn(district: DemoDistrict, meeting: DemoMeeting) -> None:
    with pytest.raises(NotFound, match="no_such_turn"):
        get_turn_page(viewer=district.viewer("away-community_secretary"), turn_id=meeting.turns["office_1"], at=NOW)


def test_absent_one_reports_next_time_in_addition(district: DemoDistrict, meeting: DemoMeeting) -> None:
    clerk, turn_id = district.viewer("review_office"), meeting.turns["office_1"]

    first, second = (mark_absent(by=clerk, turn_id=turn_id, at=NOW) for _ in range(2))

    carried = Turn.objects.get(session_id=meeting.later_id)
    assert (first, second) == (carried.id, carried.id)
    assert (carried.is_carried, carried.organisation_id) == (True, district.organisations["office_1"])
    assert Fact.objects.filter(kind="review_turn.absent").count() == 1
    page = get_reviewed_organisation(viewer=clerk, organisation_id=carried.organisation_id, at=NOW)
    assert (page.absences, page.carried, page.owes) == (1, 1, 0)
    assert material(district, meeting).times_absent == 1


def test_absence_noted_by_mistake_is_taken_back_with_its_second_turn(
    district: DemoDistrict, meeting: DemoMeeting
) -> None:
    clerk = district.viewer("review_office")
    for code in ("office_1", "office_2"):
        mark_absent(by=clerk, turn_id=meeting.turns[code], at=NOW)
    for _twice in range(2):
        take_back_absence(by=clerk, turn_id=meeting.turns["office_1"], at=NOW)

    left = Turn.objects.filter(session_id=meeting.later_id).values_list("organisation_id", "position")
    assert list(left) == [(district.organisations["office_2"], 1)]
    assert not Turn.objects.get(id=meeting.turns["office_1"]).is_absent
    assert Fact.objects.filter(kind="review_turn.absence_taken_back").count() == 1
    page = get_reviewed_organisation(viewer=clerk, organisation_id=district.organisations["office_1"], at=NOW)
    assert (page.absences, page.carried, page.owes) == (0, 0, 0)


def test_absence_stays_once_the_hall_has_passed_it_or_somebody_else_asks(
    district: DemoDistrict, meeting: DemoMeeting
) -> None:
    clerk, turn_id = district.viewer("review_office"), meeting.turns["office_1"]
    mark_absent(by=clerk, turn_id=turn_id, at=NOW)
    with pytest.raises(NotAllowed):
        take_back_absence(by=district.viewer("subdistrict_secretary"), turn_id=turn_id, at=NOW)
    with pytest.raises(NotFound, match="no_such_turn"):
        take_back_absence(by=district.viewer("away-community_secretary"), turn_id=turn_id, at=NOW)
    Hall.objects.filter(session_id=meeting.id).update(turn_id=meeting.turns["water_repair"])
    with pytest.raises(Conflict, match="absence_passed"):
        take_back_absence(by=clerk, turn_id=turn_id, at=NOW)
    assert Turn.objects.filter(session_id=meeting.later_id).count() == 1


def test_absence_without_a_later_session_is_owed(district: DemoDistrict, meeting: DemoMeeting) -> None:
    clerk = district.viewer("review_office")
    Hall.objects.create(id=new_id(), district_id=HOME, session_id=meeting.later_id, opened_at=NOW)

    assert mark_absent(by=clerk, turn_id=meeting.turns["office_1"], at=NOW) is None

    office = district.organisations["office_1"]
    assert get_reviewed_organisation(viewer=clerk, organisation_id=office, at=NOW).owes == 1


def test_who_reported_was_not_absent(district: DemoDistrict, meeting: DemoMeeting) -> None:
    Turn.objects.filter(id=meeting.turns["office_1"]).update(talk_ms=1)

    with pytest.raises(Conflict, match="turn_was_held"):
        mark_absent(by=district.viewer("review_office"), turn_id=meeting.turns["office_1"], at=NOW)
    with pytest.raises(NotAllowed):
        mark_absent(by=district.viewer("subdistrict_secretary"), turn_id=meeting.turns["office_2"], at=NOW)


def test_results_are_those_published(district: DemoDistrict, meeting: DemoMeeting) -> None:
    body = {"turns": [{"id": str(meeting.turns["office_1"]), "name": "x", "present": 9}],
            "results": [{"turn": str(meeting.turns["office_1"]), "counted": 8, "is_established": True,
                         "score": "1759/20", "rank": 2}]}  # fmt: skip
    Publication.objects.create(id=new_id(), district_id=HOME, session_id=meeting.id, body=json.dumps(body), root="0",
                               digest="0", made_at=NOW)  # fmt: skip

    page = get_reviewed_organisation(
        viewer=district.viewer("grid_worker"), organisation_id=district.organisations["office_1"], at=NOW
    )

    assert [(turn.result.score, turn.result.rank, turn.result.counted) for turn in page.turns if turn.result] == [
        (Fraction("87.95"), 2, 8)]  # fmt: skip


def test_material_asks_the_same_for_one_and_three_follow_ups(district: DemoDistrict, meeting: DemoMeeting) -> None:
    later = Turn.objects.create(id=new_id(), district_id=HOME, session_id=meeting.later_id, position=1,
                                organisation_id=district.organisations["office_1"])  # fmt: skip
    viewer, counts = district.viewer("district_leader"), []
    for numbers in (range(1), range(1, 3)):
        for number in numbers:
            asked(district, meeting, f"第{number}件")
        get_turn_page(viewer=viewer, turn_id=later.id, at=NOW)
        with CaptureQueriesContext(connection) as queries:
            get_turn_page(viewer=viewer, turn_id=later.id, at=NOW)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 17
