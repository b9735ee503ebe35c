"""The pages of supervision and cards: every number leads to as many rows, who may see them, Excel."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from tests.cases.test_watched_table import card
from tests.edges.web.desk.test_drilldown import told
from tests.factories.district import PATH, DemoDistrict

from linli.cases.actions.supervising import Demand, open_supervision
from linli.cases.choices import CardColour, SupervisionReason
from linli.ledger.audit.models import AuditLine

_LINK = re.compile(r'href="(/cockpit/watched/rows/[^"]+)"[^>]*>(?:<span class="sr">[^<]*</span>)?(\d+)<')
DAY = timedelta(days=1)
SPAN = f"kind=custom&since={timezone.localdate() - 60 * DAY}&until={timezone.localdate()}"


def watch(district: DemoDistrict, **report: Any) -> None:
    """Put a new case of two days ago under supervision, and give a red card for it."""
    at = timezone.now() - 2 * DAY
    case = district.open_case_in("compound", at=at, **report)
    demand = Demand(SupervisionReason.OVERDUE, "三天内说明", (at + 9 * DAY).date())
    open_supervision(district_id=district.id, case_id=case.id, demand=demand, at=at,
                     by=district.viewer("subdistrict_secretary"))  # fmt: skip
    card(case, CardColour.RED, "one", given=at)


@pytest.fixture
def lived(district: DemoDistrict) -> DemoDistrict:
    """One supervised with a red card in community 1, one with a yellow card in community 2."""
    watch(district)
    at = timezone.now() - 2 * DAY
    card(district.open_case_in("compound", community=2, at=at), CardColour.YELLOW, "one", given=at)
    return district


@pytest.mark.parametrize("by", ["area", "organisation", "category", "period"])
def test_every_cell_of_the_page_equals_its_rows(lived: DemoDistrict, client: Client, by: str) -> None:
    signed_in = lived.login(client, "district_leader")
    text = signed_in.get(f"/cockpit/watched/?{SPAN}&by={by}").content.decode()
    numbers = {url.replace("&amp;", "&"): int(number) for url, number in _LINK.findall(text)
               if int(number) or by != "period"}  # fmt: skip
    counted = {url: told(signed_in.get(url).content.decode()) for url in numbers}

    assert len(numbers) >= 3
    assert counted == {url: (number, number) for url, number in numbers.items()}


def test_secretary_sees_nothing_of_another_community(lived: DemoDistrict, client: Client) -> None:
    signed_in = lived.login(client, "community_secretary", community=2)
    page = signed_in.get(f"/cockpit/watched/?{SPAN}").content.decode()
    rows = [signed_in.get(f"/cockpit/watched/rows/{figure}/?{SPAN}{more}").content.decode()
            for figure in ("supervised", "yellow") for more in ("", f"&area={PATH[1]}")]  # fmt: skip

    assert "第一街道" not in page
    assert [told(row)[0] for row in rows] == [0, 0, 1, 0]


def test_page_goes_to_excel_with_a_line_in_the_audit_log(lived: DemoDistrict, client: Client) -> None:
    answer = lived.login(client, "district_dispatcher").post("/cockpit/watched/export/", {"query": SPAN})
    body = b"".join(answer)  # type: ignore[arg-type]
    said = {row[0]: row[1:7] for row in load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(values_only=True)}

    assert (said["第一街道"], said["第二街道"]) == ((1, 0, 0, 0, 0, 1), (0, 0, 0, 0, 1, 0))
    assert said["合计"] == (1, 0, 0, 0, 1, 1)
    assert AuditLine.objects.filter(object_id="watched", kind="exported").count() == 1


def test_table_is_not_written_out_by_who_may_not_export(lived: DemoDistrict, client: Client) -> None:
    signed_in = lived.login(client, "grid_worker")

    assert signed_in.post("/cockpit/watched/export/", {"query": ""}).status_code == 403


@pytest.mark.parametrize(("path", "status"), [
    ("?area=210105", 422), ("?by=person", 422), ("rows/persons/", 404), ("rows/red/?by=organisation&row=x", 422),
])  # fmt: skip
def test_what_there_is_not_is_said_so(district: DemoDistrict, client: Client, path: str, status: int) -> None:
    assert district.login(client, "district_leader").get(f"/cockpit/watched/{path}").status_code == status


def test_page_asks_the_same_for_few_and_many_lines(district: DemoDistrict, client: Client) -> None:
    signed_in, page = district.login(client, "district_leader"), f"/cockpit/watched/?{SPAN}&by=category"
    watch(district)
    signed_in.get(page)
    with CaptureQueriesContext(connection) as few:
        signed_in.get(page)
    for kind in ("noise", "green"):
        watch(district, category=kind)
    with CaptureQueriesContext(connection) as many:
        signed_in.get(page)

    assert len(many) == len(few)
