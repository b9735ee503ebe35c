"""The one way in from outside: event streams in the event loop, everything else in Django's threads."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings.base")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

pages_handler = get_wsgi_application()

from linli.config.threads import InThreads  # noqa: E402 - Django has to be ready before
from linli.edges.live.app import PATH, app  # noqa: E402
from linli.edges.live.ending import close_streams, end_streams_when_told  # noqa: E402
from linli.edges.live.halls import PATH as HALL_PATH  # noqa: E402
from linli.edges.live.halls import hall_app  # noqa: E402

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

pages = InThreads(pages_handler)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Hand a request to whom it is for; streams end first when the server stops."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] != "http":
        message = f"no {scope['type']} here"
        raise ValueError(message)
    elif scope["path"] == PATH and settings.SERVES_STAFF:
        await app(scope, receive, send)
    elif settings.SERVES_STAFF and scope["method"] == "GET" and HALL_PATH.fullmatch(scope["path"]):
        await hall_app(scope, receive, send)
    else:
        await pages(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    """Follow the server's life: streams end when it is told to end, or at its end; then the threads."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            end_streams_when_told()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await close_streams()
            pages.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
