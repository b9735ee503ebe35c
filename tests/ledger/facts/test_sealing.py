"""Seals: nothing is skipped, nothing is sealed twice, two workers do not meet."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any, TypeVar
from uuid import UUID

import pytest
from django.db import connection, transaction

from linli.kernel.ids import id_at
from linli.ledger.facts.actions import NewFact, record, record_many, seal_new
from linli.ledger.facts.calc.merkle import tree_head
from linli.ledger.facts.calc.seals import NO_CHAIN, SealRow, chain_of, fact_content, fact_leaf
from linli.ledger.facts.models import SealedFact
from linli.ledger.facts.queries import list_districts_with_facts, list_facts, list_seals, unsealed_facts, verify_ledger
from linli.ledger.facts.tasks import seal_all_facts, seal_new_facts

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DISTRICT = "210106"
Answer = TypeVar("Answer")


def record_one(number: int = 1, district_id: str = DISTRICT) -> UUID:
    return record(district_id=district_id, kind="case.opened", subject_id=UUID(int=number), at=AT)


def elsewhere(work: Callable[[], Answer]) -> Answer:
    """Work on another connection, as another worker would."""

    def run() -> Answer:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(timeout=120)


def sealed_ids() -> list[UUID]:
    return list(SealedFact.objects.order_by("seal_number", "position").values_list("fact_id", flat=True))


@pytest.mark.django_db
def test_seal_new_seals_what_is_new_and_continues_the_chain() -> None:
    ids = [record_one(number) for number in range(3)]
    leaves = [fact_leaf(fact_content(fact)) for fact in list_facts(district_id=DISTRICT)]

    first = seal_new(district_id=DISTRICT, at=AT)
    ids.append(record_one(4))
    second = seal_new(district_id=DISTRICT, at=AT)

    assert first
    assert second
    assert first == SealRow(
        DISTRICT, 1, NO_CHAIN, tree_head(leaves).hex(), 3, "2026-03-02T01:00:00.000000Z", chain_of(first)
    )
    assert (second.number, second.previous_chain, second.size) == (2, first.chain, 1)
    assert second.chain == chain_of(second)
    assert list_seals(district_id=DISTRICT) == [second, first]
    assert sealed_ids() == [*sorted(ids[:3]), ids[3]]


@pytest.mark.django_db
def test_seal_new_without_facts_makes_none() -> None:
    record_one(district_id="210102")

    assert seal_new(district_id=DISTRICT, at=AT) is None
    assert list_seals(district_id=DISTRICT) == []


@pytest.mark.django_db
def test_seal_new_takes_no_more_than_its_limit() -> None:
    for number in range(5):
        record_one(number)

    sizes = [seal.size if seal else 0 for seal in (seal_new(district_id=DISTRICT, at=AT, limit=2) for _ in range(4))]

    assert sizes == [2, 2, 1, 0]


@pytest.mark.django_db
@pytest.mark.parametrize("facts", [1, 3])
def test_seal_new_query_count(facts: int, django_assert_num_queries: Any) -> None:
    for number in range(facts):
        record_one(number)

    with django_assert_num_queries(7):  # savepoint, lock, facts, last seal, seal, places, release
        seal_new(district_id=DISTRICT, at=AT)


@pytest.mark.django_db(transaction=True)
def test_seal_new_seals_a_fact_that_was_committed_late() -> None:
    def seal_while_other_is_open() -> SealRow | None:
        with transaction.atomic():
            later.append(record_one(2))
        return seal_new(district_id=DISTRICT, at=AT)

    later: list[UUID] = []
    with transaction.atomic():
        early = record_one(1)
        first = elsewhere(seal_while_other_is_open)
    second = seal_new(district_id=DISTRICT, at=AT)

    assert early < later[0]
    assert [seal.size if seal else 0 for seal in (first, second)] == [1, 1]
    assert sealed_ids() == [later[0], early]
    assert verify_ledger(DISTRICT).is_sound


@pytest.mark.django_db(transaction=True)
def test_seal_new_while_another_worker_seals_makes_none() -> None:
    with transaction.atomic():
        record_one(1)
    with transaction.atomic():
        first = seal_new(district_id=DISTRICT, at=AT)
        meanwhile = elsewhere(lambda: seal_new(district_id=DISTRICT, at=AT))

    assert first
    assert meanwhile is None
    assert list_seals(district_id=DISTRICT) == [first]


@pytest.mark.django_db(transaction=True)
def test_writers_do_not_wait_for_a_sealer() -> None:
    def write() -> UUID:
        with transaction.atomic():
            return record_one(2)

    with transaction.atomic():
        record_one(1)
        seal_new(district_id=DISTRICT, at=AT)
        written = elsewhere(write)

    assert list(unsealed_facts(DISTRICT).values_list("id", flat=True)) == [written]


@pytest.mark.django_db(transaction=True)
def test_sealers_and_writers_at_once_leave_a_sound_ledger() -> None:
    is_over = Event()

    def write() -> None:
        for number in range(40):
            with transaction.atomic():
                record_one(number)
        connection.close()

    def seal() -> None:
        while not is_over.is_set():
            seal_new(district_id=DISTRICT, at=AT, limit=7)
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        sealers = [pool.submit(seal) for _ in range(2)]
        for writer in [pool.submit(write) for _ in range(2)]:
            writer.result(timeout=120)
        is_over.set()
        for sealer in sealers:
            sealer.result(timeout=120)
    while seal_new(district_id=DISTRICT, at=AT):
        pass

    report = verify_ledger(DISTRICT)
    assert (report.sealed, report.unsealed, report.breach) == (80, 0, None)


@pytest.fixture
def facts_of_two_ages(transactional_db: None) -> list[UUID]:
    now = datetime.now(UTC)
    ids = [id_at(int((now - timedelta(days=days)).timestamp() * 1000), days) for days in (0, 9)]
    with transaction.atomic():
        record_many(
            NewFact(id=fact_id, district_id=DISTRICT, kind="a.b", subject_id=fact_id, at=AT, recorded_at=AT)
            for fact_id in ids
        )
    return ids


def test_minute_job_seals_what_is_recent_and_night_job_the_rest(facts_of_two_ages: list[UUID]) -> None:
    recent, old = facts_of_two_ages

    seal_new_facts(0)
    assert sealed_ids() == [recent]

    seal_all_facts(0)
    assert sealed_ids() == [recent, old]


def test_districts_with_facts_of_late(facts_of_two_ages: list[UUID], django_assert_num_queries: Any) -> None:
    with transaction.atomic():
        record_many([NewFact(id=UUID(int=5), district_id="210102", kind="a.b", subject_id=UUID(int=5), at=AT,
                             recorded_at=AT)])  # fmt: skip

    with django_assert_num_queries(2):
        lists = [
            list_districts_with_facts(),
            list_districts_with_facts(made_since=datetime.now(UTC) - timedelta(days=2)),
        ]

    assert lists == [["210102", "210106"], ["210106"]]
