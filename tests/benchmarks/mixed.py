"""A working morning by locust, in an environment of its own in build/bench/locust: errors, times, memory."""

import json
import os
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.benchmarks.effort import Effort
from tests.benchmarks.peer import installed
from tests.benchmarks.places import WORK, Place, Served
from tests.benchmarks.table import Table

P99_MS, MOST_GROWN_PERCENT = 500, 10
MORNING = Path(__file__).with_name("morning.py")
PACKAGES = ("locust~=2.47",)


def measure(place: Place, table: Table, effort: Effort) -> None:
    """Let so many people work for so long; memory is compared from a fifth of the time on, once all have come."""
    python = installed(WORK / "locust", PACKAGES)
    if python is None:
        table.say("mixed load", "locust not installed")
        return
    with place.serving() as served:
        told, grown = _run(python, served, effort)
    name = f"mixed load, {effort.mixed_people} people, {effort.mixed_s} s"
    table.add(f"{name}: requests", sum(each["num_requests"] for each in told), "")
    table.add("  the same: errors", sum(each["num_failures"] for each in told), "", at_most=0)
    table.add("  the same: half within", percentile(told, 50), "ms")
    table.add("  the same: 99 of 100 within", percentile(told, 99), "ms", at_most=P99_MS)
    table.add("  the same: memory of the server grew by", grown, "%", at_most=MOST_GROWN_PERCENT)


def percentile(told: list[dict[str, Any]], percent: int) -> float:
    """Give the time within which so many of all requests were answered, from locust's counts by rounded times."""
    counts: dict[float, int] = {}
    for each in told:
        for took_ms, count in each["response_times"].items():
            counts[float(took_ms)] = counts.get(float(took_ms), 0) + count
    left = sum(counts.values()) * percent / 100
    for took_ms in sorted(counts):
        left -= counts[took_ms]
        if left <= 0:
            return took_ms
    return 0.0


def _run(python: Path, served: Served, effort: Effort) -> tuple[list[dict[str, Any]], float]:
    samples = WORK / "morning.json"
    samples.write_text(json.dumps(served.samples))
    samples.chmod(0o600)
    people, seconds = effort.mixed_people, effort.mixed_s
    command = [
        str(python), "-m", "locust", "-f", str(MORNING), "--headless", "--only-summary", "--json", "-u", str(people),
        "-r", str(max(1, people * 10 // seconds)), "-t", f"{seconds}s", "--host", f"http://127.0.0.1:{served.server.port}",
    ]  # fmt: skip
    with (WORK / "locust.log").open("wb") as log:
        env = {**os.environ, "MORNING": str(samples)}
        program = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=log)
        with suppress(subprocess.TimeoutExpired):
            program.wait(seconds / 5)
        before = served.server.memory_mb()
        answer, _ = program.communicate(timeout=seconds + 120)
    samples.unlink()
    return json.loads(answer), 100 * (served.server.memory_mb() / before - 1)
