"""Wrong passwords without end from one address, and how long others take to sign in meanwhile, from another.

Every address of 127.0.0.0/8 is this machine's own, so one client can come from several.
"""

import json
import re
import time
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import cycle, islice
from urllib.parse import urlencode

from tests.benchmarks.asking import Timed
from tests.benchmarks.effort import Effort
from tests.benchmarks.places import Place, run
from tests.benchmarks.processes import LINLI
from tests.benchmarks.table import Table

GUESSER, OTHERS = "127.0.0.66", "127.0.0.77"
PAGE = "/desk/login/"
GUESSING_AT_ONCE, SIGN_INS = 4, 20
TIMES = 2
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
_IN, _REFUSED = 302, 403


class Door:
    """The sign-in page, opened once from an address."""

    def __init__(self, port: int, address: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60, source_address=(address, 0))
        self._connection.request("GET", PAGE)
        answer = self._connection.getresponse()
        found = _TOKEN.search(answer.read().decode())
        assert found is not None
        self._token = found[1]
        cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
        self._headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}

    def knock(self, username: str, password: str) -> int:
        """Try to sign in; gives the status."""
        said = {"csrfmiddlewaretoken": self._token, "username": username, "password": password}
        self._connection.request("POST", PAGE, urlencode(said), self._headers)
        answer = self._connection.getresponse()
        answer.read()
        return answer.status


def measure(place: Place, table: Table, effort: Effort) -> None:
    """Sign in one after another, alone, then while somebody guesses, then once the guessing is over."""
    with place.serving() as served:
        accounts = json.loads(run([str(LINLI), "demo", "users", "--json"], served.variables))
        names = [row["username"] for row in accounts]
        password = (place.folder / "demo-password").read_text().strip()
        port = served.server.port
        alone = _sign_in(port, names, password, SIGN_INS)
        with ThreadPoolExecutor(GUESSING_AT_ONCE) as pool:
            share = effort.guesses // GUESSING_AT_ONCE
            guessing = [pool.submit(_guess, port, which, share) for which in range(GUESSING_AT_ONCE)]
            meanwhile = _sign_in(port, names, password, SIGN_INS, until=guessing)
            guessed = [each.result() for each in guessing]
        after = _sign_in(port, names, password, SIGN_INS)
    count, took_s = sum(refused for refused, _ in guessed), max(took for _, took in guessed)
    table.add(f"wrong sign-ins from one address: refused, of {share * GUESSING_AT_ONCE:,}", count, "",
              at_least=share * GUESSING_AT_ONCE)  # fmt: skip
    table.add("the same: a second", round(count / took_s, 1), "/s")
    for what, (got_in, timed) in {"before": alone, "meanwhile": meanwhile, "afterwards": after}.items():
        table.add(f"others signing in {what}: of {len(timed.each_s)} got in", 100 * got_in / len(timed.each_s), "%",
                  at_least=100)  # fmt: skip
        table.add(f"others signing in {what}: half within", timed.percentile_ms(50), "ms")
    share_of_before = meanwhile[1].percentile_ms(50) / alone[1].percentile_ms(50)
    table.add("others signing in meanwhile beside before", round(share_of_before, 2), "times", at_most=TIMES)


def _guess(port: int, which: int, count: int) -> tuple[int, float]:
    door, began = Door(port, GUESSER), time.perf_counter()
    refused = sum(door.knock(f"guess-{which}-{number}", "wrong") == _REFUSED for number in range(count))
    return refused, time.perf_counter() - began


def _sign_in(
    port: int, names: list[str], password: str, count: int, *, until: "list[Future[tuple[int, float]]] | None" = None
) -> tuple[int, Timed]:
    """Sign one account in after another, each through a door of its own; until: on and on while these run."""
    got_in, each_s = 0, []
    for name in cycle(names) if until else islice(cycle(names), count):
        if until and all(each.done() for each in until):
            break
        began = time.perf_counter()
        got_in += Door(port, OTHERS).knock(name, password) == _IN
        each_s.append(time.perf_counter() - began)
    return got_in, Timed(each_s, sum(each_s))
