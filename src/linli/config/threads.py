"""Django's pages in a fixed number of threads, behind an ASGI server. Why: docs/decisions/0011-one-asgi-process.md."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]

# As many as there are connections in the pool (settings/database.py): more would wait there, and give up after 10 s.
THREADS = 12
LARGEST_BODY_BYTES = 32 * 2**20
_KEPT_IN_MEMORY_BYTES = 2**20


class Disconnected(Exception):
    """The browser went away before it had sent everything."""


@dataclass(slots=True)
class _Answer:
    """What a thread gives back. rest: chunks still to be asked for, of an answer that is streamed."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    rest: Iterable[bytes] | None = None


class InThreads:
    """An ASGI application that runs Django's WSGI handler in its threads; the rest waits in line."""

    def __init__(self, handler: WSGIHandler, *, threads: int = THREADS) -> None:
        self._handler = handler
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="pages")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. The body is read here, so that a slow sender holds no thread."""
        loop = asyncio.get_running_loop()
        with SpooledTemporaryFile(_KEPT_IN_MEMORY_BYTES) as body:
            try:
                length = await _read(receive, body)
            except Disconnected:
                return
            if length > LARGEST_BODY_BYTES:
                await _send(send, _Answer(413, [(b"content-length", b"0"), (b"connection", b"close")]), scope)
                return
            environ = _environ(scope, body, length)
            answer = await loop.run_in_executor(self._threads, self._answer, environ)
            await _send(send, answer, scope, is_more=answer.rest is not None)
            if answer.rest is not None:
                await loop.run_in_executor(self._threads, _send_rest, answer.rest, send, loop)

    def close(self) -> None:
        """Let the threads finish."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _answer(self, environ: Environ) -> _Answer:
        """Run in a thread: the whole answer, or its head where it is streamed."""
        answer = _Answer()

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:
            answer.status = int(status.split(" ", 1)[0])
            answer.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            return _refuse_to_write

        response: Any = self._handler(environ, start)  # a response, or the server's own wrapper of a file
        if not isinstance(response, HttpResponse):
            answer.rest = response
            return answer
        try:
            answer.body = response.content
        finally:
            response.close()
        return answer


def _refuse_to_write(_data: bytes) -> object:
    message = "Django answers with what it returns"
    raise RuntimeError(message)


async def _read(receive: Receive, body: "SpooledTemporaryFile[bytes]") -> int:
    """Read a body to the end, or until it is too large. Returns its length in bytes."""
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        chunk = message.get("body", b"")
        length += len(chunk)
        if length > LARGEST_BODY_BYTES:
            return length
        body.write(chunk)
        if not message.get("more_body", False):
            body.seek(0)
            return length


def _environ(scope: Scope, body: "SpooledTemporaryFile[bytes]", length: int) -> Environ:
    """Say the request as PEP 3333 wants it. A header with "_" in its name is dropped: it could pass for another."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"], "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"), "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0), "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0], "CONTENT_LENGTH": str(length), "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"), "wsgi.input": body, "wsgi.errors": sys.stderr,
        "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    for name, value in scope["headers"]:
        if b"_" in name or name == b"content-length":
            continue
        key = "CONTENT_TYPE" if name == b"content-type" else f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"
        text = value.decode("latin-1")
        glue = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{glue}{text}" if key in environ else text
    return environ


async def _send(send: Send, answer: _Answer, scope: Scope, *, is_more: bool = False) -> None:
    body = b"" if scope["method"] == "HEAD" else answer.body
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": body, "more_body": is_more})


def _send_rest(rest: Iterable[bytes], send: Send, loop: asyncio.AbstractEventLoop) -> None:
    """Run in a thread: send chunk by chunk, each after the one before has gone."""
    try:
        for chunk in rest:
            _told(send({"type": "http.response.body", "body": chunk, "more_body": True}), loop)
        _told(send({"type": "http.response.body", "body": b"", "more_body": False}), loop)
    finally:
        close = getattr(rest, "close", None)
        if close is not None:
            close()


def _told(sending: Awaitable[None], loop: asyncio.AbstractEventLoop) -> None:
    async def wait() -> None:
        await sending

    asyncio.run_coroutine_threadsafe(wait(), loop).result()
