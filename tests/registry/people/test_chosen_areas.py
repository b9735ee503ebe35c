"""A post that reaches several chosen areas: each with all below, and nothing beside them."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.test import Client
from tests.factories.district import AT, COMMUNITY, GRID, HOME, PATH, TODAY, VACANT_GRID, DemoDistrict
from tests.registry.people.chosen import reach_further
from tests.registry.sheets.books import exported, faults, planned, sent_again, sheet, statuses, taken_in

from linli.cases.models import Case
from linli.cases.queries.lists import CaseFilter, list_cases
from linli.cases.rules import may_see_case
from linli.kernel.errors import InvalidInput, NotAllowed, NotFound
from linli.ledger.audit.models import AuditLine
from linli.ledger.facts.models import Fact
from linli.registry.people.actions.posts import PostTerm, make_post, set_further_areas
from linli.registry.people.models import Post, PostArea, Role
from linli.registry.people.queries import viewer_of_person
from linli.registry.people.rules import Viewer
from linli.registry.sheets.choices import RowStatus, SheetKind

pytestmark = pytest.mark.usefixtures("contexts")

PLACES = (("compound", 1), ("vacant", 1), ("street", 1), ("open", 2), ("street", 2))


def seen(district: DemoDistrict, viewer: Viewer) -> list[tuple[str, int]]:
    """Tell where the cases lie that a viewer sees; list and single page have to agree."""
    cases = {district.open_case_in(place, community=n).id: (place, n) for place, n in PLACES}
    listed = {row.id for row in list_cases(viewer=viewer, wanted=CaseFilter(), at=AT).rows}
    assert listed == {case.id for case in Case.objects.all() if may_see_case(viewer, case)}
    return [place for id_, place in cases.items() if id_ in listed]


def test_post_reaches_its_own_and_the_chosen_area_and_nothing_beside(district: DemoDistrict) -> None:
    viewer = reach_further(district, "community_secretary", VACANT_GRID, community=2)

    assert seen(district, viewer) == [("vacant", 1), ("open", 2)]
    assert [(post.area_name, post.reach) for post in viewer.posts] == [("东边社区", "area"), ("西边第二网格", "area")]


@pytest.mark.parametrize(("reach", "expected"), [("area", [("open", 2)]), ("own", [])])
def test_further_area_counts_only_while_the_role_reaches_chosen_ones(
    district: DemoDistrict, reach: str, expected: list[tuple[str, int]]
) -> None:
    viewer = reach_further(district, "community_secretary", VACANT_GRID, community=2)
    Role.objects.filter(code="community_secretary").update(reach=reach)
    assert viewer.person_id is not None

    assert seen(district, viewer_of_person(district_id=HOME, person_id=viewer.person_id, on=TODAY)) == expected


def give(district: DemoDistrict, *further: str, role: str = "community_clerk") -> None:
    person_id = district.viewer("grid_head").person_id
    assert person_id is not None
    term = PostTerm(role, district.organisations["committee_1"], GRID[1], TODAY, further_codes=further)
    make_post(person_id=person_id, term=term, by=district.viewer("security_admin"), source_ip="", at=AT)


def test_post_is_given_with_further_areas_each_once(district: DemoDistrict) -> None:
    Role.objects.filter(code="community_clerk").update(reach="custom")

    give(district, COMMUNITY[2], VACANT_GRID, COMMUNITY[2], GRID[1])

    assert sorted(PostArea.objects.values_list("area__code", flat=True)) == sorted([COMMUNITY[2], VACANT_GRID])


@pytest.mark.parametrize(
    ("role", "further", "code"),
    [("grid_worker", COMMUNITY[2], "further_not_of_role"), ("community_clerk", "999", "area_unknown"),
     ("community_clerk", "210105001006", "area_unknown")],
)  # fmt: skip
def test_what_is_no_further_area_is_refused(district: DemoDistrict, role: str, further: str, code: str) -> None:
    Role.objects.filter(code="community_clerk").update(reach="custom")

    with pytest.raises(InvalidInput, match=code):
        give(district, further, role=role)
    assert not PostArea.objects.exists()


def test_form_takes_names_and_keeps_what_was_typed(district: DemoDistrict) -> None:
    Role.objects.filter(code="community_clerk").update(reach="custom")
    client = district.login(Client(), "security_admin")
    said = {
        "person": str(district.viewer("grid_head").person_id), "role": "community_clerk", "area": GRID[1],
        "organisation": "committee_1", "starts_on": "2026-11-01",
    }  # fmt: skip

    refused = client.post("/desk/posts/new/", said | {"further": "东边社区，没有的地方"})
    given = client.post("/desk/posts/new/", said | {"further": "东边社区，西边第二网格"})

    assert (refused.status_code, refused.context["further"]) == (422, "东边社区，没有的地方")
    assert given.status_code == 302
    assert PostArea.objects.count() == 2


POST = "人员编码|角色|组织编码|负责区域编码|任职日期|另看区域编码"


def row(district: DemoDistrict, further: str, role: str = "community_secretary") -> str:
    """Write the row of the secretary's post, or of another one."""
    post = Post.objects.get(id=district.post_of(role, community=2))
    name = Role.objects.get(code=role).name
    return f"{post.person.code}|{name}|{post.organisation.code}|{post.area.code}|{post.starts_on}|{further}"


def test_sheet_brings_further_areas_gives_them_back_and_takes_them_away(district: DemoDistrict) -> None:
    Role.objects.filter(code="community_secretary").update(reach="custom")

    taken_in(sheet("岗位", POST, row(district, f"{VACANT_GRID} {COMMUNITY[1]}")))
    held = set(PostArea.objects.values_list("area__code", flat=True))
    again = taken_in(*sent_again(exported()))
    taken_in(sheet("岗位", POST, row(district, VACANT_GRID)))

    assert held == {VACANT_GRID, COMMUNITY[1]}
    assert set(statuses(again)[SheetKind.POSTS]) == {RowStatus.UNCHANGED}
    assert list(PostArea.objects.values_list("area__code", flat=True)) == [VACANT_GRID]


def test_sheet_with_further_areas_of_no_such_role_or_no_such_area_is_refused(district: DemoDistrict) -> None:
    Role.objects.filter(code="community_secretary").update(reach="custom")
    sent = sheet("岗位", POST, row(district, "999"), row(district, VACANT_GRID, role="grid_worker"))

    assert faults(planned(sent)) == [
        (2, "further_codes", "area_unknown"), (3, "further_codes", "further_needs_custom"),
    ]  # fmt: skip


def further_of(post_id: UUID) -> list[str]:
    return sorted(PostArea.objects.filter(post_id=post_id).values_list("area__code", flat=True))


def widen(district: DemoDistrict, *codes: str, by: Viewer | None = None, role: str = "community_clerk") -> int:
    return set_further_areas(post_id=district.post_of(role), codes=codes, source_ip="10.0.0.9", at=AT,
                             by=by or district.viewer("security_admin"))  # fmt: skip


def test_further_areas_come_and_go_with_a_trace_and_the_same_again_writes_nothing(district: DemoDistrict) -> None:
    Role.objects.filter(code="community_clerk").update(reach="custom")
    post_id = district.post_of("community_clerk")

    assert [widen(district, COMMUNITY[2]), widen(district, COMMUNITY[2]), widen(district, GRID[2], COMMUNITY[1])] == [
        1, 0, 2]  # fmt: skip

    assert further_of(post_id) == [GRID[2]]
    assert Fact.objects.filter(kind="post.changed", subject_id=post_id).count() == 2
    lines = AuditLine.objects.filter(object_kind="post", data__did="further").values_list("data__further", flat=True)
    assert sorted(lines) == sorted([[COMMUNITY[2]], [GRID[2]]])
    assert (widen(district), further_of(post_id)) == (1, [])


def test_areas_that_come_or_go_lie_within_the_reach_of_who_changes_them(district: DemoDistrict) -> None:
    Role.objects.filter(code="community_clerk").update(reach="custom")
    whole = district.viewer("security_admin")
    narrow = replace(whole, posts=tuple(replace(post, area_path=PATH[1]) for post in whole.posts))

    with pytest.raises(NotAllowed):
        widen(district, COMMUNITY[2], by=narrow)
    widen(district, COMMUNITY[2])
    with pytest.raises(NotAllowed):
        widen(district, by=narrow)
    assert further_of(district.post_of("community_clerk")) == [COMMUNITY[2]]
    for role in ("community_secretary", "system_admin", "auditor", "district_leader"):
        with pytest.raises(NotAllowed):
            widen(district, by=district.viewer(role))


@pytest.mark.parametrize(("codes", "role", "code"), [
    ((COMMUNITY[2],), "grid_worker", "further_not_of_role"), (("210105001006",), "community_clerk", "area_unknown"),
])  # fmt: skip
def test_what_is_no_further_area_changes_nothing(
    district: DemoDistrict, codes: tuple[str, ...], role: str, code: str
) -> None:
    Role.objects.filter(code="community_clerk").update(reach="custom")

    with pytest.raises(InvalidInput, match=code):
        widen(district, *codes, role=role)
    with pytest.raises(NotFound):
        set_further_areas(post_id=UUID(int=7), codes=(), by=district.viewer("security_admin"), source_ip="", at=AT)
    assert not PostArea.objects.exists()


def test_own_posts_areas_are_changed_by_somebody_else(district: DemoDistrict) -> None:
    Role.objects.filter(code="community_clerk").update(reach="custom")
    whole = district.viewer("security_admin")

    with pytest.raises(NotAllowed, match="own_rights"):
        widen(district, COMMUNITY[2], by=replace(whole, person_id=district.viewer("community_clerk").person_id))


def test_page_of_a_post_changes_its_areas_and_keeps_what_was_typed(district: DemoDistrict) -> None:
    Role.objects.filter(code="community_clerk").update(reach="custom")
    client = district.login(Client(), "security_admin")
    person = f"/desk/people/{district.viewer('community_clerk').person_id}/"
    page = f"/desk/posts/{district.post_of('community_clerk')}/areas/"
    assert page in client.get(person).content.decode()

    refused = client.post(page, {"further": "东边社区，没有的地方"})
    changed = client.post(page, {"further": "东边社区，西边第二网格"})

    assert (refused.status_code, refused.context["further"]) == (422, "东边社区，没有的地方")
    assert (changed.status_code, changed.headers["Location"]) == (302, person)
    assert "东边社区" in client.get(person).content.decode()
    # The second grid lies in the post's own community already.
    assert COMMUNITY[2] in client.get(page).content.decode()
    assert client.get(f"/desk/posts/{district.post_of('grid_worker')}/areas/").status_code == 404


@pytest.mark.parametrize("role", ["grid_worker", "system_admin", "district_leader"])
def test_page_of_a_posts_areas_is_not_for_others(district: DemoDistrict, role: str) -> None:
    reach_further(district, "community_clerk", COMMUNITY[2])
    page = f"/desk/posts/{district.post_of('community_clerk')}/areas/"
    client = district.login(Client(), role)

    assert (client.get(page).status_code, client.post(page, {"further": ""}).status_code) == (403, 403)
    assert further_of(district.post_of("community_clerk")) == [COMMUNITY[2]]


def test_page_of_rights_lists_a_post_of_several_areas_once(district: DemoDistrict) -> None:
    viewer = reach_further(district, "community_secretary", VACANT_GRID, community=2)
    client = district.login(Client(), "security_admin")

    posts = client.get(f"/desk/people/{viewer.person_id}/rights/").context["posts"]

    assert [(post.areas, len(post.reaches)) for post in posts] == [(("东边社区", "西边社区西边第二网格"), 2)]
