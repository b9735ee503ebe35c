"""Pages of visits: planned by form, made at a door, seen with what presses most on top, sent from a phone once."""

import re
import uuid
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from tests.factories.district import COMMUNITY, DemoDistrict

from linli.cases.models import Case
from linli.programmes.visits.models import Campaign, TargetSet, Visit


@pytest.fixture
def secretary(district: DemoDistrict) -> Client:
    return district.login(Client(), "community_secretary")


@pytest.fixture
def worker(district: DemoDistrict) -> Client:
    return district.login(Client(), "grid_worker")


def planned(client: Client, **more: str) -> Any:
    page = client.get("/desk/visits/new/").content.decode()
    found = re.findall(r'name="((?:name|kind|cycle_days|goal_percent)_\d)"[^>]*? value="([^"]*)"', page)
    form: dict[str, Any] = dict(found) | {
        "kind_0": "doors", "kind_1": "organisations", "kind_2": "organisations", "kinds_1": ["unit", "non_public"],
        "kinds_2": ["property_company"], "name": "冬季走访", "area": COMMUNITY[1], "purpose": "取暖",
        "begins_on": timezone.localdate().isoformat(),
        "ends_on": (timezone.localdate() + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    return client.post("/desk/visits/new/", form | more)


def campaign_page(client: Client) -> str:
    answer = client.get(f"/desk/visits/{Campaign.objects.get().id}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def target_url(client: Client) -> str:
    page = client.get(f"/desk/visits/{Campaign.objects.get().id}/places/").content.decode()
    found = re.search(r'href="([^"]*/places/[0-9a-f-]{36}/)">花园小区12号楼', page)
    assert found is not None
    return found[1]


def test_three_sets_are_offered_and_planned(secretary: Client) -> None:
    answer = planned(secretary)
    assert answer.headers["Location"] == f"/desk/visits/{Campaign.objects.get().id}/"
    sets = TargetSet.objects.order_by("position").values_list("name", "kind", "kinds")
    assert list(sets) == [
        ("居民户", "doors", []), ("驻区单位", "organisations", ["unit", "non_public"]),
        ("其他组织", "organisations", ["property_company"]),
    ]  # fmt: skip
    assert "冬季走访" in secretary.get("/desk/visits/").content.decode()


def test_what_was_typed_stays_where_something_is_wrong(secretary: Client) -> None:
    answer = planned(secretary, name="", purpose="只填了这个")
    page = answer.content.decode()
    assert (answer.status_code, "只填了这个" in page, "请给这次走访起个名字" in page) == (422, True, True)


def test_a_visit_and_its_case_by_one_press_each(secretary: Client, worker: Client) -> None:
    planned(secretary)
    url = target_url(worker)
    worker.post(url, {"key": str(uuid.uuid4()), "door": "3-201", "note": "楼道堆了旧家具", "do": "visit"})
    page = worker.get(url).content.decode()
    assert ("1/50" in page, "楼道堆了旧家具" in page) == (True, True)
    worker.post(url, {"key": str(uuid.uuid4()), "door": "3-202", "note": "燃气味道很大", "do": "case"})
    visit_id = Visit.objects.exclude(note="").get().id
    answer = worker.post(f"/desk/visits/notes/{visit_id}/case/")
    assert answer.headers["Location"] == f"/desk/cases/{Visit.objects.get(id=visit_id).case_id}/"
    page = campaign_page(secretary)
    assert page.index("燃气味道很大") < page.index("楼道堆了旧家具")
    assert "危险" in page[page.index("燃气味道很大") : page.index("楼道堆了旧家具")]


def test_a_door_that_is_none_is_asked_for_again_with_what_was_typed(secretary: Client, worker: Client) -> None:
    planned(secretary)
    answer = worker.post(target_url(worker), {"key": str(uuid.uuid4()), "door": "", "note": "灯坏了", "do": "visit"})
    assert (answer.status_code, "灯坏了" in answer.content.decode(), Visit.objects.count()) == (422, True, 0)


def test_totals_are_written_out_and_the_line_of_audit_with_them(secretary: Client) -> None:
    planned(secretary)
    answer = secretary.post(f"/desk/visits/{Campaign.objects.get().id}/export/")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    assert {"西边第一网格", "0/50", "0%"} <= set(cells)


def test_nobody_of_the_next_community_sees_or_plans(district: DemoDistrict, secretary: Client) -> None:
    planned(secretary)
    url = f"/desk/visits/{Campaign.objects.get().id}/"
    other = district.login(Client(), "community_secretary", community=2)
    assert [other.get(url).status_code, other.get(f"{url}places/").status_code] == [404, 404]
    assert "冬季走访" not in other.get("/desk/visits/").content.decode()
    assert planned(other).status_code == 403
    assert district.login(Client(), "auditor").get("/desk/visits/").status_code == 403


def test_a_phone_keeps_the_targets_of_its_grid_and_sends_a_visit_once(secretary: Client, worker: Client) -> None:
    planned(secretary)
    told = worker.get("/phone/pocket.json").json()["visits"]
    assert [(each["campaign"], each["name"], each["doors"], each["visited"]) for each in told] == [
        ("冬季走访", "花园小区12号楼", 50, 0)
    ]
    deed = {
        "key": str(uuid.uuid4()), "kind": "visit", "done_at": timezone.now().isoformat(), "target": told[0]["id"],
        "door": "3-201", "note": "门禁坏了", "do": "case",
    }  # fmt: skip
    first, again = worker.post("/phone/deeds/", deed).json(), worker.post("/phone/deeds/", deed).json()
    assert (first["is_new"], again["is_new"], first["case"]) == (True, False, again["case"])
    assert (Visit.objects.count(), Case.objects.filter(source="visit").count()) == (1, 1)
    assert worker.get("/phone/pocket.json").json()["visits"][0]["visited"] == 1
