"""What leaders say is written, shown after the nod, and becomes a case of its owner with the day that was named."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries
from tests.factories.district import AT, HOME, SINCE, DemoDistrict
from tests.factories.meetings import DemoMeeting, make_meeting

from linli.cases.choices import Action
from linli.cases.errors import CannotOpenCase
from linli.cases.models import Case, CaseStep, ClockSegment
from linli.cases.queries.lists import CaseFilter, list_cases
from linli.edges.halls import public_state
from linli.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from linli.kernel.ids import new_id
from linli.ledger.commands.models import OutboxMessage
from linli.ledger.facts.models import Fact
from linli.oversight.reviews.actions.remarks import Said, change_remark, nod_remark, strike_remark, write_remark
from linli.oversight.reviews.choices import RemarkKind
from linli.oversight.reviews.models import Hall, Remark, RemarkShare
from linli.oversight.reviews.queries.follow_ups import list_follow_ups, meeting_behind
from linli.oversight.reviews.queries.halls import get_hall
from linli.oversight.reviews.queries.meetings import get_meeting
from linli.oversight.reviews.queries.remarks import list_remarks, list_shown_remarks
from linli.registry.orgs.actions import NewOrganisation, load_organisations
from linli.registry.orgs.models import Organisation
from linli.registry.people.models import Post

DUE = date(2026, 12, 2)
HOUR = timedelta(hours=1)
WORDS = "把北关路的下水改造排出工期，逐户告知"


@pytest.fixture
def meeting(district: DemoDistrict) -> DemoMeeting:
    return make_meeting(district)


def said(district: DemoDistrict, *, kind: str = RemarkKind.ASSIGNMENT, owner: str = "office_1", **more: Any) -> Said:
    given: dict[str, Any] = {
        "kind": kind,
        "text": WORDS,
        "organisation_id": district.organisations[owner],
        "due_on": DUE,
    }
    return Said(**(given | more))


def write(
    district: DemoDistrict, meeting: DemoMeeting, words: Said, *, key: str = "a", turn: str = "office_1"
) -> Remark:
    turn_id = meeting.turns[turn] if words.kind != RemarkKind.DEPLOYMENT else None
    remark_id = write_remark(by=district.viewer("review_office"), meeting_id=meeting.id, turn_id=turn_id, said=words,
                             key=key, at=AT)  # fmt: skip
    return Remark.objects.get(id=remark_id)


def nod(district: DemoDistrict, remark: Remark, at: datetime = AT) -> Case | None:
    case_id = nod_remark(by=district.viewer("review_office"), remark_id=remark.id, version=remark.version, at=at)
    return Case.objects.get(id=case_id) if case_id else None


def test_nod_makes_an_assignment_a_case_of_its_owner(district: DemoDistrict, meeting: DemoMeeting) -> None:
    remark = write(district, meeting, said(district))

    case = nod(district, remark)

    assert case is not None
    assert (case.text, case.source, case.organisation_id, case.post_id, case.is_hole, case.area_path) == (
        WORDS, "review", district.organisations["office_1"], None, False, "210106/210106003")  # fmt: skip
    assert (case.category, case.is_category_suggested) == ("drainage", True)
    assert case.solution_due_at == datetime(2026, 12, 2, 15, 0, tzinfo=UTC)  # 23:00 of that day in Shanghai
    solution = ClockSegment.objects.get(case=case, clock="solution")
    assert (solution.timer, solution.amount, solution.stopped_at) == ("urgent_hour", 349, None)
    step, fact = CaseStep.objects.get(case=case), Fact.objects.get(kind="case.opened")
    assert (step.action, step.by_person, fact.subject_id, fact.organisation_id) == (
        Action.REPORT, district.viewer("review_office").person_id, case.id, case.organisation_id)  # fmt: skip
    assert OutboxMessage.objects.filter(subject_id=case.id, kind="case.opened").count() == 1
    assert {line["code"] for line in case.why} >= {"named_by_leaders", "day_named", "place_named"}
    assert [row.id for row in list_cases(viewer=district.viewer("subdistrict_dispatcher"),
                                         wanted=CaseFilter(box="todo"), at=AT).rows] == [case.id]  # fmt: skip


def test_second_nod_is_the_same_case(district: DemoDistrict, meeting: DemoMeeting) -> None:
    remark = write(district, meeting, said(district))

    first, second = nod(district, remark), nod(district, remark)

    assert first == second
    assert Case.objects.count() == 1


def test_deployment_is_a_case_for_the_whole_district(district: DemoDistrict, meeting: DemoMeeting) -> None:
    remark = write(district, meeting, said(district, kind=RemarkKind.DEPLOYMENT, owner="water_repair"))

    case = nod(district, remark)

    assert case is not None
    assert (case.area_path, case.organisation_id) == (HOME, district.organisations["water_repair"])


def test_deployment_is_a_case_of_each_who_was_chosen(district: DemoDistrict, meeting: DemoMeeting) -> None:
    others = tuple(district.organisations[code] for code in ("office_1", "office_2"))
    words = said(district, kind=RemarkKind.DEPLOYMENT, owner="water_repair", also=others)
    remark = write(district, meeting, words)
    assert write(district, meeting, replace(words, also=(*reversed(others), others[0]))) == remark

    first, again = nod(district, remark), nod(district, remark)

    assert first == again
    assert {(case.organisation_id, case.area_path) for case in Case.objects.all()} == {
        (district.organisations["water_repair"], HOME), (others[0], "210106/210106003"),
        (others[1], "210106/210106007"),
    }  # fmt: skip
    clerk = district.viewer("review_office")
    assert [row.organisation_id for row in list_follow_ups(viewer=clerk, session_id=meeting.id, at=AT)].count(
        others[1]
    ) == 1
    assert len(list_follow_ups(viewer=clerk, session_id=meeting.id, at=AT)) == 3
    told_to = [row.case_id for row in list_follow_ups(viewer=clerk, organisation_id=others[0], at=AT)]
    assert [meeting_behind(viewer=clerk, case_id=case_id) for case_id in told_to] == [
        (meeting.id, "十一月述职会，第1场")
    ]
    (row,) = list_remarks(viewer=clerk, meeting=get_meeting(viewer=clerk, meeting_id=meeting.id))
    assert (set(row.also), [share.case_id is None for share in row.shares]) == (set(others), [False, False])


def test_who_else_has_to_do_it_changes_until_the_nod(district: DemoDistrict, meeting: DemoMeeting) -> None:
    clerk, others = district.viewer("review_office"), (district.organisations["office_1"],)
    words = said(district, kind=RemarkKind.DEPLOYMENT, owner="water_repair", also=others)
    remark = write(district, meeting, words)
    change_remark(by=clerk, remark_id=remark.id, said=replace(words, also=()), version=1, at=AT)

    assert RemarkShare.objects.count() == 0
    with pytest.raises(InvalidInput, match="remark_needs_owner"):
        change_remark(by=clerk, remark_id=remark.id, said=replace(words, also=(new_id(),)), version=2, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        RemarkShare.objects.bulk_create(
            RemarkShare(id=new_id(), district_id=HOME, remark=remark, organisation_id=others[0]) for _ in range(2)
        )


def test_assignment_has_one_owner_alone(district: DemoDistrict, meeting: DemoMeeting) -> None:
    nod(district, write(district, meeting, said(district, also=(district.organisations["office_2"],))))

    assert (Case.objects.count(), RemarkShare.objects.count()) == (1, 0)


def test_case_of_another_is_not_told_where_it_comes_from(district: DemoDistrict, meeting: DemoMeeting) -> None:
    case = nod(district, write(district, meeting, said(district)))

    assert case is not None
    assert meeting_behind(viewer=district.viewer("away-community_secretary"), case_id=case.id) is None
    assert meeting_behind(viewer=district.viewer("grid_worker"), case_id=new_id()) is None


def test_comment_is_seen_after_the_nod_and_opens_nothing(district: DemoDistrict, meeting: DemoMeeting) -> None:
    remark = write(district, meeting, said(district, kind=RemarkKind.COMMENT))
    head = get_meeting(viewer=district.viewer("grid_worker"), meeting_id=meeting.id)
    before = list_shown_remarks(meeting=head)

    nodded = nod(district, remark)

    assert (before, nodded, Case.objects.count()) == ([], None, 0)
    assert [(row.text, row.organisation, row.due_on) for row in list_shown_remarks(meeting=head)] == [
        (WORDS, None, None)
    ]
    assert list_shown_remarks(meeting=head, turn_id=meeting.turns["office_2"]) == []


def told(meeting: DemoMeeting) -> list[tuple[str, str, str, date | None]]:
    said = get_hall(district_id=HOME, session_id=meeting.id).said
    return [(line.kind, line.text, line.organisation, line.due_on) for line in said]


def test_hall_is_told_of_this_turn_after_the_nod_alone(district: DemoDistrict, meeting: DemoMeeting) -> None:
    nod(district, write(district, meeting, said(district, text="说的是别家"), key="b", turn="office_2"))
    nod(district, write(district, meeting, said(district, kind=RemarkKind.DEPLOYMENT, text="对全区说的"), key="c"))
    mine = write(district, meeting, said(district))
    assert told(meeting) == []

    nod(district, mine)

    street = Organisation.objects.get(id=district.organisations["office_1"]).name
    assert told(meeting) == [("assignment", WORDS, street, DUE)]
    Hall.objects.update(phase="talk")
    assert told(meeting) == []
    Hall.objects.update(phase="deployment", turn=None)
    assert [line[1] for line in told(meeting)] == ["对全区说的"]


def test_struck_comment_leaves_the_big_screen(district: DemoDistrict, meeting: DemoMeeting) -> None:
    comment = write(district, meeting, said(district, kind=RemarkKind.COMMENT))
    nod(district, comment)
    before = public_state(district_id=HOME, session_id=meeting.id)
    strike_remark(by=district.viewer("review_office"), remark_id=comment.id, at=AT + HOUR)
    after = public_state(district_id=HOME, session_id=meeting.id)

    assert (before["said"], after["said"]) == ([str(comment.id)], [])
    assert before["version"] != after["version"]
    assert WORDS not in str(before)


def test_key_sent_twice_writes_once(district: DemoDistrict, meeting: DemoMeeting) -> None:
    first = write(district, meeting, said(district))

    again = write(district, meeting, said(district))

    assert (again.id, Remark.objects.count()) == (first.id, 1)
    assert Fact.objects.filter(kind="review_remark.written").count() == 1
    with pytest.raises(Conflict, match="idempotency_key_reused"):
        write(district, meeting, said(district, text="别的话"))


def test_two_clerks_lose_nothing(district: DemoDistrict, meeting: DemoMeeting) -> None:
    clerk = district.viewer("review_office")
    mine = write(district, meeting, said(district))
    write(district, meeting, said(district, text="另一位记录员记的"), key="b")

    change_remark(by=clerk, remark_id=mine.id, said=said(district, text="改过的话"), version=1, at=AT + HOUR)
    with pytest.raises(Conflict, match="remark_changed"):
        change_remark(by=clerk, remark_id=mine.id, said=said(district, text="没看到改动"), version=1, at=AT + HOUR)
    with pytest.raises(Conflict, match="remark_changed"):
        nod_remark(by=clerk, remark_id=mine.id, version=1, at=AT + HOUR)

    head = get_meeting(viewer=clerk, meeting_id=meeting.id)
    assert {row.text for row in list_remarks(viewer=clerk, meeting=head)} == {"改过的话", "另一位记录员记的"}


def test_struck_remark_is_shown_to_nobody(district: DemoDistrict, meeting: DemoMeeting) -> None:
    clerk = district.viewer("review_office")
    comment = write(district, meeting, said(district, kind=RemarkKind.COMMENT))
    nod(district, comment)

    strike_remark(by=clerk, remark_id=comment.id, at=AT + HOUR)
    strike_remark(by=clerk, remark_id=comment.id, at=AT + HOUR)

    assert list_shown_remarks(meeting=get_meeting(viewer=clerk, meeting_id=meeting.id)) == []
    assert Fact.objects.filter(kind="review_remark.struck").count() == 1
    with pytest.raises(Conflict, match="remark_struck"):
        nod_remark(by=clerk, remark_id=comment.id, version=3, at=AT + HOUR)


def test_what_became_a_case_is_neither_struck_nor_changed(district: DemoDistrict, meeting: DemoMeeting) -> None:
    clerk, remark = district.viewer("review_office"), write(district, meeting, said(district))
    nod(district, remark)

    with pytest.raises(Conflict, match="remark_is_case"):
        strike_remark(by=clerk, remark_id=remark.id, at=AT)
    with pytest.raises(Conflict, match="remark_nodded"):
        change_remark(by=clerk, remark_id=remark.id, said=said(district), version=2, at=AT)


@pytest.mark.parametrize(("change", "code"), [
    ({"text": "  "}, "remark_text_missing"), ({"text": "长" * 501}, "remark_too_long"),
    ({"organisation_id": None}, "remark_needs_owner"), ({"due_on": None}, "remark_needs_day"),
    ({"due_on": date(2026, 11, 17)}, "remark_needs_day"), ({"due_on": date(2028, 1, 1)}, "remark_needs_day"),
    ({"kind": "deployment"}, "remark_kind"),
])  # fmt: skip
def test_incomplete_remark_is_refused(
    district: DemoDistrict, meeting: DemoMeeting, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(InvalidInput, match=code):
        write_remark(by=district.viewer("review_office"), meeting_id=meeting.id, turn_id=meeting.turns["office_1"],
                     said=said(district, **change), key="a", at=AT)  # fmt: skip


def test_owner_lies_within_the_conveners_area(district: DemoDistrict) -> None:
    meeting = make_meeting(district, convener="office_1", reporting=("committee_1",))

    with pytest.raises(InvalidInput, match="remark_needs_owner"):
        write(district, meeting, said(district, owner="water_repair"), turn="committee_1")


def test_nod_after_the_day_opens_nothing(district: DemoDistrict, meeting: DemoMeeting) -> None:
    remark = write(district, meeting, said(district, due_on=AT.date()))

    with pytest.raises(CannotOpenCase, match="due_day_past"), transaction.atomic():
        nod(district, remark, AT + timedelta(days=1))

    assert (Case.objects.count(), Remark.objects.get().nodded_at) == (0, None)


def test_owner_without_staff_is_a_hole_for_dispatchers(district: DemoDistrict, meeting: DemoMeeting) -> None:
    Post.objects.filter(organisation_id=district.organisations["office_2"]).update(ends_on=date(2026, 1, 1))
    case = nod(district, write(district, meeting, said(district, owner="office_2")))

    assert case is not None
    assert (case.is_hole, case.organisation_id) == (True, district.organisations["office_2"])


def test_case_of_a_committee_goes_to_the_body_that_does_its_work(district: DemoDistrict, meeting: DemoMeeting) -> None:
    committee = new_id()
    row = NewOrganisation(committee, "party_1", "第一街道党工委", "working_committee", district.areas["210106003"])
    load_organisations(district_id=HOME, rows=[row], starts_on=SINCE)
    Organisation.objects.filter(id=district.organisations["office_1"]).update(parent_id=committee)

    case = nod(district, write(district, meeting, said(district, organisation_id=committee)))

    assert case is not None
    assert (case.organisation_id, case.is_hole) == (district.organisations["office_1"], False)
    assert [row.organisation for row in list_follow_ups(
        viewer=district.viewer("review_office"), organisation_id=committee, at=AT)] == ["第一街道党工委"]  # fmt: skip


@pytest.mark.parametrize("role", ["grid_worker", "subdistrict_secretary", "district_leader", "discipline_inspector"])
def test_others_do_not_write(district: DemoDistrict, meeting: DemoMeeting, role: str) -> None:
    other, remark = district.viewer(role), write(district, meeting, said(district))
    head = get_meeting(viewer=other, meeting_id=meeting.id)

    with pytest.raises(NotAllowed):
        write_remark(by=other, meeting_id=meeting.id, turn_id=meeting.turns["office_1"], said=said(district), key="x",
                     at=AT)  # fmt: skip
    with pytest.raises(NotAllowed):
        nod_remark(by=other, remark_id=remark.id, version=1, at=AT)
    with pytest.raises(NotAllowed):
        list_remarks(viewer=other, meeting=head)


def test_another_district_finds_nothing(district: DemoDistrict, meeting: DemoMeeting) -> None:
    away, remark = district.viewer("away-community_secretary"), write(district, meeting, said(district))
    nod(district, remark)

    with pytest.raises(NotFound):
        get_meeting(viewer=away, meeting_id=meeting.id)
    with pytest.raises(NotFound):
        strike_remark(by=away, remark_id=remark.id, at=AT)
    assert list_follow_ups(viewer=away, organisation_id=district.organisations["office_1"], at=AT) == []


def test_close_out_flows_back(district: DemoDistrict, meeting: DemoMeeting) -> None:
    case = nod(district, write(district, meeting, said(district)))
    late = nod(district, write(district, meeting, said(district, due_on=AT.date()), key="b"))
    assert case is not None
    assert late is not None
    handler = district.actor("subdistrict_dispatcher")
    district.take(case, Action.ACCEPT, by=handler)
    district.handled(case, by=handler, after=timedelta(days=2))
    office = district.organisations["office_1"]

    found = list_follow_ups(viewer=handler.viewer, organisation_id=office, at=AT + timedelta(days=3))
    by_stranger = list_follow_ups(
        viewer=district.viewer("grid_worker", community=2), organisation_id=office, at=AT
    )  # fmt: skip

    assert [(row.case_number, row.standing, row.is_on_time, row.may_open) for row in found] == [
        (late.number, "late", False, True), (case.number, "open", True, True)]  # fmt: skip
    assert [row.may_open for row in by_stranger] == [False, False]


def test_database_keeps_a_case_only_with_a_nod(district: DemoDistrict, meeting: DemoMeeting) -> None:
    remark, case = write(district, meeting, said(district)), district.open_case_in("compound")

    with pytest.raises(IntegrityError, match="remark_nodded"), transaction.atomic():
        Remark.objects.filter(id=remark.id).update(case=case)


def test_follow_ups_ask_the_same_for_one_and_three(
    district: DemoDistrict, meeting: DemoMeeting, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    viewer, office = district.viewer("review_office"), district.organisations["office_1"]
    for number in (1, 3):
        for key in range(number):
            nod(district, write(district, meeting, said(district), key=f"{number}-{key}"))
        with django_assert_num_queries(3):
            list_follow_ups(viewer=viewer, organisation_id=office, at=AT)
