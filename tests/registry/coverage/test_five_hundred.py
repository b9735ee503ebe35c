"""482 compounds and single buildings and 18 villages, all of them made up: covered wholly, till one person leaves."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, COMMUNITY, GRID, HOME, PATH, SINCE, TODAY, VACANT_GRID, DemoDistrict

from linli.kernel.ids import new_id
from linli.registry.coverage.actions import check_coverage
from linli.registry.coverage.choices import PlaceKind
from linli.registry.coverage.models import Hole
from linli.registry.coverage.queries import get_board, list_holes, list_places
from linli.registry.people.actions.loading import NewPerson, NewPost, load_people, load_posts
from linli.registry.people.actions.posts import PostTerm, make_post, set_last_day
from linli.registry.people.models import Post
from linli.registry.territory.actions import (
    NewArea,
    NewBuilding,
    NewCompound,
    load_areas,
    load_buildings,
    load_compounds,
)

COMPOUNDS, VILLAGES = 482, 18
_THERE = 3  # compounds that the small district has
_STREET = "210106003"
DAY = timedelta(days=1)


def village(number: int) -> str:
    return f"{_STREET}2{number:02d}"


@pytest.fixture
def five_hundred(district: DemoDistrict) -> DemoDistrict:
    """Fill the small district up to 500 places and every post that they need."""
    areas = load_areas([
        *(NewArea(code=village(n), name=f"第{n}村", level="community", parent_code=_STREET, starts_on=SINCE, kind="村")
          for n in range(VILLAGES)),
        *(NewArea(code=f"{village(n)}01", name=f"第{n}村网格", level="grid", parent_code=village(n), starts_on=SINCE)
          for n in range(VILLAGES)),
    ])  # fmt: skip
    more = COMPOUNDS - _THERE
    load_compounds([
        NewCompound(code=f"made-{n:03d}", name=f"试算{n:03d}号院", kind="open", households=60,
                    area_code=COMMUNITY[1 + n % 2]) for n in range(more)
    ])  # fmt: skip
    grids = {0: (GRID[1], VACANT_GRID), 1: (GRID[2],)}
    load_buildings([
        NewBuilding(code=f"{COMMUNITY[1 + n % 2]}{1000 + 2 * n + k:05d}", name=f"{k + 1}号楼", lng=123.4, lat=41.8,
                    subgrid_code=grids[n % 2][k % len(grids[n % 2])], compound_code=f"made-{n:03d}", households=30)
        for n in range(more) for k in range(1 + (n % 4 > 1))
    ])  # fmt: skip
    wanted = [("grid_worker", VACANT_GRID, district.areas[VACANT_GRID])]
    for n in range(VILLAGES):
        wanted += [(role, village(n), areas[village(n)]) for role in ("community_secretary", "community_clerk")]
        wanted.append(("grid_worker", f"{village(n)}01", areas[f"{village(n)}01"]))
    people = [NewPerson(new_id(), f"V{n:03d}", f"试算{n:03d}", "", is_synthetic=True) for n in range(len(wanted))]
    load_people(district_id=HOME, rows=people)
    load_posts(district_id=HOME, rows=[
        NewPost(new_id(), person.id, role, district.organisations["committee_1"], area, SINCE)
        for person, (role, _code, area) in zip(people, wanted, strict=True)
    ])  # fmt: skip
    return district


def test_five_hundred_places_are_covered_wholly_in_as_many_queries_as_three(five_hundred: DemoDistrict) -> None:
    viewer = five_hundred.viewer("district_leader")

    with CaptureQueriesContext(connection) as asked:
        board = get_board(viewer=viewer, area_path=HOME, on=TODAY)

    assert len(asked) == 7
    assert (board.top.places, board.top.whole, board.top.total.tenths) == (500, 500, 1000)
    assert (board.top.total.needed, board.top.total.lacking) == (3000, 0)
    kinds = [line.place.kind for line in list_places(viewer=viewer, area_path=HOME, on=TODAY)]
    assert kinds.count(PlaceKind.VILLAGE) == VILLAGES
    assert kinds.count(PlaceKind.COMPOUND) + kinds.count(PlaceKind.SINGLE_BUILDING) == COMPOUNDS
    assert kinds.count(PlaceKind.SINGLE_BUILDING) > 200


def test_one_person_leaves_and_one_hole_tells_of_every_place(five_hundred: DemoDistrict) -> None:
    check_coverage(district_id=HOME, at=AT)
    assert not Hole.objects.exists()
    admin, viewer = five_hundred.viewer("security_admin"), five_hundred.viewer("district_leader")

    set_last_day(post_id=five_hundred.post_of("community_secretary"), ends_on=TODAY - DAY, by=admin, source_ip="",
                 at=AT)  # fmt: skip

    hole = Hole.objects.get()
    board = get_board(viewer=viewer, area_path=HOME, on=TODAY)
    lead = board.top.by_function["lead"]
    assert (hole.area.path, hole.functions, hole.places) == (PATH[1], ["lead"], lead.lacking)
    assert lead.lacking == len(list_holes(viewer=viewer, area_path=HOME, on=TODAY).lines) == 242
    assert board.top.total.tenths is not None
    assert board.top.total.tenths < 1000
    clerk = five_hundred.viewer("community_clerk").person_id
    assert clerk is not None
    term = PostTerm("community_secretary", five_hundred.organisations["committee_1"], COMMUNITY[1], TODAY)
    make_post(person_id=clerk, term=term, by=admin, source_ip="", at=AT)
    assert Hole.objects.get().closed_at == AT
    assert get_board(viewer=viewer, area_path=HOME, on=TODAY).top.total.tenths == 1000


def test_worker_of_a_village_leaves(five_hundred: DemoDistrict) -> None:
    check_coverage(district_id=HOME, at=AT)
    post = Post.objects.get(district_id=HOME, role_id="grid_worker", area__code=f"{village(7)}01")

    set_last_day(post_id=post.id, ends_on=TODAY - DAY, by=five_hundred.viewer("security_admin"), source_ip="", at=AT)

    hole = Hole.objects.get()
    assert (hole.functions, hole.places) == (["safety", "sanitation", "fire"], 1)
