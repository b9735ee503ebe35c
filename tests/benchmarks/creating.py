"""Creating a case over HTTP, beside a bare view that does the same inserts and beside django-helpdesk."""

import json
import sys
from functools import partial
from typing import Any
from uuid import uuid4

from tests.benchmarks.asking import Caller, Timed, time_calls
from tests.benchmarks.effort import Effort
from tests.benchmarks.peer import peer_serving
from tests.benchmarks.places import WAIT_S, WORK, Place, Served, run
from tests.benchmarks.processes import Running, running
from tests.benchmarks.table import Table

CALLERS, WARM_UP = 8, 40
BARE, PEER = "bare Django view, same inserts", "django-helpdesk 2.6.1, its ticket"


def measure(place: Place, table: Table, effort: Effort) -> None:
    """Measure all three in one run, one after another."""
    with place.serving() as served:
        points = served.samples["points"]
        name = f"create a case among {served.samples['count']:,}"
        timed, cpu_ms = time_creates(served.server, served.token, "/api/v1/cases", points, effort)
        table.add(f"{name}: processor time in the server a request", cpu_ms, "ms", at_most=6)
        _add(table, name, timed)
        table.add(f"{name}: queries, with token and key", _queries(served, points), "", at_most=12)
        rate, bare_ms = timed.a_second, _bare(served, table, points, effort)
        table.add("create a case: processor time to the bare view's", cpu_ms / bare_ms, "times", at_most=3)
        _beside_peer(served, table, rate, effort)


def time_creates(
    server: Running, token: str, path: str, points: list[dict[str, Any]], effort: Effort, cookie: str = ""
) -> tuple[Timed, float]:
    """Create from several callers at once; returns the times and the processor time a request, in ms."""
    callers = [Caller(server.port, token, cookie=cookie) for _ in range(CALLERS)]
    time_calls(partial(_create, points, path), callers, WARM_UP)
    before = server.cpu_s()
    timed = time_calls(partial(_create, points, path), callers, effort.creates)
    return timed, 1000 * (server.cpu_s() - before) / effort.creates


def report(points: list[dict[str, Any]], number: int) -> dict[str, Any]:
    """Write a report as a program sends it."""
    return {"text": f"第{number}盏路灯不亮，晚上看不清台阶", "location": points[number % len(points)]}


def ticket(number: int) -> dict[str, Any]:
    """Write a ticket as django-helpdesk takes it."""
    return {
        "queue": 1, "title": f"第{number}盏路灯不亮", "description": "晚上看不清台阶", "priority": 3,
        "submitter_email": "resident@example.org",
    }  # fmt: skip


def _create(points: list[dict[str, Any]], path: str, caller: Caller, number: int) -> Any:
    body = ticket(number) if path == "/api/tickets/" else report(points, number)
    return caller.ask("POST", path, body, {"Idempotency-Key": str(uuid4())})


def _add(table: Table, name: str, timed: Timed) -> None:
    table.add(f"{name}: requests a second, one process, {CALLERS} callers", timed.a_second, "/s")
    table.add(f"{name}: half of them within", timed.percentile_ms(50), "ms")


def _queries(served: Served, points: list[dict[str, Any]]) -> int:
    """Count in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.counting", served.token, json.dumps(report(points, 0))]
    return int(json.loads(run(command, served.variables))["create"])


def _bare(served: Served, table: Table, points: list[dict[str, Any]], effort: Effort) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.bare"]
    log = WORK / "bare.log"
    with running(command, variables=served.variables, ready="/readyz", log=log, wait_s=WAIT_S) as bare:
        timed, cpu_ms = time_creates(bare, "", "/cases", points, effort)
    table.add(f"{BARE}: processor time in the server a request", cpu_ms, "ms")
    _add(table, BARE, timed)
    return cpu_ms


def _beside_peer(served: Served, table: Table, rate: float, effort: Effort) -> None:
    with peer_serving(served.variables, tickets=effort.peer_tickets) as peer:
        if isinstance(peer, str):
            table.say(PEER, peer)
            return
        timed, cpu_ms = time_creates(peer.server, "", "/api/tickets/", [{}], effort, cookie=peer.cookie)
    table.add(f"{PEER}: processor time in the server a request", cpu_ms, "ms")
    _add(table, PEER, timed)
    table.add("create a case: requests a second to django-helpdesk's", rate / timed.a_second, "times", at_least=3)
