"""Visits through the API: campaigns that concern the caller, targets of their areas, a visit once."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.edges.api.calling import Calling, counting, statements
from tests.factories.district import COMMUNITY, GRID

from linli.cases.choices import Source
from linli.cases.models import Case
from linli.ledger.facts.models import Fact
from linli.programmes.visits.actions.planning import NewCampaign, NewSet, plan_campaign
from linli.programmes.visits.models import Campaign, Target, Visit
from linli.registry.territory.models import Building

BUILDING = "花园小区12号楼"
SETS = (
    NewSet("居民户", "doors", cycle_days=30, goal_percent=80),
    NewSet("居委会", "organisations", kinds=("residents_committee",), roles=("community_secretary",)),
)


@pytest.fixture
def campaign(calling: Calling) -> str:
    now = timezone.now()
    today = timezone.localdate(now)
    told = NewCampaign(name="入户走访", purpose="", area_code=COMMUNITY[1], begins_on=today - timedelta(days=3),
                       ends_on=today + timedelta(days=30), sets=SETS)  # fmt: skip
    return str(plan_campaign(told=told, by=calling.district.viewer("community_secretary"), at=now))


def _write(client: Client, target: str = BUILDING, **said: Any) -> Any:
    body = {"id": str(uuid.uuid4()), "done_at": timezone.now().isoformat(), "door": "3单元201"} | said
    path = f"/api/v1/visits/targets/{Target.objects.get(name=target).id}/visits"
    return client.post(path, body, content_type="application/json")


def _targets(client: Client, campaign: str, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/api/v1/visits/campaigns/{campaign}/targets", query).json()["items"]
    return found


def test_worker_finds_the_campaign_and_the_doors_of_their_own_grid(calling: Calling, campaign: str) -> None:
    worker = calling.as_("grid_worker")
    (row,) = worker.get("/api/v1/visits/campaigns").json()["items"]

    assert (row["id"], row["name"], row["is_running"], row["area"]["code"]) == (
        campaign, "入户走访", True, COMMUNITY[1],
    )  # fmt: skip
    assert [(each["name"], each["goal_percent"]) for each in row["sets"]] == [("居民户", 80), ("居委会", 100)]
    (target,) = _targets(worker, campaign)
    assert (target["name"], target["doors"], target["visited"], target["may_visit"], target["area"]["code"]) == (
        BUILDING, 50, 0, True, GRID[1],
    )  # fmt: skip
    secretary = calling.as_("community_secretary")
    assert [each["name"] for each in _targets(secretary, campaign, area=GRID[1])] == [BUILDING]
    assert len(_targets(secretary, campaign)) == 3


def test_visit_sent_twice_is_one_and_its_note_one_case(calling: Calling, campaign: str) -> None:
    worker = calling.as_("grid_worker")
    said = {
        "id": str(uuid.uuid4()),
        "done_at": timezone.now().isoformat(),
        "note": "楼道灯坏了两盏",
        "makes_case": True,
    }
    first, again = _write(worker, **said), _write(worker, **said)
    other = _write(worker, **said | {"note": "别的"})

    assert (first.status_code, first.json(), again.headers["Idempotency-Replayed"], other.status_code) == (
        200, again.json(), "true", 409,
    )  # fmt: skip
    assert Case.objects.get(source=Source.VISIT).id == uuid.UUID(first.json()["case_id"])
    assert (Visit.objects.count(), _targets(worker, campaign)[0]["visited"]) == (1, 1)


@pytest.mark.parametrize(("said", "status"), [
    ({"door": ""}, 422), ({"note": "长" * 501}, 422), ({"done_at": "2026-11-18T10:00:00"}, 422),
    ({"done_at": "0001-01-01T00:00:00+14:00"}, 422), ({"done_at": "2001-01-01T00:00:00Z"}, 409),
    ({"done_at": "2100-01-01T00:00:00Z"}, 200), ({"id": "x"}, 422),
])  # fmt: skip
def test_what_cannot_be_a_visit_is_refused(calling: Calling, campaign: str, said: dict[str, str], status: int) -> None:
    answer = _write(calling.as_("grid_worker"), **said)

    assert (answer.status_code, Visit.objects.count()) == (status, status == 200)
    assert not Visit.objects.filter(done_at__gt=timezone.now()).exists()


@pytest.mark.parametrize(("role", "community"), [
    ("grid_worker", 2), ("community_secretary", 2), ("subdistrict_dispatcher", 2), ("away-community_secretary", 1),
])  # fmt: skip
def test_other_communities_find_nothing_and_write_nothing(
    calling: Calling, campaign: str, role: str, community: int
) -> None:
    stranger = calling.as_(role, community=community)

    assert stranger.get("/api/v1/visits/campaigns").json()["items"] == []
    assert stranger.get(f"/api/v1/visits/campaigns/{campaign}/targets").status_code == 404
    assert _write(stranger).status_code == 404
    assert Visit.objects.count() == 0


def test_those_who_do_not_visit_there_are_refused(calling: Calling, campaign: str) -> None:
    refused = _write(calling.as_("grid_worker"), "西边社区居委会", door="")

    assert (refused.status_code, Visit.objects.count()) == (404, 0)  # the committee lies beyond the grid
    reader = calling.as_("community_secretary", scope="read")
    assert (_write(reader).status_code, Visit.objects.count()) == (403, 0)


def test_nobody_is_told_nothing(calling: Calling, campaign: str, nobody: Client) -> None:
    paths = ("/api/v1/visits/campaigns", f"/api/v1/visits/campaigns/{campaign}/targets")

    assert [nobody.get(path).status_code for path in paths] == [401, 401]
    assert _write(nobody).status_code == 401


def test_targets_ask_the_same_for_few_and_many(calling: Calling, campaign: str) -> None:
    worker, secretary = calling.as_("grid_worker"), calling.as_("community_secretary")
    counts = []
    for client in (worker, secretary):
        client.get(f"/api/v1/visits/campaigns/{campaign}/targets")
        with counting() as asked:
            client.get(f"/api/v1/visits/campaigns/{campaign}/targets")
        counts.append(len(statements(asked)))

    assert counts[0] == counts[1] <= 8


def test_totals_are_told_by_grid_within_reach_and_above(calling: Calling, campaign: str) -> None:
    _write(calling.as_("grid_worker"), note="门禁坏了", makes_case=True)
    path = f"/api/v1/visits/campaigns/{campaign}/totals"
    rows = {row["area"]["code"]: row for row in calling.as_("community_secretary").get(path).json()["items"]}
    own = {row["area"]["code"] for row in calling.as_("grid_worker").get(path).json()["items"]}

    doors = rows[COMMUNITY[1]]["covered"][0]
    assert (doors["doors"], doors["visited"], doors["percent"], rows[GRID[1]]["findings"]) == (100, 1, 1, 1)
    assert own == {COMMUNITY[1], GRID[1]}
    assert calling.as_("community_secretary", community=2).get(path).status_code == 404


def _plan(client: Client, *, key: str = "", **said: Any) -> Any:
    today = timezone.localdate()
    body = {
        "name": "冬季走访", "area": COMMUNITY[1], "begins_on": str(today), "ends_on": str(today + timedelta(days=30)),
        "sets": [{"name": "居民户", "kind": "doors", "goal_percent": 80},
                 {"name": "居委会", "kind": "organisations", "kinds": ["residents_committee"],
                  "roles": ["community_secretary"]}],
    } | said  # fmt: skip
    headers = {"Idempotency-Key": key} if key else {}
    return client.post("/api/v1/visits/campaigns", body, content_type="application/json", headers=headers)


def _post(client: Client, path: str, key: str = "", **said: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/v1/visits/campaigns/{path}", said, content_type="application/json", headers=headers)


def test_campaign_is_planned_once_by_its_key(calling: Calling) -> None:
    secretary = calling.as_("community_secretary")
    first, again, other = (_plan(secretary, key="w", **said) for said in ({}, {}, {"name": "别的"}))
    row = first.json()

    assert (first.status_code, again.json()["id"], again.headers["Idempotency-Replayed"], other.status_code) == (
        200, row["id"], "true", 409,
    )  # fmt: skip
    assert (row["name"], row["is_running"], row["may_change"], row["area"]["code"]) == (
        "冬季走访", True, True, COMMUNITY[1],
    )  # fmt: skip
    assert [(each["kind"], each["kinds"], each["roles"]) for each in row["sets"]] == [
        ("doors", [], []), ("organisations", ["residents_committee"], ["community_secretary"]),
    ]  # fmt: skip
    assert (Campaign.objects.count(), len(_targets(secretary, row["id"]))) == (1, 3)
    assert Fact.objects.filter(kind="visits.planned").count() == 1


@pytest.mark.parametrize(("said", "status"), [
    ({"name": " "}, 422), ({"name": "长" * 61}, 422), ({"sets": []}, 422), ({"area": "999999"}, 404),
    ({"area": "210105001006"}, 422), ({"ends_on": "2020-01-01"}, 422), ({"begins_on": "soon"}, 422),
    ({"sets": [{"name": "户", "kind": "persons"}]}, 422), ({"sets": [{"name": "户", "kind": "organisations"}]}, 422),
    ({"sets": [{"name": "户", "kind": "doors", "roles": ["king"]}]}, 422), ({"area": COMMUNITY[2]}, 403),
    ({"sets": [{"name": "户", "kind": "doors", "goal_percent": 101}]}, 422),
])  # fmt: skip
def test_what_can_not_be_planned_leaves_nothing(calling: Calling, said: dict[str, Any], status: int) -> None:
    answer = _plan(calling.as_("community_secretary"), **said)

    assert (answer.status_code, Campaign.objects.count()) == (status, 0), answer.content.decode()


def test_set_is_changed_and_drawn_again_once(calling: Calling, campaign: str) -> None:
    secretary = calling.as_("community_secretary")
    first = secretary.get("/api/v1/visits/campaigns").json()["items"][0]["sets"][0]["id"]
    told = {"name": "全部住户", "goal_percent": 90, "roles": ["grid_worker"]}
    changed, again = (_post(secretary, f"{campaign}/sets/{first}/change", "c", **told) for _ in range(2))
    Building.objects.filter(code=Target.objects.get(name=BUILDING).code).update(households=60)
    drawn = _post(secretary, f"{campaign}/sets/{first}/draw", why="按新登记")

    assert (changed.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    row = changed.json()["sets"][0]
    assert (row["name"], row["goal_percent"], row["roles"]) == ("全部住户", 90, ["grid_worker"])
    assert drawn.json() == {"added": 0, "changed": 1, "taken_out": 0}
    assert Fact.objects.filter(kind="visits.set_changed").count() == 1
    assert _post(secretary, f"{campaign}/sets/{uuid.uuid4()}/draw", why="x").status_code == 404


def test_targets_go_and_come_one_by_one(calling: Calling, campaign: str) -> None:
    secretary, target = calling.as_("community_secretary"), Target.objects.get(name=BUILDING).id
    out = _post(secretary, f"{campaign}/targets/{target}/take-out", why="整栋搬空了").json()
    left = {row["name"] for row in _targets(secretary, campaign)}
    both = {row["name"]: row["why"] for row in _targets(secretary, campaign, with_out="true")}
    back = _post(secretary, f"{campaign}/targets/{target}/put-back", why="又有人住了").json()

    assert (out["is_out"], out["why"], out["may_visit"], BUILDING in left) == (True, "整栋搬空了", False, False)
    assert (both[BUILDING], back["is_out"], back["why"]) == ("整栋搬空了", False, "又有人住了")
    assert _post(secretary, f"{campaign}/targets/{target}/take-out", why=" ").status_code == 422


def test_campaign_is_ended_and_changes_no_more(calling: Calling, campaign: str) -> None:
    secretary, target = calling.as_("community_secretary"), Target.objects.get(name=BUILDING).id
    ended, again = (_post(secretary, f"{campaign}/end") for _ in range(2))

    assert (ended.json()["is_running"], again.status_code) == (False, 200)
    assert Fact.objects.filter(kind="visits.ended").count() == 1
    assert _post(secretary, f"{campaign}/targets/{target}/take-out", why="晚了").status_code == 409


@pytest.mark.parametrize(("role", "community", "status"), [
    ("grid_worker", 1, 403), ("community_secretary", 2, 404), ("grid_worker", 2, 404),
    ("away-community_secretary", 1, 404), ("auditor", 1, 404),
])  # fmt: skip
def test_only_who_plans_there_changes_anything(
    calling: Calling, campaign: str, role: str, community: int, status: int
) -> None:
    client, target = calling.as_(role, community=community), Target.objects.get(name=BUILDING)
    paths = {
        f"{campaign}/end": {}, f"{campaign}/sets/{target.target_set_id}/draw": {"why": "x"},
        f"{campaign}/sets/{target.target_set_id}/change": {"name": "x", "goal_percent": 1},
        f"{campaign}/targets/{target.id}/take-out": {"why": "x"},
        f"{campaign}/targets/{target.id}/put-back": {"why": "x"},
    }  # fmt: skip
    facts = Fact.objects.count()

    assert {path: _post(client, path, **said).status_code for path, said in paths.items()} == dict.fromkeys(
        paths, status
    )
    assert _plan(client).status_code in {403, 422}
    reader = calling.as_("community_secretary", scope="read")
    assert (_plan(reader).status_code, _post(reader, f"{campaign}/end").status_code) == (403, 403)
    assert (Fact.objects.count(), Campaign.objects.count()) == (facts, 1)


def test_planning_asks_the_same_for_one_and_three_sets(calling: Calling) -> None:
    secretary, asked = calling.as_("community_secretary"), []
    one = {"name": "居民户", "kind": "doors"}
    _plan(secretary, sets=[one])
    for sets in ([one], [one] * 3):
        with counting() as caught:
            assert _plan(secretary, sets=sets).status_code == 200
        asked.append(len(statements(caught)))

    assert asked[1] - asked[0] <= 2 * 4
    assert asked[0] <= 20
