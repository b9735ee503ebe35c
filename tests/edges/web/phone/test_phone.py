"""What a phone is given, what it sends, and that it comes to the same however often and in whatever order."""

import hashlib
import io
import json
import os
import random
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.edges.api.calling import photo
from tests.factories.district import COMMUNITY, GRID, DemoDistrict

from linli.cases.choices import Source
from linli.cases.models import Case, CaseFile, CaseStep
from linli.cases.queries.lists import inbox_counts
from linli.ledger.commands.models import Command
from linli.programmes.visits.actions.planning import NewCampaign, NewSet, plan_campaign
from linli.programmes.visits.models import Target, Visit

_STEPS = ("accept", "handle", "report-back")
_SEEN = {"accept": "reported", "handle": "accepted", "report-back": "handling"}


def deed(n: int, kind: str, **fields: str) -> dict[str, str]:
    """Write a deed down as a phone does; n makes its key."""
    done_at = (timezone.now() - timedelta(minutes=5)).isoformat()
    return {"key": str(UUID(int=n)), "kind": kind, "done_at": done_at} | fields


def step(n: int, case: Case, action: str, *, after: int = 0, note: str = "看过了") -> dict[str, str]:
    seen, before = _SEEN.get(action, ""), str(UUID(int=after)) if after else ""
    return deed(n, "step", case=str(case.id), action=action, state=seen, note=note, after=before)


def send(client: Client, told: dict[str, str], **photos: Any) -> Any:
    return client.post("/phone/deeds/", told | photos)


@pytest.fixture
def worker(district: DemoDistrict) -> Client:
    return district.login(Client(), "grid_worker")


@pytest.mark.usefixtures("district")
def test_whoever_is_not_signed_in_is_told_so_by_status(client: Client) -> None:
    answers = [client.get("/phone/pocket.json"), send(client, deed(1, "report", text="灯坏了"))]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert client.get("/phone/").headers["Location"] == "/desk/login/?next=%2Fphone%2F"


def test_page_is_the_same_for_everybody(district: DemoDistrict, worker: Client) -> None:
    other = district.login(Client(), "concern_reporter", community=2)
    page = worker.get("/phone/").content.decode()
    assert (page, "csrf" in page) == (other.get("/phone/").content.decode(), False)


def test_phone_keeps_the_own_grid_and_nothing_of_reporters_or_doors(district: DemoDistrict, worker: Client) -> None:
    mine = district.open_case_in("compound", address="花园小区12号楼3单元301")
    district.open_case_in("vacant", text="隔壁网格的事")
    district.open_case_in("compound", community=2, text="别的社区的事")
    told = worker.get("/phone/pocket.json").json()
    assert [each["number"] for each in told["cases"]] == [mine.number]
    assert [grid["code"] for grid in told["grids"]] == [GRID[1]]
    assert {each["name"] for each in told["buildings"]} == {"花园小区12号楼"}
    assert "301" not in json.dumps(told, ensure_ascii=False)
    assert told["cases"][0]["actions"] == ["accept", "handle", "note"]
    assert told["keep_h"] == 72


def test_leaders_phone_keeps_no_grid_but_what_is_in_hand(district: DemoDistrict) -> None:
    district.open_case_in("compound")
    told = district.login(Client(), "district_dispatcher").get("/phone/pocket.json").json()
    assert (told["grids"], told["buildings"], told["cases"]) == ([], [], [])


def test_concern_reporter_sees_what_they_reported_and_no_more(district: DemoDistrict) -> None:
    phone = district.login(Client(), "concern_reporter")
    district.open_case_in("compound", text="别人报的")
    sent = send(phone, deed(1, "report", text="井盖松动", area=GRID[1])).json()
    told = phone.get("/phone/pocket.json").json()
    assert [(each["id"], each["actions"], each["is_mine"]) for each in told["cases"]] == [(sent["case"], [], False)]
    assert phone.get("/desk/").headers["Location"] == "/phone/"


def test_report_is_in_the_inbox_of_the_worker_of_the_grid_at_once(district: DemoDistrict) -> None:
    viewer, at = district.viewer("grid_worker"), timezone.now()
    before = inbox_counts(viewer=viewer, at=at).todo
    sent = send(district.login(Client(), "concern_reporter"), deed(1, "report", text="楼道堆了旧家具", area=GRID[1]))
    case = Case.objects.get(id=sent.json()["case"])
    assert inbox_counts(viewer=viewer, at=at).todo == before + 1
    assert (case.post_id, case.source) == (district.post_of("grid_worker"), Source.PHONE)


def test_photo_and_kind_are_enough_and_twice_is_once(worker: Client) -> None:
    told = deed(1, "report", category="streetlight", area=GRID[1])
    first = send(worker, told, photos=photo()).json()
    again = send(worker, told, photos=photo()).json()
    assert (first["is_new"], again) == (True, first | {"is_new": False})
    case = Case.objects.get(id=first["case"])
    assert (case.text, CaseFile.objects.filter(case_id=case.id).count()) == ("路灯不亮", 1)


def test_key_used_for_something_else_is_refused(worker: Client) -> None:
    send(worker, deed(1, "report", text="灯坏了", area=GRID[1]))
    answer = send(worker, deed(1, "report", text="别的事", area=GRID[1]))
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")


def test_steps_of_one_case_wait_for_each_other(district: DemoDistrict, worker: Client) -> None:
    case = district.open_case_in("compound")
    early = send(worker, step(2, case, "handle", after=1))
    assert (early.status_code, early.json()["code"]) == (409, "deed_too_early")
    for told in (step(1, case, "accept"), step(2, case, "handle", after=1), step(3, case, "report-back", after=2)):
        assert send(worker, told).json()["is_new"] is True
    case.refresh_from_db()
    assert case.state == "reported_back"


def test_history_says_when_it_was_done_and_clocks_go_by_when_it_came(district: DemoDistrict, worker: Client) -> None:
    case = district.open_case_in("compound")
    told = step(1, case, "accept") | {"done_at": "2020-01-01T08:00:00+08:00"}
    send(worker, told)
    taken = CaseStep.objects.get(case_id=case.id, action="accept")
    assert taken.data["done_at"].startswith("2020-01-01T08:00")
    assert timezone.now() - taken.at < timedelta(minutes=1)
    assert "手机上" in worker.get(f"/desk/cases/{case.id}/").content.decode()


def test_case_that_moved_on_is_a_conflict_and_nothing_is_written(district: DemoDistrict, worker: Client) -> None:
    case = district.open_case_in("compound")
    district.take(case, "handle", by=district.actor("community_steward"))  # type: ignore[arg-type]
    answer = send(worker, step(1, case, "accept"))
    assert (answer.status_code, answer.json()["code"]) == (412, "case_moved_on")
    assert "办理中" in answer.json()["words"]
    assert not Command.objects.filter(key=str(UUID(int=1))).exists()
    assert send(worker, step(1, case, "note", note="我也看过")).json()["is_new"] is True


def test_nobody_steps_on_a_case_out_of_reach(district: DemoDistrict) -> None:
    case = district.open_case_in("compound")
    answers = [
        send(district.login(Client(), role, community=n), step(1, case, "accept")).status_code
        for role, n in (("grid_worker", 2), ("concern_reporter", 1), ("building_head", 1))
    ]
    assert answers == [404, 404, 403]


@pytest.mark.parametrize("told", [
    {"kind": "delete"}, {"key": "x"}, {"done_at": "yesterday"}, {"done_at": "0001-01-01T00:00:00+14:00"},
    {"action": "close"},
])  # fmt: skip
def test_what_is_no_deed_is_refused(district: DemoDistrict, worker: Client, told: dict[str, str]) -> None:
    answer = send(worker, step(1, district.open_case_in("compound"), "accept") | told)
    assert (answer.status_code, answer.json()["code"]) == (422, "no_such_deed")


def test_a_photo_that_is_none_is_told_and_nothing_is_kept(worker: Client) -> None:
    broken = io.BytesIO(b"no picture")
    broken.name = "1.jpg"
    answer = send(worker, deed(1, "report", text="灯坏了", area=GRID[1]), photos=broken)
    assert (answer.status_code, Case.objects.filter(source=Source.PHONE).count()) == (422, 0)


def test_phone_is_told_the_same_questions_for_one_and_thirty_cases(district: DemoDistrict, worker: Client) -> None:
    district.open_case_in("compound")
    worker.get("/phone/pocket.json")
    with CaptureQueriesContext(connection) as one:
        worker.get("/phone/pocket.json")
    for n in range(29):
        district.open_case_in("compound", text=f"第{n}件事")
    with CaptureQueriesContext(connection) as thirty:
        told = worker.get("/phone/pocket.json").json()
    assert (len(told["cases"]), len(one)) == (30, len(thirty))
    assert len(thirty) <= 2 + 8


@pytest.fixture
def target(district: DemoDistrict) -> Target:
    """Plan visits and give the building of the worker's own grid."""
    now = timezone.now()
    day = timezone.localdate(now)
    told = NewCampaign("走访", "", COMMUNITY[1], day - timedelta(days=9), day, (NewSet("居民户", "doors"),))
    plan_campaign(told=told, by=district.viewer("community_secretary"), at=now)
    return Target.objects.get(name="花园小区12号楼")


def _deeds_of_phone(
    chance: random.Random, phone: int, cases: list[Case], most: int, target: Target
) -> list[dict[str, str]]:
    """Make up what one phone did: cases worked on step by step, notes, reports, visits, in the order it was done."""
    told: list[dict[str, str]] = []
    last: dict[UUID, tuple[int, int]] = {}
    for n in range(1, most + 1):
        key, case = phone * 1_000 + n, chance.choice(cases)
        done, before = last.get(case.id, (0, 0))
        kind = chance.choice(["step", "step", "note", "report", "visit"])
        if kind == "visit":
            said = f"{phone}号手机走访{n}" if chance.random() < 0.5 else ""
            does = "case" if said and chance.random() < 0.5 else ""
            told.append(deed(key, "visit", target=str(target.id), door=f"{n % 9}-{phone}01", note=said, do=does))
        elif kind == "report":
            told.append(deed(key, "report", text=f"{phone}号手机第{n}件事", area=GRID[1]))
        elif kind == "note" or done == len(_STEPS):
            told.append(step(key, case, "note", note=f"{phone}-{n}"))
        else:
            told.append(step(key, case, _STEPS[done], after=before))
            last[case.id] = (done + 1, key)
    return told


def _send_all(chance: random.Random, client: Client, deeds: list[dict[str, str]]) -> Counter[int]:
    """Send deeds in random order; what came too early goes to the end of its phone's queue, as phones do it."""
    waiting, answers = chance.sample(deeds, len(deeds)), Counter[int]()
    while waiting:
        again = []
        for told in waiting:
            answer = send(client, told)
            answers[answer.status_code] += 1
            if answer.status_code != 200:
                assert answer.json()["code"] == "deed_too_early"
                again.append(told)
        assert len(again) < len(waiting)
        waiting = again
    return answers


def _digest() -> str:
    """Hash every row of every table of ours, all but how often a key came and who was seen when."""
    total = hashlib.sha256()
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if not model.__module__.startswith("linli.") or model.__name__ in {"OpenSession", "Tries"}:
                continue
            names = [f.column for f in model._meta.concrete_fields if f.column != "times_sent"]
            columns = ", ".join(f'"{name}"' for name in names)
            cursor.execute(f'SELECT md5(row({columns})::text) FROM "{model._meta.db_table}" ORDER BY 1')  # noqa: S608
            total.update(f"{model.__name__}{cursor.fetchall()}".encode())
    return total.hexdigest()


def _lives() -> list[tuple[object, ...]]:
    """Tell what there is now without what depends on the order of arrival: ids, numbers, instants, where notes fell."""
    told = []
    for case in Case.objects.order_by("id"):
        steps = CaseStep.objects.filter(case_id=case.id).values_list("action", "note")
        told.append((case.text, case.source, case.state, case.area_path, tuple(sorted(steps))))
    visits = Visit.objects.order_by("id").values_list("id", "target_id", "door_index", "note")
    return [*sorted(told), *((str(id_), str(of), bytes(door), note) for id_, of, door, note in visits)]


def test_two_orders_of_arrival_come_to_the_same(district: DemoDistrict, worker: Client, target: Target) -> None:
    cases = [district.open_case_in("compound", text=f"第{n}件") for n in range(9)]
    made_up = random.Random(7)  # noqa: S311 - made-up deeds
    deeds = [told for n in range(3) for told in _deeds_of_phone(made_up, n + 1, cases[n * 3 : n * 3 + 3], 15, target)]
    found = []
    for seed in (1, 2):
        point = transaction.savepoint()
        _send_all(random.Random(seed), worker, deeds)  # noqa: S311
        found.append(_lives())
        transaction.savepoint_rollback(point)
    assert found[0] == found[1] != _lives()


def test_phones_in_random_order_twice_give_the_same_database(
    district: DemoDistrict, worker: Client, target: Target
) -> None:
    phones, most = map(int, os.environ.get("PHONES", "6x20").split("x"))  # `make bench` asks for more
    chance = random.Random(f"{phones}x{most}")  # noqa: S311 - made-up deeds
    deeds = [
        told
        for phone in range(1, phones + 1)
        for told in _deeds_of_phone(
            chance, phone, [district.open_case_in("compound", text=f"{phone}-{n}") for n in range(5)], most, target
        )
    ]
    first = _send_all(chance, worker, deeds)
    once, lives = _digest(), _lives()
    second = _send_all(chance, worker, deeds)
    assert (first[200], second) == (phones * most, {200: phones * most})
    assert (_digest(), _lives()) == (once, lives)
    of = Counter(told["kind"] for told in deeds)
    found = sum(told.get("do") == "case" for told in deeds)
    assert (Case.objects.filter(source=Source.PHONE).count(), Visit.objects.count()) == (of["report"], of["visit"])
    assert (Case.objects.filter(source=Source.VISIT).count(), min(of.values()) > 0, found > 0) == (found, True, True)
    assert CaseStep.objects.exclude(action="report").count() == of["step"]
