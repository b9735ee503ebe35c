"""Recurring matters through the API: what is in sight, and one case of the cause."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.cases.test_alike import close
from tests.edges.api.calling import Calling, counting, statements

from linli.cases.choices import Source
from linli.cases.models import Case


def _recurring(calling: Calling, times: int = 3, *, community: int = 1) -> list[str]:
    now = timezone.now()
    return [
        str(calling.district.open_case_in("compound", community=community, at=now - timedelta(days=9 * n)).id)
        for n in range(times, 0, -1)
    ]


def test_matter_is_listed_and_told_from_first_to_last(calling: Calling) -> None:
    ids, clerk = _recurring(calling), calling.as_("community_clerk")

    found, one = clerk.get("/api/v1/recurring").json(), clerk.get(f"/api/v1/recurring/{ids[2]}").json()

    assert [(each["newest"]["id"], each["count"], each["open"]) for each in found["items"]] == [(ids[2], 3, 3)]
    assert (found["rule"], found["is_cut"]) == ({"days": 90, "metres": 60, "least": 3}, False)
    assert [each["case"]["id"] for each in one["times"]] == ids
    assert (one["root"], one["has_root"]) == (None, False)


def test_cause_gets_one_case_however_often_it_is_asked_for(calling: Calling) -> None:
    ids, clerk = _recurring(calling), calling.as_("community_clerk")

    def ask(case_id: str, text: str, key: str = "") -> dict[str, object]:
        headers = {"Idempotency-Key": key} if key else {}
        sent = clerk.post(f"/api/v1/recurring/{case_id}/root", {"text": text}, content_type="application/json",
                          headers=headers)  # fmt: skip
        assert sent.status_code == 200, sent.content
        return {**sent.json(), "replayed": sent.headers.get("Idempotency-Replayed")}

    first, again, other = ask(ids[2], "换掉老管道", "k"), ask(ids[2], "换掉老管道", "k"), ask(ids[0], "再来一次")

    root = Case.objects.get(source=Source.PREVENTION)
    assert [each["root"]["id"] for each in (first, again, other)] == [str(root.id)] * 3  # type: ignore[index]
    assert (first["replayed"], again["replayed"], root.text) == (None, "true", "换掉老管道")


def test_too_few_times_open_nothing(calling: Calling) -> None:
    ids, clerk = _recurring(calling, 2), calling.as_("community_clerk")
    refused = clerk.post(f"/api/v1/recurring/{ids[0]}/root", {"text": "查"}, content_type="application/json")

    assert (refused.status_code, refused.json()["code"]) == (422, "not_recurring")
    assert not Case.objects.filter(source=Source.PREVENTION).exists()


@pytest.mark.parametrize(("role", "community"), [
    ("community_clerk", 2), ("grid_worker", 2), ("subdistrict_dispatcher", 2), ("away-community_secretary", 1),
])  # fmt: skip
def test_matter_of_another_community_is_not_there(calling: Calling, role: str, community: int) -> None:
    ids, stranger = _recurring(calling), calling.as_(role, community=community)
    root = stranger.post(f"/api/v1/recurring/{ids[2]}/root", {"text": "查"}, content_type="application/json")

    assert stranger.get("/api/v1/recurring").json()["items"] == []
    assert (stranger.get(f"/api/v1/recurring/{ids[2]}").status_code, root.status_code) == (404, 404)
    assert not Case.objects.filter(source=Source.PREVENTION).exists()


def test_nobody_and_administrators_are_told_nothing(calling: Calling, nobody: Client) -> None:
    ids = _recurring(calling)
    paths = ("/api/v1/recurring", f"/api/v1/recurring/{ids[0]}")

    assert [nobody.get(path).status_code for path in paths] == [401, 401]
    assert [calling.as_("system_admin").get(path).status_code for path in paths] == [403, 404]


def test_list_asks_the_same_for_few_and_many(calling: Calling) -> None:
    _recurring(calling)
    dispatcher = calling.as_("district_dispatcher")
    dispatcher.get("/api/v1/recurring")
    with counting() as few:
        dispatcher.get("/api/v1/recurring")
    _recurring(calling, 5, community=2)
    with counting() as many:
        found = dispatcher.get("/api/v1/recurring").json()

    assert [each["count"] for each in found["items"]] == [5, 3]
    assert len(statements(few)) == len(statements(many)) <= 9


def test_closed_cases_like_one_are_told_with_what_was_done(calling: Calling) -> None:
    near = close(calling.district, "路灯灯罩掉了，晚上不亮", said="换了灯罩")
    asked = calling.district.open_case_in(text="路灯灯罩掉了", category="streetlight")
    (told,) = calling.as_("grid_worker").get(f"/api/v1/cases/{asked.id}/alike").json()["items"]

    assert (told["case"]["id"], told["what"], told["took_s"]) == (str(near.id), "换了灯罩", 3 * 3600)
    assert calling.as_("grid_worker", community=2).get(f"/api/v1/cases/{asked.id}/alike").status_code == 404
