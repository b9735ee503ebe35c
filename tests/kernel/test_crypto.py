import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from linli.kernel import crypto
from linli.kernel.crypto import CannotDecrypt, blind_index, blind_indexes, decrypt, encrypt, keyed_digest


@pytest.fixture(autouse=True)
def keys(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """Use keys of this test's own."""
    settings.DATA = tmp_path
    crypto.forget_keys()
    yield tmp_path / "keys"
    crypto.forget_keys()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.sampled_from(["reporter.phone", "reporter.name"]))
def test_value_comes_back(text: str, purpose: str) -> None:
    sealed = encrypt(text, purpose=purpose)

    assert decrypt(sealed, purpose=purpose) == decrypt(memoryview(sealed), purpose=purpose) == text
    assert len(text) < 4 or text.encode() not in sealed


def test_same_value_is_never_sealed_alike() -> None:
    assert encrypt("024-55550199", purpose="a") != encrypt("024-55550199", purpose="a")


def test_nothing_stays_nothing() -> None:
    assert (encrypt("", purpose="a"), decrypt(b"", purpose="a"), blind_index("", purpose="a")) == (b"", "", b"")


@pytest.mark.parametrize("place", [1, 5, 13, -1])
def test_changed_value_is_refused(place: int) -> None:
    sealed = bytearray(encrypt("024-55550199", purpose="a"))
    sealed[place] ^= 1

    with pytest.raises(CannotDecrypt):
        decrypt(bytes(sealed), purpose="a")


@pytest.mark.parametrize("sealed", [b"\x01", b"\x02" + b"x" * 40, b"\x01" + b"x" * 13])
def test_value_of_another_make_is_refused(sealed: bytes) -> None:
    with pytest.raises(CannotDecrypt):
        decrypt(sealed, purpose="a")


def test_value_is_bound_to_its_purpose_and_key(keys: Path) -> None:
    sealed = encrypt("024-55550199", purpose="a")
    with pytest.raises(CannotDecrypt):
        decrypt(sealed, purpose="b")
    (keys / "personal-data.key").write_bytes(bytes(32))
    crypto.forget_keys()

    with pytest.raises(CannotDecrypt):
        decrypt(sealed, purpose="a")


def test_blind_index_finds_equal_values_of_one_purpose() -> None:
    assert blind_index("1", purpose="a") == blind_index("1", purpose="a")
    assert len({blind_index(text, purpose=purpose) for text in "12" for purpose in "ab"}) == 4
    assert len(blind_index("1", purpose="a")) == 24


def test_digest_needs_our_key(keys: Path) -> None:
    first = keyed_digest("x", purpose="follow")
    (keys / "digest.key").write_bytes(bytes(32))
    crypto.forget_keys()

    assert keyed_digest("x", purpose="follow") != first


def test_keys_are_for_their_owner_only(keys: Path) -> None:
    encrypt("x", purpose="a")
    keyed_digest("x", purpose="a")

    found = {path.name: (path.stat().st_mode & 0o777, path.stat().st_size) for path in keys.iterdir()}
    assert found == {"personal-data.key": (0o600, 32), "digest.key": (0o600, 32)}
    assert keys.stat().st_mode & 0o777 == 0o700


def test_two_who_start_at_once_agree_on_one_key(keys: Path) -> None:
    path = keys / "digest.key"

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(crypto._new_key, [path] * 8))

    assert set(made) == {path.read_bytes()}
    assert list(keys.iterdir()) == [path]


def test_key_cut_short_is_refused(keys: Path) -> None:
    keys.mkdir(parents=True)
    (keys / "digest.key").write_bytes(b"short")

    with pytest.raises(CannotDecrypt, match="put back the key from the backup"):
        keyed_digest("x", purpose="a")


def test_document_is_opened_as_it_was_sealed_and_only_for_its_purpose() -> None:
    document = {"行": [[1, "演示"], [2, ""]]}
    sealed = crypto.seal_document(document, purpose="a")

    assert crypto.open_document(sealed, purpose="a") == document
    for value, purpose in ((sealed, "b"), (b"", "a")):
        with pytest.raises(crypto.CannotDecrypt):
            crypto.open_document(value, purpose=purpose)


def test_newest_key_seals_and_all_of_them_open(keys: Path) -> None:
    first = encrypt("024-55550199", purpose="a")
    index = blind_index("02455550199", purpose="a")

    number = crypto.add_key()
    second = encrypt("024-55550199", purpose="a")

    assert (number, crypto.key_of(first), crypto.key_of(second), crypto.key_numbers()) == (1, 0, 1, (0, 1))
    assert decrypt(first, purpose="a") == decrypt(second, purpose="a") == "024-55550199"
    assert blind_index("02455550199", purpose="a") != index
    assert blind_indexes("02455550199", purpose="a") == [index, blind_index("02455550199", purpose="a")]
    assert (keys / "personal-data.1.key").stat().st_mode & 0o777 == 0o600


def test_key_that_another_process_made_is_used_at_once(keys: Path) -> None:
    encrypt("x", purpose="a")
    os.utime(keys, (1, 1))  # long settled, so that the list of keys is kept
    assert crypto.key_numbers() == (0,)

    (keys / "personal-data.1.key").write_bytes(bytes(range(32)))

    assert crypto.key_of(encrypt("x", purpose="a")) == 1


def test_digest_outlives_a_new_key() -> None:
    before = keyed_digest("x", purpose="follow")
    crypto.add_key()

    assert keyed_digest("x", purpose="follow") == before


def test_lost_key_is_not_replaced_by_a_new_one(keys: Path) -> None:
    sealed = encrypt("x", purpose="a")
    crypto.add_key()
    (keys / "personal-data.key").unlink()
    crypto.forget_keys()

    with pytest.raises(CannotDecrypt, match="put back the key from the backup"):
        decrypt(sealed, purpose="a")
    assert not (keys / "personal-data.key").exists()


@pytest.mark.parametrize("place", [0, 1, 2])
def test_mark_of_another_key_opens_nothing(place: int) -> None:
    encrypt("x", purpose="a")
    crypto.add_key()
    sealed = bytearray(encrypt("024-55550199", purpose="a"))
    sealed[place] ^= 1

    with pytest.raises(CannotDecrypt):
        decrypt(bytes(sealed), purpose="a")
