"""A small client: requests one after another or several at a time, with the time each took."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

OK, CREATED = 200, 201


@dataclass(frozen=True)
class Timed:
    """How long each of the requests took, and all of them together, in seconds."""

    each_s: list[float]
    total_s: float

    def percentile_ms(self, percent: int) -> float:
        """Give the time that so many per cent of the requests stayed within."""
        ordered = sorted(self.each_s)
        return round(1000 * ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1)

    @property
    def a_second(self) -> float:
        """How many were answered a second."""
        return round(len(self.each_s) / self.total_s, 1)


class Caller:
    """One connection that is kept open, with a token, a cookie, or neither."""

    def __init__(self, port: int, token: str = "", *, cookie: str = "") -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Content-Type": "application/json"}
        self._headers |= {"Authorization": f"Bearer {token}"} if token else {}
        self._headers |= {"Cookie": cookie} if cookie else {}

    def ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> Any:
        """Ask for JSON. Raises RuntimeError for any other answer than 200 or 201."""
        return json.loads(self.fetch(method, path, body, headers))

    def fetch(
        self, method: str, path: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> bytes:
        """Ask for whatever it is. Raises RuntimeError for any other answer than 200 or 201."""
        sent = json.dumps(body) if body is not None else None
        self._connection.request(method, path, sent, self._headers | (headers or {}))
        response = self._connection.getresponse()
        answer = response.read()
        if response.status not in {OK, CREATED}:
            raise RuntimeError(f"{method} {path}: {response.status} {answer[:300]!r}")
        return answer

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def time_calls(call: Callable[[Caller, int], object], callers: list[Caller], count: int) -> Timed:
    """Make `count` calls, spread over the callers, each caller one after another."""

    def run(which: int) -> list[float]:
        took = []
        for number in range(which, count, len(callers)):
            began = time.perf_counter()
            call(callers[which], number)
            took.append(time.perf_counter() - began)
        return took

    began = time.perf_counter()
    with ThreadPoolExecutor(len(callers)) as pool:
        parts = list(pool.map(run, range(len(callers))))
    return Timed([each for part in parts for each in part], time.perf_counter() - began)
