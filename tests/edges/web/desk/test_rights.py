"""Nobody sees, counts, maps, exports or opens what lies beyond their posts; each test holds data that could show."""

import json
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.district import DemoDistrict

from linli.cases.actions.opening import Contact
from linli.cases.choices import Action

SECRET = "地下室有个特别的气味"
MAP = "/map/cases.json?bbox=123,41,125,43&zoom=12"
LISTS = ("/desk/", "/desk/open/", "/desk/cases/", "/desk/queue/", "/desk/overdue/", "/desk/verify/", "/map/",
         f"/desk/open/?q={SECRET[:4]}")  # fmt: skip


@pytest.fixture
def two_communities(district: DemoDistrict) -> DemoDistrict:
    district.open_case_in("compound", community=1, text=SECRET, at=timezone.now())
    district.open_case_in("compound", community=2, text="另一边的路灯不亮", at=timezone.now())
    return district


@pytest.mark.parametrize("page", LISTS)
@pytest.mark.parametrize("role", ["grid_worker", "community_clerk", "subdistrict_dispatcher", "department_handler"])
def test_list_leaves_out_what_others_have(two_communities: DemoDistrict, client: Client, page: str, role: str) -> None:
    answer = two_communities.login(client, role, community=2).get(page)

    assert (answer.status_code, SECRET in answer.content.decode()) == (200, False)


@pytest.mark.parametrize("page", ["/desk/open/", "/desk/cases/", "/map/", f"/desk/open/?q={SECRET[:4]}"])
def test_list_shows_what_is_within_reach(two_communities: DemoDistrict, client: Client, page: str) -> None:
    answer = two_communities.login(client, "community_clerk", community=1).get(page)

    assert SECRET in answer.content.decode()


@pytest.mark.parametrize(("role", "titles"), [
    ("community_clerk-1", {SECRET}), ("community_clerk-2", {"另一边的路灯不亮"}),
    ("district_dispatcher", {SECRET, "另一边的路灯不亮"}), ("department_handler-2", set()),
])  # fmt: skip
def test_map_has_only_points_within_reach(
    two_communities: DemoDistrict, client: Client, role: str, titles: set[str]
) -> None:
    name, _dash, number = role.partition("-")
    signed_in = two_communities.login(client, name, community=int(number or 1))

    seen = json.loads(signed_in.get(MAP).content)

    assert (seen["count"], {case["title"] for case in seen["listed"]}) == (len(titles), titles)
    assert {cluster["case"]["title"] for cluster in seen["clusters"] if cluster["case"]} == titles


def test_map_draws_only_areas_within_reach(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "community_clerk", community=1)

    areas = json.loads(signed_in.get("/map/areas.json?level=community").content)["features"]

    assert [area["properties"]["name"] for area in areas] == ["西边社区"]


def test_cockpit_counts_only_what_is_within_reach(two_communities: DemoDistrict, client: Client) -> None:
    signed_in = two_communities.login(client, "community_secretary", community=2)

    rows = signed_in.get("/cockpit/rows/open/").content.decode()

    assert ("另一边的路灯不亮" in rows, SECRET in rows) == (True, False)


@pytest.mark.parametrize(
    "path", ["", "steps/accept/", "verification/", "priority/", "contacts/", "beside/recategorise/"]
)
def test_case_of_others_is_not_there(district: DemoDistrict, client: Client, path: str) -> None:
    case = district.open_case_in("compound", community=1, text=SECRET, contact=Contact("王小明", "13900001234"))
    signed_in = district.login(client, "community_clerk", community=2)
    url = f"/desk/cases/{case.id}/{path}"

    answer = signed_in.post(url, {"version": "1", "reason": "看看"}) if path else signed_in.get(url)

    assert (answer.status_code, SECRET in answer.content.decode()) == (404, False)


def test_contacts_are_masked_until_asked_for(district: DemoDistrict, client: Client) -> None:
    case = district.open_case_in("compound", contact=Contact("王小明", "13900001234"))
    signed_in = district.login(client, "community_clerk")
    url = f"/desk/cases/{case.id}/"

    before = signed_in.get(url).content.decode()
    without_reason = signed_in.post(f"{url}contacts/", {"reason": " "})
    after = signed_in.post(f"{url}contacts/", {"reason": "约上门时间"}).content.decode()

    assert ("13900001234" in before, "139****1234" in before) == (False, True)
    assert (without_reason.status_code, "13900001234" in without_reason.content.decode()) == (422, False)
    assert "13900001234" in after


@pytest.mark.parametrize("page", [
    "/desk/", "/desk/cases/new/", "/cockpit/", "/cockpit/rates/", "/cockpit/rates/rows/opened/", "/map/",
    "/cockpit/due/", "/cockpit/due/rows/due/",
    "/cockpit/watched/", "/cockpit/watched/rows/red/", "/desk/whistles/", "/desk/whistles/rows/calls/",
    "/desk/returns/", MAP, "/map/areas.json?level=grid",
    "/desk/reviews/auditor-key/",
    "/desk/registers/", "/desk/rules/", "/desk/calendar/", "/desk/recipients/?to_q=演",
    "/desk/registry/areas/", "/desk/registry/areas/210106/", "/desk/registry/areas/210106/shapes.json",
    "/desk/registry/areas/210106003006/split/", f"/desk/registry/areas/changes/{UUID(int=7)}/",
    "/desk/registry/", "/desk/registry/template.xlsx", f"/desk/registry/imports/{UUID(int=7)}/",
    f"/desk/registry/imports/{UUID(int=7)}/faults.xlsx",
    f"/desk/posts/{UUID(int=7)}/areas/",
    "/desk/account/", "/desk/people/", "/desk/people/vacancies/", "/desk/people/new/", "/desk/posts/new/",
    "/desk/audit/", "/desk/jobs/", "/desk/people/chart/", "/desk/people/roles/", "/map/holes.json",
    "/desk/people/elections/", "/desk/people/elections/new/?area=210106003006",
    "/desk/people/coverage/", "/desk/people/coverage/functions/", "/desk/people/coverage/holes/",
    f"/desk/people/coverage/places/{UUID(int=7)}/",
    "/desk/reviews/", f"/desk/reviews/programmes/{UUID(int=7)}/", f"/desk/reviews/programmes/{UUID(int=7)}/rules/",
    f"/desk/reviews/programmes/{UUID(int=7)}/policy/",
    "/desk/reviews/programmes/new/", f"/desk/reviews/sessions/{UUID(int=7)}/",
    f"/desk/reviews/sessions/{UUID(int=7)}/unseal/",
    "/desk/retention/", "/desk/data-requests/", f"/desk/data-requests/{UUID(int=7)}/",
    "/desk/notices/", "/desk/ways-out/", "/desk/ways-out/defaults/", "/desk/ways-out/texts/", "/desk/ways-out/systems/",
    "/desk/consent/", "/desk/alarms/", "/desk/second-factor/", "/desk/login/code/", f"/hall/{UUID(int=7)}/clerk",
    *(f"/hall/{UUID(int=7)}/{path}" for path in ("screen", "order", "host", "jury", "paper")),
])  # fmt: skip
def test_stranger_is_sent_to_sign_in(district: DemoDistrict, client: Client, page: str) -> None:
    answer = client.get(page)

    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/desk/login/")


@pytest.mark.parametrize(("role", "page"), [
    ("grid_worker", "/cockpit/"), ("grid_worker", "/cockpit/rates/"), ("grid_worker", "/cockpit/rates/rows/opened/"),
    ("grid_worker", "/cockpit/due/"), ("grid_worker", "/cockpit/due/rows/due/"),
    ("grid_worker", "/cockpit/watched/"), ("grid_worker", "/cockpit/watched/rows/red/"),
    ("auditor", "/desk/whistles/"), ("auditor", "/desk/whistles/rows/calls/"), ("auditor", "/desk/returns/"),
    ("district_leader", "/desk/rules/rates/edit/"), ("grid_worker", "/desk/registers/cases/"),
    ("grid_worker", "/desk/rules/"),
    ("grid_worker", "/desk/calendar/"), ("auditor", "/map/"), ("auditor", MAP),
    ("grid_worker", "/desk/registry/"), ("grid_worker", "/desk/registry/areas/"),
    ("security_admin", "/desk/registry/areas/210106/"), ("auditor", "/desk/registry/areas/210106/shapes.json"),
    ("community_secretary", "/desk/registry/areas/210106003006/split/"),
    ("security_admin", f"/desk/registry/areas/changes/{UUID(int=7)}/"),
    ("system_admin", "/desk/alarms/"), ("community_secretary", "/desk/alarms/"),
    ("district_leader", "/desk/cases/new/"), ("subdistrict_dispatcher", "/desk/rules/priority/edit/"),
    ("subdistrict_dispatcher", "/desk/rules/workflow/edit/"), ("auditor", "/desk/rules/categories/edit/"),
    ("district_leader", "/desk/people/"), ("auditor", "/desk/people/vacancies/"), ("system_admin", "/desk/people/new/"),
    ("community_secretary", "/desk/people/elections/"), ("auditor", "/desk/people/elections/"),
    ("community_secretary", "/desk/people/elections/new/?area=210106003006"),
    ("department_handler", "/desk/people/coverage/"), ("department_handler", "/desk/people/coverage/functions/"),
    ("department_handler", "/desk/people/coverage/holes/"),
    ("department_handler", "/map/holes.json"), ("community_clerk", "/desk/people/coverage/?area=210106"),
    ("community_clerk", "/desk/people/coverage/holes/?area=210106007001"),
    ("community_clerk", f"/desk/people/coverage/places/{UUID(int=7)}/?area=210106007001"),
    ("community_clerk", "/desk/registers/coverage/?area=210106/210106007"),
    ("community_clerk", "/desk/registers/holes/?area=210106/210106007"),
    ("system_admin", "/desk/posts/new/"), ("catalogue_keeper", "/desk/jobs/"), ("auditor", "/desk/jobs/"),
    ("security_admin", "/desk/retention/"), ("district_dispatcher", "/desk/retention/"),
    ("subdistrict_dispatcher", "/desk/consent/"), ("grid_worker", "/desk/data-requests/"),
    ("auditor", "/desk/data-requests/"),
])  # fmt: skip
def test_page_beyond_ones_posts_is_refused(district: DemoDistrict, client: Client, role: str, page: str) -> None:
    assert district.login(client, role).get(page).status_code == 403


def test_alike_cases_nearby_are_shown_as_far_as_they_may_be_seen(district: DemoDistrict, client: Client) -> None:
    now = timezone.now()
    case, other = district.open_case_in(at=now), district.open_case_in(at=now, text=SECRET)
    district.take(case, Action.DISPATCH, by=district.actor("district_dispatcher"),
                  to_organisation=district.organisations["water_repair"])  # fmt: skip
    address = f"/desk/cases/{case.id}/"
    page = district.login(client, "department_handler").get(address).content.decode()

    assert (SECRET in page, other.number in page, str(other.id) in page) == (False, False, False)
    assert SECRET in district.login(Client(), "community_clerk").get(address).content.decode()
