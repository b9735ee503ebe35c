"""The leaders' board on a desk and on a wall."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.steps import LEADER, enter, turn

pytestmark = pytest.mark.browser

_SMALLEST_TYPE = """() => Math.min(...[...document.querySelectorAll('.wall main *')].filter(
  e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).map(e => {
    const map = e.closest('svg');
    const scale = map ? map.getBoundingClientRect().width / map.viewBox.baseVal.width : 1;
    return parseFloat(getComputedStyle(e).fontSize) * scale;
  }))"""


def test_wall_is_one_page_of_large_type_and_leaves_by_escape(open_page: Callable[..., Page]) -> None:
    page = open_page(user=LEADER)
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto("/cockpit/?period=year")
    turn(page, page.get_by_role("link", name="上墙"))
    expect(page.locator("[data-live-status]")).to_have_text("已连上，自动更新")
    size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert (size, page.evaluate(_SMALLEST_TYPE) >= 1080 / 28) == ([1920, 1080], True)
    assert page.locator("nav").count() == 0
    enter(page, "Escape")
    assert page.url.endswith("/cockpit/?period=year")


def test_wall_draws_itself_anew(open_page: Callable[..., Page]) -> None:
    page = open_page(user=LEADER)
    page.goto("/cockpit/?wall=1")
    expect(page.locator("[data-live-status]")).to_have_text("已连上，自动更新")
    page.locator(".wall .value").first.evaluate("e => { e.textContent = 'old'; }")
    page.evaluate("document.dispatchEvent(new CustomEvent('linli:state'))")
    expect(page.locator(".wall .value").first).not_to_have_text("old")


def test_how_a_figure_is_counted_opens_by_keyboard_and_closes_by_escape(open_page: Callable[..., Page]) -> None:
    page = open_page(user=LEADER)
    page.goto("/cockpit/")
    page.get_by_label("怎么算的：超期未办").press("Enter")
    formula = page.get_by_text("此刻过了期限还没办好的事项")
    expect(formula).to_be_visible()
    page.keyboard.press("Escape")
    expect(formula).to_be_hidden()
