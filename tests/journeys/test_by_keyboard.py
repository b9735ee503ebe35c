"""A report by keyboard alone: from the first Tab to number and code, and one always sees where one is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.journeys import steps

pytestmark = pytest.mark.browser

_MOST_TABS = 40
# The ring is on what is focused, or on the label that stands for a hidden field; nothing lies over it.
_RING = """() => {
  const at = document.activeElement;
  const ringed = [at.closest('label'), at.nextElementSibling, at].find(each => each &&
    getComputedStyle(each).outlineStyle !== 'none' && parseFloat(getComputedStyle(each).outlineWidth) >= 2);
  if (!ringed) return `no ring: ${at.outerHTML.slice(0, 120)}`;
  const box = ringed.getClientRects()[0]; // of a link that goes on in a second line, the first
  const seen = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return ringed.contains(seen) ? '' : `covered: ${at.outerHTML.slice(0, 120)}`;
}"""


@pytest.mark.parametrize("width", [360, 1280])
def test_a_report_is_sent_without_a_mouse(open_page: Callable[..., Page], width: int) -> None:
    page = open_page(width=width)
    page.goto("/")
    _tab_to(page, "a.big")
    steps.enter(page)
    assert page.url.endswith("/report/")
    _tab_to(page, "#text")
    page.keyboard.insert_text("新喜小区12号楼单元门关不上")
    _press_on(page, "[data-report=where]")
    _tab_to(page, "[data-expands=by-hand]")
    page.keyboard.press("Enter")
    expect(page.locator("#area")).to_be_focused()
    page.keyboard.press("ArrowDown")
    _tab_to(page, "#address")
    page.keyboard.insert_text("新喜小区12号楼")
    _press_on(page, "[data-report=contact]")
    _press_on(page, ".sent-mark")
    told = steps.kept(page)
    assert (len(told.number) > 0, len(told.code)) == (True, 6)


def _press_on(page: Page, then: str) -> None:
    """Press the one primary button and wait for the next page."""
    _tab_to(page, steps.PRIMARY)
    steps.enter(page)
    expect(page.locator(then)).to_be_visible()


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until it is there; the ring is seen at each stop."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        assert page.evaluate(_RING) == ""
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
    pytest.fail(f"{_MOST_TABS} tabs do not lead to {selector}")
