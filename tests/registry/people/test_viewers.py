from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import GRID_PATH, HOME, PATH, ROLES, SINCE, TODAY, DemoDistrict

from linli.kernel.errors import InvalidInput
from linli.kernel.ids import new_id
from linli.registry.orgs.actions import NewOrganisation, load_organisations
from linli.registry.orgs.models import Organisation
from linli.registry.people.actions.loading import NewPost, install_default_roles, load_posts
from linli.registry.people.calc.default_roles import DEFAULT_ROLES
from linli.registry.people.choices import Reach, Verb
from linli.registry.people.errors import AdministratorsAreSeparate
from linli.registry.people.models import Login, Person, Post, Role
from linli.registry.people.queries import (
    find_login,
    list_holders,
    list_holders_above,
    list_posts,
    page_people,
    page_posts,
    search_holders,
    viewer_of,
)
from linli.registry.people.queries.managing import PeopleFilter, list_managed_people
from linli.registry.people.rules import NOBODY, is_within, may, may_somewhere
from linli.registry.territory.models import Area

DAY = timedelta(days=1)


def give(district: DemoDistrict, person_id: UUID, role: str, **more: object) -> None:
    row = NewPost(new_id(), person_id, role, district.organisations["call_centre"], district.areas[HOME], SINCE)
    load_posts(district_id=HOME, rows=[replace(row, **more)])


def person_of(district: DemoDistrict, role: str) -> UUID:
    person_id = district.viewer(role).person_id
    assert person_id is not None
    return person_id


def test_viewer_is_a_person_with_posts_and_costs_one_query(district: DemoDistrict) -> None:
    login = find_login("grid_worker-1")
    assert login is not None

    with CaptureQueriesContext(connection) as captured:
        viewer = viewer_of(login_id=login.id, on=TODAY)

    assert len(captured) == 1
    assert (viewer.district_id, viewer.login_id, [(post.role, post.area_path) for post in viewer.posts]) == (
        HOME, login.id, [("grid_worker", GRID_PATH[1])])  # fmt: skip


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_held"),
    [
        (TODAY, None, True), (TODAY + DAY, None, False), (SINCE, TODAY, True), (SINCE, TODAY - DAY, False),
    ],
)  # fmt: skip
def test_post_counts_from_its_first_day_to_its_last(
    district: DemoDistrict,
    starts_on: date,
    ends_on: date | None,
    is_held: bool,  # noqa: FBT001
) -> None:
    Post.objects.filter(id=district.post_of("grid_worker")).update(starts_on=starts_on, ends_on=ends_on)
    login = find_login("grid_worker-1")
    assert login is not None

    assert viewer_of(login_id=login.id, on=TODAY).is_known == is_held


def test_shut_or_unknown_login_is_nobody(district: DemoDistrict) -> None:
    login = Login.objects.get(username="grid_worker-1")
    Login.objects.filter(id=login.id).update(is_active=False)

    assert (viewer_of(login_id=login.id, on=TODAY), viewer_of(login_id=UUID(int=1), on=TODAY)) == (NOBODY, NOBODY)


@pytest.mark.parametrize("role", DEFAULT_ROLES, ids=lambda role: role.code)
def test_role_may_what_its_verbs_say_within_its_reach(district: DemoDistrict, role) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    viewer = district.viewer(role.code)
    post = viewer.posts[0]
    reached = {"area_path": post.area_path, "organisation_id": post.organisation_id, "district_id": HOME}
    elsewhere = {"area_path": "210106/999", "organisation_id": UUID(int=1), "district_id": HOME}
    is_whole_district = post.area_path == HOME and role.reach == "area"

    for verb in Verb:
        assert bool(may_somewhere(viewer, verb)) == (verb in role.verbs)
        assert bool(may(viewer, verb, **reached)) == (verb in role.verbs and role.reach != "own")
        assert bool(may(viewer, verb, **elsewhere)) == (verb in role.verbs and is_whole_district)
        assert not may(viewer, verb, **(reached | {"district_id": "210105"}))


def test_no_says_why(district: DemoDistrict) -> None:
    worker, asked = district.viewer("grid_worker"), {"district_id": HOME, "area_path": PATH[2]}

    reasons = [
        may(NOBODY, Verb.REPORT, **asked).reason, may(worker, Verb.REPORT, district_id="210105").reason,
        may(worker, Verb.EXPORT, **asked).reason, may(worker, Verb.REPORT, **asked).reason,
    ]  # fmt: skip

    assert reasons == ["not_signed_in", "other_district", "no_post_allows", "outside_reach"]


@pytest.mark.parametrize(
    ("path", "ancestor", "is_inside"),
    [
        ("1/10", "1", True),
        ("1", "1", True),
        ("10", "1", False),
        ("1/10", "1/1", False),
        ("1", "", False),
        ("1", "1/2", False),
    ],
)
def test_is_within(path: str, ancestor: str, is_inside: bool) -> None:  # noqa: FBT001
    assert is_within(path, ancestor) == is_inside


@pytest.mark.parametrize("other", ["security_admin", "auditor"])
def test_one_person_holds_no_two_administrators_posts(district: DemoDistrict, other: str) -> None:
    with pytest.raises(AdministratorsAreSeparate):
        give(district, person_of(district, "system_admin"), other)

    assert Post.objects.filter(person_id=person_of(district, "system_admin")).count() == 1


def test_administrators_post_that_ends_later_still_counts(district: DemoDistrict) -> None:
    Post.objects.filter(id=district.post_of("system_admin")).update(ends_on=TODAY + DAY)

    with pytest.raises(AdministratorsAreSeparate):
        give(district, person_of(district, "system_admin"), "auditor", starts_on=TODAY)


def test_administrators_post_that_has_ended_leaves_way_for_another(district: DemoDistrict) -> None:
    admin = person_of(district, "system_admin")
    Post.objects.filter(id=district.post_of("system_admin")).update(ends_on=TODAY - DAY)

    give(district, admin, "auditor", starts_on=TODAY)
    give(district, person_of(district, "auditor"), "grid_worker")

    held = Post.objects.filter(person_id=admin, ends_on=None).values_list("role_id", flat=True)
    assert list(held) == ["auditor"]


def test_two_administrators_posts_in_one_load_are_refused(district: DemoDistrict) -> None:
    person_id = person_of(district, "grid_worker")
    rows = [
        NewPost(new_id(), person_id, role, district.organisations["call_centre"], district.areas[HOME], SINCE)
        for role in ("system_admin", "auditor")
    ]

    with pytest.raises(AdministratorsAreSeparate):
        load_posts(district_id=HOME, rows=rows)


def test_post_of_an_unknown_role_is_refused(district: DemoDistrict) -> None:
    with pytest.raises(InvalidInput, match="unknown_role role role=mayor"):
        give(district, person_of(district, "grid_worker"), "mayor")


def test_roles_that_were_changed_stay_so(district: DemoDistrict) -> None:
    Role.objects.filter(code="auditor").update(name="纪检")
    install_default_roles()

    assert Role.objects.get(code="auditor").name == "纪检"
    assert set(Role.objects.values_list("code", flat=True)) == set(ROLES)


def test_work_phone_is_encrypted(district: DemoDistrict) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(p)::text FROM people_person p")
        said = str(cursor.fetchall())

    assert "000-0000" not in said
    assert b"000-0000".hex() not in said
    assert Person.objects.count() == len(district.posts)


def test_holders_come_lowest_area_first_and_on_duty_first(district: DemoDistrict) -> None:
    chain = [district.areas[code] for code in (HOME, "210106003", "210106003006", "21010600300601")]
    asked = {"district_id": HOME, "area_ids": chain, "organisation_codes": ["water_repair"], "on": TODAY,
             "roles": ["grid_worker", "community_secretary", "department_handler", "district_dispatcher"]}  # fmt: skip
    give(district, person_of(district, "district_leader"), "grid_worker", area_id=chain[-1],
         starts_on=SINCE - DAY, is_on_duty=False)  # fmt: skip

    found = [(holder.role, holder.level, holder.is_on_duty) for holder in list_holders(**asked)]

    assert found[:3] == [("grid_worker", "grid", True), ("grid_worker", "grid", False),
                         ("community_secretary", "community", True)]  # fmt: skip
    assert set(found[3:]) == {("department_handler", "district", True), ("district_dispatcher", "district", True)}


def test_holders_above_an_area_are_those_of_its_own_line(district: DemoDistrict) -> None:
    roles = ["community_secretary", "subdistrict_dispatcher", "district_dispatcher"]
    found = list_holders_above(district_id=HOME, area_path=GRID_PATH[2], roles=roles, on=TODAY)

    assert [holder.post_id for holder in found] == [
        district.post_of("community_secretary", community=2), district.post_of("subdistrict_dispatcher", community=2),
        district.post_of("district_dispatcher"),
    ]  # fmt: skip


def test_lists_of_posts_keep_to_area_and_district(district: DemoDistrict) -> None:
    listed = {holder.post_id for holder in list_posts(district_id=HOME, area_path=PATH[2], on=TODAY)}
    paged = {holder.post_id for holder in page_posts(district_id=HOME, area_path=PATH[2], on=TODAY)}
    roles = ("community_steward", "community_clerk", "community_secretary", "property_manager", "grid_worker",
             "grid_head", "building_head", "concern_reporter")  # fmt: skip

    assert listed == paged == {district.post_of(role, community=2) for role in roles}


def test_people_are_paged_with_their_posts_in_two_queries(district: DemoDistrict) -> None:
    with CaptureQueriesContext(connection) as captured:
        first = page_people(district_id=HOME, on=TODAY, limit=20)
    rest = page_people(district_id=HOME, on=TODAY, after=first[-1].id)

    assert (len(captured), len(first), len(rest)) == (2, 20, 16)
    assert {len(person.posts) for person in (*first, *rest)} == {1}


def test_people_are_found_by_pinyin_in_their_district_and_among_those_one_manages(district: DemoDistrict) -> None:
    mine, away = person_of(district, "grid_worker"), person_of(district, "away-grid_worker")
    Person.objects.filter(id__in=[mine, away]).update(name="单晓绿")
    admin = district.viewer("security_admin")

    found = [
        [row.id for row in page_people(district_id=HOME, on=TODAY, q=typed)] for typed in ("sxl", "shanxiaolv", "sxx")
    ]

    assert found == [[mine], [mine], []]
    assert [row.id for row in list_managed_people(viewer=admin, wanted=PeopleFilter(q="sxl"), on=TODAY)] == [mine]


@pytest.mark.parametrize("text", ["网格员", "wgy", "wanggey"])
def test_search_finds_posts_within_given_areas_only(district: DemoDistrict, text: str) -> None:
    asked = {"district_id": HOME, "text": text, "on": TODAY}
    found = [
        [holder.post_id for holder in search_holders(**asked, within=within)] for within in ([PATH[1]], [], [HOME])
    ]

    ones, twos = district.post_of("grid_worker", community=1), district.post_of("grid_worker", community=2)
    assert found == [[ones], [], [ones, twos]]


def test_search_finds_by_person_role_and_area_in_the_district_alone(district: DemoDistrict) -> None:
    mine, away = person_of(district, "grid_worker"), person_of(district, "away-grid_worker")
    Person.objects.filter(id__in=[mine, away]).update(name="单晓绿")
    Area.objects.filter(path=GRID_PATH[2]).update(name="北二马路网格")

    def search(text: str) -> list[UUID]:
        return [holder.post_id for holder in search_holders(district_id=HOME, text=text, within=[HOME], on=TODAY)]

    assert [search(text) for text in ("sxl", "晓绿")] == [[district.post_of("grid_worker", community=1)]] * 2
    assert district.post_of("grid_worker", community=2) in search("beierml") == search("北二马路")
    assert search("sxlx") == search("晓绿晓") == []
    assert search("_") == search("%") == []


@pytest.mark.parametrize(("text", "queries"), [("wgy", 5), ("网格员", 5), ("xqxyz", 3), ("没有这个人", 3), ("  ", 0)])
def test_search_for_posts_asks_a_few_times_however_many_it_finds(
    district: DemoDistrict, text: str, queries: int
) -> None:
    with CaptureQueriesContext(connection) as caught:
        search_holders(district_id=HOME, text=text, within=[HOME], on=TODAY)
    assert len(caught) == queries


def test_search_finds_no_post_that_has_ended(district: DemoDistrict) -> None:
    ended = district.post_of("grid_worker", community=1)
    Post.objects.filter(id=ended).update(ends_on=TODAY - DAY)
    found = search_holders(district_id=HOME, text="wgy", within=[HOME], on=TODAY)
    assert ended not in [holder.post_id for holder in found]
    assert found


def _under(district: DemoDistrict, parent: str, code: str) -> UUID:
    row = NewOrganisation(new_id(), code, code, "department", district.areas[HOME], district.organisations[parent])
    load_organisations(district_id=HOME, rows=[row], starts_on=SINCE)
    district.organisations[code] = row.id
    return row.id


def test_post_reaches_the_organisations_under_its_own_however_deep(district: DemoDistrict) -> None:
    station = _under(district, "water_repair", "water_station")
    team = _under(district, "water_station", "water_team")
    _under(district, "heating_office", "heating_team")
    Role.objects.filter(code="department_head").update(reach=Reach.BRANCH)
    (post,) = district.viewer("department_head").posts
    assert set(post.organisation_ids) == {district.organisations["water_repair"], station, team}
    assert district.viewer("department_handler").posts[0].organisation_ids == (district.organisations["water_repair"],)
    assert district.viewer("grid_worker").posts[0].organisation_ids == ()


def test_organisations_in_a_ring_are_each_named_once(district: DemoDistrict) -> None:
    station = _under(district, "water_repair", "water_station")
    Organisation.objects.filter(code="water_repair", district_id=HOME).update(parent_id=station)
    Role.objects.filter(code="department_head").update(reach=Reach.BRANCH)
    with CaptureQueriesContext(connection) as caught:
        (post,) = district.viewer("department_head").posts
    assert post.below == (station,)
    assert len(caught.captured_queries) == 2  # the login by its name, then all the rest
