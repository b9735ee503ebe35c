"""A hall's real pages, in Chromium: on a slow line, without streams, and with the server killed under a countdown."""

import json
import random
import time
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.benchmarks.asking import Timed
from tests.benchmarks.effort import Effort
from tests.benchmarks.hall_pages import Host, Sitting
from tests.benchmarks.hall_serving import Serving
from tests.benchmarks.table import Table
from tests.journeys.conftest import CHROMIUM, FLAGS, PATIENCE_MS, new_context
from tests.journeys.steps import LOADED_KB

USABLE_S, MOST_KB, BEHIND_S, OFF_MS = 2, 150, 2.5, 100
# 3G as Lighthouse takes it for telephones, with a processor a quarter as quick.
SLOW_LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOWER = 4
TELEPHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
AFTERWARDS_S = 8
_USABLE = """new MutationObserver(() => {
  if (document.querySelector('[data-view="sheet"]:not([hidden]) [data-points]')) window.usable ??= performance.now();
}).observe(document, { subtree: true, childList: true, attributes: true });"""
_BARE = "delete window.EventSource;"
# When the sheet to score on came and went, by the machine's clock.
_SHEETS = """window.sheets = []; new MutationObserver(() => {
  const sheet = document.querySelector('[data-view="sheet"]');
  if (!sheet || sheets.at(-1)?.[0] === !sheet.hidden) return;
  sheets.push([!sheet.hidden, performance.timeOrigin + performance.now()]);
}).observe(document, { subtree: true, childList: true, attributes: true });"""
# What the countdown said and when it began to, by the machine's clock.
_FLIPS = """window.flips = []; new MutationObserver(() => {
  const text = document.querySelector("[data-clock]")?.textContent ?? "";
  if (text !== "" && flips.at(-1)?.[0] !== text) flips.push([text, performance.timeOrigin + performance.now()]);
}).observe(document, { subtree: true, childList: true, characterData: true });"""


def measure(serving: Serving, table: Table, effort: Effort) -> None:
    """Bars 9, 10 and 21 of the hall."""
    if not Path(CHROMIUM).exists():
        table.say("a hall's pages in a browser", f"no {CHROMIUM}")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        _on_a_slow_line(browser, serving, table, effort)
        _without_streams(browser, serving, table, effort)
        _killed(browser, serving, table, effort)
        browser.close()


def _on_a_slow_line(browser: Browser, serving: Serving, table: Table, effort: Effort) -> None:
    """Open a juror's page for the first time while somebody reports, until a part can be given its points."""
    sitting, usable_s, kb = serving.sitting("talk"), list[float](), list[float]()
    for number in range(effort.looks):
        context = _context(browser, serving, sitting, number, **TELEPHONE)
        context.add_init_script(_USABLE)
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW_LINE)
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(f"{sitting.base}/juror", wait_until="commit")
        page.wait_for_function("window.usable")
        usable_s.append(page.evaluate("usable") / 1000)
        kb.append(page.evaluate(LOADED_KB))
        context.close()
    name = "a juror's page, 1.6 Mbit/s, 150 ms, a quarter of the processor"
    table.add(f"{name}: usable after", median(usable_s), "s", at_most=USABLE_S)
    table.add("  the same: all that it loads, packed", max(kb), "KB", at_most=MOST_KB)


def _without_streams(browser: Browser, serving: Serving, table: Table, effort: Effort) -> None:
    """Begin a report and take it back, again and again, until a telephone that can only ask shows it."""
    sitting = serving.sitting()
    host, pages = Host(serving.port, sitting), list[Page]()
    for number, script in enumerate((_SHEETS, _BARE + _SHEETS)):
        context = _context(browser, serving, sitting, number, **TELEPHONE)
        context.add_init_script(script)
        pages.append(context.new_page())
        pages[-1].goto(f"{sitting.base}/juror")
        pages[-1].wait_for_function("sheets.length > 0")
    behind_s: list[list[float]] = [[], []]
    for number in range(2 * effort.looks):
        time.sleep(random.uniform(0.5, 2.5))  # not in step with the asking
        began_ms = time.time() * 1000
        host.press("back" if number % 2 else "talk")
        for page, waits in zip(pages, behind_s, strict=True):
            page.wait_for_function(f"sheets.at(-1)[0] === {'false' if number % 2 else 'true'}")
            waits.append((page.evaluate("sheets.at(-1)[1]") - began_ms) / 1000)
    table.add("a telephone in the hall shows what was pressed: the last within", max(behind_s[0]), "s")
    table.add("  the same without streams, by asking", max(behind_s[1]), "s", at_most=BEHIND_S)
    for page in pages:
        page.context.close()


def _killed(browser: Browser, serving: Serving, table: Table, effort: Effort) -> None:
    """Kill the server in mid-talk and look how far off pages are, from then until well after it is back."""
    sitting = serving.sitting("talk")
    staff = new_context(browser, f"http://127.0.0.1:{serving.port}")
    staff.add_cookies([{"name": "sessionid", "value": sitting.host, "url": f"http://127.0.0.1:{serving.port}"}])
    contexts = [staff, *(_context(browser, serving, sitting, number, **TELEPHONE) for number in range(2))]
    pages = []
    for context, paths in zip(contexts, (("screen", "order"), ("juror",), ("juror",)), strict=True):
        context.add_init_script(_FLIPS)
        for path in paths:
            pages.append(context.new_page())
            pages[-1].goto(f"{sitting.base}/{path}")
    off_ms, rises = list[float](), 0
    nought_ms = _nought(serving, sitting)
    pages[0].wait_for_timeout(3000)  # until the hall's time is known
    for _ in range(effort.hall_kills):
        for page in pages:
            page.evaluate("flips.length = 0")
        serving.kill()
        serving.stop()
        serving.start()
        pages[0].wait_for_timeout(AFTERWARDS_S * 1000)
        for page in pages:
            some, more = _off(page.evaluate("flips"), nought_ms)
            off_ms, rises = off_ms + some, rises + more
    is_same = _nought(serving, sitting) == nought_ms
    for context in contexts:
        context.close()
    timed, name = Timed([each / 1000 for each in off_ms], 1), f"killed under {len(pages)} pages that count down"
    table.add(f"{name}: 99 of 100 seconds shown within", timed.percentile_ms(99), "ms", at_most=OFF_MS)
    table.add("  the same: the worst", timed.percentile_ms(100), "ms")
    table.add("  the same: the countdown rose", rises, "", at_most=0)
    table.add("  the same: it ends when it would have ended", float(is_same), "", at_least=1)


def _off(flips: list[tuple[str, float]], nought_ms: float) -> tuple[list[float], int]:
    """Give how far off each new second came, in ms, and how often the countdown rose."""
    seconds = [(60 * int(text[-5:-3]) + int(text[-2:]), at_ms) for text, at_ms in flips]
    pairs = list(pairwise(seconds))
    off = [abs(at_ms - (nought_ms - 1000 * left)) for (before, _), (left, at_ms) in pairs if left == before - 1]
    return off, sum(left > before for (before, _), (left, _) in pairs)


def _nought(serving: Serving, sitting: Sitting) -> float:
    """Read when the bell rings, in ms since 1970."""
    connection = HTTPConnection("127.0.0.1", serving.port, timeout=60)
    connection.request("GET", f"{sitting.base}/state", headers={"Cookie": f"linli_seat={sitting.seats[0]}"})
    runs: dict[str, Any] = json.loads(connection.getresponse().read())["running"]
    connection.close()
    return float(runs["started_ms"] + runs["duration_ms"] + runs["paused_ms"])


def _context(browser: Browser, serving: Serving, sitting: Sitting, number: int, **options: Any) -> BrowserContext:
    """Give the browser of a juror who came in by the badge."""
    url = f"http://127.0.0.1:{serving.port}"
    context = new_context(browser, url, bypass_csp=True, **options)  # what is waited for is said in script
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([{"name": "linli_seat", "value": sitting.seats[number], "url": f"{url}/hall/"}])
    return context
