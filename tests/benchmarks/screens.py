"""From the last throw confirmed to the names on every screen of a hall, held by the pages that officers press.

Screens ask as the real ones do, each in its own beat; the beat is read from their script. What a browser then takes to
paint is not measured. Each draw is made void by two at the end, so that the month stands as before.
"""

import json
import random
import re
import secrets
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from threading import Barrier
from urllib.parse import urlencode

from tests.benchmarks.asking import Timed
from tests.benchmarks.effort import Effort
from tests.benchmarks.places import PROJECT, Place, run
from tests.benchmarks.table import Table

SCREENS, ALL_MS, WAIT_S = 50, 2000, 60
ISLAND = PROJECT / "frontend/src/islands/draw-screen.ts"
_MOVED, _NOTHING_NEW = 302, 204
_TOKEN = "b" * 32  # stands in cookie and header alike, which is what the guard against forged forms asks
_SEEN = re.compile(rb'data-seen="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Desk:
    """The server, and cookies of two who hold the draw and one with a screen."""

    port: int
    host: str
    second: str
    watcher: str
    beat_s: float

    def hold(self, draw: str) -> list[float]:
        """Hold a draw from its commit on; gives the seconds from the second typing to each screen's names."""
        thrown = f"{secrets.randbelow(10**20):020}"
        self._step(self.host, draw, "commit")
        self._step(self.host, draw, "throw", item="dice", value=thrown)
        ready = Barrier(SCREENS + 1)
        with ThreadPoolExecutor(SCREENS) as screens:
            shown = [screens.submit(self._watch, draw, ready) for _ in range(SCREENS)]
            ready.wait(WAIT_S)
            time.sleep(2 * self.beat_s)  # each has asked, and has what stands now
            began = time.perf_counter()
            self._step(self.second, draw, "throw", item="dice", value=thrown)
            self._step(self.host, draw, "lock")
            self._step(self.host, draw, "reveal")
            return [each.result() - began for each in shown]

    def void(self, draw: str) -> str:
        """Make a draw void by two signatures; gives the one in its place."""
        for who in (self.host, self.second):
            self._step(who, draw, "void", reason="disturbed")
        _, page = self._ask(HTTPConnection("127.0.0.1", self.port), f"/desk/reviews/draws/{draw}/", self.host)
        (new,) = set(re.findall(rb"/desk/reviews/draws/([0-9a-f-]{36})/", page)) - {draw.encode()}
        return new.decode()

    def _watch(self, draw: str, ready: Barrier) -> float:
        """Be a screen until the names are there; gives when. Raises TimeoutError."""
        connection, seen = HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S), b""
        ready.wait(WAIT_S)
        next_at = time.perf_counter() + random.uniform(0, self.beat_s)
        ends_at = next_at + WAIT_S
        while next_at < ends_at:
            time.sleep(max(0, next_at - time.perf_counter()))
            next_at += self.beat_s
            status, page = self._ask(connection, f"/hall/draw/{draw}/screen?seen={seen.decode()}", self.watcher)
            if b'data-state="drawn"' in page:
                connection.close()
                return time.perf_counter()
            if status != _NOTHING_NEW:
                found = _SEEN.search(page)
                if found is None:
                    raise RuntimeError(f"no screen: {status} {page[:300]!r}")
                seen = found[1]
        raise TimeoutError(f"no names within {WAIT_S} s")

    def _ask(self, connection: HTTPConnection, address: str, cookie: str) -> tuple[int, bytes]:
        connection.request("GET", address, headers={"Cookie": f"sessionid={cookie}"})
        answer = connection.getresponse()
        return answer.status, answer.read()

    def _step(self, cookie: str, draw: str, action: str, **sent: str) -> None:
        """Press a button of a draw's page. Raises RuntimeError where the page refuses."""
        headers = {
            "Cookie": f"sessionid={cookie}; csrftoken={_TOKEN}", "X-CSRFToken": _TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        connection = HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        connection.request("POST", f"/desk/reviews/draws/{draw}/{action}/", urlencode(sent), headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != _MOVED:
            raise RuntimeError(f"{action}: {answer.status} {body[:300]!r}")


def measure_screens(place: Place, table: Table, effort: Effort) -> None:
    """Hold draw after draw while the screens watch."""
    asks = re.search(r"ASK_MS = (\d+);", ISLAND.read_text("utf-8"))
    if asks is None:
        raise RuntimeError(f"{ISLAND} does not say how often a screen asks")
    with place.serving() as served:
        told = json.loads(run([sys.executable, "-m", "tests.benchmarks.drawable"], served.variables))
        desk = Desk(served.server.port, told["host"], told["second"], told["watcher"], int(asks[1]) / 1000)
        for left in told["open"]:
            desk.void(left)
        draw, took, busy_s = told["draw"], [], 0.0
        for _ in range(effort.held):
            before = served.server.cpu_s()
            took += desk.hold(draw)
            busy_s += served.server.cpu_s() - before
            draw = desk.void(draw)
    timed = Timed(took, sum(took))
    name = f"last throw confirmed to the names on {SCREENS} screens, {effort.held} draws"
    table.add(f"{name}: half within", timed.percentile_ms(50), "ms")
    table.add("  the same: all within", timed.percentile_ms(100), "ms", at_most=ALL_MS)
    table.add("  the same: processor time of the server a draw", 1000 * busy_s / effort.held, "ms")
