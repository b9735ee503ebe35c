"""Registers written out: what is in them, the demo's mark, and the line in the audit log."""

import io
import json

import openpyxl
import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from django.utils import timezone
from tests.factories.district import DemoDistrict

from linli.ledger.audit.queries import list_lines

REGISTERS = ("cases", "closed", "verifications", "facts")


def export(client: Client, name: str, file_format: str, query: str = "") -> bytes:
    answer = client.post(f"/desk/registers/{name}/export/", {"format": file_format, "query": query})
    return answer.getvalue()


@pytest.mark.parametrize("name", REGISTERS)
@pytest.mark.parametrize("file_format", ["xlsx", "csv", "json"])
def test_export_is_marked_and_written_down(district: DemoDistrict, client: Client, name: str, file_format: str) -> None:
    district.open_case_in("compound", at=timezone.now())
    signed_in = district.login(client, "community_clerk")

    content = export(signed_in, name, file_format)

    text = content.decode() if file_format != "xlsx" else _first_cells(content)
    lines = list_lines(district_id=district.id, kinds=["exported"]).lines
    assert "演示数据" in text or "Demo data" in text
    assert [(line.object_id, line.actor_id, line.data["format"]) for line in lines] == [
        (name, district.viewer("community_clerk").person_id, file_format)
    ]


@pytest.mark.parametrize("name", REGISTERS)
def test_export_holds_nothing_beyond_reach(district: DemoDistrict, client: Client, name: str) -> None:
    foreign = district.open_case_in("compound", community=1, text="隔壁社区的大树", at=timezone.now())
    signed_in = district.login(client, "community_clerk", community=2)

    content = export(signed_in, name, "json").decode()

    assert [secret in content for secret in ("隔壁社区的大树", foreign.number, str(foreign.id))] == [False] * 3


@pytest.mark.parametrize(("name", "leads"), [("cases", True), ("facts", False)])
def test_row_on_the_page_leads_to_its_case(district: DemoDistrict, client: Client, name: str, *, leads: bool) -> None:
    case = district.open_case_in("compound", at=timezone.now())
    foreign = district.open_case_in("compound", community=2, at=timezone.now())
    signed_in = district.login(client, "community_clerk")

    page = signed_in.get(f"/desk/registers/{name}/").content.decode()

    assert (f"/desk/cases/{case.id}/" in page, str(foreign.id) in page) == (leads, False)


def test_facts_register_holds_no_words_of_anybody(district: DemoDistrict, client: Client) -> None:
    case = district.open_case_in("compound", text="只有我知道的事", at=timezone.now())
    signed_in = district.login(client, "community_clerk")

    content = export(signed_in, "facts", "json").decode()

    assert (str(case.id) in content, "只有我知道的事" in content) == (True, False)


def test_cases_register_keeps_to_its_filters(district: DemoDistrict, client: Client) -> None:
    for category in ("noise", "heating"):
        district.open_case_in("compound", text=f"关于{category}", category=category, at=timezone.now())
    signed_in = district.login(client, "community_clerk")

    content = json.loads(export(signed_in, "cases", "json", "category=noise"))

    assert [row["title"] for row in content["rows"]] == ["关于noise"]


def test_unknown_format_leaves_no_line(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "community_clerk")

    answer = signed_in.post("/desk/registers/cases/export/", {"format": "exe"})

    assert (answer.status_code, list_lines(district_id=district.id, kinds=["exported"]).lines) == (422, ())


def test_export_needs_the_right(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "grid_worker")

    assert signed_in.post("/desk/registers/cases/export/", {"format": "csv"}).status_code == 403


def test_export_streams_over_asgi_too(committed_district: DemoDistrict) -> None:
    committed_district.open_case_in("compound", text="楼道灯不亮", at=timezone.now())
    client = AsyncClient()
    committed_district.login(client, "community_clerk")

    async def take() -> bytes:
        answer = await client.post("/desk/registers/cases/export/", {"format": "csv", "query": ""})
        return b"".join([block async for block in answer.streaming_content])

    assert "楼道灯不亮" in async_to_sync(take)().decode()


def _first_cells(content: bytes) -> str:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return " ".join(str(cell.value) for row in sheet.iter_rows(max_row=4) for cell in row if cell.value)
