"""Every number of the board leads to as many rows as it says."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.district import AT, PATH, DemoDistrict

from linli.cases.actions.verifying import Finding, verify_case
from linli.cases.choices import Action, Satisfaction, VerifiedBy
from linli.cases.queries.cockpit import get_cockpit
from linli.cases.queries.drilldown import list_behind
from linli.registry.people.rules import Viewer

_LINK = re.compile(r'<a[^>]*href="(/cockpit/rows/[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
_VALUE = re.compile(r'class="value[^>]*>([\d,]+)')


def fill(district: DemoDistrict, at: datetime = AT) -> None:
    """Open seven cases: three verified with different answers, one of them twice, one closed, one long overdue."""
    worker, clerk = district.actor("grid_worker"), district.actor("call_back_clerk")
    for said in (Satisfaction.SATISFIED, Satisfaction.BASICALLY, Satisfaction.DISSATISFIED):
        case = district.handled(
            district.open_case_in("compound", at=at), by=worker, after=timedelta(0)
        )  # fmt: skip
        finding = Finding(VerifiedBy.CALL, is_solved=said != Satisfaction.DISSATISFIED, satisfaction=said)
        case = verify_case(district_id=case.district_id, case_id=case.id, finding=finding, version=case.version,
                           by=clerk, at=case.reported_at)  # fmt: skip
    in_vain = district.handled(district.open_case_in("compound", at=at), by=worker, after=timedelta(0))
    not_reached = Finding(VerifiedBy.CALL, was_reached=False, satisfaction=Satisfaction.UNKNOWN)
    verify_case(district_id=in_vain.district_id, case_id=in_vain.id, finding=not_reached, version=in_vain.version,
                by=clerk, at=in_vain.reported_at)  # fmt: skip
    district.open_case_in("compound", community=2, at=at)
    district.open_case_in("compound", at=at - timedelta(days=40))


def count(viewer: Viewer, figure: str, *, area: str = "") -> tuple[int, int]:
    page = list_behind(viewer=viewer, figure=figure, period_name="month", area_path=area, at=AT + timedelta(hours=1))
    return page.total, len(page.rows)


@pytest.mark.parametrize("role", ["district_dispatcher", "community_secretary", "department_head"])
def test_figure_equals_its_rows(district: DemoDistrict, role: str) -> None:
    fill(district)
    viewer, at = district.viewer(role), AT + timedelta(hours=1)

    board = get_cockpit(viewer=viewer, period_name="month", area_path="", at=at)

    assert {figure.name: count(viewer, figure.name) for figure in board.figures} == {
        figure.name: (figure.value, figure.value) for figure in board.figures
    }


def test_parts_of_the_rates_equal_their_rows(district: DemoDistrict) -> None:
    fill(district)
    viewer, at = district.viewer("district_dispatcher"), AT + timedelta(hours=1)

    said = get_cockpit(viewer=viewer, period_name="month", area_path="", at=at).said

    assert (said.effective, said.contacted, said.solved, said.satisfied, said.basically) == (3, 3, 2, 1, 1)
    assert [count(viewer, name) for name in ("effective", "response", "solution", "satisfied", "basically")] == [
        (3, 3), (3, 3), (2, 2), (1, 1), (1, 1),
    ]  # fmt: skip


def test_areas_equal_their_rows(district: DemoDistrict) -> None:
    fill(district)
    viewer = district.viewer("district_dispatcher")
    board = get_cockpit(viewer=viewer, period_name="month", area_path="", at=AT + timedelta(hours=1))

    counted = {line.code: (line.open, line.late, line.warn) for line in board.areas}

    assert counted == {
        line.code: tuple(count(viewer, name, area=line.path)[0] for name in ("open", "late", "warn"))
        for line in board.areas
    }
    assert sum(line.open for line in board.areas) == 6


def test_open_is_late_and_soon_and_the_rest(district: DemoDistrict) -> None:
    fill(district)
    viewer = district.viewer("district_dispatcher")

    parts = [count(viewer, name)[0] for name in ("late", "warn", "rest")]

    assert sum(parts) == count(viewer, "open")[0]


@pytest.mark.parametrize(("page", "fewest"), [
    ("/cockpit/?period=month", 15), (f"/cockpit/?area={PATH[1]}", 10), ("/cockpit/?wall=1", 4),
])  # fmt: skip
def test_every_number_on_the_page_equals_its_rows(
    district: DemoDistrict, client: Client, page: str, fewest: int
) -> None:
    fill(district, timezone.now())
    signed_in = district.login(client, "district_dispatcher")
    text = signed_in.get(page).content.decode()
    shown = {(url.replace("&amp;", "&"), number(said)) for url, said in _LINK.findall(text) if "/hours/" not in url}

    counted = {url: told(signed_in.get(url).content.decode()) for url, _number in shown}

    assert len(shown) >= fewest
    assert counted == {url: (n, n) for url, n in shown}


def told(page: str) -> tuple[int, int]:
    """Read how many rows a page says it has, and how many there are."""
    said = re.search(r"<section class=\"panel\"><header><h2>([\d,]+)", page)
    assert said is not None, page
    return int(said[1].replace(",", "")), page.partition("<tbody>")[2].count("<tr>")


def number(text: str) -> int:
    """Read the number that a link shows."""
    value = _VALUE.search(text)
    found = value[1] if value else re.findall(r"\d+", re.sub(r"<[^>]+>", " ", text))[-1]
    return int(found.replace(",", ""))


def test_case_that_left_ones_reach_is_counted_but_not_shown(district: DemoDistrict) -> None:
    case = district.open_case_in("open", text="马路上的水管", category="heating")
    head = district.viewer("department_head", community=2)
    before = count(head, "opened")
    district.take(case, Action.TRANSFER, by=district.actor("district_dispatcher"),
                  to_organisation=district.organisations["property_1"])  # fmt: skip

    page = list_behind(viewer=head, figure="opened", period_name="month", area_path="", at=AT + timedelta(hours=2))

    assert (page.total, len(page.rows)) == before
    assert [behind.row for behind in page.rows] == [None] * page.total
