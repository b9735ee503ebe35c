"""Where nobody is responsible a case opens by itself, once, in somebody's hands, and closes when somebody is again."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.factories.district import AT, COMMUNITY, HOME, PATH, TODAY, VACANT_GRID, DemoDistrict

from linli.cases.actions.checking import check_cases
from linli.cases.actions.keeping import keep_days
from linli.cases.actions.verifying import Finding, verify_case
from linli.cases.choices import Action, Satisfaction, State, VerifiedBy
from linli.cases.models import Case, CaseStep, HoleCase
from linli.cases.queries.cockpit import get_cockpit
from linli.cases.queries.detail import get_case
from linli.cases.queries.drilldown import FIGURES, list_behind
from linli.cases.queries.lists import CaseFilter, list_cases
from linli.cases.queries.public import get_public_board
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.queries.work import Work, count_work, list_work
from linli.ledger.facts.models import Fact
from linli.registry.coverage.actions import check_coverage
from linli.registry.people.actions.posts import PostTerm, make_post, set_last_day
from linli.registry.people.models import Post
from linli.registry.territory.actions import NewCompound, load_compounds

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def watched(district: DemoDistrict) -> DemoDistrict:
    """Give the district after its first look: its vacant grid is no news."""
    check_coverage(district_id=HOME, at=AT)
    assert not Case.objects.exists()
    return district


def leaves(district: DemoDistrict, role: str = "community_secretary") -> None:
    set_last_day(post_id=district.post_of(role), ends_on=TODAY - DAY, by=district.viewer("security_admin"),
                 source_ip="10.0.0.9", at=AT)  # fmt: skip


def follows(district: DemoDistrict, role: str = "community_secretary", area: str = COMMUNITY[1]) -> None:
    person = district.viewer("community_clerk").person_id
    assert person is not None
    make_post(person_id=person, term=PostTerm(role, district.organisations["committee_1"], area, TODAY),
              by=district.viewer("security_admin"), source_ip="10.0.0.9", at=AT + HOUR)  # fmt: skip


def test_case_of_a_hole_is_in_the_hands_of_the_post_above(watched: DemoDistrict) -> None:
    leaves(watched)

    case = Case.objects.get()
    assert (case.source, case.state, case.area_path, case.place_reason) == ("system", "reported", PATH[1], "named")
    assert current_rulebooks(HOME).categories[case.category].name == "责任空缺"
    assert (case.post_id, case.level, case.is_hole) == (
        watched.post_of("subdistrict_dispatcher"), "subdistrict", False)  # fmt: skip
    assert case.text == "西边社区无人负责：统筹负责。需配备：社区书记。涉及2处：花园小区、公园小区。"
    assert case.due_at is not None
    step, fact = CaseStep.objects.get(), Fact.objects.get(kind="case.opened")
    assert (step.action, step.by_kind, step.by_person, fact.subject_id) == (Action.REPORT, "system", None, case.id)
    todo = list_cases(viewer=watched.viewer("subdistrict_dispatcher"), wanted=CaseFilter(box="todo"), at=AT).rows
    assert [row.id for row in todo] == [case.id]
    why = {line["about"]: line["code"] for line in case.why}
    assert why["who"] == "post_above"


def test_forty_places_of_one_empty_post_are_one_case(watched: DemoDistrict) -> None:
    load_compounds([NewCompound(code=f"more-{n}", name=f"新{n:02d}小区", kind="open", area_code=COMMUNITY[1],
                                households=9) for n in range(38)])  # fmt: skip

    leaves(watched)

    case = Case.objects.exclude(area_path=f"{PATH[1]}/{VACANT_GRID}").get()
    assert "涉及40处" in case.text
    assert "新37小区" in case.text


def test_hole_that_stands_makes_no_second_case(watched: DemoDistrict) -> None:
    leaves(watched)
    for hours in (1, 2, 30):
        check_coverage(district_id=HOME, at=AT + hours * HOUR)

    assert Case.objects.count() == HoleCase.objects.count() == 1


def test_case_closes_as_somebody_is_appointed(watched: DemoDistrict) -> None:
    leaves(watched)
    follows(watched)

    case = Case.objects.get()
    assert (case.state, case.closed_at, case.solved_at, case.responded_at, case.due_at) == (
        State.CLOSED, AT + HOUR, AT + HOUR, AT + HOUR, None)  # fmt: skip
    step = CaseStep.objects.get(action=Action.SETTLE)
    assert (step.from_state, step.to_state, step.by_kind, step.by_person) == ("reported", "closed", "system", None)
    assert Fact.objects.filter(kind="case.closed", subject_id=case.id).count() == 1
    assert check_cases(district_id=HOME, sample=10, at=AT + DAY).faults == ()


@pytest.mark.parametrize("steps", [
    (Action.ACCEPT,), (Action.HANDLE,), (Action.HANDLE, Action.REPORT_BACK), (Action.ACCEPT, Action.SUSPEND),
])  # fmt: skip
def test_case_closes_from_whatever_stage_it_is_at(watched: DemoDistrict, steps: tuple[Action, ...]) -> None:
    leaves(watched)
    case = Case.objects.get()
    for number, action in enumerate(steps):
        more = {"reason": "waits_for_project", "review_on": TODAY + 9 * DAY} if action == Action.SUSPEND else {}
        watched.take(case, action, by=watched.actor("subdistrict_dispatcher"),
                     after=timedelta(minutes=number + 1), **more)  # fmt: skip
    follows(watched)

    case.refresh_from_db()
    assert (case.state, case.review_on, case.due_at) == (State.CLOSED, None, None)
    assert check_cases(district_id=HOME, sample=10, at=AT + DAY).faults == ()


def test_case_closed_while_the_hole_stands_comes_again_after_a_week(watched: DemoDistrict) -> None:
    leaves(watched)
    case, actor = Case.objects.get(), watched.actor("subdistrict_dispatcher")
    Case.objects.filter(id=case.id).update(state=State.CLOSED, closed_at=AT + HOUR, due_at=None)
    del actor

    check_coverage(district_id=HOME, at=AT + 6 * DAY)
    soon = Case.objects.count()
    check_coverage(district_id=HOME, at=AT + 8 * DAY)

    assert (soon, Case.objects.count(), HoleCase.objects.values("hole_id").distinct().count()) == (1, 2, 1)


def test_where_nobody_is_above_who_gives_posts_has_it(watched: DemoDistrict) -> None:
    above = ("subdistrict_dispatcher", "subdistrict_secretary", "district_dispatcher")
    Post.objects.filter(district_id=HOME, role_id__in=above).update(ends_on=TODAY - DAY)

    leaves(watched)

    case = Case.objects.get(area_path=PATH[1])
    assert (case.post_id, case.is_hole) == (watched.post_of("security_admin"), False)


def test_another_community_does_not_see_the_case(watched: DemoDistrict) -> None:
    leaves(watched)
    case = Case.objects.get()

    assert get_case(viewer=watched.viewer("community_clerk"), case_id=case.id, at=AT).source == "system"
    with pytest.raises(Exception, match="no_such_case"):
        get_case(viewer=watched.viewer("community_clerk", community=2), case_id=case.id, at=AT)


def test_filling_part_of_what_lacks_closes_its_own_case_only(watched: DemoDistrict) -> None:
    leaves(watched)
    leaves(watched, "grid_worker")
    leaves(watched, "grid_head")
    by_area: dict[str, UUID] = dict(Case.objects.values_list("area_path", "id"))

    follows(watched)

    assert {path: Case.objects.get(id=id_).state for path, id_ in by_area.items()} == {
        PATH[1]: "closed", f"{PATH[1]}/21010600300601": "reported"}  # fmt: skip


LATER = AT + 30 * DAY


def told(district: DemoDistrict, area: str = "") -> dict[str, object]:
    """Read every number of the boards, each with as many rows as stand behind it."""
    leader = district.viewer("district_leader")
    board = get_cockpit(viewer=leader, period_name="year", area_path=area, at=LATER)
    behind = {
        figure: list_behind(viewer=leader, figure=figure, period_name="year", area_path=area, at=LATER).total
        for figure in FIGURES
    }
    numbers = {figure.name: figure.value for figure in board.figures}
    assert numbers == {name: behind[name] for name in numbers}
    assert (board.warn, board.said.effective) == (behind["warn"], behind["effective"])
    work = Work(HOME, AT - DAY, LATER, area or HOME)
    counts = count_work(work)
    for figure, number in (("closed", counts.closed), ("open", counts.open), ("late", counts.late)):
        assert list_work(viewer=leader, work=work, figure=figure, counts=counts, at=LATER).total == number
    days = [(day.opened, day.closed, day.open, day.late) for day in board.days]
    return {
        "board": numbers,
        "areas": board.areas,
        "behind": behind,
        "days": days,
        "work": counts,
        "late": [row.id for row in board.late_rows],
        "said": board.said,
        "public": get_public_board(district_id=HOME, at=LATER),
    }


def test_cases_of_holes_are_in_no_count_and_no_rate_but_in_the_lists(watched: DemoDistrict) -> None:
    for hours in range(6):
        watched.open_case_in("compound", at=AT + hours * HOUR)
    before = {area: told(watched, area) for area in ("", PATH[1])}
    leaves(watched)
    leaves(watched, "grid_worker")
    leaves(watched, "grid_head")
    follows(watched)
    of_holes = Case.objects.filter(source="system")
    assert sorted(of_holes.values_list("state", flat=True)) == ["closed", "reported"]

    assert {area: told(watched, area) for area in ("", PATH[1])} == before
    keep_days(district_id=HOME, at=LATER)
    assert told(watched) == before[""]
    listed = list_cases(viewer=watched.viewer("subdistrict_dispatcher"), wanted=CaseFilter(), at=LATER).rows
    assert {row.id for row in listed} >= set(of_holes.values_list("id", flat=True))


def test_call_back_about_a_hole_counts_in_no_rate(watched: DemoDistrict) -> None:
    leaves(watched)
    case = Case.objects.get()
    worker, clerk = watched.actor("subdistrict_dispatcher"), watched.actor("call_back_clerk")
    watched.handled(case, by=worker)
    verify_case(district_id=HOME, case_id=case.id, version=None, by=clerk, at=AT + 2 * HOUR,
                finding=Finding(VerifiedBy.CALL, satisfaction=Satisfaction.SATISFIED))  # fmt: skip

    assert Fact.objects.filter(kind="case.verified", subject_id=case.id).exists()
    assert get_cockpit(
        viewer=watched.viewer("district_leader"), period_name="year", area_path="", at=LATER
    ).said.effective == 0  # fmt: skip
