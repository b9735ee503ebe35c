"""The program of sixty lines and the one that browsers run say the same; thousands more in `make bench`."""

import random
from collections.abc import Iterator

import pytest
from tests.factories.two_programs import Ask, compare, garbled, in_node, tampered, written_anyhow


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    with in_node() as asking:
        yield asking


def test_both_find_every_random_record_valid(ask: Ask) -> None:
    found = compare(ask, written_anyhow(300, random.Random(21)))
    assert (found.asked, found.valid, found.differ) == (300, 300, [])
    assert found.slowest_s < 0.5


def test_both_refuse_every_changed_value_and_every_added_key(ask: Ask) -> None:
    found = compare(ask, tampered(200, random.Random(22)))
    assert (found.asked > 400, found.accepted, found.differ) == (True, 0, [])


def test_both_say_the_same_of_what_is_garbled(ask: Ask) -> None:
    assert compare(ask, garbled(200, random.Random(23))).differ == []
