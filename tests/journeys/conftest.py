"""The whole program with a small demo district, and browsers to use it as people do."""

import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Request,
    Response,
    expect,
    sync_playwright,
)

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# Without the last ones Chromium asks its maker's hosts at every start.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What a machine needs that is busy with other things: where all goes well nobody waits for it.
PATIENCE_MS = 30_000
_START_WAIT_S = 400
_STOP_WAIT_S = 120
_NEAR_MIDNIGHT_S = 120
_PORTS = range(10_240, 32_000)  # below those that the system gives to whoever calls somebody
expect.set_options(timeout=PATIENCE_MS)
_FIRST_SERVER_FAULT, _UNCHANGED = 500, 304
REPOSITORY = Path(__file__).parents[2]

# Cookies of who signed in, by username: signing in again and again would run into the limit on tries.
Sessions = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Town:
    """A running Linli. url: without a slash at the end; password: of every demo account; data: its folder.

    stop: ends it, for good.
    """

    url: str
    password: str
    data: Path
    stop: Callable[[], None] = lambda: None
    sessions: Sessions = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Running:
    """Everything `linli up` started. process: leads a group of its own."""

    process: "subprocess.Popen[bytes]"
    url: str
    log: Path

    def stop(self) -> None:
        """End it as Ctrl-C does, if it has not ended yet."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(_STOP_WAIT_S)


def environment_of(data: Path, *, port: int = 0) -> dict[str, str]:
    """Give the environment of programs on a data folder, free of what the suite's own says."""
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "DJANGO_", "LINLI_"))
    }
    return variables | {"LINLI_DATA": str(data)} | ({"PORT": str(port)} if port else {})


def start_up(data: Path, *, port: int, options: tuple[str, ...] = ("--scale", "small")) -> Running:
    """Start everything on a data folder and wait until it answers."""
    for folder in (data, *data.parents):
        if folder == Path(tempfile.gettempdir()):
            break
        folder.chmod(0o711)  # PostgreSQL runs as another user when the suite runs as root
    program = Path(sys.executable).with_name("linli")
    log = data / "log"
    with log.open("ab") as lines:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [program, "up", *options],
            env=environment_of(data, port=port),
            stdout=lines,
            stderr=subprocess.STDOUT,
            cwd=REPOSITORY,
            start_new_session=True,
        )
    running = Running(process, f"http://127.0.0.1:{port}", log)
    _wait(running)
    return running


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Start everything as `make run` does, on a database of its own, and stop it again.

    TOWN_URL and TOWN_DATA name one that runs already, to spare its start while one writes journeys.
    """
    if url := os.environ.get("TOWN_URL"):
        data = Path(os.environ["TOWN_DATA"])
        yield Town(url, (data / "demo-password").read_text().strip(), data)
        return
    data = tmp_path_factory.mktemp("town")
    running = start_up(data, port=free_port())
    try:
        yield Town(running.url, (data / "demo-password").read_text().strip(), data, running.stop)
    finally:
        running.stop()


class _Chromium:
    """One Chromium for all journeys, started with the first and closed after the last.

    Not a fixture of the session: while it runs, Django takes the thread for an asynchronous one, and whatever this
    worker tries afterwards gets no database.
    """

    def __init__(self) -> None:
        self._running: tuple[Playwright, Browser] | None = None

    def open(self) -> Browser:
        """Give the browser, starting it if it does not run."""
        if self._running is None:
            playwright = sync_playwright().start()
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            self._running = (playwright, browser)
        return self._running[1]

    def close(self) -> None:
        """End it, if it runs."""
        if self._running is not None:
            playwright, browser = self._running
            self._running = None
            browser.close()
            playwright.stop()


_CHROMIUM = _Chromium()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Close the browser before a test that is no journey in it."""
    if nextitem is None or "/journeys/" not in nextitem.nodeid or "/test_crash.py" in nextitem.nodeid:
        _CHROMIUM.close()


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the Chromium of all journeys."""
    return _CHROMIUM.open()


@pytest.fixture
def open_page(browser: Browser, town: Town) -> Iterator[Callable[..., Page]]:
    """Open pages in browsers of their own; fails the test on faults of scripts or servers and on requests elsewhere.

    `user` signs a demo account in; `here` grants the place, WGS-84; `url` names another server of this town; other
    arguments are the browser context's.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_(
        *,
        width: int = 1280,
        user: str = "",
        url: str = town.url,
        here: dict[str, float] | None = None,
        cookies: dict[str, str] | None = None,
        **options: Any,
    ) -> Page:
        if user:
            options["storage_state"] = session_of(browser, town, user)
        if here:
            options |= {"geolocation": here, "permissions": ["geolocation"]}
        context = new_context(browser, url, viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        for name, value in (cookies or {}).items():
            context.add_cookies([{"name": name, "value": value, "url": url}])
        page = context.new_page()
        watch(page, url, faults)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def one_day() -> None:
    """Keep a journey that looks at "today" within one day of the district: wait where midnight is near."""
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    left_s = (now.replace(hour=0, minute=0, second=0) + timedelta(days=1) - now).total_seconds()
    if left_s < _NEAR_MIDNIGHT_S:
        time.sleep(left_s + 1)


def new_context(browser: Browser, url: str, **options: Any) -> BrowserContext:
    """Give windows of their own on a running Linli, as somebody of this country sees it. options: Playwright's."""
    usual = {"base_url": url, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"}
    context = browser.new_context(**usual | options)
    context.set_default_timeout(PATIENCE_MS)
    return context


def watch(page: Page, url: str, faults: list[str]) -> None:
    """Write down what must not happen on any page."""

    def on_request(request: Request) -> None:
        if not request.url.startswith((url, "blob:", "data:")):
            faults.append(f"off-origin: {request.url}")

    def on_response(response: Response) -> None:
        is_ours = "/static/" in response.url and not response.ok and response.status != _UNCHANGED
        if response.status >= _FIRST_SERVER_FAULT or is_ours:
            faults.append(f"{response.status}: {response.url}")

    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("request", on_request)
    page.on("response", on_response)


def session_of(browser: Browser, town: Town, username: str) -> Any:
    """Sign in through the page once for each account and keep its cookies."""
    if username not in town.sessions:
        context = new_context(browser, town.url)
        page = context.new_page()
        page.goto("/desk/login/")
        page.fill("#username", username)
        page.fill("#password", town.password)
        with page.expect_navigation():
            page.press("#password", "Enter")
        assert "/login/" not in page.url
        town.sessions[username] = context.storage_state()
        context.close()
    return town.sessions[username]


def free_port() -> int:
    """Find a port that nobody listens at, and that no connection is given before our program takes it."""
    chance = random.SystemRandom()
    while True:
        port = chance.choice(_PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def _wait(running: Running) -> None:
    until = time.monotonic() + _START_WAIT_S
    while time.monotonic() < until:
        if running.process.poll() is not None:
            pytest.fail(f"Linli ended with {running.process.returncode}:\n{running.log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"{running.url}/readyz", timeout=20):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"Linli is not ready:\n{running.log.read_text()[-2000:]}")
