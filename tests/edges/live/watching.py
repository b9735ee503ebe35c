"""A browser's side of the stream, spoken to over ASGI."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from django.db import connection, connections

from linli.edges.live.app import LiveApp

Answer = TypeVar("Answer")
PATIENCE_S = 60.0  # of a busy machine; where all goes well nobody waits


async def asked(do: Callable[[], Answer]) -> Answer:
    """Do something with the database in a thread, and give the connection back."""

    def work() -> Answer:
        try:
            return do()
        finally:
            connections.close_all()

    return await asyncio.to_thread(work)


def wait_for_listening(count: int) -> None:
    """Wait until so many connections listen; one that was left takes a moment to go."""
    until = time.monotonic() + PATIENCE_S
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'linli-live' "
                           "AND datname = current_database() AND query ~ '^(LISTEN|SELECT 1)'")  # fmt: skip
            if cursor.fetchone()[0] == count:
                return
            assert time.monotonic() < until
            time.sleep(0.05)


class Watch:
    """What came over one stream."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.chunks: asyncio.Queue[str] = asyncio.Queue()
        self.left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        """Tell the application that the browser left, once it did."""
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        """Take what the application sends."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.chunks.put_nowait(message.get("body", b"").decode())

    async def next(self, beginning: str = "", *, within_s: float = PATIENCE_S) -> str:
        """Wait for the next piece that holds a line beginning so."""
        async with asyncio.timeout(within_s):
            while True:
                chunk = await self.chunks.get()
                if any(line.startswith(beginning) for line in chunk.splitlines() or [""]):
                    return chunk

    async def state(self) -> dict[str, Any]:
        """Wait for the next state."""
        chunk = await self.next("event: state")
        data: dict[str, Any] = json.loads(next(x for x in chunk.splitlines() if x.startswith("data: "))[6:])
        return data

    async def is_silent(self, seconds: float) -> bool:
        """Whether no state comes for that long."""
        try:
            await self.next("event: state", within_s=seconds)
        except TimeoutError:
            return True
        return False


@asynccontextmanager
async def watching(app: LiveApp, **headers: str) -> AsyncIterator[Watch]:
    """Open the stream with these headers, and leave it."""
    watch = Watch()
    sent = [(b"host", b"localhost"), *((name.lower().encode(), value.encode()) for name, value in headers.items())]
    scope = {"type": "http", "method": "GET", "path": "/api/v1/events", "headers": sent}
    running = asyncio.create_task(app(scope, watch.receive, watch.send))
    try:
        yield watch
    finally:
        watch.left.set()
        await asyncio.wait_for(running, PATIENCE_S)
