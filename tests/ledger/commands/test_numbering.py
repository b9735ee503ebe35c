"""Numbers by district, name and year."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from linli.ledger.commands.actions import next_number


@pytest.mark.django_db
def test_next_number_counts_by_district_name_and_year(django_assert_num_queries: Any) -> None:
    asked = [("210106", "case", 2026), ("210106", "case", 2026), ("210102", "case", 2026), ("210106", "draw", 2026),
             ("210106", "case", 2027), ("210106", "case", 2026)]  # fmt: skip

    with django_assert_num_queries(len(asked)):
        numbers = [next_number(district_id=district, name=name, year=year) for district, name, year in asked]

    assert numbers == [1, 2, 1, 1, 1, 3]


@pytest.mark.django_db(transaction=True)
def test_next_number_asked_at_once_is_never_double() -> None:
    def take(_: int) -> list[int]:
        try:
            return [next_number(district_id="210106", name="case", year=2026) for _ in range(20)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = [number for taken in pool.map(take, range(4), timeout=120) for number in taken]

    assert sorted(numbers) == list(range(1, 81))
