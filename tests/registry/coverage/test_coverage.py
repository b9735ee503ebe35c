"""Who is responsible for what at which place, for whom it is shown, in how many queries, and what the watch finds."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import (
    AT,
    AWAY,
    COMMUNITY,
    GRID,
    GRID_PATH,
    HOME,
    PATH,
    SINCE,
    TODAY,
    VACANT_GRID,
    DemoDistrict,
)
from tests.factories.territory import SIDE, SOUTH, WEST

from linli.kernel.errors import LinliError, NotAllowed, NotFound
from linli.ledger.facts.models import Fact
from linli.registry.coverage.actions import Watched, check_coverage, publish_functions
from linli.registry.coverage.calc.default_functions import DEFAULT_FUNCTIONS
from linli.registry.coverage.calc.functions import Function
from linli.registry.coverage.events import HoleFilled, HoleStands
from linli.registry.coverage.models import Hole
from linli.registry.coverage.queries import find_place, get_board, list_holes, list_places
from linli.registry.coverage.rules import seen_paths
from linli.registry.coverage.tasks import check_coverage_of
from linli.registry.people.actions.absences import Away, set_absence
from linli.registry.people.actions.areas import ChangeTerms, change_areas
from linli.registry.people.actions.loading import NewPost, load_posts
from linli.registry.people.actions.posts import PostTerm, make_post, set_further_areas, set_last_day
from linli.registry.people.models import Post, Role
from linli.registry.people.rules import NOBODY
from linli.registry.territory.actions import NewBuilding, NewCompound, load_buildings, load_compounds
from linli.registry.territory.calc.operations import NewPart, Split

DAY = timedelta(days=1)
ME = {"source_ip": "10.0.0.9", "at": AT}
GRID_FUNCTIONS = ["safety", "sanitation", "fire"]


def end(district: DemoDistrict, role: str = "community_secretary", *, days: int = -1) -> None:
    set_last_day(post_id=district.post_of(role), ends_on=TODAY + days * DAY, by=district.viewer("security_admin"), **ME)


def appoint(district: DemoDistrict, role: str, area: str, *, who: str = "community_clerk") -> UUID:
    person = district.viewer(who).person_id
    assert person is not None
    term = PostTerm(role, district.organisations["committee_1"], area, TODAY)
    return make_post(person_id=person, term=term, by=district.viewer("security_admin"), **ME)


def test_board_counts_places_times_functions_by_area(district: DemoDistrict) -> None:
    board = get_board(viewer=district.viewer("district_dispatcher"), area_path=HOME, on=TODAY)

    assert [(row.area.code, row.places, row.whole, row.total.needed, row.total.lacking)
            for row in (board.top, *board.below)] == [
        ("210106", 3, 2, 18, 3), ("210106003", 2, 1, 12, 3), ("210106007", 1, 1, 6, 0)]  # fmt: skip
    assert [code for code, tally in board.top.by_function.items() if tally.lacking] == GRID_FUNCTIONS
    assert board.top.total.tenths == 833
    assert board.places == ()


def test_rows_behind_a_number_are_as_many_as_it_says(district: DemoDistrict) -> None:
    viewer = district.viewer("community_clerk")
    end(district, "grid_worker")
    end(district, "grid_head")
    board = get_board(viewer=viewer, area_path=PATH[1], on=TODAY)

    for function, tally in board.top.by_function.items():
        found = list_holes(viewer=viewer, area_path=PATH[1], function=function, on=TODAY)
        assert len(found.lines) == tally.lacking
    holes = list_holes(viewer=viewer, area_path=PATH[1], on=TODAY).lines
    assert len(holes) == board.top.total.lacking == 6
    assert {(hole.place.name, hole.areas) for hole in holes} == {
        ("花园小区", ("第一街道 · 西边社区 · 西边第一网格",)), ("公园小区", ("第一街道 · 西边社区 · 西边第二网格",)),
    }  # fmt: skip
    assert next((hole.area_code, hole.roles) for hole in holes if hole.place.name == "公园小区") == (
        VACANT_GRID, ("grid_worker", "grid_head"))  # fmt: skip


def test_place_names_the_nearest_holder_and_who_stands_in(district: DemoDistrict) -> None:
    worker, clerk = district.viewer("grid_worker"), district.viewer("community_clerk")
    assert worker.person_id is not None
    assert clerk.person_id is not None
    set_absence(person_id=worker.person_id, post_ids=[district.post_of("grid_worker")],
                away=Away(clerk.person_id, TODAY, TODAY), by=worker, **ME)  # fmt: skip

    line = find_place(viewer=worker, place_id=district.compounds[HOME, "yard-1"], area_path=GRID_PATH[1], on=TODAY)

    assert (line.place.kind, line.community) == ("single_building", "第一街道 · 西边社区")
    fire = next(found for function, found, _held in line.held if function.code == "fire")
    assert [(one.name, one.role_name, one.deputy) for one in fire] == [(worker.name, "网格员", clerk.name)]
    lead = next(found for function, found, _held in line.held if function.code == "lead")
    assert [one.name for one in lead] == [district.viewer("community_secretary").name]


@pytest.mark.parametrize(("role", "paths"), [
    ("grid_worker", (GRID_PATH[1],)), ("community_clerk", (PATH[1],)),
    ("subdistrict_dispatcher", ("210106/210106003",)),
    ("district_leader", (HOME,)), ("security_admin", (HOME,)), ("department_handler", ()),
])  # fmt: skip
def test_places_are_seen_within_the_areas_of_ones_posts(
    district: DemoDistrict, role: str, paths: tuple[str, ...]
) -> None:
    assert seen_paths(district.viewer(role)) == paths


@pytest.mark.parametrize(("role", "area"), [
    ("community_clerk", PATH[2]), ("community_clerk", "210106/210106003"), ("community_clerk", HOME),
    ("grid_worker", PATH[1]), ("department_handler", HOME), ("district_leader", AWAY),
    ("away-community_secretary", HOME),
])  # fmt: skip
def test_what_lies_beyond_ones_posts_is_refused(district: DemoDistrict, role: str, area: str) -> None:
    viewer = district.viewer(role)
    asked = {"viewer": viewer, "area_path": area, "on": TODAY}
    for ask in (get_board, list_holes, list_places):
        with pytest.raises(NotAllowed):
            ask(**asked)
    with pytest.raises(NotAllowed):
        find_place(place_id=district.compounds[HOME, "yard-1"], **asked)


def test_stranger_sees_nothing_and_a_neighbours_place_is_not_there(district: DemoDistrict) -> None:
    with pytest.raises(NotAllowed):
        get_board(viewer=NOBODY, area_path=HOME, on=TODAY)
    with pytest.raises(NotFound, match="no_such_place"):
        find_place(viewer=district.viewer("community_clerk"), place_id=district.compounds[HOME, "yard-3"],
                   area_path=PATH[1], on=TODAY)  # fmt: skip
    with pytest.raises(NotFound):
        get_board(viewer=district.viewer("community_clerk"), area_path=f"{PATH[1]}/9", on=TODAY)


def test_number_of_queries_does_not_grow_with_places(district: DemoDistrict) -> None:
    viewer = district.viewer("district_leader")

    def queries() -> list[int]:
        counted = []
        for ask in (get_board, list_holes, list_places):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                ask(viewer=viewer, area_path=HOME, on=TODAY)
            counted.append(len(asked))
        return counted

    before = queries()
    load_compounds([NewCompound(code=f"more-{n}", name=f"新{n}小区", kind="open", area_code=COMMUNITY[1], households=9)
                    for n in range(40)])  # fmt: skip
    load_buildings([
        NewBuilding(code=f"{COMMUNITY[1]}{n:05d}", name=f"{n}号楼", subgrid_code=VACANT_GRID, households=9,
                    compound_code=f"more-{n % 40}", lng=123.4, lat=41.8) for n in range(100, 180)
    ])  # fmt: skip
    assert (before, queries()) == ([7, 7, 7], [7, 7, 7])


def test_compound_without_buildings_is_held_if_every_grid_is(district: DemoDistrict) -> None:
    load_compounds([NewCompound(code="bare", name="空白小区", kind="open", area_code=COMMUNITY[1], households=9)])

    holes = list_holes(viewer=district.viewer("community_clerk"), area_path=PATH[1], function="fire", on=TODAY).lines

    assert [(hole.place.code, hole.area_code) for hole in holes] == [("bare", VACANT_GRID), ("yard-2", VACANT_GRID)]


def test_day_that_passes_opens_a_hole_without_anybody_doing_anything(district: DemoDistrict) -> None:
    check_coverage(district_id=HOME, at=AT)
    end(district, days=1)
    assert not Hole.objects.filter(closed_at=None, was_there=False).exists()

    later = check_coverage(district_id=HOME, at=AT + 2 * DAY)

    assert later == Watched(new=1, filled=0, standing=2)
    hole = Hole.objects.get(was_there=False)
    assert (hole.area.path, hole.roles, hole.functions, hole.places) == (PATH[1], "community_secretary", ["lead"], 2)
    assert check_coverage(district_id=HOME, at=AT + 2 * DAY) == Watched(new=0, filled=0, standing=2)


def test_hole_appears_as_the_post_ends_and_goes_as_somebody_is_appointed(
    district: DemoDistrict, heard: list[object]
) -> None:
    check_coverage(district_id=HOME, at=AT)
    assert heard == []  # what the first look finds is no news

    end(district)
    appeared = [event for event in heard if isinstance(event, HoleStands)]
    appoint(district, "community_secretary", COMMUNITY[1])

    assert [(event.area_path, event.functions, event.roles, event.places, event.is_new) for event in appeared] == [
        (PATH[1], ("统筹负责",), ("社区书记",), ("花园小区", "公园小区"), True)]  # fmt: skip
    filled = [event for event in heard if isinstance(event, HoleFilled)]
    assert [event.hole_id for event in filled] == [appeared[0].hole_id]
    kinds = Fact.objects.filter(kind__startswith="coverage.").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["coverage.hole_appeared", "coverage.hole_appeared", "coverage.hole_filled"]


def test_post_that_no_function_asks_for_is_not_looked_at(district: DemoDistrict) -> None:
    with CaptureQueriesContext(connection) as asked:
        end(district, "building_head")

    assert not any("coverage_hole" in query["sql"] for query in asked.captured_queries)


def test_hole_of_one_community_leaves_the_other_alone(district: DemoDistrict, heard: list[object]) -> None:
    check_coverage(district_id=HOME, at=AT)
    end(district)

    assert [event.area_path for event in heard if isinstance(event, HoleStands)] == [PATH[1]]
    assert check_coverage(district_id=HOME, at=AT) == Watched(new=0, filled=0, standing=2)


def test_before_the_first_look_nobody_is_alarmed(district: DemoDistrict, heard: list[object]) -> None:
    end(district)
    assert check_coverage(district_id=HOME, at=AT) == Watched(new=2, filled=0, standing=2)

    assert heard == []
    assert set(Hole.objects.values_list("was_there", flat=True)) == {True}


def test_functions_are_a_districts_own_and_followed_by_version(district: DemoDistrict) -> None:
    check_coverage(district_id=HOME, at=AT)
    keeper = district.viewer("catalogue_keeper")
    heating = Function("heating", "供暖联络", ("compound", "single_building"), "community", ("property_manager",))
    new = (*DEFAULT_FUNCTIONS, heating)

    assert publish_functions(functions=new, follows=0, reason="入冬", by=keeper, at=AT) == 1

    board = get_board(viewer=district.viewer("district_leader"), area_path=HOME, on=TODAY)
    assert [function.code for function in board.functions][-1] == "heating"
    assert (board.top.by_function["heating"].needed, board.top.by_function["heating"].lacking) == (3, 0)
    for who, follows, reason, code in ((keeper, 0, "再改", "functions_changed"), (keeper, 1, " ", "reason_missing"),
                                       (district.viewer("community_clerk"), 1, "看看", "no_post_allows")):  # fmt: skip
        with pytest.raises(LinliError) as caught:
            publish_functions(functions=new, follows=follows, reason=reason, by=who, at=AT)
        assert caught.value.code == code


def test_two_holders_one_leaves_no_hole(district: DemoDistrict, heard: list[object]) -> None:
    check_coverage(district_id=HOME, at=AT)
    end(district, "grid_worker")
    assert heard == []
    end(district, "grid_head")
    assert [event.area_path for event in heard if isinstance(event, HoleStands)] == [GRID_PATH[1]]


def test_sheet_of_posts_is_looked_at_by_the_whole_check(district: DemoDistrict) -> None:
    Post.objects.filter(id=district.post_of("community_secretary", community=2)).update(ends_on=TODAY - DAY)
    check_coverage(district_id=HOME, at=AT - DAY)
    person = district.viewer("community_clerk", community=2).person_id
    assert person is not None
    load_posts(district_id=HOME, rows=[
        NewPost(UUID(int=5), person, "community_secretary", district.organisations["committee_2"],
                district.areas[COMMUNITY[2]], SINCE)])  # fmt: skip

    assert replace(check_coverage(district_id=HOME, at=AT), standing=0) == Watched(new=0, filled=0, standing=0)


def test_grid_that_is_cut_anew_is_looked_at_by_the_worker(district: DemoDistrict, heard: list[object]) -> None:
    check_coverage(district_id=HOME, at=AT)
    points = [(WEST + 0.12 * SIDE, SOUTH - 0.1 * SIDE), (WEST + 0.12 * SIDE, SOUTH + 0.5 * SIDE)]
    split = Split(GRID[1], NewPart("西边第三网格"), line=shapely.LineString(points))
    load_compounds([NewCompound(code="bare", name="空白小区", kind="open", area_code=COMMUNITY[1], households=9)])

    change_areas(operation=split, terms=ChangeTerms(TODAY, "每年调整"), by=district.viewer("system_admin"), key="k",
                 **ME)  # fmt: skip

    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name LIKE '%check_coverage_of'")
        assert [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor] == [
            {"district_id": HOME}]  # fmt: skip
    check_coverage_of(HOME)
    assert [event.area_name for event in heard if isinstance(event, HoleStands)] == ["西边第三网格"]


def widen(district: DemoDistrict, *codes: str) -> None:
    set_further_areas(post_id=district.post_of("grid_worker"), codes=codes, by=district.viewer("security_admin"), **ME)


def test_holder_of_a_post_of_chosen_areas_is_responsible_in_each_and_holes_follow(
    district: DemoDistrict, heard: list[object]
) -> None:
    viewer = district.viewer("district_dispatcher")
    check_coverage(district_id=HOME, at=AT)
    lacking = get_board(viewer=viewer, area_path=HOME, on=TODAY).top.total.lacking
    assert lacking > 0
    Role.objects.filter(code="grid_worker").update(reach="custom")

    widen(district, VACANT_GRID)
    with_both = get_board(viewer=viewer, area_path=HOME, on=TODAY).top.total.lacking
    (spot,) = {hole.area_path for hole in heard if isinstance(hole, HoleFilled)}
    names = {
        (one.name, one.area_name)
        for line in list_places(viewer=viewer, area_path=PATH[1], on=TODAY)
        for _function, responsible, _is_held in line.held
        for one in responsible
    }  # fmt: skip
    widen(district)

    assert (with_both < lacking, spot) == (True, f"{PATH[1]}/{VACANT_GRID}")
    assert {area for name, area in names if name == district.viewer("grid_worker").name} == {
        "西边第一网格", "西边第二网格"}  # fmt: skip
    assert get_board(viewer=viewer, area_path=HOME, on=TODAY).top.total.lacking == lacking
    assert {event.area_path for event in heard if isinstance(event, HoleStands)} == {spot}


def test_further_areas_count_no_longer_once_the_role_does_not_reach_them(district: DemoDistrict) -> None:
    viewer = district.viewer("district_dispatcher")
    before = get_board(viewer=viewer, area_path=HOME, on=TODAY).top.total
    Role.objects.filter(code="grid_worker").update(reach="custom")
    widen(district, VACANT_GRID)
    Role.objects.filter(code="grid_worker").update(reach="area")

    assert get_board(viewer=viewer, area_path=HOME, on=TODAY).top.total == before
