"""Who may change the tree, once for a key, and what becomes of the posts of the areas that it touches."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import shapely
from pytest_django import DjangoAssertNumQueries
from tests.factories.district import AT, COMMUNITY, GRID, HOME, PATH, ROLES, TODAY, VACANT_GRID, DemoDistrict
from tests.factories.territory import SIDE, SOUTH, WEST

from linli.kernel.errors import Conflict, NotAllowed, NotFound
from linli.ledger.audit.models import AuditLine
from linli.ledger.facts.models import Fact
from linli.registry.people.actions.areas import Changed, ChangeTerms, change_areas, take_back_areas
from linli.registry.people.models import Post
from linli.registry.people.queries.areas import PeopleLook, look_at_change, report_area
from linli.registry.people.rules import Viewer
from linli.registry.territory.calc.operations import Merge, Move, NewPart, Operation, Rename, Split
from linli.registry.territory.models import Area

TERMS = ChangeTerms(TODAY, "每年调整")
MAY = {"system_admin", "catalogue_keeper"}
# The western street's community goes to the eastern street; they do not touch, which a move does not ask for.
MOVE = Move(GRID[1], COMMUNITY[2])


def split(code: str = GRID[1]) -> Split:
    points = [(WEST + 0.12 * SIDE, SOUTH - 0.1 * SIDE), (WEST + 0.12 * SIDE, SOUTH + 0.5 * SIDE)]
    return Split(code, NewPart("西边第三网格"), line=shapely.LineString(points))


def change(by: Viewer, operation: Operation, key: str = "k1", terms: ChangeTerms = TERMS) -> Changed:
    return change_areas(operation=operation, terms=terms, by=by, key=key, source_ip="10.0.0.9", at=AT)


def look(district: DemoDistrict, operation: Operation) -> PeopleLook:
    return look_at_change(viewer=district.viewer("system_admin"), operation=operation, on=TODAY)


@pytest.mark.parametrize("role", ROLES)
def test_only_who_edits_areas_of_the_whole_district_may_look_and_change(district: DemoDistrict, role: str) -> None:
    viewer = district.viewer(role)
    may = role in MAY

    for act in (
        lambda: change(viewer, Rename(GRID[1], "新名")),
        lambda: look_at_change(viewer=viewer, operation=split(), on=TODAY),
        lambda: report_area(viewer=viewer, area_code=HOME, on=TODAY),
    ):
        if may:
            act()
        else:
            with pytest.raises(NotAllowed):
                act()
    assert Area.objects.filter(district_id=HOME, name="新名").exists() == may


def test_who_edits_areas_of_one_community_may_not(district: DemoDistrict) -> None:
    whole = district.viewer("system_admin")
    narrow = replace(whole, posts=(replace(whole.posts[0], area_path=PATH[1]),))

    with pytest.raises(NotAllowed):
        change(narrow, Rename(GRID[1], "新名"))


def test_sent_twice_is_the_same_as_sent_once(district: DemoDistrict) -> None:
    admin = district.viewer("system_admin")

    first, second = (change(admin, split()) for _ in range(2))

    assert (first.is_new, second.is_new, second.change_id) == (True, False, first.change_id)
    assert Area.objects.filter(district_id=HOME, level_id="grid", ends_on=None).count() == 4
    with pytest.raises(Conflict):
        change(admin, Rename(GRID[1], "新名"))
    with pytest.raises(Conflict):
        change(admin, split(), terms=replace(TERMS, accepts_gaps=True))


def test_posts_follow_an_area_that_moves_and_the_old_ones_stay(district: DemoDistrict) -> None:
    before = list(Post.objects.filter(area_id=district.areas[GRID[1]]).order_by("role_id"))

    changed = change(district.viewer("system_admin"), MOVE, terms=ChangeTerms(TODAY + timedelta(days=9), "划转", True))

    new = Area.objects.get(district_id=HOME, parent_id=district.areas[COMMUNITY[2]], name="西边第一网格")
    after = Post.objects.filter(area_id=new.id).order_by("role_id")
    assert [(p.person_id, p.role_id, p.starts_on) for p in after] == [
        (p.person_id, p.role_id, TODAY + timedelta(days=9)) for p in before
    ]
    assert (changed.posts, {p.ends_on for p in Post.objects.filter(area_id=district.areas[GRID[1]])}) == (4, {None})
    line = AuditLine.objects.get(object_kind="post")
    assert line.data == {"did": "followed_area", "posts": 4}


def test_own_post_and_an_administrators_do_not_follow(district: DemoDistrict) -> None:
    admin = district.viewer("system_admin")
    Post.objects.filter(id=district.post_of("grid_worker")).update(person_id=admin.person_id)
    Post.objects.filter(id=district.post_of("auditor")).update(area_id=district.areas[GRID[1]])

    changed = change(admin, MOVE, terms=replace(TERMS, accepts_gaps=True))

    assert changed.posts == 3
    assert sorted(
        Post.objects.filter(area__path__startswith=PATH[2], area__name="西边第一网格").values_list("role_id", flat=True)
    ) == ["building_head", "concern_reporter", "grid_head"]


def test_look_tells_whose_posts_are_touched_and_who_is_responsible_afterwards(district: DemoDistrict) -> None:
    found = look(district, split()).posts

    assert sorted(post.role_name for post in found.posts) == ["党员民情员", "楼栋长", "网格员", "网格长"]
    assert (found.total, found.going_on, {post.goes_on for post in found.posts}) == (4, 0, {False})
    new, kept = found.responsible
    assert (new.name, new.holders, new.vacant, new.above) == ("西边第三网格", (), ("网格员",), "西边社区")
    assert (kept.code, len(kept.holders), kept.vacant, kept.above) == (GRID[1], 4, (), "")


def test_look_counts_posts_that_follow_as_responsible(district: DemoDistrict) -> None:
    found = look(district, MOVE).posts

    assert (found.total, found.going_on, {post.goes_on for post in found.posts}) == (4, 4, {True})
    (moved,) = (row for row in found.responsible if row.name == "西边第一网格")
    assert (len(moved.holders), moved.vacant) == (4, ())


def test_report_counts_areas_and_posts_by_level(district: DemoDistrict) -> None:
    report = report_area(viewer=district.viewer("system_admin"), area_code=COMMUNITY[1], on=TODAY)

    assert [(row.count.level, row.count.areas, row.count.drawn) for row in report.levels] == [
        ("community", 1, 1), ("grid", 2, 2),
    ]  # fmt: skip
    assert dict(report.levels[1].posts) == {"网格员": 1, "网格长": 1, "楼栋长": 1, "党员民情员": 1}


def test_report_of_a_foreign_districts_area_is_not_found(district: DemoDistrict) -> None:
    with pytest.raises(NotFound):
        report_area(viewer=district.viewer("system_admin"), area_code="210105001006", on=TODAY)


def test_vacant_grid_may_be_split_too(district: DemoDistrict) -> None:
    points = [(WEST + 0.3 * SIDE, SOUTH - 0.1 * SIDE), (WEST + 0.3 * SIDE, SOUTH + 0.5 * SIDE)]
    vacant = Split(VACANT_GRID, NewPart("西边第四网格"), line=shapely.LineString(points))

    changed = change(district.viewer("system_admin"), vacant)

    assert (changed.areas, changed.posts, isinstance(changed.change_id, UUID)) == (2, 0, True)


def test_change_asks_no_more_however_much_moves(
    district: DemoDistrict, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    admin = district.viewer("system_admin")
    meant = replace(TERMS, accepts_gaps=True)
    for number, operation in enumerate((MOVE, Move(COMMUNITY[2], COMMUNITY[1][:9], "210106003099"))):
        with django_assert_max_num_queries(40):
            change(admin, operation, key=f"k{number}", terms=replace(meant, on=TODAY + timedelta(days=number)))


def test_posts_of_areas_that_end_do_so_the_day_before_where_it_is_asked_for(district: DemoDistrict) -> None:
    admin, on = district.viewer("system_admin"), TODAY + timedelta(days=9)
    Post.objects.filter(id=district.post_of("auditor")).update(area_id=district.areas[VACANT_GRID])
    clerk = Post.objects.get(id=district.post_of("community_clerk"))
    Post.objects.filter(id=clerk.id).update(area_id=district.areas[VACANT_GRID])

    changed = change(admin, Merge(GRID[1], (VACANT_GRID,)), terms=ChangeTerms(on, "合并", ends_posts=True))

    ended = Post.objects.filter(district_id=HOME, ends_on=on - timedelta(days=1))
    assert (changed.ended, [post.id for post in ended]) == (1, [clerk.id])
    assert Post.objects.filter(area_id=district.areas[GRID[1]], ends_on=None).count() == 4
    assert Fact.objects.filter(kind="post.last_day_set", subject_id=clerk.id).count() == 1
    assert AuditLine.objects.get(object_kind="post").data == {"did": "ended_with_area", "posts": 1}


def test_old_posts_of_an_area_that_moves_end_as_the_new_ones_begin(district: DemoDistrict) -> None:
    on = TODAY + timedelta(days=9)

    changed = change(district.viewer("system_admin"), MOVE, terms=ChangeTerms(on, "划转", True, ends_posts=True))

    assert (changed.posts, changed.ended) == (4, 4)
    assert {p.ends_on for p in Post.objects.filter(area_id=district.areas[GRID[1]])} == {on - timedelta(days=1)}


def undo(by: Viewer, changed: Changed) -> None:
    take_back_areas(change_id=changed.change_id, reason="画错了", by=by, source_ip="10.0.0.9", at=AT)


def terms_of(district: DemoDistrict) -> list[tuple[UUID, UUID, object, object]]:
    return list(
        Post.objects.filter(district_id=HOME).order_by("id").values_list("id", "area_id", "starts_on", "ends_on")
    )


def test_posts_are_as_they_were_once_a_change_is_taken_back(district: DemoDistrict) -> None:
    admin, before = district.viewer("system_admin"), terms_of(district)
    planned = ChangeTerms(TODAY + timedelta(days=9), "划转", accepts_gaps=True, ends_posts=True)
    changed = change(admin, MOVE, terms=planned)
    assert (changed.posts, changed.ended) == (4, 4)

    undo(admin, changed)

    assert terms_of(district) == before
    assert Fact.objects.filter(kind="post.withdrawn").count() == 4
    line = AuditLine.objects.get(object_kind="areas", data__did="taken_back")
    assert line.data == {"did": "taken_back", "change": str(changed.change_id), "areas": changed.areas,
                         "posts": 8}  # fmt: skip
    assert AuditLine.objects.get(object_kind="post", data__did="area_taken_back").data["posts"] == 8


def test_a_post_given_since_stands_on_the_change(district: DemoDistrict) -> None:
    admin = district.viewer("system_admin")
    changed = change(admin, split(), terms=ChangeTerms(TODAY + timedelta(days=9), "划转"))
    new = Area.objects.get(district_id=HOME, name="西边第三网格")
    clerk = Post.objects.get(id=district.post_of("community_clerk"))
    Post.objects.filter(id=clerk.id).update(area_id=new.id)

    with pytest.raises(Conflict, match="change_has_posts"):
        undo(admin, changed)


def test_posts_changed_since_stand_on_the_change(district: DemoDistrict) -> None:
    admin = district.viewer("system_admin")
    planned = ChangeTerms(TODAY + timedelta(days=9), "划转", accepts_gaps=True, ends_posts=True)
    changed = change(admin, MOVE, terms=planned)
    Post.objects.filter(id=district.post_of("grid_worker")).update(ends_on=TODAY)

    with pytest.raises(Conflict, match="change_posts_changed"):
        undo(admin, changed)


@pytest.mark.parametrize("role", ROLES)
def test_only_who_edits_areas_of_the_whole_district_may_take_back(district: DemoDistrict, role: str) -> None:
    changed = change(district.viewer("system_admin"), Rename(GRID[1], "新名"))

    if role in MAY:
        undo(district.viewer(role), changed)
    else:
        with pytest.raises(NotAllowed):
            undo(district.viewer(role), changed)
    assert Area.objects.filter(district_id=HOME, name="新名").exists() == (role not in MAY)


def test_change_of_a_foreign_district_is_not_found(district: DemoDistrict) -> None:
    changed = change(district.viewer("system_admin"), Rename(GRID[1], "新名"))

    with pytest.raises(NotFound):
        undo(
            replace(
                district.viewer("system_admin"),
                district_id="210105",
                posts=tuple(replace(post, area_path="210105") for post in district.viewer("system_admin").posts),
            ),
            changed,
        )
