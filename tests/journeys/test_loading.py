"""How pages arrive: a first visit of a resident is small."""

import pytest
from playwright.sync_api import Browser
from tests.journeys.conftest import Town, new_context

pytestmark = pytest.mark.browser

_MOST_BYTES = 150_000
_WEIGHT = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce(
  (sum, each) => sum + each.transferSize, 0)"""


@pytest.mark.parametrize("path", ["/", "/report/"])
def test_first_visit_of_a_resident_is_small(browser: Browser, town: Town, path: str) -> None:
    context = new_context(browser, town.url)
    page = context.new_page()
    answer = page.goto(path, wait_until="networkidle")
    weight = page.evaluate(_WEIGHT)
    context.close()
    assert answer is not None
    assert (answer.headers["content-encoding"], 5_000 < weight < _MOST_BYTES) == ("gzip", True)
