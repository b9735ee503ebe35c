"""Refusals, exports and printing leave lines; the alarms they raise are seen by two administrators and nobody else."""

from typing import Any

import pytest
from django.test import Client
from tests.factories.district import AT, DemoDistrict

from linli.edges.limits import REFUSALS
from linli.edges.written_out import STEP, counted
from linli.ledger.audit.models import AlarmLimit, AuditLine

PAGE = "/desk/alarms/"


@pytest.fixture
def worker(district: DemoDistrict) -> Client:
    return district.login(Client(), "grid_worker")


def lines(kind: str) -> list[tuple[Any, ...]]:
    found = AuditLine.objects.filter(kind=kind).order_by("id")
    return list(found.values_list("actor_id", "object_kind", "object_id", "outcome", "data"))


def test_refusal_on_a_page_leaves_a_line(district: DemoDistrict, worker: Client) -> None:
    assert worker.get("/desk/people/?q=secret").status_code == 403

    assert lines("not_allowed") == [
        (district.viewer("grid_worker").person_id, "address", "/desk/people/", "refused", {"code": "no_post_allows"})
    ]


def test_refusal_in_the_api_leaves_a_line(district: DemoDistrict, worker: Client) -> None:
    assert worker.get("/api/v1/indicators").status_code == 403

    assert [line[2] for line in lines("not_allowed")] == ["/api/v1/indicators"]


def test_strangers_and_those_who_must_sign_in_leave_none(district: DemoDistrict, client: Client) -> None:
    client.get("/desk/people/")
    client.get("/api/v1/cases", headers={"authorization": "Bearer wrong"})

    assert lines("not_allowed") == []


def test_flood_of_refusals_is_cut_off(district: DemoDistrict, worker: Client) -> None:
    for _ in range(REFUSALS.tries + 5):
        assert worker.get("/desk/people/").status_code == 403

    assert len(lines("not_allowed")) == REFUSALS.tries


def test_trying_doors_is_an_alarm_for_two_administrators(district: DemoDistrict, worker: Client) -> None:
    for _ in range(11):
        worker.get("/desk/people/")
    name = district.viewer("grid_worker").name

    for role in ("security_admin", "auditor"):
        page = district.login(Client(), role).get(PAGE).content.decode()
        assert (name in page, "/desk/alarms/" in page) == (True, True)
    security = district.login(Client(), "security_admin").get(PAGE).content.decode()
    assert f'href="/desk/people/{district.viewer("grid_worker").person_id}/"' in security
    assert "/desk/audit/" not in security


@pytest.mark.parametrize("role", ["grid_worker", "community_secretary", "system_admin", "district_leader"])
def test_alarms_are_nobody_elses(district: DemoDistrict, role: str) -> None:
    client = district.login(Client(), role)

    answers = [client.get(PAGE), client.post(PAGE, {"kind": "refusals", "most": "1", "minutes": "1"})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "/desk/alarms/" not in client.get("/desk/account/").content.decode()


def test_alarm_of_another_district_is_not_shown(district: DemoDistrict) -> None:
    away = district.login(Client(), "away-grid_worker")
    for _ in range(11):
        assert away.get("/desk/people/").status_code == 403

    page = district.login(Client(), "security_admin").get(PAGE).content.decode()
    assert district.viewer("away-grid_worker").name not in page
    assert 'class="empty"' in page


def test_security_administrator_sets_a_limit(district: DemoDistrict) -> None:
    client = district.login(Client(), "security_admin")

    wrong = client.post(PAGE, {"kind": "refusals", "most": "many", "minutes": "5"})
    right = client.post(PAGE, {"kind": "refusals", "most": "3", "minutes": "5"})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert 'value="many"' in wrong.content.decode()
    assert list(AlarmLimit.objects.values_list("kind", "most", "minutes")) == [("refusals", 3, 5)]


def test_auditor_sets_none(district: DemoDistrict) -> None:
    client = district.login(Client(), "auditor")

    assert client.post(PAGE, {"kind": "refusals", "most": "3", "minutes": "5"}).status_code == 403
    assert '<form class="reach"' not in client.get(PAGE).content.decode()


def test_export_tells_how_many_rows_went_out(district: DemoDistrict) -> None:
    for _ in range(3):
        district.open_case_in(at=AT)
    client = district.login(Client(), "community_clerk")

    answer = client.post("/desk/registers/cases/export/", {
        "format": "csv", "query": "since=2026-11-01&until=2026-11-30"})  # fmt: skip
    b"".join(answer.streaming_content)  # type: ignore[arg-type]

    assert [data for *_, data in lines("rows_exported")] == [{"rows": 3}]
    assert len(lines("exported")) == 1


def test_rows_are_counted_on_the_way() -> None:
    noted: list[int] = []
    rows = counted(range(2 * STEP + 7), noted.append)

    for _ in range(STEP + 1):
        next(rows)
    assert noted == [STEP]
    assert (len(list(rows)), noted) == (STEP + 6, [STEP, STEP, 7])


def test_printing_leaves_a_line_without_what_was_asked(district: DemoDistrict, worker: Client) -> None:
    answers = [worker.post("/desk/printed/", {"page": page}) for page in ("/desk/open/", "/desk/open/?q=x", "evil")]

    assert [answer.status_code for answer in answers] == [204] * 3
    assert [(kind, page) for _, kind, page, *_ in lines("printed")] == [("page", "/desk/open/")]
    assert Client().post("/desk/printed/", {"page": "/desk/"}).status_code == 302
