"""The program of sixty lines and the one that browsers run say the same; thousands more in `make bench`."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from tests.factories.draws import random_record
from tests.factories.two_programs import Ask, compare, garbled, in_node, tampered, written_anyhow

from linli.oversight.reviews.calc import records


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


@pytest.mark.parametrize("kind", ["list", "object"])
def test_both_stop_at_the_same_depth(ask: Ask, kind: str) -> None:
    found = [compare(ask, [_nested(levels, kind)]) for levels in (96, 97, 98, 300)]
    assert [(each.accepted, each.differ) for each in found] == [(1, []), (1, []), (0, []), (0, [])]


def _nested(levels: int, kind: str) -> str:
    """Write a record with a number so many levels below its rules, which are two below the top themselves."""
    inside: Any = 1
    for _ in range(levels):
        inside = [inside] if kind == "list" else {"in": inside}
    made = random_record(random.Random(24))
    commit = made["commit"] | {"rules": {"more": inside}}
    thrown = [(each["id"], each["value"]) for each in made["reveal"]["entropy"]]
    return json.dumps(records.complete(commit, secret=made["reveal"]["secret"], entropy=thrown))
