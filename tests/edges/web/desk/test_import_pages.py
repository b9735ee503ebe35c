"""A sheet taken in through the workbench: looked at first, confirmed once, what was left out given back."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.factories.district import BURST, DemoDistrict

from linli.cases.models import Case

ADDRESS = "/desk/cases/import/"
SHEET = f"反映内容,社区或网格,电话\n{BURST},西边社区,02412345678\n路灯不亮,没有的社区,\n".encode()


def sent(client: Client, data: bytes, name: str = "today.csv") -> HttpResponse:
    return client.post(ADDRESS, {"sheet": SimpleUploadedFile(name, data)})


def form_of(page: HttpResponse) -> dict[str, str]:
    """Read what the page would send back."""
    words = page.content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(rows|column_\w+)" value="([^"]*)"', words))
    for field, options in re.findall(r'<select[^>]*name="(column_\w+)">(.*?)</select>', words, re.DOTALL):
        chosen = re.search(r'value="(\d+)" selected', options)
        fields[field] = chosen[1] if chosen else ""
    return fields


def test_sheet_is_shown_before_anything_is_written(district: DemoDistrict, client: Client) -> None:
    page = sent(district.login(client, "community_clerk"), SHEET)
    words = page.content.decode()
    assert page.status_code == 200
    assert ("西边社区" in words, "没有的社区" in words, Case.objects.count()) == (True, True, 0)


def test_confirmed_twice_it_is_written_once(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "community_clerk")
    form = form_of(sent(signed_in, SHEET))
    pages = [signed_in.post(ADDRESS, {**form, "do": "take"}) for _ in range(2)]
    assert [page.status_code for page in pages] == [200, 200]
    assert [case.text for case in Case.objects.all()] == [BURST]


def test_columns_can_be_chosen_by_hand(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "community_clerk")
    form = form_of(sent(signed_in, "甲,乙\n无关,路灯不亮\n".encode()))
    assert form["column_text"] == ""
    signed_in.post(ADDRESS, {**form, "column_text": "1", "do": "take"})
    assert [case.text for case in Case.objects.all()] == ["路灯不亮"]


def test_rows_left_out_come_back_with_the_reason(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "community_clerk")
    form = form_of(sent(signed_in, SHEET))
    answer = signed_in.post(ADDRESS, {**form, "do": "left"})
    rows = [*openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)]
    told = [row for row in rows if row[0] == "路灯不亮"]
    assert len(told) == 1
    assert "没有的社区" in str(told[0][-1])
    assert BURST not in str(rows)


def test_rows_sealed_for_another_person_are_not_taken(district: DemoDistrict, client: Client) -> None:
    form = form_of(sent(district.login(client, "community_clerk"), SHEET))
    other = district.login(Client(), "community_clerk", community=2)
    answer = other.post(ADDRESS, {**form, "do": "take"})
    assert (answer.status_code, Case.objects.count()) == (422, 0)


@pytest.mark.parametrize("rows", ["", "x", "AAAA", "%%%"])
def test_rows_that_were_tampered_with_are_refused(district: DemoDistrict, client: Client, rows: str) -> None:
    answer = district.login(client, "community_clerk").post(ADDRESS, {"rows": rows, "column_text": "0", "do": "take"})
    assert (answer.status_code, Case.objects.count()) == (422, 0)


@pytest.mark.parametrize("role", ["auditor", "system_admin", "security_admin"])
def test_whoever_may_not_report_gets_no_page(district: DemoDistrict, client: Client, role: str) -> None:
    signed_in = district.login(client, role)
    assert [signed_in.get(address).status_code for address in (ADDRESS, f"{ADDRESS}template.xlsx")] == [403, 403]
    assert sent(signed_in, SHEET).status_code == 403


def test_empty_sheet_for_download_is_understood(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "community_clerk")
    book = openpyxl.load_workbook(io.BytesIO(signed_in.get(f"{ADDRESS}template.xlsx").content))
    book.active.append(("路灯不亮", "", "西边社区"))
    made = io.BytesIO()
    book.save(made)
    signed_in.post(ADDRESS, {**form_of(sent(signed_in, made.getvalue(), "today.xlsx")), "do": "take"})
    assert [case.area.name for case in Case.objects.all()] == ["西边社区"]


def test_work_order_stands_on_the_page_of_its_case(district: DemoDistrict, client: Client) -> None:
    order = f"工单编号,主要内容,被反映社区,性质\nSY-1,{BURST},西边社区,主办\n"
    signed_in = district.login(client, "community_clerk")
    form = form_of(sent(signed_in, order.encode()))
    signed_in.post(ADDRESS, {**form, "do": "take"})

    page = signed_in.get(f"/desk/cases/{Case.objects.get().id}/").content.decode()
    again = sent(signed_in, order.encode()).content.decode()

    assert ("SY-1" in page, "主办" in page, "已导入过" in again) == (True, True, True)
