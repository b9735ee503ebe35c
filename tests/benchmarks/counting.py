"""Count the queries of one request each, in this process, on the database of DATABASE_URL.

python -m tests.benchmarks.counting TOKEN BODY     prints {"create": …, "list": …}
"""

import json
import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "linli.config.settings.base"
django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def count(client: Client, body: str) -> dict[str, int]:
    """Count each kind of request, after one that fills what a process keeps in memory."""
    counted = {}
    for _turn in range(2):
        with CaptureQueriesContext(connection) as create:
            created = client.post("/api/v1/cases", body, content_type="application/json")
        with CaptureQueriesContext(connection) as listed:
            answer = client.get("/api/v1/cases?limit=50")
        if (created.status_code, answer.status_code) != (201, 200):
            raise RuntimeError(f"{created.status_code} {created.content!r} {answer.status_code}")
        counted = {"create": _queries(create), "list": _queries(listed)}
    return counted


def _queries(captured: CaptureQueriesContext) -> int:
    """Count without the statements that begin and end a transaction."""
    return sum(query["sql"] not in {"BEGIN", "COMMIT"} for query in captured.captured_queries)


if __name__ == "__main__":
    token, body = sys.argv[1:]
    print(json.dumps(count(Client(headers={"host": "127.0.0.1", "authorization": f"Bearer {token}"}), body)))
