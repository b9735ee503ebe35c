"""`make bench`: what Linli takes on this machine. Prints one table, writes build/bench.json, ends by itself.

Starts servers of its own on free ports of 127.0.0.1, with databases of its own in build/bench. All requests go over
HTTP to one server process, from a client on the same machine, which takes its share of the processors too.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.asking import Caller, Timed, time_calls
from tests.benchmarks.lags import watch_lags
from tests.benchmarks.processes import LINLI, Running, running

from linli.kernel import postgres

PROJECT = Path(__file__).resolve().parents[2]
WORK = PROJECT / "build" / "bench"
RESULT = PROJECT / "build" / "bench.json"
EVERYWHERE, HERE = "tiexi.district_dispatcher", "tiexi.grid_worker"
SMALL_COUNT = 1_000
CALLERS, CREATES, LISTS, EVENTS, WARM_UP = 8, 1_000, 200, 100, 40
COLD_WAIT_S, WARM_WAIT_S = 900, 120


@dataclass
class Results:
    """Lines of the table in their order: what, value, unit."""

    lines: list[tuple[str, float, str]] = field(default_factory=list)

    def add(self, what: str, value: float, unit: str) -> None:
        """Add a line and show it at once."""
        self.lines.append((what, value, unit))
        decimals = 2 if unit == "times" else 0 if value == int(value) else 1
        print(f"  {what:<80} {value:>10,.{decimals}f} {unit}", flush=True)


@dataclass(frozen=True)
class Place:
    """A database of ours: its folder and what programs need to reach it."""

    folder: Path
    scale: str

    @property
    def variables(self) -> dict[str, str]:
        """The environment of every program that runs on it."""
        return {"LINLI_DATA": str(self.folder)}

    @contextmanager
    def up(self, wait_s: float) -> Iterator[Running]:
        """Run `linli up` on it: all that `make run` runs once everything is fetched."""
        command = [str(LINLI), "up", "--scale", self.scale]
        log = self.folder.with_suffix(".log")
        with running(command, variables=self.variables, ready="/readyz", log=log, wait_s=wait_s) as up:
            yield up

    @contextmanager
    def database(self) -> Iterator[dict[str, str]]:
        """Run only the database; gives the environment with its address."""
        server = postgres.start(self.folder / "postgres")
        try:
            yield self.variables | {"DATABASE_URL": server.url, "DATABASE_OWNER_URL": server.owner_url}
        finally:
            server.stop()


def start_cold_and_warm(place: Place, results: Results) -> None:
    """Start it on an empty folder, stop it, start it again."""
    with place.up(COLD_WAIT_S) as cold:
        results.add(f"first start to /readyz, demo of scale {place.scale} made on the way", cold.ready_after_s, "s")
    with place.up(WARM_WAIT_S) as warm:
        results.add(f"next start to /readyz, scale {place.scale}", warm.ready_after_s, "s")


def ask_linli(variables: dict[str, str], *arguments: str) -> str:
    """Run a command of Linli and give what it printed. Raises CalledProcessError."""
    done = subprocess.run(  # noqa: S603 - our own command
        [LINLI, *arguments], env={**os.environ, **variables}, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def points_of(port: int, token: str) -> list[dict[str, Any]]:
    """Take the places of known cases, so that new ones lie where people live."""
    found = Caller(port, token).ask("GET", "/api/v1/cases?limit=50")["items"]
    return [case["location"] for case in found if case["location"]]


def report(points: list[dict[str, Any]], number: int) -> dict[str, Any]:
    """Write a report as a program sends it."""
    return {"text": f"第{number}盏路灯不亮，晚上看不清台阶", "location": points[number % len(points)]}


def create(points: list[dict[str, Any]], path: str, caller: Caller, number: int) -> Any:
    """Report one case."""
    return caller.ask("POST", path, report(points, number))


def time_creates(server: Running, token: str, path: str, points: list[dict[str, Any]]) -> tuple[Timed, float]:
    """Create cases from several callers at once; returns the times and the processor time a request, in ms."""
    callers = [Caller(server.port, token) for _ in range(CALLERS)]
    time_calls(partial(create, points, path), callers, WARM_UP)
    before = server.cpu_s()
    timed = time_calls(partial(create, points, path), callers, CREATES)
    return timed, 1000 * (server.cpu_s() - before) / CREATES


def time_lists(port: int, token: str) -> Timed:
    """Ask for the newest fifty, one after another."""

    def ask(caller: Caller, _number: int) -> Any:
        return caller.ask("GET", "/api/v1/cases?limit=50")

    callers = [Caller(port, token)]
    time_calls(ask, callers, WARM_UP)
    return time_calls(ask, callers, LISTS)


def add_creates(results: Results, name: str, timed: Timed, cpu_ms: float) -> None:
    """Add the lines about creating."""
    results.add(f"{name}: requests a second, one process, {CALLERS} callers", timed.a_second, "/s")
    results.add(f"{name}: processor time in the server a request", round(cpu_ms, 1), "ms")
    results.add(f"{name}: half of them within", timed.percentile_ms(50), "ms")


def measure_lists(results: Results, port: int, tokens: dict[str, str], count: int) -> dict[str, float]:
    """Measure the list for somebody who sees all and for somebody who sees one grid."""
    halves = {}
    for name, token in tokens.items():
        halves[name] = time_lists(port, token).percentile_ms(50)
        results.add(f"list of 50 among {count:,}, {name}: half within", halves[name], "ms")
    return halves


@contextmanager
def serving(place: Place) -> Iterator[tuple[dict[str, str], Running, dict[str, str]]]:
    """Run database and `linli serve`; gives variables, server, and tokens of who sees the district and who a grid."""
    with place.database() as variables:
        users = {"the whole district": EVERYWHERE, "one grid": HERE}
        tokens = {
            name: ask_linli(variables, "token", "create", user, "--scope", "write", "--days", "1")
            for name, user in users.items()
        }
        log = place.folder.with_name("serve.log")
        with running(
            [str(LINLI), "serve"], variables=variables, ready="/readyz", log=log, wait_s=WARM_WAIT_S
        ) as server:
            yield variables, server, tokens


def measure_small(place: Place, results: Results) -> dict[str, float]:
    """Fill up to a thousand cases and measure the lists."""
    with serving(place) as (_variables, server, tokens):
        token = tokens["the whole district"]
        points = points_of(server.port, token)
        callers = [Caller(server.port, token) for _ in range(CALLERS)]
        time_calls(partial(create, points, "/api/v1/cases"), callers, SMALL_COUNT - 500)
        return measure_lists(results, server.port, tokens, SMALL_COUNT)


def measure_real(place: Place, results: Results, small: dict[str, float]) -> None:
    """Measure everything on twenty thousand cases."""
    with serving(place) as (variables, server, tokens):
        token = tokens["the whole district"]
        points = points_of(server.port, token)
        for name, half in measure_lists(results, server.port, tokens, 20_000).items():
            results.add(f"list of 50, {name}: 20,000 cases to 1,000", round(half / small[name], 2), "times")
        lags = watch_lags(server.port, tokens["one grid"], EVENTS)
        results.add(
            f"report to the open list on a grid worker's screen, {EVENTS} times: half within",
            lags.percentile_ms(50),
            "ms",
        )
        results.add("  the same: 99 of 100 within", lags.percentile_ms(99), "ms")
        add_creates(results, "create a case", *time_creates(server, token, "/api/v1/cases", points))
        counted = count_queries(variables, token, report(points, 0))
        results.add("create a case: queries", counted["create"], "")
        results.add("list of 50: queries", counted["list"], "")
        measure_bare(place, variables, results, points)


def measure_bare(place: Place, variables: dict[str, str], results: Results, points: list[dict[str, Any]]) -> None:
    """Measure the yardstick on the same database."""
    command = [sys.executable, "-m", "tests.benchmarks.bare"]
    log = place.folder.with_name("bare.log")
    with running(command, variables=variables, ready="/readyz", log=log, wait_s=WARM_WAIT_S) as bare:
        add_creates(results, "bare Django view, same inserts", *time_creates(bare, "", "/cases", points))


def count_queries(variables: dict[str, str], token: str, body: dict[str, Any]) -> dict[str, int]:
    """Count the queries of one request each, in a process of their own."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "tests.benchmarks.counting", token, json.dumps(body)],
        env={**os.environ, **variables}, check=True, capture_output=True, text=True, cwd=PROJECT,
    )  # fmt: skip
    counted: dict[str, int] = json.loads(done.stdout)
    return counted


def clear(place: Place) -> None:
    """Begin with an empty folder; a database that a killed run left behind is stopped first."""
    if place.folder.exists():
        postgres.stop(place.folder / "postgres")
        shutil.rmtree(place.folder)
    place.folder.parent.mkdir(parents=True, exist_ok=True)


def main() -> None:
    """Measure, print, write."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "LINLI_DATA", "DJANGO_SETTINGS_MODULE"):
        os.environ.pop(name, None)
    small, real = Place(WORK / "small", "small"), Place(WORK / "real", "real")
    machine = {"processors": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    print(
        f"Linli on {machine['processors']} processors ({machine['machine']}), Python {machine['python']}\n", flush=True
    )
    results = Results()
    for place in (small, real):
        clear(place)
        start_cold_and_warm(place, results)
    measure_real(real, results, measure_small(small, results))
    lines = [{"what": what.strip(), "value": value, "unit": unit} for what, value, unit in results.lines]
    written = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **machine, "lines": lines}
    RESULT.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n")
    print(f"\nwritten to {RESULT.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
