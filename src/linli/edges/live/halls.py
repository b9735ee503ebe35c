"""Event streams of halls: GET /hall/<id>/events. The whole state to everybody, read once for all who watch."""

import asyncio
import json
import logging
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from typing import Any, TypeVar
from uuid import UUID

from django.db import DatabaseError, connections
from django.utils import timezone

from linli.edges.browsers import HEADERS
from linli.edges.halls import KEPT, SEAT_COOKIE, public_state, seat_behind
from linli.edges.live.listening import listen
from linli.edges.live.timing import Timing, drawn
from linli.edges.live.who import credential_of, viewer_behind
from linli.kernel.errors import LinliError
from linli.oversight.reviews.actions.halls import TOPIC
from linli.oversight.reviews.queries.halls import require_watcher

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = TypeVar("Answer")

PATH = re.compile(r"/hall/([0-9a-f-]{36})/events")
MOST_CLIENTS = 3000
_HEADERS = [
    (b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no"),
    *((name.lower().encode(), value.encode()) for name, value in HEADERS.items()),
]  # fmt: skip
_PING = b": here\n\n"
_SETTLE_S = 0.05  # what comes together is read once
_ANEW_S = 5.0  # a hint may be lost
_PING_S = (8.0, 12.0)
_SEND_S = 10.0


class Room:
    """Everybody who watches one hall through this process, and the state they were last told."""

    def __init__(self, district_id: str, session_id: UUID) -> None:
        self.district_id, self.session_id = district_id, session_id
        self.event = b""
        self.version = ""
        self.watchers: set[asyncio.Event] = set()
        self.stir = asyncio.Event()
        self.reading: asyncio.Task[None] | None = None

    def tell(self, state: dict[str, Any]) -> None:
        """Take a state that was read, and wake who watches if it is another one."""
        KEPT.keep(self.session_id, state)
        if state["version"] == self.version:
            return
        self.version = state["version"]
        data = json.dumps(state, ensure_ascii=False)
        self.event = f"event: state\nid: {self.version}\ndata: {data}\n\n".encode()
        for watcher in self.watchers:
            watcher.set()


class HallApp:
    """Streams of all halls in one event loop; `close` ends them."""

    def __init__(self, timing: Timing | None = None) -> None:
        self._timing = timing or Timing()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._rooms: dict[UUID, Room] = {}
        self._counts: defaultdict[UUID, int] = defaultdict(int)
        self._listening: asyncio.Task[None] | None = None
        self._readers: ThreadPoolExecutor | None = None
        self._is_closing = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        found = PATH.fullmatch(scope["path"])
        session_id = _uuid(found[1]) if found else None
        self._begin()
        if self._is_closing:
            await _end(send, 503, (b"retry-after", b"5"))
            return
        district_id = await self._read(lambda: _district_for(scope["headers"], session_id)) if session_id else ""
        if not district_id or session_id is None:
            await _end(send, 401)
        elif sum(self._counts.values()) >= MOST_CLIENTS:
            await _end(send, 503, (b"retry-after", b"15"))
        else:
            await self._serve(self._room(district_id, session_id), receive, send)

    async def close(self) -> None:
        """End all streams and the listening."""
        self._is_closing = True
        tasks = [task for task in (self._listening, *(room.reading for room in self._rooms.values())) if task]
        for room in self._rooms.values():
            for watcher in room.watchers:
                watcher.set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._readers is not None:
            self._readers.shutdown(wait=False, cancel_futures=True)

    def _begin(self) -> None:
        """Begin in the running loop; another loop begins anew."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._rooms, self._is_closing = loop, {}, False
            self._readers = ThreadPoolExecutor(2, thread_name_prefix="hall")
            self._listening = asyncio.create_task(
                listen(on_notice=self._on_notice, on_connected=self._stir_all, timing=self._timing)
            )

    def _room(self, district_id: str, session_id: UUID) -> Room:
        room = self._rooms.get(session_id)
        if room is None:
            room = self._rooms[session_id] = Room(district_id, session_id)
            room.reading = asyncio.create_task(self._keep_reading(room))
        return room

    async def _serve(self, room: Room, receive: Receive, send: Send) -> None:
        changed = asyncio.Event()
        room.watchers.add(changed)
        self._counts[room.session_id] += 1
        gone = asyncio.create_task(_until_gone(receive, changed))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await _write(send, f"retry: {int(drawn((500, 3000)))}\n\n".encode())
            told = b""
            while not gone.done() and not self._is_closing:
                if room.event != told:
                    told = room.event
                    await _write(send, told)
                try:
                    async with asyncio.timeout(drawn(_PING_S)):
                        await changed.wait()
                    changed.clear()
                except TimeoutError:
                    await _write(send, _PING)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (OSError, TimeoutError):
            return
        finally:
            gone.cancel()
            room.watchers.discard(changed)
            self._counts[room.session_id] -= 1
            if not room.watchers:
                self._empty(room)

    def _empty(self, room: Room) -> None:
        if room.reading is not None:
            room.reading.cancel()
        self._rooms.pop(room.session_id, None)
        KEPT.drop(room.session_id)
        self._counts.pop(room.session_id, None)

    async def _keep_reading(self, room: Room) -> None:
        while True:
            try:
                room.tell(
                    await self._read(lambda: public_state(district_id=room.district_id, session_id=room.session_id))
                )
            except (DatabaseError, LinliError) as error:
                log.warning("a hall could not be read, trying again: %s", error)
                await asyncio.sleep(drawn((0.2, 0.6)))
                continue
            try:
                async with asyncio.timeout(_ANEW_S):
                    await room.stir.wait()
            except TimeoutError:
                continue
            await asyncio.sleep(_SETTLE_S)
            room.stir.clear()

    def _on_notice(self, payload: str) -> None:
        try:
            said = json.loads(payload)
        except ValueError:
            return
        if isinstance(said, dict) and said.get("topic") == TOPIC:
            room = self._rooms.get(_uuid(str(said.get("session", ""))) or UUID(int=0))
            if room is not None:
                room.stir.set()

    def _stir_all(self) -> None:
        for room in self._rooms.values():
            room.stir.set()

    async def _read(self, ask: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._readers, _asked, ask)


hall_app = HallApp()


def _district_for(headers: Any, session_id: UUID | None) -> str:
    """Tell the session's district to who may watch it: by a seat, or by serving in the district; "" to others."""
    if session_id is None:
        return ""
    seat = seat_behind(_cookie(headers), session_id=session_id)
    if seat is not None:
        return seat.district_id
    viewer = viewer_behind(credential_of(headers), at=timezone.now())
    try:
        require_watcher(viewer=viewer, session_id=session_id)
    except LinliError:
        return ""
    return viewer.district_id


def _cookie(headers: Any) -> str:
    for name, value in headers:
        if name == b"cookie":
            try:
                found = SimpleCookie(value.decode("latin-1")).get(SEAT_COOKIE)
            except CookieError:
                return ""
            return found.value if found else ""
    return ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _asked(ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    finally:
        connections.close_all()


async def _until_gone(receive: Receive, changed: asyncio.Event) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
    changed.set()


async def _write(send: Send, body: bytes) -> None:
    async with asyncio.timeout(_SEND_S):
        await send({"type": "http.response.body", "body": body, "more_body": True})


async def _end(send: Send, status: int, *headers: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*_HEADERS[1:], *headers]})
    await send({"type": "http.response.body", "body": b""})
