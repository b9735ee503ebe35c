"""Every page on paper, where nothing may stick out, and on a telephone, where everything has room for a finger."""

from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.journeys import steps
from tests.journeys.conftest import Town
from tests.journeys.test_pages import PAGES, Windows

pytestmark = pytest.mark.browser

_A4_PX, _A4_ACROSS_PX = 703, 1031  # what the margins of base.css leave
# A link in a sentence, what a larger box around it answers for, and the numbers on a drawing of areas, each of which
# stands in the table below it too, may be lower. Source: WCAG 2.2, 2.5.8.
_LOW = """() => [...document.querySelectorAll(
  'a, button, summary, select, textarea, input:not([type=hidden], .tick)')].filter(e => {
    if (!e.checkVisibility() || e.closest('.sr, .skip, svg')) return false;
    if (getComputedStyle(e, '::after').inset === '0px') return false;
    const box = e.getBoundingClientRect();
    const isInText = getComputedStyle(e).display === 'inline' && e.closest('p, dd, td, small');
    return box.width > 1 && box.height < 43.5 && !isInText;
  }).map(e => `${Math.round(e.getBoundingClientRect().height)} ${e.outerHTML.slice(0, 90)}`)"""


@pytest.fixture(scope="module")
def windows(browser: Browser, town: Town) -> Windows:
    """Keep windows open for all pages; they end with the browser."""
    return Windows(browser, town)


@pytest.mark.parametrize(("user", "path"), PAGES)
def test_page_fits_paper(windows: Windows, user: str, path: str) -> None:
    page = windows.open(user)
    page.goto(path)
    is_register = page.locator(".table.dense").count() > 0
    page.emulate_media(media="print")
    page.set_viewport_size({"width": _A4_ACROSS_PX if is_register else _A4_PX, "height": 1000})
    found: tuple[Any, ...] = (steps.has_sideways_scroll(page), page.locator(".menu, .find, .desk-foot").filter(
        visible=True).count())  # fmt: skip
    page.emulate_media(media="screen")
    assert found == (False, 0)


@pytest.mark.parametrize(("user", "path"), PAGES)
def test_everything_has_room_for_a_finger(windows: Windows, user: str, path: str) -> None:
    page = windows.open(user)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(path)
    page.wait_for_timeout(200)
    assert page.evaluate(_LOW) == []
