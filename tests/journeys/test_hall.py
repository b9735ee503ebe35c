"""A session of three in real browsers: host, screen, clerk, five jurors; what fails in a hall fails in mid-turn."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from tests.benchmarks.processes import LINLI, Running, running
from tests.journeys import steps
from tests.journeys.conftest import REPOSITORY, Town, environment_of, free_port
from tests.journeys.looking import faults_of
from tests.journeys.steps import LOADED_KB

from linli.kernel import postgres
from linli.oversight.reviews.calc.verify_review import check

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOST = "tiexi.reviews"
LOCAL = ZoneInfo("Asia/Shanghai")
# What some telephones lack: streams, a lock against sleep, sound.
BARE = "delete window.EventSource; delete window.AudioContext; delete Navigator.prototype.wakeLock;"
JURORS_OWN = "[data-hall] without its script"  # a juror's own script begins what the hall's begins elsewhere
# Sound comes of itself in these browsers; a screen is asked to press all the same.
MOST_KB, A_FINGER_PX, DELIVERED_MS, MINUTE_MS = 150, 44, 3000, 60_000
OFFLINE = 2  # which juror is without a network for a minute, by the page's own clock
A_SECOND_OR_TWO = 2.5
# Of what can be pressed now, the shortest side.
LOWEST = """Math.min(...[...document.querySelectorAll("button")].filter(each => each.checkVisibility()).flatMap(
  each => { const box = each.getBoundingClientRect(); return [box.width, box.height]; }))"""
# How long the server's word takes once the network is back, by the page's own counter.
AWAIT_WORD = """() => { window.delivered = new Promise(done => addEventListener("online", () => {
  const back = performance.now(), got = document.querySelector('[data-view="got"]');
  const look = () => got.hidden ? setTimeout(look, 20) : done(performance.now() - back);
  look();
})); }"""


@dataclass(frozen=True, slots=True)
class Ready:
    """A session that can be opened."""

    session: str
    badges: list[str]


@pytest.fixture(scope="module")
def ready(town: Town) -> Ready:
    done = subprocess.run([sys.executable, "-m", "tests.journeys.seating", str(town.data)], check=True, cwd=REPOSITORY,  # noqa: S603
                          capture_output=True, text=True, env=environment_of(town.data))  # fmt: skip
    return Ready(**json.loads(done.stdout))


class Server:
    """A second server of the town, on its database, that may be killed in mid-turn."""

    def __init__(self, town: Town, log: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._variables = environment_of(town.data) | {"DATABASE_URL": postgres.status(town.data / "postgres").url}
        self._log, self._stack = log, ExitStack()
        self._running: Running | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._running = self._stack.enter_context(running(
            [str(LINLI), "serve"], variables=self._variables, ready="/readyz", log=self._log, wait_s=120,
            port=self.port, is_alone=True,
        ))  # fmt: skip

    def kill(self) -> None:
        """Kill it, with -9."""
        if self._running is not None:
            self._running.kill()

    def stop(self) -> None:
        """End it."""
        self._stack.close()


@pytest.fixture
def server(town: Town, tmp_path: Path) -> Iterator[Server]:
    beside = Server(town, tmp_path / "serve.log")
    beside.start()
    yield beside
    beside.stop()


def press(page: Page, command: str) -> None:
    with page.expect_navigation():
        page.click(f'.host button[value="{command}"]')


def fill(juror: Page, points: tuple[int, ...]) -> None:
    for each in points:
        juror.click(f'[data-points="{each}"]')


def cast(juror: Page, points: tuple[int, ...]) -> None:
    fill(juror, points)
    expect(juror.locator("[data-send]")).to_have_attribute("aria-disabled", "false")
    juror.click("[data-send]")
    expect(juror.locator('[data-view="got"]')).to_be_visible()


def cast_offline(juror: Page, points: tuple[int, ...], last: int) -> None:
    """Lose the network for a minute while scoring, change the last part, cast, and come back."""
    fill(juror, points)
    expect(juror.locator("[data-send]")).to_have_attribute("aria-disabled", "false")
    juror.context.set_offline(offline=True)
    fill(juror, (last,))
    juror.click("[data-send]")
    expect(juror.locator('[data-net="off"]')).to_be_visible()
    juror.clock.fast_forward(MINUTE_MS)
    expect(juror.locator('[data-view="got"]')).to_be_hidden()
    juror.evaluate(AWAIT_WORD)
    juror.context.set_offline(offline=False)
    assert juror.evaluate("delivered") <= DELIVERED_MS
    expect(juror.locator('[data-view="got"]')).to_be_visible()


def left_s(page: Page) -> int:
    """Read the seconds on a screen's clock."""
    found = re.fullmatch(r"(\d+):(\d\d)", page.locator("[data-clock]").inner_text().strip())
    assert found, page.locator("[data-clock]").inner_text()
    return int(found[1]) * 60 + int(found[2])


def write_down(clerk: Page, session: str, said: str) -> None:
    """Write an assignment down as the clerk, and show it at the leader's nod."""
    clerk.goto(f"/hall/{session}/clerk")
    clerk.locator("input[name=kind][value=assignment]").first.check()
    clerk.fill("#new-text", said)
    clerk.fill("#new-due", (datetime.now(LOCAL).date() + timedelta(days=30)).isoformat())
    steps.turn(clerk, clerk.locator("form[action$='/remarks/'] button.primary"))
    steps.turn(clerk, clerk.locator("button[value=nod]").first)


def looked_at(page: Page) -> list[str]:
    """Look at a page of the hall as at any page, and leave it as large as it was."""
    size = page.viewport_size
    faults = faults_of(page)
    if size:
        page.set_viewport_size(size)
    return faults


def seated(open_page: Callable[..., Page], ready: Ready, url: str) -> Iterator[Page]:
    for number, badge in enumerate(ready.badges):
        page = open_page(width=360, url=url)
        if number == 1:
            page.add_init_script(BARE)
        if number == OFFLINE:
            page.clock.install()
        page.goto(f"/hall/{ready.session}/juror?badge={badge}")
        with page.expect_navigation():
            page.click(".door .btn.primary")
        yield page


def opened(open_page: Callable[..., Page], ready: Ready, url: str) -> tuple[Page, Page]:
    """Open the big screen and the host's page, hear both bells and open the session."""
    host, screen = open_page(user=HOST, url=url), open_page(user=HOST, width=1920, url=url)
    screen.goto(f"/hall/{ready.session}/screen")
    host.goto(f"/hall/{ready.session}/host")
    for page in (screen, host):
        page.click("[data-bell-test]")
        expect(page.locator("[data-bell-said]")).to_have_text("铃可以响")
    expect(host.locator(".dev .lit", has_text="铃可以响")).to_have_count(2, timeout=30_000)
    press(host, "bells")
    press(host, "open")
    return host, screen


@dataclass(frozen=True, slots=True)
class InHall:
    """Pages that stay open all the time."""

    screen: Page
    clerk: Page
    jurors: list[Page]


def score(host: Page, jurors: list[Page], *commands: str) -> None:
    """Press on to the scores, let all give the most, and show it."""
    for command in commands:
        press(host, command)
    host.reload()
    for juror in jurors:
        cast(juror, (20, 20, 20, 20, 20))
    press(host, "show")


def first_turn(hall: InHall, ready: Ready, host: Page, take_over: Callable[[], Page]) -> Page:
    """Let the host's browser die in mid-report, and a juror be offline for a minute. Returns the host's new page."""
    screen, jurors = hall.screen, hall.jurors
    press(host, "talk")
    expect(screen.locator(".turn [data-clock]")).to_contain_text("07:")
    assert {page.url: looked_at(page) for page in (host, screen)} == {host.url: [], screen.url: []}
    fill(jurors[0], (20, 19, 18, 17))
    assert jurors[0].evaluate(LOWEST) >= A_FINGER_PX
    assert 10 < jurors[0].evaluate(LOADED_KB) <= MOST_KB
    host.context.close()
    before = left_s(screen)
    host = take_over()
    expect(host.locator("[data-clock]").first).to_contain_text("07:")
    assert left_s(screen) <= before
    press(host, "comment")
    expect(screen.locator(".turn .usual")).to_contain_text("分管领导点评")
    write_down(hall.clerk, ready.session, "两周内走访十家企业")
    expect(screen.locator(".said")).to_contain_text("两周内走访十家企业")
    jurors[0].reload()
    expect(jurors[0].locator("[data-sum]")).to_have_text("74")
    press(host, "score")
    assert looked_at(jurors[4]) == [JURORS_OWN]
    cast_offline(jurors[OFFLINE], (15, 15, 15, 15, 11), last=15)
    for juror in jurors[:2]:
        cast(juror, (16,) if juror is jurors[0] else (18, 18, 18, 18, 18))
    for juror in jurors[3:]:
        cast(juror, (17, 17, 17, 17, 17))
    expect(host.locator(".jur header b")).to_have_text("5/5")
    expect(host.locator(".dev .lit", has_text="5部都有回应")).to_be_visible()
    press(host, "show")
    expect(screen.locator(".res .fig")).to_have_text("86.67")
    assert looked_at(screen) == []
    press(host, "next")
    return host


def second_turn(hall: InHall, host: Page, server: Server) -> None:
    """Let the server die in mid-report: clocks go on, and what was touched meanwhile arrives."""
    screen, jurors = hall.screen, hall.jurors
    press(host, "talk")
    expect(screen.locator(".turn [data-clock]")).to_contain_text("07:")
    at, began = left_s(screen), time.monotonic()
    server.kill()
    fill(jurors[3], (12, 13, 14, 15))
    expect(screen.locator("[data-lost]")).to_be_visible()
    assert abs(at - left_s(screen) - (time.monotonic() - began)) <= A_SECOND_OR_TWO
    server.stop()
    server.start()
    expect(screen.locator("[data-lost]")).to_be_hidden()
    assert abs(at - left_s(screen) - (time.monotonic() - began)) <= A_SECOND_OR_TWO
    expect(jurors[3].locator('[data-net="off"]')).to_be_hidden()
    jurors[3].reload()
    expect(jurors[3].locator("[data-sum]")).to_have_text("54")
    score(host, jurors, "comment", "score")


def test_three_report_and_are_scored_whatever_fails(
    server: Server, ready: Ready, open_page: Callable[..., Page]
) -> None:
    def take_over() -> Page:
        page = open_page(user=HOST, url=server.url)
        page.goto(f"/hall/{ready.session}/host")
        return page

    host, screen = opened(open_page, ready, server.url)
    jurors = list(seated(open_page, ready, server.url))
    hall = InHall(screen, open_page(user=HOST, url=server.url), jurors)
    host = first_turn(hall, ready, host, take_over)
    second_turn(hall, host, server)
    press(host, "next")
    score(host, jurors, "talk", "comment", "score")
    for command in ("summary", "deployment", "close"):
        press(host, command)
    expect(jurors[0].locator("[data-wait-said]")).to_contain_text("会议结束")
    for juror in jurors[:2]:
        expect(juror.locator('[data-own="all"]')).to_contain_text("3 张票都在公布的名单里")
    expect(screen.locator(".root")).to_be_visible()
    expect(screen.locator("[data-bell-test]")).to_be_hidden()
    told = host.request.get(f"/hall/{ready.session}/result.json").json()
    assert all(check(told).values())
    assert [(line["score"], line["rank"]) for line in told["results"]] == [("260/3", 3), ("100", 1), ("100", 1)]
