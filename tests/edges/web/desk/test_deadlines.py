"""The calendar of deadlines: under a secret address, with what one may see today and nothing of anybody."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.district import DemoDistrict

from linli.cases.actions.opening import Contact
from linli.registry.people.actions.tokens import make_token, revoke_token
from linli.registry.people.models import Post, Token
from linli.registry.people.queries import viewer_of_token
from linli.support.documents.calc.icalendar import Deadline, write_calendar

SECRET = "绝密水管"


def address(district: DemoDistrict, role: str, scope: str = "calendar") -> str:
    login_id = district.viewer(role).login_id
    assert login_id is not None
    made = make_token(login_id=login_id, name="手机日历", scope=scope, days=30, source_ip="", at=timezone.now())
    return f"/desk/deadlines/{made.text}.ics"


def test_calendar_tells_number_kind_and_time_of_what_waits(district: DemoDistrict, client: Client) -> None:
    case = district.open_case_in(text=SECRET, address="花园路1号", contact=Contact("王小明", "13912345678"),
                                 at=timezone.now())  # fmt: skip
    path = address(district, "grid_worker")

    answer = client.get(path)
    said = answer.content.decode()

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert (said.count("BEGIN:VEVENT"), f"UID:{case.id}@linli" in said.replace("\r\n ", "")) == (1, True)
    assert f"DTSTART:{case.due_at:%Y%m%dT%H%M%SZ}" in said
    assert case.number in said
    assert [word for word in (SECRET, "花园路", "王小明", "139") if word in said] == []
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_calendar_holds_what_its_owner_may_see_at_that_moment(district: DemoDistrict, client: Client) -> None:
    mine = district.open_case_in(community=1, at=timezone.now())
    other = district.open_case_in(community=2, at=timezone.now())
    path = address(district, "grid_worker")

    before = client.get(path).content.decode()
    Post.objects.filter(id=district.post_of("grid_worker")).update(ends_on=timezone.localdate() - timedelta(days=1))
    after = client.get(path)

    assert (mine.number in before, other.number in before, after.status_code) == (True, False, 404)


def test_revoked_address_and_keys_of_other_scopes_open_nothing(district: DemoDistrict, client: Client) -> None:
    district.open_case_in(at=timezone.now())
    path, key = address(district, "grid_worker"), address(district, "grid_worker", "read")
    token = Token.objects.get(scope="calendar")
    secret = path.removeprefix("/desk/deadlines/").removesuffix(".ics")
    by_api = client.get("/api/v1/cases", headers={"Authorization": f"Bearer {secret}"})
    anywhere = viewer_of_token(token=secret, at=timezone.now(), on=timezone.localdate())

    assert (client.get(key).status_code, by_api.status_code, anywhere) == (404, 401, None)
    revoke_token(login_id=token.login_id, token_id=token.id, source_ip="", at=timezone.now())
    assert client.get(path).status_code == 404


def test_address_is_shown_once(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "grid_worker")

    made = signed_in.post("/desk/tokens/", {"name": "日历", "scope": "calendar", "days": "30"}).content.decode()

    later = signed_in.get("/desk/tokens/").content.decode()
    assert ("/desk/deadlines/linli_" in made, "/desk/deadlines/" in later) == (True, False)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_rows(
    district: DemoDistrict, client: Client, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        district.open_case_in(at=timezone.now())
    path = address(district, "grid_worker")
    client.get(path)

    with django_assert_num_queries(QUERIES):
        client.get(path)


QUERIES = 3


def test_lines_are_folded_and_marks_escaped() -> None:
    now = timezone.now()
    deadline = Deadline("u", now, "长" * 60 + ";,\\\n", "https://x.example", 1, now)

    text = write_calendar("名", [deadline])

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert "SUMMARY:" + "长" * 60 + "\\;\\,\\\\\\n" in unfolded
