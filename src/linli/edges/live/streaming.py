"""One client's stream from the first event to the last."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from linli.edges.live.hub import Answer, Client, Hub
from linli.edges.live.state import PING, event_of, state_for
from linli.edges.live.timing import drawn
from linli.edges.live.who import Credential, viewer_behind
from linli.registry.people.rules import Viewer

log = logging.getLogger(__name__)

Write = Callable[[str], Awaitable[None]]
END = "event: end\ndata: {}\n\n"


async def stream(*, hub: Hub, client: Client, credential: Credential, write: Write) -> None:
    """Write the state at once and after each change, until the client leaves or is nobody any more.

    write: sends text; its raising OSError or TimeoutError ends the stream.
    """
    timing, now = hub.timing, hub.loop.time
    state = await _state(hub, client.viewer)
    revision = state["revision"]
    await write(event_of(state, retry_ms=int(drawn(timing.retry_s) * 1000)))
    ping_at, check_at = now() + drawn(timing.ping_s), now() + drawn(timing.first_check_s)
    while not client.is_gone:
        await _wait(client, min(ping_at, check_at) - now())
        if client.is_gone:
            return
        if now() >= check_at:
            with hub.turn() as is_mine:
                check_at = now() + drawn(timing.check_s if is_mine else timing.turn_s)
                state = await _checked(hub, client, credential) if is_mine else state
            if not client.viewer.is_known:
                await write(END)
                return
        if client.is_stale:
            await asyncio.sleep(timing.debounce_s)
            if client.is_gone:
                return
            client.is_stale = False
            state = await _state(hub, client.viewer)
        if state["revision"] != revision:
            revision = state["revision"]
            await write(event_of(state))
            ping_at = now() + drawn(timing.ping_s)
        if now() >= ping_at:
            await write(PING)
            ping_at = now() + drawn(timing.ping_s)


async def _checked(hub: Hub, client: Client, credential: Credential) -> dict[str, Any]:
    """Ask who the client's viewer is now, and read the state, which time alone may have changed."""
    client.viewer = await _asked(hub, lambda: viewer_behind(credential, at=timezone.now()))
    return await _state(hub, client.viewer)


async def _state(hub: Hub, viewer: Viewer) -> dict[str, Any]:
    return await _asked(hub, lambda: state_for(viewer, at=timezone.now()))


async def _asked(hub: Hub, ask: Callable[[], Answer]) -> Answer:
    """Ask the database; where it has no time or is gone, again a little later, and so on: a stream outlives that."""
    while True:
        try:
            return await hub.read(ask)
        except DatabaseError as error:
            log.warning("a stream could not ask, trying again: %s", error)
            await asyncio.sleep(drawn(hub.timing.turn_s))


async def _wait(client: Client, longest_s: float) -> None:
    """Wait until somebody stirs the client, or as long as that."""
    try:
        async with asyncio.timeout(max(longest_s, 0)):
            await client.stir.wait()
    except TimeoutError:
        return
    client.stir.clear()
