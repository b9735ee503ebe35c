"""A page asked for without a network: ours instead of the browser's own, without anybody's data, gone again with it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.journeys import steps
from tests.journeys.looking import NOT_ON_FAULTS, faults_of
from tests.journeys.steps import ADMIN, WORKER

pytestmark = pytest.mark.browser

_KEPT = """async () => (await Promise.all((await caches.keys()).map(async name =>
  (await (await caches.open(name)).keys()).map(each => new URL(each.url).pathname)))).flat().sort()"""
# Whether the worker stands, which is a moment after a page is there, and keeps the offline page as that page looks.
_STANDS = """async () => {
  const { lang, dataset } = document.documentElement;
  const dressed = `/offline/?${lang}-${dataset.theme}-${dataset.mode}`;
  return Boolean(navigator.serviceWorker.controller && await caches.match(dressed, { ignoreVary: true }));
}"""
_PARTS = [
    "/offline/",
    *(f"/static/built/{name}" for name in ("css/linli.css", "css/portal.css", "icon.svg", "offline.js")),
]


@pytest.mark.parametrize(("user", "path", "link"), [
    ("", "/", "a[href='/board/']"), (WORKER, "/desk/", "#menu a[href='/desk/done/']"),
])  # fmt: skip
def test_link_without_a_network_opens_our_page_and_then_what_was_asked_for(
    open_page: Callable[..., Page], user: str, path: str, link: str
) -> None:
    page = open_page(user=user)
    page.goto(path)
    steps.settles(lambda: page.evaluate(_STANDS), expected=True)
    page.context.set_offline(True)
    steps.turn(page, link)
    expect(page.locator("h1")).to_have_text("现在连不上")
    asked_for = page.url

    with page.expect_navigation():
        page.context.set_offline(False)
    expect(page.locator("h1")).not_to_have_text("现在连不上")
    expect(page.locator(".top, .bar").first).to_be_visible()
    assert (asked_for, page.evaluate(_KEPT)) == (page.url, _PARTS)


def test_offline_page_has_no_barrier_and_looks_as_pages_do(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360, cookies={"linli_mode": "elder", "linli_theme": "dark"})
    page.goto("/")
    steps.settles(lambda: page.evaluate(_STANDS), expected=True)
    page.context.set_offline(True)
    page.goto("/follow/")
    expect(page.locator("html[data-mode=elder][data-theme=dark] h1")).to_have_text("现在连不上")
    assert page.locator("h1").evaluate("each => getComputedStyle(each).fontSize") == "34px"
    assert [fault for fault in faults_of(page) if fault not in NOT_ON_FAULTS] == []


def test_trying_again_without_a_network_stays_on_our_page(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360)
    page.goto("/")
    steps.settles(lambda: page.evaluate(_STANDS), expected=True)
    page.context.set_offline(True)
    page.goto("/board/")
    steps.turn(page, steps.PRIMARY)
    expect(page.locator("h1")).to_have_text("现在连不上")
    assert page.url.endswith("/board/")


def test_what_staff_typed_without_a_network_stays_and_is_sent_later(open_page: Callable[..., Page]) -> None:
    page = open_page(user=ADMIN)
    page.goto("/desk/calendar/edit/")
    page.fill("#reason", "试一试")
    page.context.set_offline(True)
    page.click(".go .btn.primary")
    page.click("dialog#confirm button[value=yes]")
    expect(page.locator("[data-no-line-sent]")).to_be_visible()
    expect(page.locator("#reason")).to_have_value("试一试")

    page.context.set_offline(False)
    expect(page.locator("[data-no-line]")).to_be_hidden()
    page.click(".go .btn.primary")
    steps.turn(page, "dialog#confirm button[value=yes]")
    assert page.url.endswith("/desk/calendar/")
