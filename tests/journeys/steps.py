"""What people do on pages, step by step, as residents and as staff.

A page is alive when it has loaded (frontend/src/alive.ts). So whoever causes a navigation waits here for its end, and
what changes within a page is waited for with `expect` or `settles`, never read at once.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyotp
from playwright.sync_api import Locator, Page, expect
from tests.journeys.conftest import PATIENCE_MS

# 新喜小区12号楼 of the demo, in 02网格 of 新喜社区, as a phone in front of it tells its place: WGS-84.
AT_BUILDING_12 = {"longitude": 123.340181, "latitude": 41.792474}
# The same building on our map: GCJ-02, the system of the demo's rows.
BUILDING_12_GCJ02 = (123.346205, 41.794851)
GRID_02 = ["铁西区", "工人村街道", "新喜社区", "02网格"]
COMMUNITY = "210106003007"
WORKER, SECRETARY, LEADER, ADMIN = "tiexi.grid_worker", "tiexi.secretary", "tiexi.leader", "tiexi.admin"
SECURITY, REVIEWS = "tiexi.security", "tiexi.reviews"
PRIMARY = ".thumb .btn.primary"
# A page with all that it has loaded so far, as it came over the line, in thousands of bytes.
LOADED_KB = """performance.getEntries().reduce((sum, each) => sum + (each.encodedBodySize ?? 0), 0) / 1000"""
_CASE_ID = re.compile(r"/desk/cases/([0-9a-f-]{36})/")


@dataclass(frozen=True, slots=True)
class Kept:
    """What the reporter keeps."""

    number: str
    code: str


def last_month() -> date:
    """Give a day of the month before, which the demo's reviews played."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date().replace(day=1) - timedelta(days=1)


def write(page: Page, text: str) -> None:
    """Begin a report with its words."""
    page.goto("/report/")
    page.fill("#text", text)


def turn(page: Page, what: str | Locator) -> None:
    """Press what leads to another page, and wait until that one has loaded."""
    with page.expect_navigation():
        (page.locator(what) if isinstance(what, str) else what).click()


def enter(page: Page, key: str = "Enter") -> None:
    """Press a key that leads to another page, and wait until that one has loaded."""
    with page.expect_navigation():
        page.keyboard.press(key)


def settles(read: Callable[[], Any], expected: Any) -> None:
    """Read until it is as expected, for what is drawn in several goes."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while read() != expected and time.monotonic() < until:
        time.sleep(0.1)
    assert read() == expected


def go_on(page: Page) -> None:
    """Press the one primary button and wait for the page that answers."""
    turn(page, PRIMARY)


def send(page: Page, *, name: str = "", phone: str = "") -> Kept:
    """Say how to be reached and send."""
    page.fill("#name", name)
    page.fill("#phone", phone)
    go_on(page)
    return kept(page)


def kept(page: Page) -> Kept:
    """Read number and code off the page after sending."""
    page.wait_for_selector(".sent-mark")
    number, code = page.locator(".kept dd.nb").all_inner_texts()
    return Kept(number, code)


def report_by_list(page: Page, text: str, *, community: str = COMMUNITY, address: str = "新喜小区12号楼") -> Kept:
    """Report without script: the community chosen from the list."""
    write(page, text)
    go_on(page)
    page.select_option("#area", community)
    page.fill("#address", address)
    go_on(page)
    return send(page)


def follow(page: Page, told: Kept) -> None:
    """Look how far a case is."""
    page.goto("/follow/")
    page.fill("#number", told.number)
    page.fill("#code", told.code)
    go_on(page)


def answer(page: Page, *, result: str, rating: str, comment: str = "") -> None:
    """Say as the reporter how it went."""
    page.locator(f"label:has(input[name=result][value={result}])").click()
    page.locator(f"label:has(input[name=rating][value={rating}])").click()
    page.fill("#comment", comment)
    go_on(page)


def find_case(page: Page, number: str, *, box: str = "") -> str:
    """Open the page of a case by its number, from a list of cases. Returns its id."""
    page.goto(f"/desk/{box}?q={number}")
    href = page.locator(".row a").first.get_attribute("href") or ""
    page.goto(href)
    found = _CASE_ID.search(page.url)
    assert found is not None
    return found[1]


def form_of(page: Page, action: str) -> Locator:
    """Find the form of a step and unfold what it lies in."""
    ends = "verification" if action == "verify" else f"steps/{action}"
    form = page.locator(f"form[action$='/{ends}/']").first
    expect(form).to_be_attached()
    ways = page.locator("details.ways:not([open]) > summary")
    if form.locator("xpath=ancestor::*[@class='ways-list']").count() and ways.count():
        ways.click()
    folds = form.locator("xpath=ancestor::details")
    for n in range(folds.count()):
        if folds.nth(n).get_attribute("open") is None:
            folds.nth(n).locator("> summary").click()
    return form


def take(page: Page, action: str, *, note: str = "", reason: str = "", to: str = "") -> None:
    """Take a step on the case that is open, say yes where the page asks again, and wait for its answer."""
    form = form_of(page, action)
    if note:
        form.locator("[name=note]").fill(note)
    if reason:
        form.locator("[name=reason]").select_option(reason)
    if to:
        form.locator("select[name=to]").select_option(label=to)
    asks = form.get_attribute("data-confirm")
    version = form.locator("[name=version]").input_value()
    go = form.locator(".go button")
    if asks:
        go.click()
        go = page.locator("dialog#confirm button[value=yes]")
    if form.get_attribute("hx-post") is None:
        turn(page, go)
    else:
        go.click()
    expect(page.locator(f"input[name=version][value='{version}']")).to_have_count(0)
    expect(page.locator(".note[role=status], .note[role=alert]").first).to_be_visible()


def figure(page: Page, name: str, *, area: str = "") -> int:
    """Read a figure of today off the leaders' board."""
    page.goto(f"/cockpit/?period=today{f'&area={area}' if area else ''}")
    value = page.locator(f".figure:has(a[href*='/rows/{name}/']) .value").inner_text()
    return int(re.sub(r"\D", "", value))


def rows_behind(page: Page, name: str) -> list[str]:
    """Click a figure of the board and read all rows behind it, page by page."""
    turn(page, page.locator(f".figure a[href*='/rows/{name}/']"))
    rows: list[str] = []
    while True:
        rows += page.locator("table[data-behind] tbody tr").all_inner_texts()
        more = page.locator("a[href*='from=']")
        if more.count() == 0:
            return rows
        turn(page, more.first)


def has_sideways_scroll(page: Page) -> bool:
    """Tell whether the page is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def set_up_app(page: Page, password: str) -> tuple[str, list[str]]:
    """Set up a second factor on its page; gives the app's secret and the recovery codes on the page that follows."""
    page.fill("#password", password)
    turn(page, "button[value=begin]")
    secret = page.locator("#secret").input_value().replace(" ", "")
    page.fill("#code", pyotp.TOTP(secret).now())
    turn(page, "button[value=confirm]")
    codes = page.locator("[data-recovery-codes] code")
    expect(codes).to_have_count(10)
    return secret, codes.all_inner_texts()
