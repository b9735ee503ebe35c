"""Canonical JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.facts.made import plain_values

from linli.kernel.errors import InvalidInput
from linli.ledger.facts.calc.canonical import LARGEST_INTEGER, canonical


def test_canonical_sorts_keys_and_leaves_no_spaces() -> None:
    value = {"b": [1, True, "x"], "a": {"d": -5, "c": ()}}

    assert canonical(value) == b'{"a":{"c":[],"d":-5},"b":[1,true,"x"]}'


def test_canonical_escapes_as_rfc_8785_does() -> None:
    # Source: RFC 8785 §3.2.2.2, the string of its example.
    text = '\u20ac$\u000f\nA\'B"\\\\"/'

    assert canonical(text) == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()


def test_canonical_does_not_normalise_strings() -> None:
    assert canonical("e\u0301") != canonical("\u00e9")


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (1.0, ""),
        (None, ""),
        ({"a": None}, "a"),
        ({"a": {"b": [1, 0.5]}}, "a.b[1]"),
        ({"区": 1}, ""),
        ({1: 1}, ""),
        ({"": 1}, ""),
        ("\0", ""),
        (["\ud800"], "[0]"),
        (b"x", ""),
        (LARGEST_INTEGER + 1, ""),
    ],
)
def test_canonical_refuses_what_programs_spell_differently(value: object, where: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        canonical(value)

    assert (refused.value.code, refused.value.field) == ("not_plain", where)


@given(plain_values)
def test_canonical_read_back_is_the_same(value: object) -> None:
    written = canonical(value)

    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(-9, 9)))
def test_canonical_does_not_depend_on_order(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)
