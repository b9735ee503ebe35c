"""The whole program with a small demo district, and browsers to use it as people do."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, sync_playwright

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
_START_WAIT_S = 240
_STOP_WAIT_S = 60
_FIRST_SERVER_FAULT = 500
REPOSITORY = Path(__file__).parents[2]

# Cookies of who signed in, by username: signing in again and again would run into the limit on tries.
Sessions = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Town:
    """A running Linli. url: without a slash at the end; password: of every demo account; data: its folder."""

    url: str
    password: str
    data: Path
    sessions: Sessions = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Running:
    """Everything `linli up` started. process: leads a group of its own."""

    process: "subprocess.Popen[bytes]"
    url: str
    log: Path

    def stop(self) -> None:
        """End it as Ctrl-C does."""
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
        yield Town(running.url, (data / "demo-password").read_text().strip(), data)
    finally:
        running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium for a file of journeys.

    Not for the session: while it runs, Django takes the thread for an asynchronous one and other tests get no database.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, town: Town) -> Iterator[Callable[..., Page]]:
    """Open pages in browsers of their own; fails the test on faults of scripts or servers and on requests elsewhere.

    `user` signs a demo account in; `here` grants the place, WGS-84; other arguments are the browser context's.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_(
        *,
        width: int = 1280,
        user: str = "",
        here: dict[str, float] | None = None,
        cookies: dict[str, str] | None = None,
        **options: Any,
    ) -> Page:
        if user:
            options["storage_state"] = session_of(browser, town, user)
        if here:
            options |= {"geolocation": here, "permissions": ["geolocation"]}
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=town.url,
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        for name, value in (cookies or {}).items():
            context.add_cookies([{"name": name, "value": value, "url": town.url}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        watch(page, town.url, faults)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


def watch(page: Page, url: str, faults: list[str]) -> None:
    """Write down what must not happen on any page."""

    def on_request(request: Request) -> None:
        if not request.url.startswith((url, "blob:", "data:")):
            faults.append(f"off-origin: {request.url}")

    def on_response(response: Response) -> None:
        if response.status >= _FIRST_SERVER_FAULT:
            faults.append(f"{response.status}: {response.url}")

    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("request", on_request)
    page.on("response", on_response)


def session_of(browser: Browser, town: Town, username: str) -> Any:
    """Sign in through the page once for each account and keep its cookies."""
    if username not in town.sessions:
        context = browser.new_context(base_url=town.url, locale="zh-CN")
        page = context.new_page()
        page.goto("/desk/login/")
        page.fill("#username", username)
        page.fill("#password", town.password)
        page.press("#password", "Enter")
        page.wait_for_url(lambda address: "/login/" not in address)
        town.sessions[username] = context.storage_state()
        context.close()
    return town.sessions[username]


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(running: Running) -> None:
    until = time.monotonic() + _START_WAIT_S
    while time.monotonic() < until:
        if running.process.poll() is not None:
            pytest.fail(f"Linli ended with {running.process.returncode}:\n{running.log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"{running.url}/readyz", timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"Linli is not ready:\n{running.log.read_text()[-2000:]}")
