"""The bell in a real browser: heard at nought with the network gone, silent when held, planned anew when taken up."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, sync_playwright
from tests.edges.web.hall.scripts import PROJECT, compiled
from tests.journeys.conftest import CHROMIUM, FLAGS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (PROJECT / "frontend/node_modules/typescript").exists(), reason="the front end's packages are not here"
    ),
]

HALL = "http://hall.test"
# The bell sounds into an analyser, which says by the page's counter when it first heard something.
START = """async (left_ms) => {
  const { HallClock } = await import("/clock.js");
  const { Bell } = await import("/bell.js");
  const context = new AudioContext();
  await context.resume();
  const ear = new AnalyserNode(context, { fftSize: 256 });
  ear.connect(context.destination);
  const clock = new HallClock();
  const here = performance.now();
  clock.take({ asked: here, answered: here, server: 1774591200000 });
  const running = { started_ms: clock.now(), duration_ms: left_ms, paused_ms: 0, paused_at_ms: null };
  const bell = new Bell(clock, context, ear);
  bell.follow({ running, strokes: 2, warns: false });
  window.hall = { bell, clock, running, heard: null, nought: here + left_ms };
  const wave = new Float32Array(256);
  setInterval(() => {
    ear.getFloatTimeDomainData(wave);
    const isHeard = wave.some((each) => Math.abs(each) > 0.001);
    if (isHeard) window.hall.heard ??= performance.now();
  }, 4);
  return context.state;
}"""
HOLD = "hall.bell.follow({ running: { ...hall.running, paused_at_ms: hall.clock.now() }, strokes: 2, warns: false })"
TAKE_UP = """(held_ms) => {
  hall.nought += held_ms;
  hall.bell.follow({ running: { ...hall.running, paused_ms: held_ms }, strokes: 2, warns: false });
}"""


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    folder = compiled(tmp_path, "clock.ts", "bell.ts")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, "--autoplay-policy=no-user-gesture-required"]
        )
        page = browser.new_page()
        page.route(f"{HALL}/**", lambda route: answer(route, folder))
        page.goto(f"{HALL}/")
        yield page
        browser.close()


def answer(route: Route, folder: Path) -> None:
    name = route.request.url.rsplit("/", 1)[-1]
    if name:
        route.fulfill(body=(folder / name).read_text(), content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html>", content_type="text/html")


def off_ms(page: Page) -> float:
    """Wait for the bell and say how far from nought it was heard."""
    page.wait_for_function("hall.heard !== null", timeout=30_000)
    return float(page.evaluate("hall.heard - hall.nought"))


def test_bell_rings_at_nought_with_the_network_cut_ten_seconds_in(page: Page) -> None:
    assert page.evaluate(START, 12_000) == "running"
    page.wait_for_function("performance.now() > hall.nought - 2000", timeout=30_000)
    page.context.set_offline(offline=True)

    assert abs(off_ms(page)) <= 100


def test_bell_keeps_silent_while_held_and_rings_later(page: Page) -> None:
    page.evaluate(START, 1500)
    page.evaluate(HOLD)
    page.wait_for_function("performance.now() > hall.nought + 1000", timeout=30_000)
    assert page.evaluate("hall.heard") is None
    page.evaluate(TAKE_UP, 4000)

    assert abs(off_ms(page)) <= 100


def test_bell_without_sound_says_so_and_throws_nothing(page: Page) -> None:
    faults: list[Any] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.evaluate(START, 60_000)
    said = page.evaluate("""async () => {
      const context = new AudioContext();
      await context.close();
      const { Bell } = await import("/bell.js");
      const bell = new Bell(hall.clock, context);
      bell.follow({ running: hall.running, strokes: 2, warns: true });
      return await bell.test();
    }""")

    assert json.dumps([said, faults]) == '["closed", []]'
