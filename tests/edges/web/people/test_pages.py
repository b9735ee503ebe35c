"""The pages of people and posts: what the security administrator does there, and that nobody else gets in."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.district import HOME, VACANT_GRID, DemoDistrict

from linli.cases.models import Case
from linli.registry.people.models import Absence, Login, Person, Post

PAGES = ("/desk/people/", "/desk/people/vacancies/", "/desk/people/new/", "/desk/posts/new/")


@pytest.fixture
def admin(district: DemoDistrict, client: Client) -> Client:
    return district.login(client, "security_admin")


def person_of(district: DemoDistrict, role: str) -> Any:
    return district.viewer(role).person_id


@pytest.mark.parametrize("page", PAGES)
def test_pages_open_for_the_security_administrator(admin: Client, page: str) -> None:
    assert admin.get(page).status_code == 200


@pytest.mark.parametrize("role", ["community_secretary", "system_admin", "auditor", "district_leader"])
def test_pages_are_shut_for_others(district: DemoDistrict, client: Client, role: str) -> None:
    signed_in = district.login(client, role)
    one = f"/desk/people/{person_of(district, 'grid_worker')}/"
    pages = [*PAGES, one, f"/desk/posts/{district.post_of('grid_worker')}/end/"]
    held = Login.objects.get(username="grid_worker-1")

    assert [signed_in.get(page).status_code for page in pages] == [403] * len(pages)
    assert signed_in.post(f"{one}login/", {"do": "reset"}).status_code == 403
    assert Login.objects.get(username="grid_worker-1").password == held.password
    assert 'href="/desk/people/"' not in signed_in.get("/desk/").content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_stranger_is_sent_to_sign_in(district: DemoDistrict, client: Client, page: str) -> None:
    assert client.get(page).status_code == 302


def test_other_district_is_not_there(district: DemoDistrict, admin: Client) -> None:
    away = Person.objects.get(district_id="210105", posts__role="grid_worker")
    post = Post.objects.get(person=away)

    answers = [admin.get(f"/desk/people/{away.id}/"), admin.get(f"/desk/posts/{post.id}/end/"),
               admin.post(f"/desk/people/{away.id}/login/", {"do": "lock"})]  # fmt: skip

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert str(away.id) not in admin.get("/desk/people/").content.decode()


@pytest.mark.parametrize("page", ["/desk/people/", "/desk/people/vacancies/"])
def test_lists_ask_the_same_however_long(district: DemoDistrict, admin: Client, page: str) -> None:
    admin.get(page)
    with CaptureQueriesContext(connection) as asked:
        admin.get(page)
    before = len(asked)
    Post.objects.filter(role_id="grid_worker").update(ends_on=timezone.localdate())
    for number in range(20):
        Person.objects.create(district_id=HOME, code=f"X{number}", name=f"测试·{number}")
    with CaptureQueriesContext(connection) as asked:
        admin.get(page)

    assert len(asked) == before <= 2 + 2 + 2 + 6


def test_somebody_is_written_down_and_fills_a_vacancy(district: DemoDistrict, admin: Client) -> None:
    assert VACANT_GRID in admin.get("/desk/people/vacancies/").content.decode()
    sent = admin.post("/desk/people/new/", {"name": "测试·新来", "code": "W-7", "phone": ""})
    person = Person.objects.get(code="W-7")
    form = {"person": str(person.id), "role": "grid_worker", "area": "西边第二网格", "organisation": "西边社区居委会",
            "starts_on": timezone.localdate().isoformat(), "ends_on": ""}  # fmt: skip

    given = admin.post("/desk/posts/new/", form)

    assert (sent.status_code, sent.headers["Location"]) == (302, f"/desk/posts/new/?person={person.id}")
    assert (given.status_code, given.headers["Location"]) == (302, f"/desk/people/{person.id}/")
    assert list(person.posts.values_list("role_id", "area__code", "organisation__code")) == [
        ("grid_worker", VACANT_GRID, "committee_1")]  # fmt: skip
    assert VACANT_GRID not in admin.get("/desk/people/vacancies/").content.decode()


def test_name_that_can_mean_several_is_asked_again_and_keeps_what_was_typed(
    district: DemoDistrict, admin: Client
) -> None:
    form = {"person": str(person_of(district, "grid_worker")), "role": "grid_worker", "area": "网格",
            "organisation": "没有这家", "starts_on": "2026-12-01"}  # fmt: skip

    page = admin.post("/desk/posts/new/", form)
    said = page.content.decode()

    assert page.status_code == 422
    assert re.findall(r'name="area_is" value="(\d+)"', said) == ["21010600300601", "21010600300602", "21010600700101"]
    assert all(f'value="{typed}"' in said for typed in ("网格", "没有这家", "2026-12-01"))
    chosen = form | {"area_of": "网格", "area_is": VACANT_GRID, "organisation": "西边社区居委会"}
    assert admin.post("/desk/posts/new/", chosen).status_code == 302
    stale = form | {"area_of": "别的", "area_is": VACANT_GRID, "organisation": "西边社区居委会"}
    assert admin.post("/desk/posts/new/", stale).status_code == 422


def test_last_day_is_set_on_its_page(district: DemoDistrict, admin: Client) -> None:
    post = district.post_of("grid_worker")
    today = timezone.localdate()

    wrong = admin.post(f"/desk/posts/{post}/end/", {"ends_on": "2020-01-01"})
    answer = admin.post(f"/desk/posts/{post}/end/", {"ends_on": today.isoformat()})

    assert (wrong.status_code, answer.status_code) == (422, 302)
    assert Post.objects.get(id=post).ends_on == today


def test_code_is_shown_once(district: DemoDistrict, admin: Client) -> None:
    url = f"/desk/people/{person_of(district, 'grid_worker')}/"

    answer = admin.post(f"{url}login/", {"do": "reset"})

    code = re.findall(r"data-one-time-code>([^<]+)<", answer.content.decode())
    assert (answer.status_code, len(code), "no-store" in answer.headers["Cache-Control"]) == (200, 1, True)
    assert code[0] not in admin.get(url).content.decode()


@pytest.mark.parametrize(
    ("do", "status"), [("lock", 302), ("unlock", 302), ("sessions", 302), ("burn", 422), ("make", 409)]
)
def test_account_is_changed_on_the_persons_page(district: DemoDistrict, admin: Client, do: str, status: int) -> None:
    answer = admin.post(f"/desk/people/{person_of(district, 'grid_worker')}/login/", {"do": do, "username": "x"})

    assert (answer.status_code, Login.objects.get(username="grid_worker-1").is_active) == (status, do != "lock")


def test_ones_own_page_offers_no_change(district: DemoDistrict, admin: Client) -> None:
    said = admin.get(f"/desk/people/{person_of(district, 'security_admin')}/").content.decode()

    assert 'name="do"' not in said
    assert f"/desk/posts/{district.post_of('security_admin')}/end/" not in said


def test_somebody_names_a_deputy_for_themselves_and_is_back_early(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "community_secretary")
    me, post = person_of(district, "community_secretary"), district.post_of("community_secretary")
    clerk = district.viewer("community_clerk").name
    today = timezone.localdate().isoformat()
    form = {"posts": str(post), "deputy": clerk, "kind": "leave", "starts_on": today, "ends_on": today}

    wrong = signed_in.post(f"/desk/people/{me}/absence/", form | {"ends_on": "2020-01-01"})
    named = signed_in.post(f"/desk/people/{me}/absence/", form)
    page = signed_in.get("/desk/account/").content.decode()
    absence = Absence.objects.get(post_id=post)
    back = signed_in.post(f"/desk/absences/{absence.id}/end/")

    assert (wrong.status_code, f'value="{clerk}"' in wrong.content.decode()) == (422, True)
    assert (named.status_code, named.headers["Location"]) == (302, "/desk/account/")
    assert clerk in page
    assert (back.status_code, back.headers["Location"]) == (302, "/desk/account/")
    assert Absence.objects.get(id=absence.id).called_off_at is not None


def test_deputy_is_told_for_whom(district: DemoDistrict, client: Client) -> None:
    post = Post.objects.get(id=district.post_of("community_secretary"))
    today = timezone.localdate()
    Absence.objects.create(district_id=HOME, post=post, deputy_id=person_of(district, "community_clerk"), kind="leave",
                           starts_on=today, ends_on=today, made_at=timezone.now())  # fmt: skip
    signed_in = district.login(client, "community_clerk")

    holder = district.viewer("community_secretary").name
    assert holder in signed_in.get("/desk/account/").content.decode()
    assert holder in signed_in.get("/desk/").content.decode()


def test_somebody_elses_deputy_is_not_named_by_colleagues(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "community_clerk")
    url = f"/desk/people/{person_of(district, 'community_secretary')}/absence/"

    assert (signed_in.get(url).status_code, signed_in.post(url, {"deputy": "演示"}).status_code) == (403, 403)


def test_page_for_an_absence_of_others_opens_for_who_manages_posts(district: DemoDistrict, admin: Client) -> None:
    assert admin.get(f"/desk/people/{person_of(district, 'grid_worker')}/absence/").status_code == 200


def test_whoever_leaves_hands_over_in_one_step(district: DemoDistrict, admin: Client) -> None:
    """The last day leads on to handing over, with colleagues of the area offered."""
    cases = [district.open_case_in("compound", at=timezone.now()) for _ in range(2)]
    post, person = district.post_of("grid_worker"), person_of(district, "grid_worker")
    to = district.post_of("grid_head")
    ended = admin.post(f"/desk/posts/{post}/end/", {"ends_on": timezone.localdate().isoformat()})
    page = admin.get(ended.headers["Location"]).content.decode()
    unsaid = admin.post(f"/desk/people/{person}/hand-over/", {"posts": str(post), "to": ""})

    form = {"posts": str(post), "to": "", "to_of": "", "to_is": str(to)}
    done = admin.post(f"/desk/people/{person}/hand-over/", form, follow=True)

    assert (ended.status_code, ended.headers["Location"]) == (302, f"/desk/people/{person}/hand-over/")
    assert (f'value="{to}"' in page, cases[0].title in page, unsaid.status_code) == (True, False, 422)
    assert done.redirect_chain[-1] == (f"/desk/people/{person}/", 302)
    assert set(Case.objects.values_list("post_id", flat=True)) == {to}


def test_page_of_handing_over_is_shut_for_others(district: DemoDistrict, client: Client) -> None:
    url = f"/desk/people/{person_of(district, 'grid_worker')}/hand-over/"

    assert district.login(client, "district_dispatcher").get(url).status_code == 403
