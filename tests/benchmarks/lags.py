"""How long a report takes from being sent to standing in the open list of somebody who watches."""

import queue
import threading
import time
from typing import Any

from tests.benchmarks.asking import Caller, Timed

_WAIT_S = 30.0


def watch_lags(port: int, token: str, count: int) -> Timed:
    """Report `count` cases in the watcher's own area, one at a time, and wait for each on the watcher's stream.

    Each waits for the one before and a moment more, as reports do not come in step with the stream. Raises
    queue.Empty if one does not show within 30 seconds.
    """
    caller, watcher = Caller(port, token), Caller(port, token)
    place = next(case["location"] for case in caller.ask("GET", "/api/v1/cases?limit=50")["items"] if case["location"])
    seen: queue.Queue[tuple[float, dict[str, Any]]] = queue.Queue()

    def watch() -> None:
        for state in watcher.watch("/api/v1/events"):
            seen.put((time.perf_counter(), state))

    threading.Thread(target=watch, daemon=True).start()
    seen.get(timeout=_WAIT_S)
    began, lags = time.perf_counter(), []
    for number in range(count):
        sent = time.perf_counter()
        body = {"text": f"第{number}盏路灯不亮", "location": place}
        case_id = caller.ask("POST", "/api/v1/cases", body)["id"]
        lags.append(_shown_at(seen, case_id) - sent)
        time.sleep(0.03 * (number % 10))
    return Timed(lags, time.perf_counter() - began)


def _shown_at(seen: "queue.Queue[tuple[float, dict[str, Any]]]", case_id: str) -> float:
    while True:
        at, state = seen.get(timeout=_WAIT_S)
        if any(row["id"] == case_id for row in state["newest"]):
            return at
