"""One LISTEN connection a process, re-established whenever it is lost."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connections
from psycopg import sql

from linli.edges.live.timing import Timing, drawn
from linli.kernel.live import CHANNEL

log = logging.getLogger(__name__)


async def listen(*, on_notice: Callable[[str], None], on_connected: Callable[[], None], timing: Timing) -> None:
    """Hand on what comes over the channel, for ever; on_connected is called each time, since notices may be missed.

    A dead connection is noticed at once when the server says so, and after `alive_s` when nobody says anything.
    """
    first, longest = timing.reconnect_s
    wait = first
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True) as connection:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                wait = first
                on_connected()
                await _hand_on(connection, on_notice, timing)
        except (psycopg.Error, OSError) as error:
            log.warning("listening connection lost, trying again in some %.1f s: %s", wait, error)
        await asyncio.sleep(drawn((wait / 2, wait * 1.5)))
        wait = min(wait * 2, longest)


async def _hand_on(connection: psycopg.AsyncConnection[Any], on_notice: Callable[[str], None], timing: Timing) -> None:
    while True:
        async for notice in connection.notifies(timeout=timing.alive_s):
            on_notice(notice.payload)
        await connection.execute("SELECT 1")


def _parameters() -> dict[str, Any]:
    """Read where the database is from Django's settings, as tests change them."""
    said = connections["default"].settings_dict
    given = {"dbname": said["NAME"], "user": said["USER"], "password": said["PASSWORD"], "host": said["HOST"],
             "port": said["PORT"]}  # fmt: skip
    keepalive = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "connect_timeout": 10}
    return {name: value for name, value in given.items() if value} | {"application_name": "linli-live"} | keepalive
