"""A session of three in real browsers: host, screen, five jurors; one offline for a while, one without streams."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import REPOSITORY, Town, environment_of
from tests.journeys.looking import faults_of
from tests.journeys.steps import LOADED_KB

from linli.oversight.reviews.calc.verify_review import check

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOST = "tiexi.reviews"
# What some telephones lack: streams, a lock against sleep, sound.
BARE = "delete window.EventSource; delete window.AudioContext; delete Navigator.prototype.wakeLock;"
JURORS_OWN = "[data-hall] without its script"  # a juror's own script begins what the hall's begins elsewhere
# Sound comes of itself in these browsers; a screen is asked to press all the same.
MOST_KB, A_FINGER_PX, DELIVERED_MS = 150, 44, 3000
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
    """Lose the network while scoring, change the last part, cast, and come back."""
    fill(juror, points)
    expect(juror.locator("[data-send]")).to_have_attribute("aria-disabled", "false")
    juror.context.set_offline(offline=True)
    fill(juror, (last,))
    juror.click("[data-send]")
    expect(juror.locator('[data-net="off"]')).to_be_visible()
    expect(juror.locator('[data-view="got"]')).to_be_hidden()
    juror.evaluate(AWAIT_WORD)
    juror.context.set_offline(offline=False)
    assert juror.evaluate("delivered") <= DELIVERED_MS
    expect(juror.locator('[data-view="got"]')).to_be_visible()


def looked_at(page: Page) -> list[str]:
    """Look at a page of the hall as at any page, and leave it as large as it was."""
    size = page.viewport_size
    faults = faults_of(page)
    if size:
        page.set_viewport_size(size)
    return faults


def seated(open_page: Callable[..., Page], ready: Ready) -> Iterator[Page]:
    for number, badge in enumerate(ready.badges):
        page = open_page(width=360)
        if number == 1:
            page.add_init_script(BARE)
        page.goto(f"/hall/{ready.session}/juror?badge={badge}")
        with page.expect_navigation():
            page.click(".door .btn.primary")
        yield page


def test_three_report_and_are_scored(open_page: Callable[..., Page], ready: Ready, tmp_path: Path) -> None:
    host, screen = open_page(user=HOST), open_page(user=HOST, width=1920)
    screen.goto(f"/hall/{ready.session}/screen")
    host.goto(f"/hall/{ready.session}/host")
    for page in (screen, host):
        page.click("[data-bell-test]")
        expect(page.locator("[data-bell-said]")).to_have_text("铃可以响")
    expect(host.locator(".dev .lit", has_text="铃可以响")).to_have_count(2, timeout=30_000)
    press(host, "bells")
    press(host, "open")
    jurors = list(seated(open_page, ready))

    press(host, "talk")
    expect(screen.locator(".turn [data-clock]")).to_contain_text("07:")
    assert {page.url: looked_at(page) for page in (host, screen)} == {host.url: [], screen.url: []}
    fill(jurors[0], (20, 19, 18, 17))
    assert jurors[0].evaluate(LOWEST) >= A_FINGER_PX
    assert 10 < jurors[0].evaluate(LOADED_KB) <= MOST_KB
    press(host, "comment")
    expect(screen.locator(".turn .usual")).to_contain_text("分管领导点评")
    jurors[0].reload()
    expect(jurors[0].locator("[data-sum]")).to_have_text("74")
    press(host, "score")
    assert looked_at(jurors[4]) == [JURORS_OWN]
    cast_offline(jurors[2], (15, 15, 15, 15, 11), last=15)
    for juror in jurors[:2]:
        cast(juror, (16,) if juror is jurors[0] else (18, 18, 18, 18, 18))
    for juror in jurors[3:]:
        cast(juror, (17, 17, 17, 17, 17))
    expect(host.locator(".jur header b")).to_have_text("5/5")
    press(host, "show")
    expect(screen.locator(".res .fig")).to_have_text("86.67")
    assert looked_at(screen) == []
    press(host, "next")

    press(host, "absent")
    for command in ("talk", "comment", "score"):
        press(host, command)
    host.reload()
    for juror in jurors:
        cast(juror, (20, 20, 20, 20, 20))
    press(host, "show")
    for command in ("summary", "deployment", "close"):
        press(host, command)
    expect(jurors[0].locator("[data-wait-said]")).to_contain_text("会议结束")
    expect(screen.locator(".root")).to_be_visible()
    told = host.request.get(f"/hall/{ready.session}/result.json").json()
    assert all(check(told).values())
    assert [(line["score"], line["rank"]) for line in told["results"]] == [("260/3", 2), ("100", 1)]
