"""Visits: drawn from the registry, counted by door, found things become cases, and nothing else is kept of anybody."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, COMMUNITY, GRID_PATH, HOME, TODAY, DemoDistrict

from linli.cases.choices import Source
from linli.cases.models import Case
from linli.cases.queries.ranked import list_ranked
from linli.kernel.errors import Conflict, InvalidInput, LinliError, NotAllowed
from linli.ledger.facts.models import Fact
from linli.programmes.visits.actions.planning import NewSet, end_campaign
from linli.programmes.visits.actions.visiting import Written, forget_visits, make_case
from linli.programmes.visits.calc import percent, plain_door, round_begin
from linli.programmes.visits.errors import CampaignOver, CannotPlan, NoSuchVisit
from linli.programmes.visits.models import Target, Visit
from linli.programmes.visits.queries import targets
from linli.programmes.visits.queries.campaigns import (
    Covered,
    get_campaign,
    list_campaigns,
    list_finding_ids,
    list_totals,
)
from linli.programmes.visits.queries.targets import get_target, list_notes, list_targets

Plan, Make = Callable[..., UUID], Callable[..., Written]
BUILDING = "花园小区12号楼"


def totals(district: DemoDistrict, campaign_id: UUID, role: str = "community_secretary") -> dict[str, list[Covered]]:
    viewer = district.viewer(role)
    campaign = get_campaign(viewer=viewer, campaign_id=campaign_id, on=TODAY)
    rows = list_totals(viewer=viewer, campaign=campaign)
    return {row.path: [row.covered[each.id] for each in campaign.sets if each.id in row.covered] for row in rows}


@pytest.mark.parametrize(("typed", "plain"), [
    ("3单元201室", "3-201"), ("3-201", "3-201"), (" 3 - 201 ", "3-201"), ("a座1201", "A-1201"), ("门市", ""),
    ("三单元２０１室", "3-201"), ("十二单元101", "12-101"), ("二十单元三零一", "20-301"), ("十单元１", "10-1"),
])  # fmt: skip
def test_a_door_is_the_same_however_it_is_typed(typed: str, plain: str) -> None:
    assert plain_door(typed) == plain


def test_rounds_begin_anew_after_their_days() -> None:
    begin = TODAY - timedelta(days=40)
    assert round_begin(begin, cycle_days=0, on=TODAY) == begin
    assert round_begin(begin, cycle_days=30, on=TODAY) == TODAY - timedelta(days=10)
    assert (percent(199, 200), percent(3, 2), percent(0, 0)) == (99, 100, None)


def test_targets_are_drawn_from_the_registry_by_set(district: DemoDistrict, plan: Plan) -> None:
    campaign_id = plan()
    drawn = Target.objects.order_by("target_set__position", "code").values_list("target_set__name", "name", "doors")
    assert list(drawn) == [
        ("居民户", BUILDING, 50), ("居民户", "公园小区13号楼", 50), ("物业", "西边物业", 1),
        ("居委会", "西边社区居委会", 1),
    ]  # fmt: skip
    assert Fact.objects.get(kind="visits.planned").subject_id == campaign_id
    assert totals(district, campaign_id)[GRID_PATH[1]] == [Covered(50, 0)]


def test_a_door_counts_once_a_round_and_no_more_than_there_are(district: DemoDistrict, plan: Plan, visit: Make) -> None:
    campaign_id = plan()
    for door in ("3单元201", "3-201", "1-101"):
        visit(BUILDING, door)
    visit(BUILDING, "2-202", done_at=AT - timedelta(days=12))  # of the round before
    found = totals(district, campaign_id)
    assert found[GRID_PATH[1]] == [Covered(50, 2)]
    assert found[GRID_PATH[1].rpartition("/")[0]] == [Covered(100, 2), Covered(1, 0), Covered(1, 0)]


def test_nothing_tells_of_a_refusal_and_no_door_can_be_read(plan: Plan, visit: Make) -> None:
    plan()
    visit(BUILDING, "3单元201")
    kept = Visit.objects.values().get()
    assert set(kept) == {
        "id", "district_id", "target_id", "at", "done_at", "by_person", "door_index", "note", "is_wiped", "case_id",
    }  # fmt: skip
    assert (kept["note"], b"201" in bytes(kept["door_index"])) == ("", False)
    assert "201" not in str(Fact.objects.filter(kind="visits.visited").values().get())


def test_sent_twice_is_once(plan: Plan, visit: Make) -> None:
    plan()
    key = uuid.uuid4()
    said = {"key": key, "note": "楼道灯坏了两盏", "makes_case": True}
    first, again = visit(BUILDING, "1-101", **said), visit(BUILDING, "1-101", **said)
    assert (first.is_new, again) == (True, Written(key, is_new=False, case_id=first.case_id))
    assert (Visit.objects.count(), Case.objects.filter(source=Source.VISIT).count()) == (1, 1)
    with pytest.raises(Conflict):
        visit(BUILDING, "1-102", **said)


def test_a_note_becomes_a_case_in_the_hands_of_the_grid_and_is_kept_nowhere_else(
    district: DemoDistrict, plan: Plan, visit: Make
) -> None:
    plan()
    written = visit(BUILDING, "3-201", note="楼道堆了旧家具")
    case_id = make_case(visit_id=written.visit_id, category="", by=district.viewer("grid_worker"), at=AT)
    again = make_case(visit_id=written.visit_id, category="", by=district.viewer("community_secretary"), at=AT)
    case = Case.objects.get(id=case_id)
    assert (again, case.source, case.area_path) == (case_id, Source.VISIT, GRID_PATH[1])
    assert (case.post_id, Visit.objects.get().note) == (district.post_of("grid_worker"), "")


def test_findings_come_with_the_most_pressing_on_top_and_its_reasons(
    district: DemoDistrict, plan: Plan, visit: Make
) -> None:
    campaign_id = plan()
    for number, note in enumerate(("楼前缺一个垃圾桶", "燃气管道漏气，味道很大，家里有老人", "楼道灯不亮")):
        visit(BUILDING, f"1-10{number}", note=note, makes_case=True)
    district.open_case_in("compound", text="燃气泄漏，不是走访发现的")
    viewer = district.viewer("community_secretary")
    campaign = get_campaign(viewer=viewer, campaign_id=campaign_id, on=TODAY)
    ranked = list_ranked(viewer=viewer, ids=list_finding_ids(viewer=viewer, campaign=campaign), at=AT)
    assert len(ranked) == 3
    assert ranked[0].row.title.startswith("燃气管道漏气")
    assert [each.row.score for each in ranked] == sorted((each.row.score for each in ranked), reverse=True)
    assert sum(part["points"] for part in ranked[0].parts) == ranked[0].row.score


@pytest.mark.parametrize(("role", "community", "what"), [
    ("grid_worker", 2, NoSuchVisit), ("department_handler", 1, NotAllowed), ("call_back_clerk", 1, NotAllowed),
    ("auditor", 1, NotAllowed),
])  # fmt: skip
def test_nobody_else_writes_visits_down(
    plan: Plan, visit: Make, role: str, community: int, what: type[LinliError]
) -> None:
    plan()
    with pytest.raises(what):
        visit(BUILDING, "1-101", role=role, community=community)
    assert Visit.objects.count() == 0


def test_who_visits_is_said_by_the_set(plan: Plan, visit: Make) -> None:
    plan()
    with pytest.raises(NoSuchVisit):
        visit("西边社区居委会", role="grid_worker")  # lies above the grid
    with pytest.raises(NotAllowed, match="visited_by_others"):
        visit("西边社区居委会", role="community_clerk")
    assert visit("西边社区居委会", role="community_secretary").is_new


def test_notes_are_read_by_who_made_them_and_who_sees_cases_there(
    district: DemoDistrict, plan: Plan, visit: Make
) -> None:
    campaign_id = plan()
    written = visit(BUILDING, "1-101", role="concern_reporter", note="门禁坏了")
    seen = {}
    for role in ("concern_reporter", "grid_worker", "community_secretary"):
        viewer = district.viewer(role)
        campaign = get_campaign(viewer=viewer, campaign_id=campaign_id, on=TODAY)
        target = list_targets(viewer=viewer, campaign=campaign)[0]
        seen[role] = [note.note for note in list_notes(viewer=viewer, target=target)]
    assert seen == {role: ["门禁坏了"] for role in seen}
    visit(BUILDING, "1-102", note="不给民情员看的")
    viewer = district.viewer("concern_reporter")
    campaign = get_campaign(viewer=viewer, campaign_id=campaign_id, on=TODAY)
    notes = list_notes(viewer=viewer, target=list_targets(viewer=viewer, campaign=campaign)[0])
    assert [note.id for note in notes] == [written.visit_id]


def test_the_next_community_sees_nothing_and_plans_nothing(district: DemoDistrict, plan: Plan) -> None:
    campaign_id = plan()
    other = district.viewer("community_secretary", community=2)
    assert list_campaigns(viewer=other, on=TODAY) == []
    with pytest.raises(NoSuchVisit):
        get_campaign(viewer=other, campaign_id=campaign_id, on=TODAY)
    with pytest.raises(NoSuchVisit):
        end_campaign(campaign_id=campaign_id, by=other, at=AT)
    with pytest.raises(NotAllowed):
        plan(area=COMMUNITY[2])
    with pytest.raises(NotAllowed):
        plan(role="grid_worker")


def test_a_worker_sees_the_figures_of_their_own_grid_alone(district: DemoDistrict, plan: Plan) -> None:
    found = totals(district, plan(), role="grid_worker")
    assert found[GRID_PATH[1]] == [Covered(50, 0)]
    assert {covered.doors for row in found.values() for covered in row} == {50}


@pytest.mark.parametrize(("told", "code"), [
    ({"name": " "}, "campaign_name_missing"), ({"sets": ()}, "sets_missing"),
    ({"ends_on": TODAY - timedelta(days=41)}, "campaign_days"),
    ({"sets": (NewSet("单位", "organisations"),)}, "set_kinds_missing"),
    ({"sets": (NewSet("户", "doors", goal_percent=0),)}, "set_out_of_bounds"),
    ({"sets": (NewSet("队", "organisations", kinds=("team",)),)}, "nothing_to_visit"),
    ({"sets": (NewSet("人", "persons"),)}, "set_name_missing"),
])  # fmt: skip
def test_what_can_not_be_planned_is_said(plan: Plan, told: dict[str, object], code: str) -> None:
    with pytest.raises(CannotPlan, match=code):
        plan(**told)


def test_no_visit_without_a_door_nor_after_the_end(district: DemoDistrict, plan: Plan, visit: Make) -> None:
    campaign_id = plan()
    with pytest.raises(InvalidInput, match="door_missing"):
        visit(BUILDING, "门市")
    end_campaign(campaign_id=campaign_id, by=district.viewer("community_secretary"), at=AT - timedelta(days=1))
    with pytest.raises(CampaignOver):
        visit(BUILDING, "1-101")
    assert visit(BUILDING, "1-101", done_at=AT - timedelta(days=1)).is_new  # was made before the end, came in later


def test_notes_and_doors_are_wiped_and_the_figures_stay(district: DemoDistrict, plan: Plan, visit: Make) -> None:
    campaign_id = plan()
    for door in ("1-101", "1-102"):
        visit(BUILDING, door, note="门禁坏了")
    before = set(Visit.objects.values_list("door_index", flat=True))
    assert forget_visits(district_id=HOME, before=AT + timedelta(days=1)) == 2
    assert set(Visit.objects.values_list("note", "is_wiped")) == {("", True)}
    assert before.isdisjoint(Visit.objects.values_list("door_index", flat=True))
    assert totals(district, campaign_id)[GRID_PATH[1]] == [Covered(50, 2)]
    assert forget_visits(district_id=HOME, before=AT + timedelta(days=1)) == 0


def test_totals_ask_the_same_for_one_and_twenty_visits(district: DemoDistrict, plan: Plan, visit: Make) -> None:
    campaign_id = plan()
    visit(BUILDING, "1-101")
    totals(district, campaign_id)
    with CaptureQueriesContext(connection) as one:
        totals(district, campaign_id)
    for number in range(19):
        visit(BUILDING, f"2-{number}")
    with CaptureQueriesContext(connection) as twenty:
        totals(district, campaign_id)
    assert len(one) == len(twenty) == 5


def test_totals_are_the_sum_of_the_targets_however_many_doors_were_typed(
    district: DemoDistrict, plan: Plan, visit: Make
) -> None:
    campaign_id, viewer = plan(), district.viewer("community_secretary")
    Target.objects.filter(name=BUILDING).update(doors=1)
    Target.objects.filter(name="公园小区13号楼").update(area_path=GRID_PATH[1])
    for door in ("1-101", "1-102", "1-103"):
        visit(BUILDING, door)
    campaign = get_campaign(viewer=viewer, campaign_id=campaign_id, on=TODAY)
    listed = list_targets(viewer=viewer, campaign=campaign)

    assert sum(row.visited for row in listed if row.kind == "doors") == 1
    assert totals(district, campaign_id)[GRID_PATH[1]] == [Covered(51, 1)]


def test_key_of_somebody_elses_visit_is_refused(plan: Plan, visit: Make) -> None:
    plan()
    key = uuid.uuid4()
    visit(BUILDING, "1-101", key=key)
    with pytest.raises(Conflict, match="idempotency_key_reused"):
        visit(BUILDING, "1-102", role="concern_reporter", key=key)
    assert Visit.objects.count() == 1


def test_target_beyond_what_a_list_shows_opens_all_the_same(
    district: DemoDistrict, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign_id, viewer = plan(), district.viewer("community_secretary")
    monkeypatch.setattr(targets, "MOST_TARGETS", 1)
    campaign = get_campaign(viewer=viewer, campaign_id=campaign_id, on=TODAY)
    last = Target.objects.get(name="西边社区居委会")

    assert get_target(viewer=viewer, campaign=campaign, target_id=last.id).name == last.name
