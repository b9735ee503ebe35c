"""The page of what became of whistles: numbers that lead to their calls, who may see and write it out."""

import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from tests.cases.rated import rules
from tests.cases.test_whistling import ELDER, arrive, blow
from tests.edges.web.desk.test_drilldown import told
from tests.factories.district import HOME, DemoDistrict

from linli.cases.actions.whistling import Marks, evaluate_help
from linli.cases.calc.rates import RateRules
from linli.ledger.audit.models import AuditLine

SECRET = "老人需要帮忙买特别的菜"
_LINK = re.compile(r'href="(/desk/whistles/rows/[^"]+)"[^>]*>(\d+)<')


@pytest.fixture
def lived(district: DemoDistrict) -> DemoDistrict:
    """Call the water repair, which came in time, and the heating office, which did not come yet, for community 1."""
    at = timezone.now() - timedelta(minutes=9)
    case = district.open_case_in(at=at, **(ELDER | {"text": SECRET}))
    blow(district, case, "water_repair", "heating_office", at=at)
    arrive(district, case, at=at + timedelta(minutes=1))
    evaluate_help(district_id=HOME, case_id=case.id, by=district.actor("community_clerk"), at=at + timedelta(minutes=2),
                  marks=Marks(district.organisations["water_repair"], "quick", "partly"))  # fmt: skip
    return district


def test_every_number_of_the_page_leads_to_as_many_calls(lived: DemoDistrict, client: Client) -> None:
    signed_in = lived.login(client, "district_leader")
    text = signed_in.get("/desk/whistles/").content.decode()
    shown = {(url.replace("&amp;", "&"), int(number)) for url, number in _LINK.findall(text)}

    counted = {url: told(signed_in.get(url).content.decode()) for url, _number in shown}

    assert len(shown) == 3 * 12
    assert counted == {url: (number, number) for url, number in shown}
    assert sorted(number for _url, number in shown if number) == [1] * 10 + [2]


def test_too_few_calls_have_no_share_and_the_formula_is_said(lived: DemoDistrict, client: Client) -> None:
    signed_in = lived.login(client, "district_leader")

    few = signed_in.get("/desk/whistles/").content.decode()
    rules(lived, timezone.now(), rules=RateRules(smallest_sample=1))
    enough = signed_in.get("/desk/whistles/").content.decode()

    assert ("样本不足" in few, 'formula">1 ÷ 1' in few, 'formula">1 ÷ 1' in enough) == (True, False, True)
    assert "按时报到率 = 按时报到 ÷" in few


def test_nothing_of_another_community_shows(lived: DemoDistrict, client: Client) -> None:
    signed_in = lived.login(client, "community_secretary", community=2)
    office = lived.organisations["water_repair"]

    page = signed_in.get("/desk/whistles/").content.decode()
    rows = [signed_in.get(f"/desk/whistles/rows/calls/{more}").content.decode() for more in ("", f"?office={office}")]

    assert ("供水抢修中心" in page, "没有吹哨" in page) == (False, True)
    assert [(told(row)[0], SECRET in row) for row in rows] == [(0, False), (0, False)]


@pytest.mark.parametrize(("path", "status"), [
    ("?since=2026-02-30", 422), ("?since=2026-03-02&until=2026-03-01", 422), ("?until=9999-12-31", 422),
    ("rows/persons/", 404), ("rows/calls/?office=x", 422),
])  # fmt: skip
def test_what_there_is_not_is_said_so(lived: DemoDistrict, client: Client, path: str, status: int) -> None:
    assert lived.login(client, "district_leader").get(f"/desk/whistles/{path}").status_code == status


def test_table_goes_to_excel_with_a_line_in_the_audit_log(lived: DemoDistrict, client: Client) -> None:
    answer = lived.login(client, "district_dispatcher").post("/desk/whistles/export/", {"query": ""})

    body = b"".join(answer)  # type: ignore[arg-type]
    said = [list(row) for row in load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(values_only=True)]
    named = {row[0]: row[2:] for row in said}
    assert named["供水抢修中心"] == [1, 1, 0, 0, 0, 1, None, 1, 0, 0, 0, 1, 0, "样本不足"]
    assert named["合计"] == [2, 1, 0, 0, 0, 1, None, 1, 0, 0, 0, 1, 0, "样本不足"]
    assert AuditLine.objects.filter(object_id="whistles", kind="exported").count() == 1


@pytest.mark.parametrize("page", ["/desk/whistles/export/", "/desk/returns/export/"])
def test_tables_are_not_written_out_by_who_may_not_export(district: DemoDistrict, client: Client, page: str) -> None:
    assert district.login(client, "grid_worker").post(page, {"query": ""}).status_code == 403


def test_rows_behind_a_number_say_whose_they_are(lived: DemoDistrict, client: Client) -> None:
    path = f"/desk/whistles/rows/calls/?office={lived.organisations['water_repair']}"

    within = lived.login(client, "district_leader").get(path).content.decode()
    beyond = lived.login(client, "community_secretary", community=2).get(path).content.decode()

    assert ("供水抢修中心 · " in within, "供水抢修中心" in beyond) == (True, False)


def test_a_page_asked_wrong_leads_back_to_itself(lived: DemoDistrict, client: Client) -> None:
    page = lived.login(client, "district_leader").get("/desk/whistles/?since=2026-02-30").content.decode()

    assert '<a class="btn" href="/desk/whistles/">重新打开这一页</a>' in page
