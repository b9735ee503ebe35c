"""One step on several cases: what it has to be told is asked first, and each case says how it went."""

import io
import json
from datetime import timedelta

import openpyxl
from django.test import Client
from django.utils import timezone
from tests.factories.district import DemoDistrict

from linli.cases.choices import Action, State
from linli.cases.models import Case
from linli.ledger.audit.queries import list_lines


def ids_of(*cases: Case) -> list[str]:
    return [f"{case.id}:{case.version}" for case in cases]


def accepted(district: DemoDistrict, text: str = "水管爆裂") -> Case:
    case = district.open_case_in(text=text, at=timezone.now() - timedelta(hours=2))
    return district.take(case, Action.ACCEPT, by=district.actor("grid_worker"))


def test_putting_on_hold_asks_why_and_until_when(district: DemoDistrict, client: Client) -> None:
    case = accepted(district)
    signed_in = district.login(client, "grid_worker")

    sent = {"do": "suspend", "ids": ids_of(case)}
    said = {"asked": "1", "review_on": "x", "reason": "waits_for_season", "note": "等开春"}
    first, again = (signed_in.post("/desk/cases/batch/", sent | more).content.decode() for more in ({}, said))

    assert [(f'value="{case.id}:{case.version}"' in page, 'name="review_on"' in page) for page in (first, again)] == [
        (True, True), (True, True),
    ]  # fmt: skip
    assert ['note warn" role="alert"' in page for page in (first, again)] == [False, True]
    assert ("等开春" in again, 'value="waits_for_season" selected' in again) == (True, True)
    assert Case.objects.get().state == State.ACCEPTED


def test_each_case_says_how_holding_it_went(district: DemoDistrict, client: Client) -> None:
    ours, reported = accepted(district), district.open_case_in(text="还没受理的事", at=timezone.now())
    theirs = district.open_case_in(community=2, text="隔壁的大树", at=timezone.now())
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    sent = {"do": "suspend", "ids": ids_of(ours, reported, theirs), "reason": "waits_for_season", "review_on": day}

    page = district.login(client, "grid_worker").post("/desk/cases/batch/", sent).content.decode()

    states = dict(Case.objects.values_list("id", "state"))
    assert [states[case.id] for case in (ours, reported, theirs)] == ["suspended", "reported", "reported"]
    assert [page.count('class="tag ok"'), page.count('class="tag late"')] == [1, 2]
    assert ("还没受理的事" in page, "隔壁的大树" in page) == (True, False)


def test_ticked_cases_are_written_out_and_that_is_written_down(district: DemoDistrict, client: Client) -> None:
    ours, other = (district.open_case_in(text=text, at=timezone.now()) for text in ("水管爆裂", "没有选中的事"))
    theirs = district.open_case_in(community=2, text="隔壁的大树", at=timezone.now())

    answer = district.login(client, "community_clerk").post(
        "/desk/cases/batch/", {"do": "export", "ids": ids_of(ours, theirs)}
    )

    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    assert sheet is not None
    text = json.dumps([[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)], ensure_ascii=False)
    assert [case.number in text for case in (ours, other, theirs)] == [True, False, False]
    lines = list_lines(district_id=district.id, kinds=["exported"]).lines
    assert [(line.object_id, line.data["chosen"]) for line in lines] == [("cases", 2)]


def test_who_may_not_export_writes_nothing_out(district: DemoDistrict, client: Client) -> None:
    case = district.open_case_in(at=timezone.now())

    answer = district.login(client, "auditor").post("/desk/cases/batch/", {"do": "export", "ids": ids_of(case)})

    assert (answer.status_code, case.number in answer.content.decode()) == (403, False)


def test_nothing_ticked_goes_back_to_the_list(district: DemoDistrict, client: Client) -> None:
    answer = district.login(client, "grid_worker").post("/desk/cases/batch/", {"do": "suspend", "next": "/desk/open/"})

    assert (answer.status_code, answer["Location"]) == (302, "/desk/open/")
