"""Streams end before their server: one that is told to end waits for each answer to be whole, and a stream never is."""

import asyncio
import signal

from linli.edges.live.app import app
from linli.edges.live.halls import hall_app

# What the server's first process sends to those that answer, just before it tells them to end.
END_STREAMS = signal.SIGUSR1


def end_streams_when_told() -> None:
    """Close all streams of the running loop as soon as END_STREAMS comes; call it in the main thread."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(END_STREAMS, lambda: asyncio.run_coroutine_threadsafe(close_streams(), loop))


async def close_streams() -> None:
    """End all streams of this process."""
    await app.close()
    await hall_app.close()
