"""Facts as they are written down and read."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from linli.kernel.errors import InvalidInput
from linli.ledger.facts.actions import NewFact, record, record_many
from linli.ledger.facts.calc.seals import FactRow
from linli.ledger.facts.queries import count_facts_by_kind, list_facts

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CASE, OTHER_CASE, PERSON, OFFICE, POST = (UUID(int=number) for number in range(1, 6))
GRID = "210106/210106003/210106003007"


def record_case(kind: str = "case.opened", **changes: Any) -> UUID:
    known: dict[str, Any] = {"district_id": "210106", "kind": kind, "subject_id": CASE, "at": AT}
    return record(**{**known, **changes})


@pytest.mark.django_db
def test_record_writes_everything_in_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        fact_id = record_case(
            actor_id=PERSON,
            area_path=GRID,
            organisation_id=OFFICE,
            post_id=POST,
            data={"category": "噪声", "photos": 2, "tags": ("a",)},
        )

    [row] = list_facts(district_id="210106")
    data = {"category": "噪声", "photos": 2, "tags": ["a"]}
    assert row == FactRow(fact_id, "210106", "case.opened", CASE, AT, row.recorded_at, PERSON, GRID, OFFICE, POST, data)
    assert abs(row.recorded_at - datetime.now(UTC)) < timedelta(minutes=5)


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionManagementError):
        record_case()

    assert list_facts(district_id="210106") == []


@pytest.mark.django_db(transaction=True)
def test_record_is_gone_with_its_transaction() -> None:
    with transaction.atomic():
        record_case()
        transaction.set_rollback(True)

    assert list_facts(district_id="210106") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "opened"}, "bad_kind"),
        ({"kind": "Case.opened"}, "bad_kind"),
        ({"at": datetime(2026, 3, 2)}, "naive_time"),  # noqa: DTZ001 - that is what is refused
        ({"data": {"score": 0.5}}, "not_plain"),
        ({"data": {"by": None}}, "not_plain"),
        ({"data": {"by": PERSON}}, "not_plain"),
    ],
)
def test_record_refuses_what_can_not_be_sealed(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        record_case(**changes)

    assert refused.value.code == code


@pytest.mark.django_db
def test_record_many_loads_through_one_copy() -> None:
    rows = [
        NewFact(
            id=UUID(int=number), district_id="210106", kind="case.opened", subject_id=CASE, at=AT,
            recorded_at=AT, data={"n": number},
        )
        for number in range(3)
    ]  # fmt: skip

    assert record_many(rows) == 3

    facts = list_facts(district_id="210106")
    assert [(fact.id.int, fact.recorded_at, fact.area_path, fact.actor_id, fact.data) for fact in facts] == [
        (number, AT, "", None, {"n": number}) for number in range(3)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [0, 1, 2, 3]),
        ({"kinds": ["case.closed"]}, [2]),
        ({"subject_ids": [OTHER_CASE]}, [1, 3]),
        ({"area_path": "210106/210106003"}, [0, 1]),
        ({"area_path": GRID}, [0]),
        ({"since": AT + timedelta(hours=1), "until": AT + timedelta(hours=3)}, [1, 2]),
        ({"is_newest_first": True, "limit": 2}, [3, 2]),
    ],
)
def test_list_facts_by_filter(wanted: dict[str, Any], found: list[int], django_assert_num_queries: Any) -> None:
    ids = [
        record_case(area_path=GRID),
        record_case(subject_id=OTHER_CASE, at=AT + timedelta(hours=1), area_path="210106/210106003"),
        record_case("case.closed", at=AT + timedelta(hours=2), area_path="210106/2101060030"),
        record_case(subject_id=OTHER_CASE, at=AT + timedelta(hours=3)),
    ]
    record_case(district_id="210102", area_path=GRID)

    with django_assert_num_queries(1):
        rows = list_facts(district_id="210106", **wanted)

    assert [ids.index(row.id) for row in rows] == found


@pytest.mark.django_db
@pytest.mark.parametrize("is_newest_first", [False, True])
def test_list_facts_page_by_page_misses_none(is_newest_first: bool) -> None:  # noqa: FBT001 - a parameter of the test
    for number in range(7):
        record_case(at=AT + timedelta(hours=number // 3))
    whole = list_facts(district_id="210106", is_newest_first=is_newest_first)

    paged: list[FactRow] = []
    after = None
    while page := list_facts(district_id="210106", is_newest_first=is_newest_first, after=after, limit=2):
        paged += page
        after = (page[-1].at, page[-1].id)

    assert paged == whole
    assert len(whole) == 7


@pytest.mark.django_db
def test_count_facts_by_kind_in_an_area(django_assert_num_queries: Any) -> None:
    for kind in ("case.opened", "case.opened", "case.closed"):
        record_case(kind, area_path=GRID)
    record_case(area_path="210106/210106004")

    with django_assert_num_queries(1):
        counts = count_facts_by_kind(district_id="210106", area_path="210106/210106003")

    assert counts == {"case.closed": 1, "case.opened": 2}


@pytest.mark.django_db
def test_area_filter_can_use_its_index() -> None:
    at = datetime(2026, 11, 18, 10, tzinfo=UTC)
    record_many(
        NewFact(district_id="210106", kind="case.opened", subject_id=UUID(int=n), at=at, recorded_at=at,
                area_path=f"210106/210106{n % 400:03d}")
        for n in range(2000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE facts_fact")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM facts_fact WHERE district_id = '210106' AND area_path >= %s AND area_path < %s",
            [GRID, GRID + "0"],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "facts_fact_area" in plan
    assert "area_path" in plan.partition("Index Cond")[2]
