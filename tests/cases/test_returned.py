"""Figures on what was sent back: each as long as the list behind it, and of nobody's cases out of reach."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from tests.factories.district import AT, DemoDistrict

from linli.cases.choices import Action
from linli.cases.queries.lists import CaseFilter, count_cases
from linli.cases.queries.returned import Returned, count_returned
from linli.ledger.audit.models import AuditLine

SINCE, UNTIL = AT - timedelta(days=1), AT + timedelta(days=1)


def counted(district: DemoDistrict, role: str = "district_dispatcher", community: int = 1) -> Returned:
    return count_returned(viewer=district.viewer(role, community=community), since=SINCE, until=UNTIL)


def send_back(district: DemoDistrict) -> None:
    """Two of community 1, one of them twice, one of community 2, and one from before."""
    twice, once = district.open_case_in(), district.open_case_in()
    for case, role, reason in ((twice, "grid_worker", "needs_others"), (twice, "community_secretary", "wrong_place"),
                               (once, "grid_worker", "needs_others")):  # fmt: skip
        district.take(case, Action.RETURN, by=district.actor(role), reason=reason)
    for community, at in ((2, AT), (1, AT - timedelta(days=9))):
        case = district.open_case_in(community=community, at=at)
        district.take(case, Action.RETURN, by=district.actor("grid_worker", community=community), reason="wrong_place")
    district.open_case_in()
    reworked = district.handled(district.open_case_in(), by=district.actor("grid_worker"))
    district.take(reworked, Action.RETURN, by=district.actor("call_back_clerk"), reason="not_done")


def test_figures_say_by_whom_why_and_how_long(district: DemoDistrict) -> None:
    send_back(district)
    told = counted(district)

    assert (told.reported, told.total.cases, told.total.returns) == (5, 3, 4)
    assert [(line.code, line.cases, line.returns) for line in told.by_category] == [("water_burst", 3, 4)]
    assert {told.names[line.code]: (line.cases, line.returns) for line in told.by_organisation} == {
        "西边社区居委会": (2, 3), "东边社区居委会": (1, 1),
    }  # fmt: skip
    assert {line.code: (line.cases, line.returns) for line in told.by_reason} == {
        "needs_others": (2, 2), "wrong_place": (2, 2),
    }  # fmt: skip
    assert told.total.held_s == 3 * 3600  # the second return of one came in the same minute as the first


def test_every_number_is_as_long_as_its_list_for_everybody(district: DemoDistrict) -> None:
    send_back(district)
    for role, community in (("district_dispatcher", 1), ("community_secretary", 1), ("community_secretary", 2),
                            ("department_handler", 1)):  # fmt: skip
        viewer, told = district.viewer(role, community=community), counted(district, role, community)

        def listed(**asked: Any) -> int:
            wanted = CaseFilter(is_returned=True, reported_from=SINCE, reported_to=UNTIL, **asked)
            return count_cases(viewer=viewer, wanted=wanted, at=AT)  # noqa: B023 - asked at once

        assert listed() == told.total.cases
        assert [listed(category=line.code) for line in told.by_category] == [each.cases for each in told.by_category]
        assert [listed(returned_by=line.code) for line in told.by_organisation] == [
            each.cases for each in told.by_organisation
        ]  # fmt: skip
        assert [listed(returned_for=line.code) for line in told.by_reason] == [each.cases for each in told.by_reason]
    assert counted(district, "department_handler").total.cases == 0


def test_queries_do_not_grow(district: DemoDistrict) -> None:
    send_back(district)
    district.viewer("district_dispatcher")
    with CaptureQueriesContext(connection) as captured:
        counted(district)
    assert len(captured) == 6


def test_figures_go_to_excel_with_a_line_in_the_audit_log(district: DemoDistrict) -> None:
    send_back(district)
    signed_in = district.login(Client(), "subdistrict_dispatcher")

    answer = signed_in.post("/desk/returns/export/", {"query": "since=2026-11-17&until=2026-11-19"})

    body = b"".join(answer)  # type: ignore[arg-type]
    said = [list(row) for row in load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(values_only=True)]
    assert [row for row in said if len(row) > 1 and row[2] in {1, 2, 3}] == [
        ["按类别", "供水·水管爆裂", 2, "100.0%", 3, 2], ["按退单单位", "西边社区居委会", 2, "100.0%", 3, 2],
        ["按理由", "需要别的单位一起办", 2, "100.0%", 2, 2], ["按理由", "不是我们的地界", 1, "50.0%", 1, 0],
        ["全部", None, 2, None, 3, 2],
    ]  # fmt: skip
    assert any("（50.0%）" in str(row[0]) for row in said)
    assert AuditLine.objects.filter(object_id="returns", kind="exported").count() == 1


@pytest.mark.parametrize("query", ["since=x", "since=2026-03-02&until=2026-03-01", "until=9999-12-31"])
def test_days_that_are_none_are_refused(district: DemoDistrict, query: str) -> None:
    assert district.login(Client(), "community_secretary").get(f"/desk/returns/?{query}").status_code == 422


def test_page_leads_to_the_cases(district: DemoDistrict) -> None:
    send_back(district)
    signed_in = district.login(Client(), "community_secretary")
    shown = signed_in.get("/desk/returns/?since=2026-11-17&until=2026-11-19").content.decode()

    assert "西边社区居委会" in shown
    assert "东边社区居委会" not in shown
    assert "returned_for=needs_others" in shown
    answer = signed_in.get("/desk/cases/?returned=1&since=2026-11-17&until=2026-11-19").content.decode()
    assert len(set(re.findall(r"/desk/cases/([0-9a-f-]{36})/", answer))) == 2
