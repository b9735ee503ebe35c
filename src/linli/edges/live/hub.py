"""Everybody who watches through this process, and who of them has to be told."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TypeVar
from uuid import UUID

from django.db import connections

from linli.edges.live.hints import concerns, read_hint
from linli.edges.live.listening import listen
from linli.edges.live.timing import Timing
from linli.edges.measures import STREAMS
from linli.registry.people.rules import Viewer

Answer = TypeVar("Answer")

# Readers at work at once, out of the pool of connections that pages use too.
_READERS = 4
# What a stream may take to end: it may wait for a database that is slow, or gone.
_LAST_WORDS_S = 5.0


class Client:
    """One stream. `stir` says "look again": told twice before looking is the same as once, so nothing piles up."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.stir = asyncio.Event()
        self.is_stale = False
        self.is_gone = False

    def look_again(self) -> None:
        """Have the state read once more."""
        self.is_stale = True
        self.stir.set()

    def leave(self) -> None:
        """End the stream."""
        self.is_gone = True
        self.stir.set()


class Hub:
    """The clients of one event loop, one listening connection for all of them, and a few threads that read."""

    def __init__(self, timing: Timing, *, most: int, most_each: int) -> None:
        self.timing = timing
        self.loop = asyncio.get_running_loop()
        self.clients: set[Client] = set()
        self._most, self._most_each = most, most_each
        self._each: Counter[UUID | None] = Counter()
        self._is_checking = False
        self._is_empty = asyncio.Event()
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="live")
        self._listening: asyncio.Task[None] | None = None

    def has_room_for(self, viewer: Viewer) -> bool:
        """Whether one more stream can be taken, by this login too."""
        return len(self.clients) < self._most and self._each[viewer.login_id] < self._most_each

    def join(self, viewer: Viewer) -> Client:
        """Take a client in; the first one starts the listening."""
        client = Client(viewer)
        self.clients.add(client)
        STREAMS.inc()
        self._each[viewer.login_id] += 1
        if self._listening is None:
            self._listening = asyncio.create_task(
                listen(on_notice=self.on_notice, on_connected=self.on_connected, timing=self.timing)
            )
        return client

    def part(self, client: Client) -> None:
        """Let a client go."""
        if client in self.clients:
            self.clients.discard(client)
            STREAMS.dec()
            if not self.clients:
                self._is_empty.set()
        self._each[client.viewer.login_id] -= 1
        if self._each[client.viewer.login_id] <= 0:
            del self._each[client.viewer.login_id]

    def on_notice(self, payload: str) -> None:
        """Stir those whom a notice concerns."""
        hint = read_hint(payload)
        if hint is not None:
            for client in self.clients:
                if concerns(client.viewer, hint):
                    client.look_again()

    def on_connected(self) -> None:
        """Stir everybody: what was said while nobody listened is lost."""
        for client in self.clients:
            client.look_again()

    async def read(self, ask: Callable[[], Answer]) -> Answer:
        """Ask the database in a thread of ours; the connection goes back to the pool."""
        return await self.loop.run_in_executor(self._readers, _asked, ask)

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Say whether a client may be checked now, one at a time: whoever was stirred must not wait behind checks."""
        is_mine = not self._is_checking
        self._is_checking = True
        try:
            yield is_mine
        finally:
            if is_mine:
                self._is_checking = False

    async def close(self) -> None:
        """End all streams and the listening; readers last, for a stream may be waiting for them."""
        for client in self.clients:
            client.leave()
        if self.clients:
            self._is_empty.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(_LAST_WORDS_S):
                    await self._is_empty.wait()
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        self._readers.shutdown(wait=False, cancel_futures=True)


def _asked(ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    finally:
        connections.close_all()
