"""Hints to whoever is listening: which topic changed, never what."""

import json
import logging
from collections.abc import Sequence
from functools import cache
from queue import Empty, SimpleQueue
from threading import Thread

import psycopg
from django.db import DatabaseError, connection, transaction

log = logging.getLogger(__name__)

CHANNEL = "linli"
_NOTIFY = "SELECT pg_notify(%s, said) FROM unnest(%s::text[]) said"
_MOST_AT_ONCE = 500


def hint(topic: str, **keys: str) -> None:
    """Tell listeners, once this transaction has committed, that something under the topic changed. No query here.

    keys: plain strings that let a listener decide whether it is concerned (district, area path, ids); all together at
    most 8,000 bytes. Nothing is told of what is rolled back. Listeners read the rest from the database through the
    usual rights, so a lost hint is harmless: it is lost if the process dies right after the commit.

    Sent apart from the transaction: PostgreSQL lets those that notify commit one after another, each waiting for the
    disk of the one before.
    """
    payload = json.dumps({"topic": topic, **keys}, separators=(",", ":"))
    transaction.on_commit(lambda: _sender().put(payload))


@cache
def _sender() -> "SimpleQueue[str]":
    """Give the queue of this process, and start the thread that empties it when first asked."""
    waiting: SimpleQueue[str] = SimpleQueue()
    Thread(target=_send_all, args=(waiting,), name="hints", daemon=True).start()
    return waiting


def _send_all(waiting: "SimpleQueue[str]") -> None:
    while True:
        payloads = _next_of(waiting)
        try:
            _send(payloads)
        except (psycopg.Error, DatabaseError) as error:
            log.warning("%s hints not sent: %s", len(payloads), error)


def _next_of(waiting: "SimpleQueue[str]") -> list[str]:
    """Wait for a hint, and take with it whatever else is there; the same twice is told once."""
    payloads = {waiting.get(): None}
    try:
        while len(payloads) < _MOST_AT_ONCE:
            payloads[waiting.get_nowait()] = None
    except Empty:
        return list(payloads)
    return list(payloads)


def _send(payloads: Sequence[str]) -> None:
    """Send by a connection of the pool, which goes back to it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_NOTIFY, [CHANNEL, list(payloads)])
    finally:
        connection.close()
