"""Pages in a hall, many in one event loop, each keeping its link as frontend/src/hall/link.ts does; and the host."""

import asyncio
import json
import random
import re
import secrets
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

# As in link.ts and pacing.ts.
POLL_S, SILENCE_S, PATIENCE_S = 2.0, 16.0, 3.0
SHARE, LONGEST_POLL_S = 8, 10.0
FIRST_RETRY_S, RETRY_WITHIN_S, LONGEST_RETRY_S = 0.5, 2.5, 15.0
WAIT_S = 60.0
PARTS = 5
_REVISION = re.compile(rb'"revision": ?(\d+)')
_TOKEN = secrets.token_hex(16)
_OK, _FOUND = 200, 302


@dataclass(frozen=True, slots=True)
class Sitting:
    """What `sitting.py` printed. seats: cookies of jurors' browsers; host: of the host's; revision: then."""

    session: str
    turns: list[str]
    seats: list[str]
    host: str
    revision: int

    @property
    def base(self) -> str:
        """Where its pages are."""
        return f"/hall/{self.session}"


class Host:
    """Who presses, each time from what stands there. before: the host whose place this one takes."""

    def __init__(self, port: int, sitting: Sitting, before: "Host | None" = None) -> None:
        self.revision = before.revision if before else sitting.revision
        self.port, self._path = port, f"{sitting.base}/host/press"
        self._headers = {
            "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": _TOKEN,
            "Cookie": f"sessionid={sitting.host}; csrftoken={_TOKEN}",
        }  # fmt: skip

    def press(self, command: str) -> float:
        """Press, and give the moment before it. Raises RuntimeError if nobody follows."""
        began, connection = time.perf_counter(), HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        connection.request("POST", self._path, urlencode({"command": command, "seen": self.revision}), self._headers)
        status = connection.getresponse().status
        connection.close()
        if status != _FOUND:
            raise RuntimeError(f"{command}: {status}")
        self.revision += 1
        return began


class _Stream(asyncio.Protocol):
    """One connection of a stream; hear: told each state's revision, 0 for any other word, and when it came."""

    def __init__(self, request: bytes, hear: Callable[[int, float], None]) -> None:
        loop = asyncio.get_running_loop()
        self.is_open: asyncio.Future[bool] = loop.create_future()
        self.ended: asyncio.Future[None] = loop.create_future()
        self._request, self._hear, self._rest = request, hear, b""
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        """Ask for the stream."""
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Take whole events; a server that refuses is left."""
        at = time.perf_counter()
        if not self.is_open.done():
            self.is_open.set_result(data.startswith(b"HTTP/1.1 200"))
        if not self.is_open.result():
            self.close()
            return
        *events, self._rest = (self._rest + data).split(b"\n\n")
        for event in events:
            found = _REVISION.search(event)
            self._hear(int(found[1]) if found else 0, at)

    def connection_lost(self, _error: Exception | None) -> None:
        """Say so."""
        for future, value in ((self.is_open, False), (self.ended, None)):
            if not future.done():
                future.set_result(value)

    def close(self) -> None:
        """Hang up."""
        self._transport.close()


@dataclass
class Page:
    """A page of the hall. heard: when each revision first came; back_at: when anything came after `cut`."""

    port: int
    sitting: Sitting
    seat: str
    heard: dict[int, float] = field(default_factory=dict)
    revision: int = 0
    back_at: float | None = None
    _stream: _Stream | None = None
    _stream_at: float = 0.0

    def cut(self) -> None:
        """Note from now on when it is heard again."""
        self.back_at = None

    def lose_stream(self) -> None:
        """Lose the stream, as on a bad network; it comes again."""
        if self._stream is not None:
            self._stream.close()

    async def keep(self, gate: asyncio.Semaphore) -> None:
        """Keep the link for ever. gate: lets some in at a time when they first come."""
        minding, retry_s, enters = asyncio.create_task(self._mind()), FIRST_RETRY_S, gate
        try:
            while True:
                async with enters:
                    self._stream = await self._open()
                enters = nullcontext()
                if self._stream is not None:
                    retry_s = FIRST_RETRY_S
                    await self._stream.ended
                    self._stream = None
                is_first, chance = retry_s == FIRST_RETRY_S, random.random()
                await asyncio.sleep(retry_s + chance * RETRY_WITHIN_S if is_first else retry_s * (1 + chance))
                retry_s = min(retry_s * 2, LONGEST_RETRY_S)
        finally:
            minding.cancel()
            self.lose_stream()

    async def _open(self) -> _Stream | None:
        """Open the stream and wait for its first word; None where nobody answers as hoped."""
        request = _head("GET", f"{self.sitting.base}/events", self.seat, b"", "keep-alive")
        try:
            _, stream = await asyncio.get_running_loop().create_connection(
                lambda: _Stream(request, self._hear_stream), "127.0.0.1", self.port
            )
        except OSError:
            return None
        return stream if await stream.is_open else None

    async def _mind(self) -> None:
        """Ask where no stream speaks."""
        took_s = 0.0
        while True:
            await asyncio.sleep(min(LONGEST_POLL_S, max(POLL_S, SHARE * took_s)) * (0.8 + 0.3 * random.random()))
            began = time.perf_counter()
            if self._stream is None or began - self._stream_at > SILENCE_S:
                await self._ask()
            took_s = time.perf_counter() - began

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                status, body = await ask(self.port, "GET", f"{self.sitting.base}/state", self.seat)
        except (OSError, TimeoutError):
            return
        if status == _OK:
            self._hear(json.loads(body)["revision"], time.perf_counter())

    def _hear_stream(self, revision: int, at: float) -> None:
        self._stream_at = at
        self._hear(revision, at)

    def _hear(self, revision: int, at: float) -> None:
        if self.back_at is None:
            self.back_at = at
        if revision:
            self.heard.setdefault(revision, at)
            self.revision = max(self.revision, revision)


async def ask(port: int, method: str, path: str, seat: str, said: dict[str, Any] | None = None) -> tuple[int, bytes]:
    """Ask once as a juror's telephone; gives status and body. Raises OSError without an answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(_head(method, path, seat, json.dumps(said).encode() if said is not None else b"", "close"))
        first = (await reader.readline()).split()
        if len(first) < 2:
            raise ConnectionResetError
        return int(first[1]), (await reader.read()).partition(b"\r\n\r\n")[2]
    finally:
        writer.close()


def ballot(juror: int, total: int, seq: int, *, is_draft: bool = False) -> dict[str, Any]:
    """Write a ballot: a total spread over the parts. seq: of the telephone, no two ballots of which share a nonce."""
    points = [total // PARTS + (part < total % PARTS) for part in range(PARTS)]
    return {"points": points, "nonce": f"{juror:08x}{seq:024x}", "client_seq": seq, "is_draft": is_draft}


async def cast(
    port: int, sitting: Sitting, turn: str, seq: int, *, within_s: float, is_draft: bool = False
) -> list[float]:
    """Let all jurors send a ballot, each at some moment; gives how long each waited for the answer, in seconds.

    Raises RuntimeError if one is not taken.
    """

    async def one(number: int, seat: str) -> float:
        await asyncio.sleep(random.random() * within_s)
        began = time.perf_counter()
        said = ballot(number, 60 + (7 * number + seq) % 40, seq, is_draft=is_draft)
        status, body = await ask(port, "PUT", f"{sitting.base}/ballots/{turn}", seat, said)
        if status != _OK:
            raise RuntimeError(f"a ballot was not taken: {status} {body[:200]!r}")
        return time.perf_counter() - began

    return await asyncio.gather(*(one(number, seat) for number, seat in enumerate(sitting.seats)))


def _head(method: str, path: str, seat: str, body: bytes, connection: str) -> bytes:
    return (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nConnection: {connection}\r\n"
        f"Cookie: linli_seat={seat}; csrftoken={_TOKEN}\r\nX-CSRFToken: {_TOKEN}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
