import json
import os
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection, transaction

from linli.kernel.live import CHANNEL, hint


@pytest.fixture
def listener(transactional_db: None) -> psycopg.Connection:
    """Listen on a connection of its own."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    listener = psycopg.connect(url, autocommit=True)
    listener.execute(f"LISTEN {CHANNEL}")
    return listener


def heard(listener: psycopg.Connection) -> list[dict[str, str]]:
    """Give what was said up to now: what is said last is heard last, however long it takes."""
    hint("last", district="210106")
    said = []
    with listener:
        for notice in listener.notifies(timeout=60):
            said.append(json.loads(notice.payload))
            if said[-1]["topic"] == "last":
                return said[:-1]
    pytest.fail("nothing was heard")


def test_hint_is_heard_after_the_commit_and_once(listener: psycopg.Connection) -> None:
    with transaction.atomic():
        hint("case", district="210106", area="210106/210106003")
        hint("case", district="210106", area="210106/210106003")

    assert heard(listener) == [{"topic": "case", "district": "210106", "area": "210106/210106003"}]


def test_hint_of_what_was_rolled_back_is_not_heard(listener: psycopg.Connection) -> None:
    with transaction.atomic():
        hint("case", district="210106")
        transaction.set_rollback(True)

    assert heard(listener) == []
