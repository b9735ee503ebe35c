"""How pages arrive: nothing jumps while they load, and a first visit of a resident is small."""

import pytest
from playwright.sync_api import Browser
from tests.journeys.conftest import Town, new_context, session_of
from tests.journeys.test_pages import PAGES

pytestmark = pytest.mark.browser

_MOST_SHIFT = 0.05
_MOST_BYTES = 150_000
_WATCH_SHIFTS = """window.shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(each => {
  if (!each.hadRecentInput) window.shifted += each.value;
})).observe({ type: 'layout-shift', buffered: true });"""
_WEIGHT = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce(
  (sum, each) => sum + each.transferSize, 0)"""


@pytest.mark.parametrize(("user", "path"), PAGES)
def test_page_does_not_jump_while_it_loads(browser: Browser, town: Town, user: str, path: str) -> None:
    context = new_context(browser, town.url, storage_state=session_of(browser, town, user) if user else None)
    context.add_init_script(_WATCH_SHIFTS)
    page = context.new_page()
    shifts = {}
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(path)
        page.wait_for_timeout(300)  # for what comes in after the page: parts, counters, the map
        shifts[width] = page.evaluate("window.shifted")
    context.close()
    assert {width: shift for width, shift in shifts.items() if shift > _MOST_SHIFT} == {}


@pytest.mark.parametrize("path", ["/", "/report/"])
def test_first_visit_of_a_resident_is_small(browser: Browser, town: Town, path: str) -> None:
    context = new_context(browser, town.url)
    page = context.new_page()
    answer = page.goto(path, wait_until="networkidle")
    weight = page.evaluate(_WEIGHT)
    context.close()
    assert answer is not None
    assert (answer.headers["content-encoding"], 5_000 < weight < _MOST_BYTES) == ("gzip", True)
