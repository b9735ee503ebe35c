"""Hints to whoever is listening: which topic changed, never what."""

import json

from django.db import connection

CHANNEL = "linli"


def hint(topic: str, **keys: str) -> None:
    """Tell listeners, once this transaction commits, that something under the topic changed. 1 query.

    keys: plain strings that let a listener decide whether it is concerned (district, area path, ids). PostgreSQL
    sends the notice at commit and drops it on rollback; a payload is at most 8,000 bytes. Listeners read the rest
    from the database through the usual rights, so a lost hint is harmless.
    """
    payload = json.dumps({"topic": topic, **keys}, separators=(",", ":"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
