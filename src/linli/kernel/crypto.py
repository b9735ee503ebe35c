"""Sealing single values: personal data at rest, blind indexes, codes that can be told again but not guessed.

Keys lie in the data folder, mode 600, made on first use; whoever copies the database alone can read none of it.
Personal data have one key or several, by number: a value says which one it was sealed with, the newest one seals.
How a key is changed: docs/operations/keys.md.
"""

import hmac
import json
import os
import re
import secrets
import time
import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12
_KEY_BYTES = 32
# What a value begins with: of the first key one byte, of a later one another and the key's number in two.
_OF_FIRST_KEY, _OF_LATER_KEY = b"\x01", b"\x02"
_MARK_BYTES = 3
_KEY_NAME = re.compile(r"personal-data(?:\.([1-9]\d{0,4}))?\.key")
_DIGEST_KEY = "digest.key"
# Letters alone, for PostgreSQL reads 12e5 as a number; the first is Cyrillic, which no search word of ours holds.
_WORD_BEGINS, _WORD_BYTES = "ж", 8
_AS_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_SETTLED_NS = 2 * 10**9
_INDEX_BYTES, _END_BYTES = 16, 8
END_SIGNS, _LONG = 4, 10


class CannotDecrypt(Exception):
    """The value was made with another key, for another field, or was changed."""


def encrypt(text: str, *, purpose: str) -> bytes:
    """Encrypt a value with AES-256-GCM under the newest key; the purpose ("reporter.phone") is bound to it.

    Returns the key's mark (1 or 3 bytes), 12 of nonce, then ciphertext and tag; empty text gives empty bytes.
    """
    if not text:
        return b""
    number = newest_key()
    nonce = os.urandom(_NONCE_BYTES)
    return _mark_of(number) + nonce + _cipher(number).encrypt(nonce, text.encode(), purpose.encode())


def decrypt(value: bytes | memoryview, *, purpose: str) -> str:
    """Read what `encrypt` made, under whichever key that is there. Raises CannotDecrypt."""
    raw = bytes(value)
    if not raw:
        return ""
    number = key_of(raw)
    begin = len(_mark_of(number))
    nonce, body = raw[begin : begin + _NONCE_BYTES], raw[begin + _NONCE_BYTES :]
    if len(nonce) < _NONCE_BYTES:
        raise CannotDecrypt(purpose)
    try:
        return _cipher(number).decrypt(nonce, body, purpose.encode()).decode()
    except InvalidTag as error:
        raise CannotDecrypt(purpose) from error


def key_of(value: bytes) -> int:
    """Tell the number of the key that a value was sealed with. Raises CannotDecrypt for what no key of ours made."""
    if value.startswith(_OF_FIRST_KEY):
        return 0
    if value.startswith(_OF_LATER_KEY) and len(value) >= _MARK_BYTES:
        return int.from_bytes(value[1:_MARK_BYTES])
    raise CannotDecrypt("no value of ours")


def seal_document(document: object, *, purpose: str) -> bytes:
    """Encrypt what JSON can say, packed: rows that wait for somebody to confirm them. As `encrypt`."""
    packed = zlib.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())
    return encrypt(b64encode(packed).decode(), purpose=purpose)


def open_document(value: bytes | memoryview, *, purpose: str) -> Any:
    """Read what `seal_document` made. Raises CannotDecrypt, for nothing at all too."""
    text = decrypt(value, purpose=purpose)
    if not text:
        raise CannotDecrypt(purpose)
    return json.loads(zlib.decompress(b64decode(text)))


def blind_index(text: str, *, purpose: str) -> bytes:
    """Make 24 bytes by which equal values can be found without being read; empty text gives empty bytes.

    The first eight are the same for all of ten signs and more that end in the same four: ranges of an index find these.
    Under the newest key, so it is made anew with the value when that gets another one.
    """
    number = newest_key()
    return _end(text, purpose, number) + _index(text, purpose, number) if text else b""


def blind_indexes(text: str, *, purpose: str) -> list[bytes]:
    """Make what to look for: the index under each key that is there, since values may be under any. [] for none."""
    numbers = key_numbers() or [0]
    return [_end(text, purpose, number) + _index(text, purpose, number) for number in numbers] if text else []


def blind_ends(end: str, *, purpose: str) -> list[tuple[bytes, bytes]]:
    """Make the ranges, first and last, of indexes of long values that end in these four signs, under each key there is.

    Raises ValueError for fewer or more: the index knows of no others.
    """
    if len(end) != END_SIGNS:
        raise ValueError(end)
    begins = [_index(end, f"{purpose} end", number)[:_END_BYTES] for number in key_numbers() or [0]]
    return [(begin, begin + b"\xff" * _INDEX_BYTES) for begin in begins]


def blind_words(words: Sequence[str], *, purpose: str) -> list[str]:
    """Make a word of letters for each word, by which equal ones can be found in a text index without being read.

    Under the newest key, as `blind_index`. Each begins with a letter that no word of ours has, so they never meet.
    """
    return _blind_words(words, purpose, newest_key())


def blind_words_of_each_key(words: Sequence[str], *, purpose: str) -> list[list[str]]:
    """Make what to look for: the words as `blind_words` would, under each key that is there."""
    return [_blind_words(words, purpose, number) for number in key_numbers() or [0]]


def keyed_digest(text: str, *, purpose: str) -> bytes:
    """HMAC-SHA256 of a text under our key: the same each time, and nobody else can make it.

    Its key stays when keys of personal data change: codes that residents hold are made with it.
    """
    return hmac.digest(_key(_DIGEST_KEY), f"{purpose}\0{text}".encode(), "sha256")


def newest_key() -> int:
    """Tell the number of the key that seals now; 0 is the first one, made when nothing is there."""
    return max(key_numbers(), default=0)


def key_numbers() -> tuple[int, ...]:
    """List the keys of personal data that are there, oldest first. Another process's new one is seen at once."""
    folder = _folder()
    try:
        changed_ns = folder.stat().st_mtime_ns
    except FileNotFoundError:
        return ()
    # A folder changed this very moment may change again without its time telling.
    is_settled = time.time_ns() - changed_ns > _SETTLED_NS
    return _listed(folder, changed_ns) if is_settled else _list(folder)


def add_key() -> int:
    """Make one more key, which seals from now on, and give its number. It is on the disk before anything uses it."""
    if not key_numbers():
        _cipher(0)
    number = newest_key() + 1
    _new_key(key_path(number))
    return number


def key_path(number: int) -> Path:
    """Name the file of a key of personal data."""
    return _folder() / _name_of(number)


def forget_keys() -> None:
    """Read keys anew from the disk when they are next needed."""
    for kept in (_key, _cipher, _listed):
        kept.cache_clear()


def _index(text: str, purpose: str, number: int) -> bytes:
    if number == 0:
        return keyed_digest(text, purpose=f"index:{purpose}")[:_INDEX_BYTES]
    own = hmac.digest(_key(_name_of(number)), b"linli blind index", "sha256")
    return hmac.digest(own, f"{purpose}\0{text}".encode(), "sha256")[:_INDEX_BYTES]


def _end(text: str, purpose: str, number: int) -> bytes:
    """Mark how a long value ends; of a short one four signs would be too much of it."""
    return _index(text[-END_SIGNS:] if len(text) >= _LONG else text, f"{purpose} end", number)[:_END_BYTES]


def _blind_words(words: Sequence[str], purpose: str, number: int) -> list[str]:
    return [_WORD_BEGINS + _index(word, purpose, number)[:_WORD_BYTES].hex().translate(_AS_LETTERS) for word in words]


def _mark_of(number: int) -> bytes:
    return _OF_LATER_KEY + number.to_bytes(2) if number else _OF_FIRST_KEY


def _folder() -> Path:
    return Path(settings.DATA) / "keys"


def _name_of(number: int) -> str:
    return f"personal-data.{number}.key" if number else "personal-data.key"


def _list(folder: Path) -> tuple[int, ...]:
    found = (_KEY_NAME.fullmatch(path.name) for path in folder.iterdir())
    return tuple(sorted(int(match[1] or 0) for match in found if match))


@cache
def _listed(folder: Path, changed_ns: int) -> tuple[int, ...]:
    del changed_ns  # what it is kept by
    return _list(folder)


@cache
def _cipher(number: int) -> AESGCM:
    return AESGCM(_key(_name_of(number)))


@cache
def _key(name: str) -> bytes:
    path = _folder() / name
    try:
        key = path.read_bytes()
    except FileNotFoundError as error:
        # Where others are, a missing key was lost or put away: a new one in its place would open nothing.
        if name != _DIGEST_KEY and (name != _name_of(0) or key_numbers()):
            message = f"{path} is not there: put back the key from the backup."
            raise CannotDecrypt(message) from error
        key = _new_key(path)
    if len(key) != _KEY_BYTES:
        message = f"{path} does not hold {_KEY_BYTES} bytes: put back the key from the backup."
        raise CannotDecrypt(message)
    return key


def _new_key(path: Path) -> bytes:
    """Make the key file whole or not at all, so that two processes or threads starting at once agree on one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.urandom(_KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _sync_folder(path.parent)
    return path.read_bytes()


def _sync_folder(folder: Path) -> None:
    """Make the name last through a power cut: what is sealed with a key that is gone is gone."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
