"""Django's pages behind ASGI: what comes in is told as WSGI wants it, what goes out arrives whole."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from pytest_django.fixtures import Settings

from linli.config import threads
from linli.config.asgi import application
from linli.config.threads import InThreads


def echo(request: HttpRequest) -> HttpResponse:
    told = [request.method, request.path, request.GET.get("q"), request.body.decode(), request.META["REMOTE_ADDR"],
            request.headers.get("X-One"), request.COOKIES.get("b"), "HTTP_X_TWO" in request.META]  # fmt: skip
    return HttpResponse(repr(told))


def counted(_request: HttpRequest) -> StreamingHttpResponse:
    def chunks() -> Iterator[bytes]:
        for number in range(3):
            yield f"{number};".encode()

    return StreamingHttpResponse(chunks())


urlpatterns = [path("回声", echo), path("counted", counted)]


@pytest.fixture(autouse=True)
def these_pages_alone(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []


def ask(app: Any, *, method: str = "GET", where: str = "/回声", body: tuple[bytes, ...] = (b"",), **more: Any) -> Any:
    """Ask an ASGI application once. Returns status, headers and the pieces of the body."""
    headers = [(b"host", b"localhost"), (b"x-one", b"1"), (b"x-one", b"2"), (b"x_two", b"x"), (b"cookie", b"a=1"),
               (b"cookie", b"b=2")]  # fmt: skip
    scope = {
        "type": "http",
        "method": method,
        "path": where,
        "query_string": b"q=%E7%81%AF",
        "headers": headers,
        "client": ("192.0.2.1", 9),
        "server": ("localhost", 80),
        "scheme": "http",
        "http_version": "1.1",
    } | more
    sent: list[Any] = []
    incoming = [{"type": "http.request", "body": part, "more_body": part is not body[-1]} for part in body]

    async def receive() -> Any:
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent[0]["status"] if sent else 0, dict(sent[0]["headers"]) if sent else {}, [x["body"] for x in sent[1:]]


def test_request_is_told_whole() -> None:
    status, headers, body = ask(InThreads(WSGIHandler()), method="POST", body=(b"one ", b"two"))
    assert (status, headers[b"content-type"]) == (200, b"text/html; charset=utf-8")
    assert body == [repr(["POST", "/回声", "灯", "one two", "192.0.2.1", "1,2", "2", False]).encode()]


def test_streamed_answer_comes_in_pieces() -> None:
    assert ask(InThreads(WSGIHandler()), where="/counted")[2] == [b"", b"0;", b"1;", b"2;", b""]


def test_head_has_no_body() -> None:
    status, headers, body = ask(InThreads(WSGIHandler()), method="HEAD")
    assert (status, body) == (200, [b""])
    assert b"content-type" in headers


def test_body_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "LARGEST_BODY_BYTES", 5)
    assert ask(InThreads(WSGIHandler()), method="POST", body=(b"123", b"456"))[0] == 413


def test_sender_who_leaves_takes_no_thread() -> None:
    pages = InThreads(WSGIHandler())
    assert ask(pages, method="POST", body=()) == (0, {}, [])


def test_whole_application_sends_pages_to_the_threads() -> None:
    assert ask(application)[0] == 200


@pytest.mark.django_db(transaction=True)
def test_whole_application_sends_streams_to_the_live_app() -> None:
    status, headers, _body = ask(application, where="/api/v1/events")
    assert (status, headers[b"www-authenticate"]) == (401, b'Bearer realm="linli"')


def test_life_of_the_server_is_followed() -> None:
    sent: list[str] = []
    incoming = ["lifespan.startup", "lifespan.shutdown"]

    async def receive() -> Any:
        return {"type": incoming.pop(0)}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    asyncio.run(application({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
