"""The event stream as an ASGI application of its own, beside Django's: GET /api/v1/events."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils import timezone, translation

from linli.edges.browsers import HEADERS
from linli.edges.live.hub import Client, Hub
from linli.edges.live.state import MEDIA_TYPE
from linli.edges.live.streaming import stream
from linli.edges.live.timing import Timing
from linli.edges.live.who import Credential, credential_of, viewer_behind
from linli.edges.words.errors import say_error
from linli.kernel.errors import LinliError, NotAllowed, TooManyRequests

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PATH = "/api/v1/events"
MOST_CLIENTS = 2000
MOST_EACH = 20  # tabs and screens of one login
_BROWSERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
_HEADERS = [
    (b"content-type", MEDIA_TYPE.encode()), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no"),
    (b"vary", b"Cookie, Authorization"), *_BROWSERS,
]  # fmt: skip


class LiveApp:
    """Streams for many clients in one event loop; `close` ends them."""

    def __init__(
        self, timing: Timing | None = None, *, most_clients: int = MOST_CLIENTS, most_each: int = MOST_EACH
    ) -> None:
        self._timing = timing or Timing()
        self._most, self._most_each = most_clients, most_each
        self._hub: Hub | None = None

    @property
    def hub(self) -> Hub:
        """Give the hub of the running loop; a new loop gets a new one."""
        if self._hub is None or self._hub.loop is not asyncio.get_running_loop():
            self._hub = Hub(self._timing, most=self._most, most_each=self._most_each)
        return self._hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if not _is_our_host(scope):
            await _refuse(send, 400, LinliError("bad_host"))
            return
        if scope["method"] != "GET":
            await _refuse(send, 405, LinliError("method_not_allowed"), (b"allow", b"GET"))
            return
        hub, credential = self.hub, credential_of(scope["headers"])
        viewer = await hub.read(lambda: viewer_behind(credential, at=timezone.now()))
        if not viewer.is_known:
            await _refuse(send, 401, NotAllowed("not_signed_in"), (b"www-authenticate", b'Bearer realm="linli"'))
        elif not hub.has_room_for(viewer):
            busy = TooManyRequests("too_many_requests", params={"wait_s": 60})
            await _refuse(send, 503, busy, (b"retry-after", b"60"))
        else:
            client = hub.join(viewer)
            try:
                await _serve(hub, client, credential, receive, send)
            finally:
                hub.part(client)

    async def close(self) -> None:
        """End all streams, when the process stops."""
        if self._hub is not None:
            await self._hub.close()
            self._hub = None


app = LiveApp()


async def _serve(hub: Hub, client: Client, credential: Credential, receive: Receive, send: Send) -> None:
    async def write(text: str) -> None:
        async with asyncio.timeout(hub.timing.send_s):
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})

    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    watching = asyncio.create_task(_until_gone(client, receive))
    try:
        await stream(hub=hub, client=client, credential=credential, write=write)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    except (OSError, TimeoutError):
        return
    finally:
        watching.cancel()


async def _until_gone(client: Client, receive: Receive) -> None:
    """Wait for the browser to go away."""
    while (await receive())["type"] != "http.disconnect":
        continue
    client.leave()


def _is_our_host(scope: Scope) -> bool:
    given = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    allowed = settings.ALLOWED_HOSTS or (["localhost", "127.0.0.1", "[::1]"] if settings.DEBUG else [])
    return validate_host(split_domain_port(given)[0], allowed)


async def _refuse(send: Send, status: int, error: LinliError, *headers: tuple[bytes, bytes]) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        words = say_error(error)
    body = {"type": f"/api/v1/docs#errors/{error.code}", "title": words, "status": status, "detail": words,
            "code": error.code, "field": None}  # fmt: skip
    sent = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store"), *_BROWSERS, *headers]
    await send({"type": "http.response.start", "status": status, "headers": sent})
    await send({"type": "http.response.body", "body": json.dumps(body, ensure_ascii=False).encode()})
