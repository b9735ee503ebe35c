"""The journey that matters most: a broken pipe, from the resident's phone to the leaders' board."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.journeys import steps
from tests.journeys.steps import AT_BUILDING_12, GRID_02, LEADER, SECRETARY, WORKER, Kept

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("one_day")]

_BURST = "新喜小区12号楼门前水管爆裂，水一直往外冒，老人出不去门"


def test_a_burst_pipe_is_reported_handled_verified_closed_and_counted(open_page: Callable[..., Page]) -> None:
    leader = open_page(user=LEADER)
    opened, closed = steps.figure(leader, "opened"), steps.figure(leader, "closed")
    worker = open_page(user=WORKER)
    worker.goto("/desk/")
    expect(worker.locator("[data-live-status]")).to_have_attribute("data-live-status", "live")

    burst = worker.locator(".row", has_text="水管爆裂")
    before = burst.count()

    resident = open_page(width=360, here=AT_BUILDING_12)
    told = _report(resident)
    _sees_it_come(worker, burst, before + 1, told)
    _handles(worker)
    _answers(resident, told)
    case_id = _closes(open_page(user=SECRETARY), told)

    assert steps.figure(leader, "opened") == opened + 1
    _leads_to(leader, "opened", told, case_id)
    assert steps.figure(leader, "closed") == closed + 1
    _leads_to(leader, "closed", told, case_id)


def _report(page: Page) -> Kept:
    """Words, suggested kind, pin where one stands, a telephone number, number and code."""
    steps.write(page, _BURST)
    expect(page.locator("#category")).to_have_value("water_burst")
    expect(page.locator("[data-suggestion]")).not_to_be_empty()
    steps.go_on(page)
    expect(page.locator("[data-place-name]")).to_contain_text("新喜小区 12号楼")
    assert page.locator("[data-place-path] li").all_inner_texts()[: len(GRID_02)] == GRID_02
    steps.go_on(page)
    told = steps.send(page, name="王阿姨", phone="10000000001")
    assert re.fullmatch(r"\d{5}-\d{6}", told.number)
    assert len(told.code) >= 6
    expect(page.locator(".kept")).to_contain_text("网格员")
    return told


def _sees_it_come(page: Page, rows: Locator, count: int, told: Kept) -> None:
    """Watch the list grow by itself, without loading the page again; open the newest."""
    expect(rows).to_have_count(count)
    rows.filter(has_text="水管爆裂").first.locator("a").click()
    expect(page.locator("#detail .bar-top")).to_contain_text(told.number)
    expect(page.locator("#detail .what h2")).to_have_text(_BURST)
    expect(page.locator("#detail .why li")).not_to_have_count(0)
    expect(page.locator("#detail .whys")).to_contain_text("02网格")
    expect(page.locator("#detail .facts")).to_contain_text("新喜小区 12号楼")
    expect(page.locator("#detail .facts dd").last).not_to_be_empty()


def _handles(page: Page) -> None:
    """Press 受理, 开始办理, 已办好 with a note, all beside the list."""
    for action, note in (("accept", ""), ("handle", ""), ("report-back", "关阀换管，已恢复供水。")):
        steps.take(page, action, note=note)
    expect(page.locator("#detail .time")).to_contain_text("关阀换管")


def _answers(page: Page, told: Kept) -> None:
    """Follow the stations so far and have the last word, as the reporter."""
    steps.follow(page, told)
    assert page.locator(".station:not(.next)").count() >= 4
    steps.answer(page, result="solved", rating="satisfied", comment="师傅来得很快")
    expect(page.locator(".note.ok")).to_be_visible()
    expect(page.locator("form#answer")).to_have_count(0)


def _closes(page: Page, told: Kept) -> str:
    """Close it out as the community's secretary."""
    case_id = steps.find_case(page, told.number, box="verify/")
    expect(page.locator("#detail .time")).to_contain_text("师傅来得很快")
    steps.take(page, "close")
    return case_id


def _leads_to(page: Page, name: str, told: Kept, case_id: str) -> None:
    """Check that a figure of the board leads to as many rows as it says, this case among them."""
    count = steps.figure(page, name)
    rows = steps.rows_behind(page, name)
    assert len(rows) == count
    assert [told.number in row for row in rows].count(True) == 1
    expect(page.locator(f"a[href*='{case_id}']")).to_have_count(1)
