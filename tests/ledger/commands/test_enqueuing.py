"""Jobs are asked for in the transaction that gives reason for them."""

from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError
from procrastinate.contrib.django.models import ProcrastinateJob

from linli.ledger.commands.actions import enqueue
from linli.ledger.facts.tasks import seal_new_facts

pytestmark = pytest.mark.django_db(transaction=True)


def jobs() -> list[tuple[str, dict[str, Any]]]:
    return [(job.task_name, job.args) for job in ProcrastinateJob.objects.order_by("id")]


def test_enqueue_defers_in_one_query(django_assert_num_queries: Any) -> None:
    with transaction.atomic(), django_assert_num_queries(1):
        enqueue(seal_new_facts, timestamp=5, case_id=UUID(int=1))

    expected = {"timestamp": 5, "case_id": "00000000-0000-0000-0000-000000000001"}
    assert jobs() == [("ledger.facts.seal_new_facts", expected)]


def test_enqueue_is_gone_with_its_transaction() -> None:
    with transaction.atomic():
        enqueue(seal_new_facts, timestamp=5)
        transaction.set_rollback(True)

    assert jobs() == []


def test_enqueue_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionManagementError):
        enqueue(seal_new_facts, timestamp=5)

    assert jobs() == []
