"""From a report to the worker's open list without reload, while hundreds watch and thousands of residents ask again.

One client process, all in one event loop: its own share of the processors is part of what is measured.
"""

import asyncio
import json
import random
import resource
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.asking import Caller, Timed
from tests.benchmarks.creating import report
from tests.benchmarks.effort import Effort
from tests.benchmarks.places import Place, Served
from tests.benchmarks.table import Table

P99_MS, WAIT_S = 2000, 30
RESIDENT_ASKS_EVERY_S, FOLLOWED = 60, 40
AT_ONCE = 50  # connections being made at a time
FILES = 16_384


@dataclass
class Screen:
    """A worker's open list. shown: when each case first stood in it, by id; has_ended: the server ended the stream."""

    token: str
    place: dict[str, Any] | None = None
    shown: dict[str, float] = field(default_factory=dict)
    waits_for: asyncio.Event = field(default_factory=asyncio.Event)
    has_ended: bool = False


@dataclass
class Counted:
    """What residents got."""

    answered: int = 0
    failed: int = 0


def measure(place: Place, table: Table, effort: Effort) -> None:
    """Let all of them come, report, wait for each report on a screen."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, max(FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    with place.serving() as served:
        timed, residents = asyncio.run(_all_of_them(served, effort))
        name = f"report to a worker's list, {effort.workers} watching, {effort.residents:,} residents"
        table.add(f"{name}: half within", timed.percentile_ms(50), "ms")
        table.add("  the same: 99 of 100 within", timed.percentile_ms(99), "ms", at_most=P99_MS)
        table.add("  the same: residents' questions answered a second", residents.answered / timed.total_s, "/s")
        table.add("  the same: residents' questions not answered", residents.failed, "", at_most=0)


async def _all_of_them(served: Served, effort: Effort) -> tuple[Timed, Counted]:
    port, screens = served.server.port, [Screen(token) for token in served.samples["workers"][: effort.workers]]
    followed = await asyncio.to_thread(_prepare, port, served.token, screens, served.samples["points"])
    gate, counted = asyncio.Semaphore(AT_ONCE), Counted()
    streams = [asyncio.create_task(_watch(port, screen, gate)) for screen in screens]
    await asyncio.wait_for(asyncio.gather(*(screen.waits_for.wait() for screen in screens)), 10 * WAIT_S)
    polls = [asyncio.create_task(_poll(port, followed, counted)) for _ in range(effort.residents)]
    try:
        return await _report(port, [screen for screen in screens if screen.place], effort.lags), counted
    finally:
        for task in (*streams, *polls):
            task.cancel()
        await asyncio.gather(*streams, *polls, return_exceptions=True)


def _prepare(port: int, token: str, screens: list[Screen], points: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Find a place in the area of some workers, and report cases for residents to follow."""
    for screen in screens[:FOLLOWED]:
        items = Caller(port, screen.token).ask("GET", "/api/v1/cases?limit=20")["items"]
        screen.place = next((case["location"] for case in items if case["location"]), None)
    caller = Caller(port, token)
    made = [caller.ask("POST", "/api/v1/cases", report(points, number)) for number in range(FOLLOWED)]
    return [{"number": case["number"], "code": case["access_code"]} for case in made]


async def _watch(port: int, screen: Screen, gate: asyncio.Semaphore) -> None:
    """Hold a stream and note each case that comes to stand in the list."""
    async with gate:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        writer.write(_head("GET", "/api/v1/events", screen.token, b""))
        while not (await reader.readline()).startswith(b"data: "):
            pass
        screen.waits_for.set()
    while line := await reader.readline():
        if screen.place is not None and line.startswith(b"data: "):
            at = time.perf_counter()
            for row in json.loads(line.removeprefix(b"data: "))["newest"]:
                screen.shown.setdefault(row["id"], at)
            screen.waits_for.set()
    screen.has_ended = True
    writer.close()


async def _poll(port: int, followed: list[dict[str, str]], counted: Counted) -> None:
    """Ask how one's case goes, once a minute, from some moment on."""
    chance = random.Random()
    await asyncio.sleep(chance.uniform(0, RESIDENT_ASKS_EVERY_S))
    while True:
        body = json.dumps(chance.choice(followed)).encode()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(_head("POST", "/api/v1/cases/follow", "", body))
            is_well = b" 200 " in await reader.readline()
            writer.close()
        except OSError:
            is_well = False
        counted.answered, counted.failed = counted.answered + is_well, counted.failed + (not is_well)
        await asyncio.sleep(RESIDENT_ASKS_EVERY_S)


async def _report(port: int, screens: list[Screen], count: int) -> Timed:
    """Report in the area of one worker after another, each once the one before is shown.

    Raises RuntimeError if a report is not shown within half a minute.
    """
    began, lags = time.perf_counter(), []
    for number in range(count):
        screen = screens[number % len(screens)]
        caller, sent = Caller(port, screen.token), time.perf_counter()
        body = {"text": f"第{number}盏路灯不亮", "location": screen.place}
        case_id = (await asyncio.to_thread(caller.ask, "POST", "/api/v1/cases", body))["id"]
        try:
            lags.append(await asyncio.wait_for(_shown_at(screen, case_id), WAIT_S) - sent)
        except TimeoutError as error:
            ended = sum(each.has_ended for each in screens)
            message = f"report {number} not shown; its stream has ended: {screen.has_ended}; {ended} have; {lags}"
            raise RuntimeError(message) from error
        caller.close()
        await asyncio.sleep(0.03 * (number % 10))  # reports do not come in step with the stream
    return Timed(lags, time.perf_counter() - began)


async def _shown_at(screen: Screen, case_id: str) -> float:
    while case_id not in screen.shown:
        screen.waits_for.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(screen.waits_for.wait(), 1)
    return screen.shown[case_id]


def _head(method: str, path: str, token: str, body: bytes) -> bytes:
    who = f"Authorization: Bearer {token}\r\n" if token else ""
    return (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n{who}Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body
