"""What is sealed to a public key: opened with its private half and passphrase, by nothing else, and not if changed."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.sealed_box import (
    CannotOpen,
    fingerprint_of,
    make_pair,
    open_sealed,
    read_public,
    seal_to,
    write_public,
)

PASSPHRASE = "made-up passphrase"
PAIR, OTHER = make_pair(PASSPHRASE), make_pair(PASSPHRASE)
SAID = {"jurors": [{"juror": "ab12", "name": "演示1"}]}


@settings(max_examples=20)
@given(st.dictionaries(st.text(), st.lists(st.text() | st.integers())))
def test_opens_to_what_was_sealed(document: dict[str, list[str | int]]) -> None:
    sealed = seal_to(PAIR.public, document, about="S1")

    assert open_sealed(sealed, private=PAIR.private, passphrase=PASSPHRASE) == document
    assert sealed != seal_to(PAIR.public, document, about="S1")


def test_other_key_or_passphrase_is_told_apart() -> None:
    sealed = seal_to(PAIR.public, SAID, about="S1")
    for private, passphrase, fault in (
        (OTHER.private, PASSPHRASE, "key"), (PAIR.private, "something else", "passphrase"),
        (b"no key", PASSPHRASE, "passphrase"),
    ):  # fmt: skip
        with pytest.raises(CannotOpen, match=fault):
            open_sealed(sealed, private=private, passphrase=passphrase)


@pytest.mark.parametrize("field", ["format", "about", "ephemeral", "nonce", "box", "key"])
def test_changed_file_does_not_open(field: str) -> None:
    said = json.loads(seal_to(PAIR.public, SAID, about="S1"))
    changed = said | {field: ("B" if said[field][0] == "A" else "A") + said[field][1:]}
    missing = {name: text for name, text in said.items() if name != field}
    for wrong in (changed, missing):
        with pytest.raises(CannotOpen):
            open_sealed(json.dumps(wrong).encode(), private=PAIR.private, passphrase=PASSPHRASE)


def test_private_half_is_locked_and_public_one_is_read_back() -> None:
    assert b"ENCRYPTED" in PAIR.private
    assert read_public(f" {write_public(PAIR.public)}\n") == PAIR.public
    assert len(fingerprint_of(PAIR.public)) == 20


@pytest.mark.parametrize("text", ["", "abc", "A" * 43 + "=", "é" * 44, "A" * 88])
def test_what_is_no_public_key_is_none(text: str) -> None:
    assert read_public(text) is None
