"""A clerk writes down what somebody says on the telephone: the place by its name, the same thing nearby joined."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.journeys import steps
from tests.journeys.steps import AT_BUILDING_12

from linli.kernel.ids import new_id

pytestmark = pytest.mark.browser
CLERK = "tiexi.clerk"


def write_down(page: Page, text: str) -> None:
    """Fill in the words and choose building 12 by its name."""
    page.goto("/desk/cases/new/")
    page.fill("#text", text)
    page.locator("#place_q").press_sequentially("新喜小区12号楼")
    page.locator("#places").get_by_role("button", name="新喜小区12号楼").first.click()
    expect(page.locator("[data-place-name]")).to_contain_text("新喜小区")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_place_said_by_name_puts_the_case_into_its_grid(open_page: Callable[..., Page], width: int) -> None:
    page = open_page(user=CLERK, width=width)
    write_down(page, f"电动车在楼道里充电 {new_id().int % 1_000_000}")
    expect(page.locator("#alike")).to_contain_text("内容像是")

    write = page.get_by_role("button", name="登记", exact=True).last
    steps.turn(page, write)
    if page.locator("[name=seen]").count():  # others were there before: looked at once, then written down
        steps.turn(page, write)

    expect(page.locator(".flash, [role=status]").first).to_contain_text("已登记")
    expect(page.locator("body")).to_contain_text("02网格")


def test_what_is_known_already_is_joined_by_one_press(open_page: Callable[..., Page]) -> None:
    text = f"新喜小区12号楼门前井盖丢了 {new_id().int % 1_000_000}"
    resident = open_page(here=AT_BUILDING_12, width=360)
    steps.write(resident, text)
    steps.go_on(resident)
    expect(resident.locator("[data-place-path] li").nth(3)).to_have_text("02网格")
    steps.go_on(resident)
    told = steps.send(resident)
    page = open_page(user=CLERK)
    write_down(page, text)

    steps.turn(page, page.locator("#alike li", has_text=told.number).get_by_role("button", name="是同一件"))

    expect(page.locator("body")).to_contain_text("已并入现有的事项")
    expect(page.locator("body")).to_contain_text(told.number)
