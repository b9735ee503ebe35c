"""A resident asks for the data held and gets it deleted."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.journeys import steps
from tests.journeys.looking import faults_of
from tests.journeys.steps import SECRETARY

pytestmark = pytest.mark.browser

NAME, PHONE = "演示王小明", "13900004321"


def _report(page: Page) -> steps.Kept:
    steps.write(page, "新喜小区12号楼单元门关不严")
    steps.go_on(page)
    page.select_option("#area", steps.COMMUNITY)
    page.fill("#address", "新喜小区12号楼")
    steps.go_on(page)
    return steps.send(page, name=NAME, phone=PHONE)


def _own_data(page: Page, told: steps.Kept) -> None:
    steps.follow(page, told)
    steps.turn(page, "form[action='/follow/data/'] button")


def test_a_resident_asks_for_the_data_held_and_gets_it_deleted(open_page: Callable[..., Page], tmp_path: Path) -> None:
    resident = open_page(java_script_enabled=False)
    told = _report(resident)

    _own_data(resident, told)
    expect(resident.locator(".held-own")).to_contain_text("139****4321")
    resident.fill("#own-phone", PHONE)
    with resident.expect_download() as saved:
        resident.click("button[value=copy]")
    saved.value.save_as(tmp_path / "copy.json")
    assert json.loads((tmp_path / "copy.json").read_text())["phone"] == PHONE
    resident.check("input[name=parts][value=contact]")
    steps.turn(resident, "button[value=delete]")
    expect(resident.locator(".request")).to_contain_text("待答复")

    staff = open_page(user=SECRETARY)
    staff.goto("/desk/data-requests/")
    steps.turn(staff, staff.locator("tr", has_text=told.number).locator("a"))
    expect(staff.locator("main")).to_contain_text("139****4321")
    faults = faults_of(staff)
    steps.turn(staff, "button[value=granted]")
    expect(staff.locator(".note[role=status]")).to_contain_text("已答复")

    _own_data(resident, told)
    expect(resident.locator(".request")).to_contain_text("已删除，复查无留存")
    expect(resident.locator(".held-own")).not_to_contain_text("4321")
    steps.find_case(staff, told.number, box="open/")
    expect(staff.locator("#contacts")).to_contain_text("没有人留联系方式")
    staff.goto(f"/desk/open/?q={PHONE}")
    assert staff.locator(".row a").count() == 0
    assert faults == []


def test_the_page_of_ones_own_data_has_no_barrier(open_page: Callable[..., Page]) -> None:
    told = _report(open_page(java_script_enabled=False))
    page = open_page()
    _own_data(page, told)

    assert faults_of(page) == []
