"""The pages of the three rates: every number leads to as many rows, who may see them, Excel, and their rules."""

import io
import re
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from tests.cases.rated import called_back, rules
from tests.edges.web.desk.test_drilldown import told
from tests.factories.district import PATH, DemoDistrict

from linli.cases.calc.rates import RateRules
from linli.cases.choices import RulebookKind, Satisfaction
from linli.cases.queries.rulebooks import rulebook_content
from linli.ledger.audit.models import AuditLine

pytestmark = pytest.mark.usefixtures("contexts")

SECRET = "地下室有个特别的气味"
_LINK = re.compile(r'href="(/cockpit/rates/rows/[^"]+)"[^>]*>(?:<span class="sr">[^<]*</span>)?(\d+)<')
FORM = {
    "weight-response": "10", "weight-solution": "50", "weight-satisfaction": "40", "basically": "90", "sample": "10",
    "method": ["reporter", "call", "visit"], "month": "1", "day": "0", "reason": "区里定的", "follows": "1",
}  # fmt: skip


@pytest.fixture
def lived(district: DemoDistrict) -> DemoDistrict:
    """Four call-backs of community 1 within this day, one case of community 2."""
    now = timezone.now()
    said = (Satisfaction.SATISFIED, Satisfaction.BASICALLY, Satisfaction.DISSATISFIED, Satisfaction.SATISFIED)
    for n, each in enumerate(said):
        called_back(district, at=now - timedelta(seconds=9 - n), said=each, category=("noise", "green")[n % 2],
                    text=SECRET)  # fmt: skip
    district.open_case_in("compound", community=2, at=now - timedelta(seconds=1), text="另一边的路灯不亮")
    return district


@pytest.mark.parametrize("by", ["area", "organisation", "category", "period"])
def test_every_cell_of_the_page_equals_its_rows(lived: DemoDistrict, client: Client, by: str) -> None:
    signed_in = lived.login(client, "district_leader")
    text = signed_in.get(f"/cockpit/rates/?kind=year&by={by}").content.decode()
    shown = {(url.replace("&amp;", "&"), int(number)) for url, number in _LINK.findall(text)}

    counted = {url: told(signed_in.get(url).content.decode()) for url, _number in shown}

    assert len(shown) >= 14
    assert counted == {url: (number, number) for url, number in shown}
    assert {4, 2, 1} <= {number for _url, number in shown}


def test_rates_stand_with_their_formulas_and_too_few_have_none(lived: DemoDistrict, client: Client) -> None:
    signed_in = lived.login(client, "district_leader")

    few = signed_in.get("/cockpit/rates/?by=category").content.decode()
    rules(lived, timezone.now(), rules=RateRules(smallest_sample=1))
    enough = signed_in.get("/cockpit/rates/?by=category").content.decode()

    assert "样本不足" in few.partition("<tbody")[2]
    assert "1.9 ÷ 2" not in few.partition("<tbody")[2].replace('title="1.9 ÷ 2"', "")
    assert ('formula">1 ÷ 2' in enough, 'formula">1.9 ÷ 2' in enough) == (True, True)
    assert "响应率 × 10% + 解决率 × 50% + 满意率 × 40%" in enough


def test_growth_from_nothing_is_no_percent(lived: DemoDistrict, client: Client) -> None:
    text = lived.login(client, "district_leader").get("/cockpit/rates/").content.decode()

    assert "无数据" in text
    assert "+100" not in text


def test_secretary_sees_nothing_of_another_community(lived: DemoDistrict, client: Client) -> None:
    signed_in = lived.login(client, "community_secretary", community=2)
    pages = [signed_in.get(f"/cockpit/rates/?by={by}").content.decode() for by in ("area", "organisation", "category")]
    rows = [signed_in.get(f"/cockpit/rates/rows/{figure}/{more}").content.decode()
            for figure in ("opened", "effective") for more in ("", f"?area={PATH[1]}")]  # fmt: skip

    assert all(">4</a>" not in page for page in pages)
    assert [told(page)[0] for page in rows] == [1, 0, 0, 0]
    assert not any(SECRET in page for page in chain(pages, rows))


@pytest.mark.parametrize(("path", "status"), [
    ("?area=210105", 422), ("?by=person", 422), ("?kind=hour", 422), ("?kind=custom&since=2026-02-30", 422),
    ("?kind=custom&since=2026-02-02&until=2026-02-01", 422), ("?rules=77", 404), ("rows/persons/", 404),
    ("?on=0001-01-01", 422), ("?on=9999-12-31", 422),
])  # fmt: skip
def test_what_there_is_not_is_said_so(lived: DemoDistrict, client: Client, path: str, status: int) -> None:
    assert lived.login(client, "district_leader").get(f"/cockpit/rates/{path}").status_code == status


def test_page_goes_to_excel_with_its_rules_and_a_line_in_the_audit_log(lived: DemoDistrict, client: Client) -> None:
    rules(lived, timezone.now(), rules=RateRules(smallest_sample=2))
    signed_in = lived.login(client, "district_dispatcher")

    answer = signed_in.post("/cockpit/rates/export/", {"query": "kind=year&by=category"})

    assert answer.status_code == 200
    body = b"".join(answer)  # type: ignore[arg-type]
    sheet = load_workbook(io.BytesIO(body)).worksheets[0]
    said = [list(row) for row in sheet.iter_rows(values_only=True)]
    named = {row[0]: row[1:12] for row in said}
    assert named["合计"] == [5, 0, 4, 4, 3, 2, 1, 100, 75, 72.5, 76.5]
    assert any("三率规则第 2 版" in str(row[0]) for row in said)
    assert AuditLine.objects.filter(object_id="rates", kind="exported").count() == 1


def test_table_is_not_written_out_by_who_may_not_export(lived: DemoDistrict, client: Client) -> None:
    signed_in = lived.login(client, "grid_worker")

    assert signed_in.post("/cockpit/rates/export/", {"query": ""}).status_code == 403
    assert signed_in.get("/cockpit/rates/").status_code == 403


def newest(district: DemoDistrict) -> tuple[int, dict[str, Any]]:
    return rulebook_content(district_id=district.id, kind=RulebookKind.RATES)


def test_rules_count_after_a_month_was_seen_by_both(lived: DemoDistrict, client: Client) -> None:
    signed_in = lived.login(client, "catalogue_keeper")
    form = FORM | {"weight-solution": "40", "weight-satisfaction": "50", "sample": "2",
                   "out": ["category:noise", ""], "why": ["另有考核", ""]}  # fmt: skip

    seen = signed_in.post("/desk/rules/rates/edit/", form)

    text = seen.content.decode()
    assert (seen.status_code, newest(lived)[0], "第一街道" in text, "4 → <b>2</b>" in text) == (200, 1, True, True)
    agreed = {name: str(seen.context[name]) for name in ("content", "seen", "reason", "follows")}
    assert signed_in.post("/desk/rules/rates/edit/", agreed).status_code == 302
    number, content = newest(lived)
    assert (number, content["rules"]["weights"]) == (2, [10, 40, 50])
    assert content["left_out"] == [{"kind": "category", "code": "noise", "why": "另有考核"}]
    page = signed_in.get("/desk/rules/rates/").content.decode()
    assert ("另有考核" in page, "区里定的" in page) == (True, True)
    older = signed_in.get("/desk/rules/rates/1/").content.decode()
    assert "rules=1" in older


def test_rules_that_do_not_add_up_are_refused_with_what_was_typed(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "catalogue_keeper")

    answer = signed_in.post("/desk/rules/rates/edit/", FORM | {"weight-solution": "60", "month": "x"})

    text = answer.content.decode()
    assert (answer.status_code, 'name="weight-solution" value="60"' in text) == (422, True)
    assert ("现为 110" in text, "1 至 28" in text) == (True, True)


def test_rules_without_a_reason_or_made_from_an_older_version_do_not_count(
    district: DemoDistrict, client: Client
) -> None:
    signed_in = district.login(client, "catalogue_keeper")

    answers = [signed_in.post("/desk/rules/rates/edit/", FORM | more) for more in ({"reason": " "}, {"follows": "0"})]

    assert [answer.status_code for answer in answers] == [422, 409]
    assert newest(district)[0] == 1


def test_page_asks_the_same_for_few_and_many_lines(district: DemoDistrict, client: Client) -> None:
    signed_in, page = district.login(client, "district_leader"), "/cockpit/rates/?by=category"
    called_back(district, at=timezone.now() - timedelta(seconds=30))
    signed_in.get(page)
    with CaptureQueriesContext(connection) as few:
        signed_in.get(page)
    for n, kind in enumerate(("noise", "green", "other", "water_burst")):
        called_back(district, at=timezone.now() - timedelta(seconds=9 - n), category=kind)

    with CaptureQueriesContext(connection) as many:
        signed_in.get(page)

    assert len(few) == len(many) <= 20
