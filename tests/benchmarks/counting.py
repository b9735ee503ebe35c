"""Count the queries of one request each, in this process, on the database of DATABASE_URL.

python -m tests.benchmarks.counting TOKEN BODY [ADDRESS …]    prints {"create": …, "lists": the most of any}
"""

import json
import os
import sys
from uuid import uuid4

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "linli.config.settings.base"
django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def count(client: Client, body: str, addresses: list[str]) -> dict[str, int]:
    """Count each kind of request, after one that fills what a process keeps in memory."""
    counted = {}
    for _turn in range(2):
        with CaptureQueriesContext(connection) as create:
            key = {"Idempotency-Key": str(uuid4())}
            created = client.post("/api/v1/cases", body, content_type="application/json", headers=key)
        if created.status_code != 201:
            raise RuntimeError(f"{created.status_code} {created.content!r}")
        counted = {"create": _queries(create), "lists": max((_asked(client, one) for one in addresses), default=0)}
    return counted


def _asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as listed:
        answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return _queries(listed)


def _queries(captured: CaptureQueriesContext) -> int:
    """Count without the statements that begin and end a transaction."""
    return sum(query["sql"] not in {"BEGIN", "COMMIT"} for query in captured.captured_queries)


if __name__ == "__main__":
    token, body, *addresses = sys.argv[1:]
    client = Client(headers={"host": "127.0.0.1", "authorization": f"Bearer {token}"})
    print(json.dumps(count(client, body, addresses)))
