"""A hall under its bars: all told of each change, ballots at once, minutes on end without a leak, killed in mid-talk.

Pages are those of `hall_pages.py`; real ones, in Chromium, are measured by `hall_browser.py`. The server is asked
without TLS, of which it speaks none: a proxy does. One client process, in one event loop: its own share of the
processors is part of what is measured. A change is counted from before the host's press is sent.
"""

import asyncio
import random
import resource
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import linear_regression

import psycopg
from tests.benchmarks import hall_browser
from tests.benchmarks.asking import Timed
from tests.benchmarks.effort import Effort
from tests.benchmarks.hall_pages import Host, Page, Sitting, ask, ballot, cast
from tests.benchmarks.hall_serving import JURORS, TURNS, Serving
from tests.benchmarks.places import WAIT_S, Place
from tests.benchmarks.table import Table

P99_MS, FULL_P99_MS, LONGEST_MS, MOST_MB = 250, 800, 1000, 300
ACK_P99_MS, BACK_S, MOST_GROWN_PERCENT = 500, 5, 20
WITHIN_S = 2.0
FILES = 16_384
NO_CONTENT = 204
AT_ONCE = 50  # pages that come in at a time
RESTED_S = 0.1
PATIENCE_S = 10.0
LAMP_S, LOOK_S = 5.0, 5.0
COMING_AND_GOING = 10  # of a hundred pages


def measure(place: Place, table: Table, effort: Effort) -> None:
    """Measure one after another, in halls of their own."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, max(FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    place.make()
    with place.database() as variables:
        serving = Serving(variables)
        try:
            serving.start()
            asyncio.run(_tell_all(serving, table, effort))
            asyncio.run(_soak(serving, table, effort))
            asyncio.run(_kill(serving, table, effort))
            hall_browser.measure(serving, table, effort)
        finally:
            serving.stop()


async def _tell_all(serving: Serving, table: Table, effort: Effort) -> None:
    """Bars 7, 15 and 16 of the hall."""
    sitting = await asyncio.to_thread(serving.sitting, "talk")
    host = Host(serving.port, sitting)
    async with _watched(serving, sitting, effort.hall) as pages:
        _add_told(table, await _hold_and_go_on(host, pages, effort.hall_changes), len(pages), P99_MS)
        for command in ("comment", "score"):
            await _press(host, pages, command)
        acks = [
            took for seq in range(1, effort.casts + 1)
            for took in await cast(serving.port, sitting, sitting.turns[0], seq, within_s=WITHIN_S)
        ]  # fmt: skip
        name = f"{JURORS} ballots within {WITHIN_S:g} s, {len(pages)} watching, {effort.casts} times"
        table.add(f"{name}: half acknowledged within", Timed(acks, 1).percentile_ms(50), "ms")
        table.add("  the same: 99 of 100 within", Timed(acks, 1).percentile_ms(99), "ms", at_most=ACK_P99_MS)
        await _same_at_once(serving, sitting, table, effort)
    began = time.perf_counter()
    async with _watched(serving, sitting, effort.full_hall) as pages:
        took_s = time.perf_counter() - began
        table.add(f"{len(pages):,} pages come in at once: all have, and the server is at rest, after", took_s, "s")
        _add_told(table, await _hold_and_go_on(host, pages, effort.hall_changes // 2), len(pages), FULL_P99_MS)
        memory = await asyncio.to_thread(serving.memory_mb)
        table.add(f"  the same: memory of the server with {len(pages):,} streams", memory, "MB", at_most=MOST_MB)


async def _same_at_once(serving: Serving, sitting: Sitting, table: Table, effort: Effort) -> None:
    """Send one ballot so often at once, over as many connections."""
    path, said = f"{sitting.base}/ballots/{sitting.turns[0]}", ballot(0, 77, effort.casts + 1)
    answers = await asyncio.gather(
        *(ask(serving.port, "PUT", path, sitting.seats[0], said) for _ in range(effort.twice))
    )
    with psycopg.connect(serving.variables["DATABASE_OWNER_URL"]) as connection:
        counted = connection.execute(
            "SELECT count(*) FROM reviews_ballot WHERE turn_id = %s AND nonce = %s", [sitting.turns[0], said["nonce"]]
        ).fetchone()
    name = f"the same ballot sent {effort.twice:,} times at once"
    taken = sum(status == 200 for status, _ in answers)
    table.add(f"{name}: answered with 200", taken, "", at_least=effort.twice)
    table.add("  the same: different answers", len({body for _, body in answers}), "", at_most=1)
    table.add("  the same: rows", counted[0] if counted else 0, "", at_most=1)


@dataclass
class Told:
    """How long each page waited for each change, in seconds, and how often one did not hear of it."""

    lags: list[float] = field(default_factory=list)
    unheard: int = 0


def _add_told(table: Table, told: Told, count: int, p99_ms: float) -> None:
    timed, name = Timed(told.lags, 1), f"the host's press to {count:,} pages in a hall"
    table.add(f"{name}: half told within", timed.percentile_ms(50), "ms")
    table.add("  the same: 99 of 100 within", timed.percentile_ms(99), "ms", at_most=p99_ms)
    table.add("  the same: the last of all within", timed.percentile_ms(100), "ms", at_most=LONGEST_MS)
    table.add("  the same: not told", told.unheard, "", at_most=0)


async def _hold_and_go_on(host: Host, pages: Sequence[Page], count: int) -> Told:
    """Hold the clock and let it go on, so many times, not in step with anything."""
    told = Told()
    for number in range(count):
        one = await _press(host, pages, "resume" if number % 2 else "pause")
        told.lags, told.unheard = told.lags + one.lags, told.unheard + one.unheard
        await asyncio.sleep(random.uniform(0.2, 0.6))
    if count % 2:
        await _press(host, pages, "resume")
    return told


async def _press(host: Host, pages: Sequence[Page], command: str) -> Told:
    """Press, wait until every page was told."""
    began = await asyncio.to_thread(host.press, command)
    await _until(lambda: all(host.revision in page.heard for page in pages), PATIENCE_S)
    at = [page.heard.get(host.revision) for page in pages]
    return Told([each - began for each in at if each is not None], sum(each is None for each in at))


@asynccontextmanager
async def _watched(serving: Serving, sitting: Sitting, count: int) -> AsyncIterator[list[Page]]:
    """Let so many pages come, by the jurors' seats in turn, and the server come to rest: they ask until they hear."""
    gate = asyncio.Semaphore(AT_ONCE)
    pages = [Page(serving.port, sitting, sitting.seats[number % JURORS]) for number in range(count)]
    tasks = [asyncio.create_task(page.keep(gate)) for page in pages]
    try:
        await _until(lambda: all(page.revision for page in pages), WAIT_S)
        await _rest(serving.port, sitting)
        yield pages
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _rest(port: int, sitting: Sitting) -> None:
    """Wait until the server answers at once."""
    took_s = WAIT_S
    while took_s > RESTED_S:
        await asyncio.sleep(0.5)
        began = time.perf_counter()
        await ask(port, "GET", f"{sitting.base}/state", sitting.seats[0])
        took_s = time.perf_counter() - began


async def _soak(serving: Serving, table: Table, effort: Effort) -> None:
    """Bar 8: fifteen report, are held, scored and shown, while pages say how they are and some come and go."""
    sitting = await asyncio.to_thread(serving.sitting)
    host, looks = Host(serving.port, sitting), list[tuple[float, float]]()
    async with _watched(serving, sitting, effort.soaked_hall) as pages:
        leaving = pages[: len(pages) * COMING_AND_GOING // 100]
        beside = [asyncio.create_task(each) for each in (
            _say_how_they_are(serving.port, pages), _come_and_go(leaving), _look(serving, looks),
        )]  # fmt: skip
        told = Told()
        for number, turn in enumerate(sitting.turns):
            one = await _whole_turn(host, pages[len(leaving) :], sitting, turn, each_s=effort.soak_s / TURNS)
            told.lags, told.unheard = told.lags + one.lags, told.unheard + one.unheard
            await _press(host, pages[len(leaving) :], "next" if number < TURNS - 1 else "summary")
        beside[1].cancel()
        await asyncio.sleep(PATIENCE_S)
        looks.append((time.perf_counter(), await asyncio.to_thread(serving.memory_mb)))
        for task in beside:
            task.cancel()
        ended = await asyncio.gather(*beside, return_exceptions=True)
        if faults := [each for each in ended if isinstance(each, Exception)]:
            raise faults[0]
        behind = sum(page.revision != host.revision for page in pages)
    _add_soaked(table, effort, told, behind, looks)


def _add_soaked(table: Table, effort: Effort, told: Told, behind: int, looks: Sequence[tuple[float, float]]) -> None:
    """Memory is compared from a fifth of the time on, once all have come."""
    settled = looks[len(looks) // 5 :]
    slope = linear_regression([at / 3600 for at, _ in settled], [mb * 1024 for _, mb in settled]).slope
    name = f"{effort.soaked_hall} pages in a hall, {TURNS} turns in {effort.soak_s / 60:g} min"
    table.add(f"{name}: 99 of 100 told within", Timed(told.lags, 1).percentile_ms(99), "ms")
    table.add("  the same: changes that a page was not told of", told.unheard, "", at_most=0)
    table.add("  the same: pages that end behind", behind, "", at_most=0)
    table.add("  the same: memory of the server grew by", 100 * (settled[-1][1] / settled[0][1] - 1), "%",
              at_most=MOST_GROWN_PERCENT)  # fmt: skip
    table.add("  the same: slope of its memory, each page and hour", slope / effort.soaked_hall, "KB")


async def _whole_turn(host: Host, pages: Sequence[Page], sitting: Sitting, turn: str, *, each_s: float) -> Told:
    """Let one report, be held twice, be commented on and scored, with drafts and with the ballots themselves."""
    began, told = time.perf_counter(), Told()
    commands = ("talk", "pause", "resume", "pause", "resume", "comment", "score", "show")
    for number, command in enumerate(commands):
        if command == "show":
            for seq in (1, 2):
                await cast(host.port, sitting, turn, seq, within_s=1.0, is_draft=seq == 1)
        one = await _press(host, pages, command)
        told.lags, told.unheard = told.lags + one.lags, told.unheard + one.unheard
        await asyncio.sleep(max(0.3, began + each_s * (number + 1) / len(commands) - time.perf_counter()))
    return told


async def _say_how_they_are(port: int, pages: Sequence[Page]) -> None:
    """Send each page's lamp every five seconds, and ask for the time every ten, as frontend/src/hall does."""
    number = 0
    while True:
        page = pages[number % len(pages)]
        said = {"role": "juror", "client": f"{number % len(pages):032x}", "label": "", "revision": page.revision,
                "offset_ms": 1, "rtt_ms": 9, "audio": "", "wake": "held"}  # fmt: skip
        status, body = await ask(port, "POST", f"{page.sitting.base}/lamp", page.seat, said)
        if status != NO_CONTENT:
            raise RuntimeError(f"a lamp was not taken: {status} {body[:200]!r}")
        if number // len(pages) % 2:
            await ask(port, "GET", "/hall/time", page.seat)
        number += 1
        await asyncio.sleep(LAMP_S / len(pages))


async def _come_and_go(pages: Sequence[Page]) -> None:
    while True:
        await asyncio.sleep(0.5)
        random.choice(pages).lose_stream()


async def _look(serving: Serving, looks: list[tuple[float, float]]) -> None:
    while True:
        looks.append((time.perf_counter(), await asyncio.to_thread(serving.memory_mb)))
        await asyncio.sleep(LOOK_S)


async def _kill(serving: Serving, table: Table, effort: Effort) -> None:
    """Bar 10: kill it while somebody reports; pages come back by themselves. Counted from /readyz on."""
    sitting = await asyncio.to_thread(serving.sitting, "talk")
    back_s, up_s = list[float](), list[float]()
    async with _watched(serving, sitting, effort.hall) as pages:
        for _ in range(effort.hall_kills):
            serving.kill()
            killed = time.perf_counter()
            await asyncio.sleep(0.05)
            for page in pages:
                page.cut()
            await asyncio.to_thread(serving.stop)
            await asyncio.to_thread(serving.start)
            up = time.perf_counter()
            await _until(lambda: all(page.back_at is not None for page in pages), WAIT_S)
            up_s.append(up - killed)
            back_s += [max(0.0, (page.back_at or up + WAIT_S) - up) for page in pages]
            await asyncio.sleep(PATIENCE_S)
    timed = Timed(back_s, 1)
    table.add(
        f"killed in mid-talk, {len(pages)} pages, {effort.hall_kills} times: server up again after", max(up_s), "s"
    )
    table.add("  the same: 99 of 100 pages hear of it again, from then on, within", timed.percentile_ms(99) / 1000, "s",
              at_most=BACK_S)  # fmt: skip
    table.add("  the same: the last of them within", timed.percentile_ms(100) / 1000, "s")


async def _until(is_so: Callable[[], bool], within_s: float) -> None:
    """Wait until something is so, or as long as that."""
    until = time.perf_counter() + within_s
    while not is_so() and time.perf_counter() < until:  # noqa: ASYNC110 - an event of each page would be measured too
        await asyncio.sleep(0.02)
