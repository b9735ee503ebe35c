"""The outbox."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from linli.kernel.errors import Conflict
from linli.ledger.commands.actions import (
    Message,
    deliver_pending,
    forget_delivered,
    next_number,
    queue_message,
)
from linli.ledger.commands.calc import wait_before_next_try
from linli.ledger.commands.models import OutboxMessage
from linli.ledger.commands.queries import FailingRow, count_waiting, list_districts_waiting, list_failing

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DISTRICT = "210106"
CASE = UUID(int=1)


def queue(kind: str = "sms.case_closed", **changes: Any) -> UUID:
    return queue_message(**{"district_id": DISTRICT, "kind": kind, "subject_id": CASE, "at": AT, **changes})


class Postbox:
    """The outside world: takes messages, or fails on some."""

    def __init__(self, failing: Exception | None = None) -> None:
        self.got: list[Message] = []
        self.failing = failing

    def __call__(self, message: Message) -> None:
        """Take a message; a failing one writes something first, which has to be undone."""
        if self.failing:
            next_number(district_id=DISTRICT, name="tried", year=2026)
            raise self.failing
        self.got.append(message)


def deliver(postbox: Postbox, at: datetime = AT, **changes: Any) -> int:
    return deliver_pending(district_id=DISTRICT, handlers={"sms.case_closed": postbox}, at=at, **changes)


@pytest.mark.django_db
def test_queue_message_is_delivered_once(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        message_id = queue(data={"number": 7})
    queue(district_id="210102")
    postbox = Postbox()

    counts = [deliver(postbox), deliver(postbox)]

    assert counts == [1, 0]
    assert postbox.got == [Message(message_id, DISTRICT, "sms.case_closed", CASE, {"number": 7}, AT, 0)]
    assert list_districts_waiting(at=AT) == ["210102"]


@pytest.mark.django_db(transaction=True)
def test_queue_message_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionManagementError):
        queue()

    assert count_waiting(district_id=DISTRICT) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("failing", "said"),
    [
        (OSError("no route"), "OSError: no route"),
        (Conflict("gone", params={"n": 1}), "gone n=1"),
        (ValueError("x" * 999 + "\0"), f"ValueError: {'x' * 288}"),
    ],
)
def test_failed_message_is_visible_undone_and_tried_again(failing: Exception, said: str) -> None:
    message_id = queue()

    assert deliver(Postbox(failing)) == 0

    expected = FailingRow(
        message_id,
        "sms.case_closed",
        CASE,
        AT,
        AT + timedelta(seconds=30),
        1,
        said.split(":", maxsplit=1)[0].split(maxsplit=1)[0],
    )
    assert list_failing(district_id=DISTRICT) == [expected]
    assert OutboxMessage.objects.get().last_error == said
    assert next_number(district_id=DISTRICT, name="tried", year=2026) == 1
    postbox = Postbox()
    assert [deliver(postbox, AT + timedelta(seconds=29)), deliver(postbox, AT + timedelta(seconds=30))] == [0, 1]
    assert list_failing(district_id=DISTRICT) == []


@pytest.mark.django_db
def test_message_without_a_handler_is_visible_and_does_not_stop_others() -> None:
    queue("wechat.case_closed")
    queue()
    postbox = Postbox()

    assert deliver(postbox) == 1

    [failing] = list_failing(district_id=DISTRICT)
    assert (failing.kind, failing.fault, len(postbox.got)) == ("wechat.case_closed", "no_handler", 1)


@pytest.mark.django_db
def test_deliver_pending_stops_at_its_limit_longest_due_first() -> None:
    ids = [queue(at=AT - timedelta(minutes=number)) for number in range(3)]
    postbox = Postbox()

    assert deliver(postbox, limit=2) == 2

    assert [message.id for message in postbox.got] == [ids[2], ids[1]]


@pytest.mark.django_db
@pytest.mark.parametrize("messages", [1, 3])
def test_deliver_pending_query_count(messages: int, django_assert_num_queries: Any) -> None:
    for _ in range(messages):
        queue()

    # a message: two savepoints and their release, select, update; then the select that finds none, in a savepoint
    with django_assert_num_queries(6 * messages + 3):
        deliver(Postbox())


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_take_the_same_message() -> None:
    def deliver_elsewhere(_: int) -> int:
        try:
            return deliver(postbox)
        finally:
            connection.close()

    postbox = Postbox()
    with transaction.atomic():
        ids = [queue() for _ in range(30)]

    with ThreadPoolExecutor(3) as pool:
        counts = list(pool.map(deliver_elsewhere, range(3), timeout=120))

    assert sum(counts) == 30
    assert sorted(message.id for message in postbox.got) == sorted(ids)


@pytest.mark.django_db
def test_forget_delivered_keeps_what_waits() -> None:
    queue()
    deliver(Postbox())
    queue(at=AT - timedelta(days=90))

    counts = [forget_delivered(district_id=DISTRICT, at=AT + timedelta(days=days)) for days in (29, 31)]

    assert counts == [0, 1]
    assert OutboxMessage.objects.count() == count_waiting(district_id=DISTRICT) == 1


@pytest.mark.parametrize(("tries", "seconds"), [(1, 30), (2, 60), (5, 480), (10, 15_360), (11, 21_600), (9999, 21_600)])
def test_wait_before_next_try_doubles_up_to_six_hours(tries: int, seconds: int) -> None:
    assert wait_before_next_try(tries) == timedelta(seconds=seconds)
