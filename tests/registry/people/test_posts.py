"""Posts are given and ended by who manages posts there, never for oneself; each leaves a fact and an audit line."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, COMMUNITY, HOME, PATH, SINCE, TODAY, VACANT_GRID, DemoDistrict

from linli.kernel.errors import Conflict, InvalidInput, LinliError, NotAllowed, NotFound
from linli.ledger.audit.models import AuditLine
from linli.ledger.facts.models import Fact
from linli.registry.people.actions.posts import PostTerm, make_person, make_post, set_last_day
from linli.registry.people.errors import AdministratorsAreSeparate
from linli.registry.people.models import Person, Post, Role
from linli.registry.people.queries import find_login, viewer_of
from linli.registry.people.queries.managing import (
    PeopleFilter,
    get_managed_person,
    get_managed_post,
    list_managed_people,
    list_vacancies,
)
from linli.registry.people.rules import HeldPost, Viewer, managed_posts, may_change_posts

DAY = timedelta(days=1)
ME = {"source_ip": "10.0.0.9", "at": AT}


def person_of(district: DemoDistrict, role: str) -> UUID:
    found = district.viewer(role).person_id
    assert found is not None
    return found


def term(district: DemoDistrict, **changed: Any) -> PostTerm:
    usual = PostTerm("grid_worker", district.organisations["committee_1"], VACANT_GRID, TODAY)
    return replace(usual, **changed)


def give(district: DemoDistrict, to: str = "grid_worker", *, by: Viewer | None = None, **changed: Any) -> UUID:
    return make_post(person_id=person_of(district, to), term=term(district, **changed),
                     by=by or district.viewer("security_admin"), **ME)  # fmt: skip


def narrow(district: DemoDistrict, path: str = PATH[1]) -> Viewer:
    """Give a security administrator whose post reaches one community only."""
    whole = district.viewer("security_admin")
    return replace(whole, posts=(replace(whole.posts[0], area_path=path),))


def told(run: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(LinliError) as caught:
        run()
    return caught.value.code, caught.value.field


def test_post_gives_rights_from_its_first_day_on(district: DemoDistrict) -> None:
    post_id = give(district, starts_on=TODAY + DAY, ends_on=TODAY + 3 * DAY)
    login = find_login("grid_worker-1")
    assert login is not None

    held = [
        post_id in {post.post_id for post in viewer_of(login_id=login.id, on=TODAY + n * DAY).posts} for n in range(5)
    ]

    assert held == [False, True, True, True, False]
    fact, line = Fact.objects.get(kind="post.made"), AuditLine.objects.get(kind="rights_changed")
    assert (fact.subject_id, fact.post_id, fact.actor_id) == (post_id, post_id, person_of(district, "security_admin"))
    assert fact.data == {"role": "grid_worker", "area": VACANT_GRID, "starts_on": "2026-11-19", "ends_on": "2026-11-21"}
    assert (line.object_id, line.data["did"], line.source_ip) == (str(post_id), "made", "10.0.0.9")


@pytest.mark.parametrize(("changed", "expected"), [
    ({"role": "mayor"}, ("unknown_role", "role")), ({"area_code": "999"}, ("area_unknown", "area")),
    ({"area_code": "210105001006"}, ("area_unknown", "area")),
    ({"organisation_id": None}, ("organisation_missing", "organisation")),
    ({"organisation_id": UUID(int=1)}, ("organisation_missing", "organisation")),
    ({"starts_on": None}, ("first_day_out_of_range", "starts_on")),
    ({"starts_on": TODAY + 400 * DAY}, ("first_day_out_of_range", "starts_on")),
    ({"ends_on": TODAY - DAY}, ("last_day_out_of_range", "ends_on")),
])  # fmt: skip
def test_post_that_cannot_be_is_refused_by_field(
    district: DemoDistrict, changed: dict[str, Any], expected: tuple[str, str]
) -> None:
    before = Post.objects.count()

    assert told(lambda: give(district, **changed)) == expected
    assert (Post.objects.count(), Fact.objects.filter(kind="post.made").exists()) == (before, False)


def test_nobody_changes_their_own_rights(district: DemoDistrict) -> None:
    own = district.post_of("security_admin")

    assert told(lambda: give(district, "security_admin")) == ("own_rights", "")
    assert told(lambda: end(district, own, TODAY))[0] == "own_rights"


@pytest.mark.parametrize("role", ["community_secretary", "district_dispatcher", "system_admin", "auditor"])
def test_other_roles_give_and_end_no_post(district: DemoDistrict, role: str) -> None:
    viewer = district.viewer(role)

    assert told(lambda: give(district, by=viewer))[0] == "no_post_allows"
    assert told(lambda: end(district, district.post_of("grid_worker"), TODAY, by=viewer))[0] == "no_post_allows"
    with pytest.raises(NotAllowed):
        list_managed_people(viewer=viewer, wanted=PeopleFilter(), on=TODAY)


def test_post_beyond_ones_reach_is_refused(district: DemoDistrict) -> None:
    by = narrow(district)

    assert told(lambda: give(district, by=by, area_code=COMMUNITY[2]))[0] == "outside_reach"
    assert told(lambda: end(district, district.post_of("grid_worker", community=2), TODAY, by=by))[0] == "outside_reach"
    assert give(district, by=by)


def test_one_person_is_never_two_administrators(district: DemoDistrict) -> None:
    whole = {"area_code": HOME, "organisation_id": district.organisations["call_centre"]}
    with pytest.raises(AdministratorsAreSeparate):
        give(district, "auditor", role="system_admin", **whole)

    Post.objects.filter(id=district.post_of("auditor")).update(ends_on=TODAY)
    with pytest.raises(AdministratorsAreSeparate):
        give(district, "auditor", role="system_admin", **whole)
    assert give(district, "auditor", role="system_admin", starts_on=TODAY + DAY, **whole)
    with pytest.raises(AdministratorsAreSeparate):
        end(district, district.post_of("auditor"), None)


def end(district: DemoDistrict, post_id: UUID, last: date | None, *, by: Viewer | None = None) -> None:
    set_last_day(post_id=post_id, ends_on=last, by=by or district.viewer("security_admin"), **ME)


def test_last_day_still_counts_and_yesterday_ends_at_once(district: DemoDistrict) -> None:
    login, post = find_login("grid_worker-1"), district.post_of("grid_worker")
    assert login is not None

    seen = []
    for last in (TODAY, TODAY - DAY, None):
        end(district, post, last)
        seen.append([viewer_of(login_id=login.id, on=TODAY + n * DAY).is_known for n in (0, 1)])

    assert seen == [[True, False], [False, False], [True, True]]
    assert Fact.objects.filter(kind="post.last_day_set", post_id=post).count() == 3


@pytest.mark.parametrize("last", [TODAY - 2 * DAY, SINCE - DAY])
def test_last_day_that_would_rewrite_the_past_is_refused(district: DemoDistrict, last: date) -> None:
    assert told(lambda: end(district, district.post_of("grid_worker"), last)) == ("last_day_out_of_range", "ends_on")


def test_term_that_is_over_stays_over(district: DemoDistrict) -> None:
    Post.objects.filter(id=district.post_of("grid_worker")).update(ends_on=TODAY - 5 * DAY)

    assert told(lambda: end(district, district.post_of("grid_worker"), None)) == ("term_is_over", "ends_on")


def test_person_is_written_down_once_a_number(district: DemoDistrict) -> None:
    admin = district.viewer("security_admin")
    made = make_person(code=" W-7 ", name="测试·甲", phone="024-0000", by=admin, **ME)

    person = get_managed_person(viewer=admin, person_id=made)
    assert (person.code, person.name, person.phone, person.posts, person.login) == (
        "W-7",
        "测试·甲",
        "024-0000",
        (),
        None,
    )
    with pytest.raises(Conflict, match="person_code_taken"):
        make_person(code="W-7", name="测试·乙", phone="", by=admin, **ME)
    assert told(lambda: make_person(code="W-8", name=" ", phone="", by=admin, **ME)) == ("person_text_length", "name")
    assert (
        told(lambda: make_person(code="W-8", name="甲", phone="", by=district.viewer("auditor"), **ME))[0]
        == "no_post_allows"
    )
    assert b"024-0000" not in bytes(Person.objects.get(id=made).work_phone)


def test_list_shows_who_is_managed_and_nobody_else(district: DemoDistrict) -> None:
    admin, by = district.viewer("security_admin"), narrow(district, PATH[2])
    loose = make_person(code="W-7", name="测试·无岗", phone="", by=admin, **ME)

    seen = list_managed_people(viewer=by, wanted=PeopleFilter(), on=TODAY, limit=500)
    everybody = {row.id for row in list_managed_people(viewer=admin, wanted=PeopleFilter(), on=TODAY, limit=500)}

    ours = set(Post.objects.filter(area__path__startswith=PATH[2]).values_list("person_id", flat=True))
    assert {row.id for row in seen} == ours
    assert everybody == set(Person.objects.filter(district_id=HOME).values_list("id", flat=True)) >= {loose}
    with pytest.raises(NotFound):
        get_managed_person(viewer=by, person_id=person_of(district, "grid_worker"))
    with pytest.raises(NotFound):
        get_managed_post(viewer=by, post_id=district.post_of("grid_worker"))


def test_filter_of_posts_says_what_the_rule_says(district: DemoDistrict) -> None:
    whole = district.viewer("security_admin")
    by_body = replace(whole.posts[0], reach="organisation", organisation_id=district.organisations["committee_2"])
    viewers = [whole, narrow(district), narrow(district, "210106/210106003"), replace(whole, posts=(by_body,)),
               replace(whole, posts=(by_body, replace(whole.posts[0], area_path=PATH[1]))),
               district.viewer("auditor")]  # fmt: skip
    rows = list(Post.objects.select_related("area").order_by("id"))
    for viewer in viewers:
        allowed = {
            row.id for row in rows
            if row.district_id == viewer.district_id and may_change_posts(
                viewer, person_id=UUID(int=1), area_path=row.area.path, organisation_id=row.organisation_id)
        }  # fmt: skip
        assert set(Post.objects.filter(managed_posts(viewer)).values_list("id", flat=True)) == allowed


@pytest.mark.parametrize(("wanted", "expected"), [
    (PeopleFilter(role="grid_worker"), {"grid_worker-1", "grid_worker-2"}),
    (PeopleFilter(role="grid_worker", area_path=PATH[1]), {"grid_worker-1"}),
    (PeopleFilter(area_path="210106/210106007", role="call_back_clerk"), {"call_back_clerk-2"}),
    (PeopleFilter(state="unposted"), set()), (PeopleFilter(state="away"), set()),
    (PeopleFilter(state="ending"), {"call_back_clerk-1"}), (PeopleFilter(state="no_login"), {"grid_head-1"}),
])  # fmt: skip
def test_list_is_filtered(district: DemoDistrict, wanted: PeopleFilter, expected: set[str]) -> None:
    from linli.registry.people.models import Login

    Post.objects.filter(id=district.post_of("call_back_clerk")).update(ends_on=TODAY + 30 * DAY)
    Login.objects.filter(username="grid_head-1").update(is_active=False)

    rows = list_managed_people(viewer=district.viewer("security_admin"), wanted=wanted, on=TODAY, limit=500)

    assert {row.login.username for row in rows if row.login} == expected


@pytest.mark.parametrize("limit", [1, 30])
def test_list_of_people_takes_four_queries(district: DemoDistrict, limit: int) -> None:
    admin = district.viewer("security_admin")
    with CaptureQueriesContext(connection) as asked:
        rows = list_managed_people(viewer=admin, wanted=PeopleFilter(), on=TODAY, limit=limit)

    assert (len(rows), len(asked)) == (limit, 4)


def test_unknown_state_is_refused(district: DemoDistrict) -> None:
    with pytest.raises(InvalidInput, match="unknown_filter"):
        list_managed_people(viewer=district.viewer("security_admin"), wanted=PeopleFilter(state="x"), on=TODAY)


def test_vacancies_are_areas_without_a_holder_of_a_role_their_level_needs(district: DemoDistrict) -> None:
    def vacant(**asked: Any) -> list[tuple[str, str]]:
        found = list_vacancies(**({"district_id": HOME, "area_path": HOME, "on": TODAY} | asked))
        return [(row.role, row.area.code) for row in found]

    assert vacant() == [("grid_worker", VACANT_GRID)]
    Post.objects.filter(id=district.post_of("community_secretary", community=2)).update(ends_on=TODAY)
    assert vacant(on=TODAY + DAY, area_path=PATH[2]) == [("community_secretary", COMMUNITY[2])]
    assert vacant(on=TODAY + DAY, role="grid_worker") == [("grid_worker", VACANT_GRID)]
    Role.objects.update(wanted_at="")
    assert vacant() == []


def test_held_post_of_ones_own_is_no_deputys() -> None:
    post = HeldPost(UUID(int=1), "r", "R", frozenset(), "area", UUID(int=2), "O", "1", "A")

    assert post.is_deputised is False
