"""The pages of what was due: every number leads to as many rows, who may see them, Excel, and their rules."""

import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from tests.cases.rated import rules
from tests.edges.web.desk.test_drilldown import told
from tests.edges.web.desk.test_rates import FORM, newest
from tests.factories.district import PATH, DemoDistrict

from linli.cases.calc.rates import RateRules
from linli.ledger.audit.models import AuditLine

pytestmark = pytest.mark.usefixtures("contexts")

SECRET = "地下室有个特别的气味"
_LINK = re.compile(r'href="(/cockpit/due/rows/[^"]+)"[^>]*>(?:<span class="sr">[^<]*</span>)?(\d+)<')
DAYS = timedelta(days=1)


def span(of: str = "") -> str:
    """Ask for the sixty days up to now."""
    today = timezone.localdate()
    return f"kind=custom&since={today - 60 * DAYS}&until={today}{of}"


@pytest.fixture
def lived(district: DemoDistrict) -> DemoDistrict:
    """Of 40 days ago: two in time and one too late in community 1, one not dealt with in community 2."""
    then = timezone.now() - 40 * DAYS
    for after in (timedelta(hours=1), timedelta(hours=2), 30 * DAYS):
        case = district.open_case_in("compound", at=then, text=SECRET)
        district.handled(case, by=district.actor("grid_worker"), after=after)
    district.open_case_in("compound", community=2, at=then, text="另一边的路灯不亮")
    return district


@pytest.mark.parametrize("by", ["area", "organisation", "category", "period"])
def test_every_cell_of_the_page_equals_its_rows(lived: DemoDistrict, client: Client, by: str) -> None:
    signed_in = lived.login(client, "district_leader")
    text = signed_in.get(f"/cockpit/due/?{span(f'&by={by}')}").content.decode()
    shown = {(url.replace("&amp;", "&"), int(number)) for url, number in _LINK.findall(text)}

    numbers = {url: number for url, number in shown if number or by != "period"}
    counted = {url: told(signed_in.get(url).content.decode()) for url in numbers}

    assert len(numbers) >= 7
    assert counted == {url: (number, number) for url, number in numbers.items()}
    assert {4, 2, 1} <= {number for _url, number in shown}


def test_shares_stand_with_their_formulas_and_too_few_have_none(lived: DemoDistrict, client: Client) -> None:
    signed_in, page = lived.login(client, "district_leader"), f"/cockpit/due/?{span()}"

    few = signed_in.get(page).content.decode()
    rules(lived, timezone.now(), rules=RateRules(smallest_sample=1), due_without=())
    enough = signed_in.get(page).content.decode()

    assert ("样本不足" in few, 'formula">2 ÷ 3' in few) == (True, False)
    assert ('formula">2 ÷ 3' in enough, 'formula">3 ÷ 3' in enough) == (True, True)
    assert ("不计入应处置：到期前挂起的、批准延期的" in few, "照常计入" in enough) == (True, True)


def test_secretary_sees_nothing_of_another_community(lived: DemoDistrict, client: Client) -> None:
    signed_in = lived.login(client, "community_secretary", community=2)
    page = signed_in.get(f"/cockpit/due/?{span()}").content.decode()
    rows = [signed_in.get(f"/cockpit/due/rows/{figure}/?{span(more)}").content.decode()
            for figure in ("due", "late") for more in ("", f"&area={PATH[1]}")]  # fmt: skip

    assert "第一街道" not in page
    assert [told(row)[0] for row in rows] == [1, 0, 0, 0]
    assert not any(SECRET in text for text in (page, *rows))


@pytest.mark.parametrize(("path", "status"), [
    ("?area=210105", 422), ("?by=person", 422), ("?kind=hour", 422), ("rows/persons/", 404), ("?rules=77", 404),
    ("rows/due/?by=organisation&row=x", 422),
])  # fmt: skip
def test_what_there_is_not_is_said_so(lived: DemoDistrict, client: Client, path: str, status: int) -> None:
    assert lived.login(client, "district_leader").get(f"/cockpit/due/{path}").status_code == status


def test_page_goes_to_excel_with_its_rules_and_a_line_in_the_audit_log(lived: DemoDistrict, client: Client) -> None:
    rules(lived, timezone.now(), rules=RateRules(smallest_sample=2))
    signed_in = lived.login(client, "district_dispatcher")

    answer = signed_in.post("/cockpit/due/export/", {"query": span()})

    body = b"".join(answer)  # type: ignore[arg-type]
    said = [list(row) for row in load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(values_only=True)]
    named = {row[0]: row[1:10] for row in said}
    assert named["第一街道"] == [3, 2, 1, 0, 0, 0, 66.7, 100, None]
    assert named["第二街道"] == [1, 0, 0, 1, 0, 0, None, None, "样本不足"]
    assert named["合计"] == [4, 2, 1, 1, 0, 0, 50, 75, None]
    assert any("三率规则第 2 版" in str(row[0]) for row in said)
    assert AuditLine.objects.filter(object_id="due", kind="exported").count() == 1


def test_table_is_not_written_out_by_who_may_not_export(lived: DemoDistrict, client: Client) -> None:
    signed_in = lived.login(client, "grid_worker")

    assert signed_in.post("/cockpit/due/export/", {"query": ""}).status_code == 403


def test_what_is_left_out_is_changed_by_the_form_of_the_rules(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "catalogue_keeper")

    seen = signed_in.post("/desk/rules/rates/edit/", FORM | {"due_without": ["extended"]})
    assert "按期处置率" in seen.content.decode()
    signed_in.post("/desk/rules/rates/edit/",
                   {name: str(seen.context[name]) for name in ("content", "seen", "reason", "follows")})  # fmt: skip

    assert newest(district)[1]["due_without"] == ["extended"]
    assert "批准延期的" in signed_in.get("/desk/rules/rates/").content.decode()


def test_page_asks_the_same_for_few_and_many_lines(district: DemoDistrict, client: Client) -> None:
    signed_in, page = district.login(client, "district_leader"), f"/cockpit/due/?{span('&by=category')}"
    then = timezone.now() - 40 * DAYS
    district.open_case_in("compound", at=then)
    signed_in.get(page)
    with CaptureQueriesContext(connection) as few:
        signed_in.get(page)
    for kind in ("noise", "green", "other", "water_burst"):
        district.open_case_in("compound", at=then, category=kind)

    with CaptureQueriesContext(connection) as many:
        signed_in.get(page)

    assert len(few) == len(many) <= 16
