"""The demo's organisations and people: complete, plainly invented, with holes."""

from collections import Counter

import pytest

from linli.edges.cli.demo.organisations import DEPARTMENTS, make_organisations
from linli.edges.cli.demo.people import DEMO_COMMUNITIES, make_staff
from linli.edges.cli.demo.places import make_places
from linli.edges.cli.demo.rows import DemoOrganisation, Places, Staff
from linli.edges.cli.demo.texts import categories

KINDS = {
    "party_committee", "working_committee", "leading_group", "department", "team", "unit", "subdistrict_office",
    "residents_committee", "village_committee", "property_company",
}  # fmt: skip
ROLES = {
    "grid_worker", "grid_head", "building_head", "community_secretary", "community_clerk", "subdistrict_dispatcher",
    "subdistrict_secretary", "department_handler", "department_head", "district_dispatcher", "call_back_clerk",
    "district_leader", "leader_in_charge", "system_admin", "security_admin", "auditor", "property_manager",
    "review_office", "discipline_inspector", "review_juror", "concern_reporter",
}  # fmt: skip


@pytest.fixture(scope="module")
def places() -> Places:
    return make_places()


@pytest.fixture(scope="module")
def organisations(places: Places) -> tuple[DemoOrganisation, ...]:
    return make_organisations(places)


@pytest.fixture(scope="module")
def staff(places: Places, organisations: tuple[DemoOrganisation, ...]) -> Staff:
    return make_staff(places, organisations)


def test_organisations_belong_to_earlier_ones_and_to_real_areas(
    places: Places, organisations: tuple[DemoOrganisation, ...]
) -> None:
    areas = {area.code for area in places.areas if not area.is_pseudo}
    seen: set[str | None] = {None}
    for organisation in organisations:
        assert organisation.parent_code in seen
        assert organisation.area_code in areas
        assert organisation.kind in KINDS
        seen.add(organisation.code)
    assert len(seen) == len(organisations) + 1


def test_every_community_has_its_two_organisations(organisations: tuple[DemoOrganisation, ...]) -> None:
    kinds = Counter(row.kind for row in organisations if len(row.area_code) == 12)
    assert kinds == {"party_committee": 528, "residents_committee": 456, "village_committee": 72}


def test_every_category_but_disputes_is_some_departments_business() -> None:
    handled = [category for department in DEPARTMENTS for category in department.handles]
    assert {category.code for category in categories()} - set(handled) == {"dispute"}
    assert len(handled) == len(set(handled))


def test_posts_cover_all_roles_and_point_to_rows(
    places: Places, organisations: tuple[DemoOrganisation, ...], staff: Staff
) -> None:
    areas = {area.code for area in places.areas}
    codes = {organisation.code for organisation in organisations}
    people: set[object] = {person.id for person in staff.people} | {None}
    assert {post.role for post in staff.posts} == ROLES
    assert all(post.area_code in areas and post.organisation_code in codes for post in staff.posts)
    assert {post.person_id for post in staff.posts} == people


def test_each_grid_has_one_workers_post(places: Places, staff: Staff) -> None:
    workers = sorted(post.area_code for post in staff.posts if post.role == "grid_worker")
    assert workers == sorted(area.code for area in places.areas if area.level == "grid")


def test_each_building_of_the_district_has_one_head(places: Places, staff: Staff) -> None:
    heads = [post for post in staff.posts if post.role == "building_head"]
    mine = sorted(building.code for building in places.buildings if building.district == "210106")
    assert sorted(code for post in heads for code in post.building_codes) == mine
    assert all(1 <= len(post.building_codes) <= 4 for post in heads)


def test_some_posts_are_vacant_and_some_holders_off_duty(staff: Staff) -> None:
    vacant = sum(post.person_id is None for post in staff.posts)
    absent = sum(post.person_id is not None and not post.is_on_duty for post in staff.posts)
    assert 0.01 < vacant / len(staff.posts) < 0.08
    assert 0.02 < absent / len(staff.posts) < 0.09
    assert not any(post.is_on_duty for post in staff.posts if post.person_id is None)


def test_demo_community_has_one_hole(staff: Staff) -> None:
    for district, community in DEMO_COMMUNITIES.items():
        holes = [post for post in staff.posts if post.area_code.startswith(community) and post.person_id is None]
        assert [(post.district, post.role) for post in holes] == [(district, "grid_worker")]


def test_people_are_plainly_invented(staff: Staff) -> None:
    assert all("·" in person.name for person in staff.people)
    assert all(person.phone.startswith("100") and len(person.phone) == 11 for person in staff.people)
    assert len({person.phone for person in staff.people}) == len(staff.people)


def test_logins_cover_all_roles_and_meet_in_one_community(staff: Staff) -> None:
    posts = {post.id: post for post in staff.posts}
    mine = [login for login in staff.logins if login.district == "210106"]
    areas = {posts[login.post_id].area_code for login in mine}
    assert {login.role for login in mine} == ROLES - {"review_juror"}  # let in by a badge
    assert all("2101060030070201".startswith(area) or area == "21010600300703" for area in areas)
    assert all(posts[login.post_id].is_on_duty for login in staff.logins)
    assert len({login.username for login in staff.logins}) == len(staff.logins)


def test_staff_of_the_same_seed_are_the_same(
    places: Places, organisations: tuple[DemoOrganisation, ...], staff: Staff
) -> None:
    assert make_organisations(places) == organisations
    assert make_staff(places, organisations) == staff
