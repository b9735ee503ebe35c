"""Who is responsible where and when: for everybody of the district, vacancies in words, nothing of other districts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.district import COMMUNITY, GRID, HOME, TODAY, VACANT_GRID, DemoDistrict

from linli.kernel.errors import NotAllowed, NotFound
from linli.registry.people.models import Absence, Person, Post
from linli.registry.people.queries.chart import get_area_history, get_chart
from linli.registry.people.rules import NOBODY

DAY = timedelta(days=1)
PAGES = ("/desk/people/chart/", f"/desk/people/areas/{GRID[1]}/")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["grid_worker", "district_leader", "security_admin", "auditor"])
def test_colleagues_see_who_is_responsible(district: DemoDistrict, client: Client, page: str, role: str) -> None:
    assert district.login(client, role).get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_stranger_is_sent_to_sign_in(district: DemoDistrict, client: Client, page: str) -> None:
    assert client.get(page).status_code == 302


def test_other_district_is_not_there(district: DemoDistrict, client: Client) -> None:
    away = Person.objects.get(district_id="210105", posts__role="grid_worker")
    signed_in = district.login(client, "security_admin")
    pages = ["/desk/people/chart/?area=210105", "/desk/people/areas/21010500100601/"]

    answers = [signed_in.get(page) for page in pages]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert not any(str(away.id) in answer.content.decode() for answer in answers)
    with pytest.raises(NotFound):
        get_chart(viewer=district.viewer("auditor"), area_code="210105", on=TODAY)
    with pytest.raises(NotAllowed):
        get_chart(viewer=NOBODY, area_code=HOME, on=TODAY)


def test_chart_names_holders_and_says_what_is_vacant(district: DemoDistrict) -> None:
    chart = get_chart(viewer=district.viewer("grid_worker"), area_code=COMMUNITY[1], on=TODAY)

    assert {row.role for row in chart.top.posts} == {
        "community_steward", "community_clerk", "community_secretary", "property_manager"}  # fmt: skip
    assert chart.top.vacant == ()
    assert {row.area.code: ({post.role for post in row.posts}, row.vacant) for row in chart.below} == {
        GRID[1]: ({"grid_worker", "grid_head", "building_head", "concern_reporter"}, ()),
        VACANT_GRID: (set(), ("网格员",))}  # fmt: skip


def test_vacancy_is_said_in_words_on_the_page(district: DemoDistrict, client: Client) -> None:
    said = district.login(client, "grid_worker").get(f"/desk/people/chart/?area={COMMUNITY[1]}").content.decode()

    assert said.count("空岗</span>") == 1


@pytest.mark.parametrize("area", [HOME, COMMUNITY[1]])
def test_chart_takes_five_queries(district: DemoDistrict, area: str) -> None:
    viewer = district.viewer("grid_worker")
    with CaptureQueriesContext(connection) as asked:
        get_chart(viewer=viewer, area_code=area, on=TODAY)

    assert len(asked) == 5


def test_history_tells_who_it_was_on_a_day_and_who_stood_in(district: DemoDistrict) -> None:
    first, viewer = Post.objects.get(id=district.post_of("grid_worker")), district.viewer("auditor")
    clerk = Person.objects.get(id=district.viewer("community_clerk").person_id)
    Post.objects.filter(id=first.id).update(ends_on=TODAY - 10 * DAY)
    Post.objects.create(district_id=HOME, person=clerk, role_id="grid_worker", organisation_id=first.organisation_id,
                        area_id=first.area_id, starts_on=TODAY)  # fmt: skip
    Absence.objects.create(district_id=HOME, post=first, deputy=clerk, kind="leave", starts_on=TODAY - 20 * DAY,
                           ends_on=TODAY - 18 * DAY, made_at=timezone.now())  # fmt: skip

    def told(days: int) -> tuple[list[str], list[str], tuple[str, ...]]:
        on = TODAY - days * DAY
        found = get_area_history(viewer=viewer, area_code=GRID[1], on=on).on_day
        held = [row for row in found.posts if row.role == "grid_worker"]
        stands_in = [row.absence(on) for row in held]
        return [row.person_name for row in held], [each.deputy_name for each in stands_in if each], found.vacant

    assert [told(19), told(15), told(5), told(0)] == [
        ([first.person.name], [clerk.name], ()), ([first.person.name], [], ()), ([], [], ("网格员",)),
        ([clerk.name], [], ()),
    ]  # fmt: skip
    everybody = get_area_history(viewer=viewer, area_code=GRID[1], on=TODAY).all_posts
    assert sum(row.role == "grid_worker" for row in everybody) == 2
