"""Commands that are sent twice."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from linli.kernel.errors import Conflict, InvalidInput
from linli.ledger.commands.actions import Claim, claim, forget_commands

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FIRST, SECOND = UUID(int=1), UUID(int=2)
WAIT_S = 120


def claim_one(result_id: UUID = FIRST, **changes: Any) -> Claim:
    known: dict[str, Any] = {
        "district_id": "210106", "caller": "person:1", "key": "k1", "body_hash": "a" * 64, "at": AT,
    }  # fmt: skip
    return claim(result_id=result_id, **{**known, **changes})


@pytest.mark.django_db
def test_claim_new_and_again_each_in_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        first = claim_one(FIRST)
    with django_assert_num_queries(1):
        again = claim_one(SECOND)

    assert [first, again] == [Claim(is_new=True, result_id=FIRST), Claim(is_new=False, result_id=FIRST)]


@pytest.mark.django_db
def test_claim_again_with_the_same_result_is_not_new() -> None:
    assert [claim_one(FIRST).is_new, claim_one(FIRST).is_new, claim_one(FIRST).is_new] == [True, False, False]


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"district_id": "210102"}, {"caller": "visitor:1"}, {"key": "k2"}])
def test_claim_of_another_caller_key_or_district_is_new(changes: dict[str, str]) -> None:
    claim_one(FIRST)

    assert claim_one(SECOND, **changes) == Claim(is_new=True, result_id=SECOND)


@pytest.mark.django_db
def test_claim_with_another_body_conflicts() -> None:
    claim_one(FIRST)

    with pytest.raises(Conflict, match="idempotency_key_reused"):
        claim_one(SECOND, body_hash="b" * 64)


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"key": ""}, {"key": "x" * 201}, {"key": "\0"}, {"caller": ""}])
def test_claim_refuses_keys_that_can_not_be_kept(changes: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        claim_one(**changes)


@pytest.mark.django_db(transaction=True)
def test_claim_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionManagementError):
        claim_one()


def claim_elsewhere(pool: ThreadPoolExecutor) -> "Future[Claim]":
    """Claim on another connection and commit."""

    def run() -> Claim:
        try:
            with transaction.atomic():
                return claim_one(SECOND)
        finally:
            connection.close()

    return pool.submit(run)


def is_waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def until(is_so: Callable[[], bool]) -> None:
    pause = Event()
    for _ in range(WAIT_S * 100):
        if is_so():
            return
        pause.wait(0.01)
    pytest.fail("waited in vain")


@pytest.mark.django_db(transaction=True)
def test_second_of_two_at_once_waits_and_sees_the_first() -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = claim_one(FIRST)
            second = claim_elsewhere(pool)
            until(is_waiting_for_a_lock)
            assert not second.done()

        assert [first, second.result(WAIT_S)] == [
            Claim(is_new=True, result_id=FIRST),
            Claim(is_new=False, result_id=FIRST),
        ]


@pytest.mark.django_db(transaction=True)
def test_second_of_two_at_once_is_first_if_the_other_rolled_back() -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            claim_one(FIRST)
            second = claim_elsewhere(pool)
            until(is_waiting_for_a_lock)
            transaction.set_rollback(True)

        assert second.result(WAIT_S) == Claim(is_new=True, result_id=SECOND)


@pytest.mark.django_db
def test_forget_commands_deletes_only_the_old(django_assert_num_queries: Any) -> None:
    claim_one(FIRST, key="old", at=AT - timedelta(days=31))
    claim_one(FIRST, key="young", at=AT - timedelta(days=29))
    claim_one(FIRST, key="old", at=AT - timedelta(days=31), district_id="210102")

    with django_assert_num_queries(1):
        assert forget_commands(district_id="210106", at=AT) == 1

    assert [claim_one(SECOND, key=key).is_new for key in ("old", "young")] == [True, False]
