"""Finish that can be measured: names on the drawing, filters on one line, rows of a register on a telephone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.journeys import steps
from tests.journeys.steps import AT_BUILDING_12, SECRETARY, WORKER

pytestmark = pytest.mark.browser
# Names that show, and whether the pin, a box over the map or its edge lies on one of them.
_NAMES = """() => {
  const box = e => e.getBoundingClientRect();
  const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const map = box(document.querySelector('.map'));
  const over = [...document.querySelectorAll('.pin svg, .map .corner, .map .zoom')].map(box);
  const names = [...document.querySelectorAll('.area-name')].filter(e => e.checkVisibility());
  return {
    here: names.filter(e => e.matches('.here')).map(e => e.textContent),
    covered: names.filter(e => over.some(each => meets(box(e), each))).map(e => e.textContent),
    cut: names.filter(e => ['left', 'top'].some(side => box(e)[side] < map[side]) ||
      ['right', 'bottom'].some(side => box(e)[side] > map[side])).map(e => e.textContent),
  };
}"""


@pytest.mark.parametrize("cookies", [{}, {"linli_mode": "elder"}])
def test_names_on_the_drawing_keep_clear_of_the_pin(open_page: Callable[..., Page], cookies: dict[str, str]) -> None:
    page = open_page(width=360, here=AT_BUILDING_12, cookies=cookies)
    steps.write(page, "新喜小区12号楼门前路灯不亮")
    steps.go_on(page)

    expect(page.locator(".area-name.here")).to_have_text("02网格")

    steps.settles(lambda: page.evaluate(_NAMES), {"here": ["02网格"], "covered": [], "cut": []})


@pytest.mark.parametrize("mode", ["standard", "elder"])
@pytest.mark.parametrize("width", [768, 1280])
def test_filters_that_are_set_keep_to_one_line(open_page: Callable[..., Page], mode: str, width: int) -> None:
    page = open_page(user=WORKER, width=width, cookies={"linli_mode": mode})
    page.goto("/desk/cases/?light=late&state=accepted&category=heating")
    chips: dict[str, Any] = page.locator(".chips").evaluate("""e => ({
      lines: new Set([...e.children].map(each => each.getBoundingClientRect()).map(
        box => Math.round((box.top + box.bottom) / 20))).size,
      sticks_out: e.scrollWidth > e.clientWidth})""")
    assert chips == {"lines": 1, "sticks_out": False}


def test_row_of_a_register_takes_two_lines_on_a_telephone_and_leads_to_its_case(open_page: Callable[..., Page]) -> None:
    page = open_page(user=SECRETARY, width=360)
    page.goto("/desk/registers/cases/?since=2020-01-01")
    rows = page.locator(".dense tbody tr")
    tallest_px = max(rows.nth(n).evaluate("e => e.offsetHeight") for n in range(5))

    steps.turn(page, rows.first)

    assert "/desk/cases/" in page.url
    assert tallest_px <= 80
