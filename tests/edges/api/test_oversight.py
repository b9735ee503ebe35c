"""Time asked for, supervision and cards through the API: the same deeds and rights as on the desk's page."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from tests.edges.api.calling import Calling, counting, statements

from linli.cases.actions.supervising import NewCard, give_cards
from linli.cases.choices import CardColour, CardReason
from linli.cases.models import Card, Case, Supervision, TimeRequest

SECRET = "绝密水管三号院"


def _case(calling: Calling) -> str:
    case_id: str = calling.report(Client(), text=SECRET).json()["id"]
    return case_id


def _do(client: Client, case_id: str, path: str, *, version: int | None = None, key: str = "", **said: Any) -> Any:
    headers = {"If-Match": f'"{version}"'} if version else {}
    headers |= {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/v1/cases/{case_id}/{path}", said, content_type="application/json", headers=headers)


def _demand(
    calling: Calling, case_id: str, role: str = "subdistrict_secretary", community: int = 1, **more: Any
) -> Any:
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    said = {"reason": "overdue", "text": "三天内说明原因", "answer_by": day} | more
    return _do(calling.as_(role, community=community), case_id, "supervisions", **said)


def _card(calling: Calling, case_id: str) -> UUID:
    case = Case.objects.get(id=case_id)
    given = NewCard(case, calling.district.organisations["committee_1"], CardColour.RED, CardReason.OVERDUE, "once")
    give_cards([given], at=timezone.now())
    return Card.objects.get().id


def test_time_is_asked_for_once_and_granted(calling: Calling) -> None:
    case_id, worker, secretary = _case(calling), calling.as_("grid_worker"), calling.as_("community_secretary")
    said = {"kind": "extension", "reason": "waits_for_parts", "days": 3}
    asked = [_do(worker, case_id, "time-requests", version=1, key="a1", **said) for _ in range(2)]
    assert [each.status_code for each in asked] == [200, 200], asked[0].content
    assert (asked[1].headers["Idempotency-Replayed"], TimeRequest.objects.count()) == ("true", 1)
    (waiting,) = secretary.get("/api/v1/time-requests").json()["items"]
    assert (waiting["status"], waiting["days"], waiting["case_id"]) == ("asked", 3, case_id)

    path = f"time-requests/{waiting['id']}/decide"
    own = _do(worker, case_id, path, is_granted=True)
    silent = _do(secretary, case_id, path, is_granted=False)
    granted = _do(secretary, case_id, path, is_granted=True).json()

    assert (own.status_code, silent.status_code, silent.json()["field"]) == (403, 422, "note")
    assert granted["time_requests"][0]["status"] == "granted"
    assert granted["solution_due_at"] > asked[0].json()["solution_due_at"]
    decided = secretary.get("/api/v1/time-requests?box=decided").json()["items"]
    assert [each["id"] for each in decided] == [waiting["id"]]
    assert _do(secretary, case_id, path, is_granted=True).status_code == 409


def test_supervision_is_opened_answered_and_closed(calling: Calling) -> None:
    case_id, worker, leader = _case(calling), calling.as_("grid_worker"), calling.as_("subdistrict_secretary")
    opened = _demand(calling, case_id)
    (row,) = opened.json()["supervisions"]
    assert (opened.status_code, row["status"], opened.json()["may_supervise"]) == (200, "open", True)
    assert worker.get(f"/api/v1/cases/{case_id}/oversight").json()["answers_for"] == [row["organisation_id"]]

    answered = _do(worker, case_id, f"supervisions/{row['id']}/answer", text="今天就换").json()
    closed = _do(leader, case_id, f"supervisions/{row['id']}/end", is_done=True, text="已看过").json()

    assert [each["supervisions"][0]["status"] for each in (answered, closed)] == ["answered", "closed"]
    lists = [leader.get("/api/v1/supervisions", {"box": box}).json()["items"] for box in ("running", "over")]
    assert [[each["closing"] for each in rows] for rows in lists] == [[], ["已看过"]]


def test_card_is_objected_to_and_taken_back(calling: Calling) -> None:
    case_id, leader = _case(calling), calling.as_("subdistrict_secretary")
    card_id = _card(calling, case_id)
    appealed = _do(calling.as_("grid_worker"), case_id, f"cards/{card_id}/appeal", text="当天停电").json()
    before = leader.get("/api/v1/cards").json()
    ruled = _do(leader, case_id, f"cards/{card_id}/rule", is_taken_back=True, text="属实").json()

    assert [each["cards"][0]["status"] for each in (appealed, ruled)] == ["appealed", "taken_back"]
    assert [(each["organisation"], each["red"]) for each in before["counts"]] == [("西边社区居委会", 1)]
    after = leader.get("/api/v1/cards").json()
    assert ([each["ruling"] for each in after["items"]], after["counts"]) == (["属实"], [])


@pytest.mark.parametrize(("role", "community"), [
    ("subdistrict_secretary", 2), ("grid_worker", 2), ("community_clerk", 2), ("away-community_secretary", 1),
])  # fmt: skip
def test_who_does_not_see_the_case_sees_and_does_nothing(calling: Calling, role: str, community: int) -> None:
    case_id = _case(calling)
    _do(calling.as_("grid_worker"), case_id, "time-requests", version=1, kind="extension", reason="waits_for_parts",
        days=1)  # fmt: skip
    _demand(calling, case_id)
    ids = [TimeRequest.objects.get().id, Supervision.objects.get().id, _card(calling, case_id)]
    stranger = calling.as_(role, community=community)
    done = [
        _do(stranger, case_id, "time-requests", version=1, kind="extension", reason="waits_for_parts", days=1),
        _do(stranger, case_id, f"time-requests/{ids[0]}/decide", is_granted=True),
        _demand(calling, case_id, role, community),
        _do(stranger, case_id, f"supervisions/{ids[1]}/answer", text="我来答"),
        _do(stranger, case_id, f"supervisions/{ids[1]}/end", is_done=False, text="不用了"),
        _do(stranger, case_id, f"cards/{ids[2]}/appeal", text="不服"),
        _do(stranger, case_id, f"cards/{ids[2]}/rule", is_taken_back=True, text="撤"),
        stranger.get(f"/api/v1/cases/{case_id}/oversight"),
    ]
    assert [answer.status_code for answer in done] == [404] * len(done)
    for path in ("time-requests", "supervisions?box=running", "cards"):
        said = stranger.get(f"/api/v1/{path}")
        assert (said.status_code, SECRET in said.content.decode(), case_id in said.content.decode()) == (
            200, False, False,
        )  # fmt: skip


@pytest.mark.parametrize("role", ["grid_worker", "community_secretary", "building_head"])
def test_who_has_the_case_or_stands_below_may_not_supervise(calling: Calling, role: str) -> None:
    case_id = _case(calling)

    assert _demand(calling, case_id, role).status_code == 403
    _demand(calling, case_id)
    ended = f"supervisions/{Supervision.objects.get().id}/end"
    assert _do(calling.as_(role), case_id, ended, is_done=False, text="不用了").status_code == 403


def test_ids_of_another_case_are_not_found_below_this_one(calling: Calling) -> None:
    mine, other = _case(calling), _case(calling)
    _demand(calling, other)
    leader, row_id = calling.as_("subdistrict_secretary"), Supervision.objects.get().id

    assert _do(leader, mine, f"supervisions/{row_id}/end", is_done=False, text="不用了").status_code == 404
    assert Supervision.objects.get().state == "open"


def test_nobody_and_administrators_are_told_nothing(calling: Calling, nobody: Client) -> None:
    paths = ("time-requests", "supervisions", "cards", f"cases/{_case(calling)}/oversight")
    admin = calling.as_("system_admin")

    assert [nobody.get(f"/api/v1/{path}").status_code for path in paths] == [401] * 4
    assert [admin.get(f"/api/v1/{path}").status_code for path in paths] == [403, 403, 403, 404]


@pytest.mark.parametrize("path", ["supervisions", "cards", "time-requests"])
def test_lists_ask_the_same_for_few_and_many(calling: Calling, path: str) -> None:
    leader, worker = calling.as_("subdistrict_secretary"), calling.as_("grid_worker")

    def fill() -> None:
        case_id = _case(calling)
        _demand(calling, case_id)
        _do(worker, case_id, "time-requests", version=1, kind="extension", reason="waits_for_parts", days=1)

    fill()
    leader.get(f"/api/v1/{path}")
    with counting() as few:
        leader.get(f"/api/v1/{path}")
    fill()
    fill()
    with counting() as many:
        leader.get(f"/api/v1/{path}")

    assert len(statements(few)) == len(statements(many)) <= 6
