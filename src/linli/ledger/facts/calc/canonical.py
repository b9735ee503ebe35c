"""One way to write a value as bytes, so that everybody hashes the same.

Source: RFC 8785 (JSON Canonicalization Scheme), restricted to what needs no special care: ASCII keys, strings,
booleans, integers within ±(2^53 - 1), lists and mappings. No floats, no nulls: their spellings differ between programs.
"""

import json
from collections.abc import Mapping, Sequence

from linli.kernel.errors import InvalidInput

LARGEST_INTEGER = 2**53 - 1
_ENCODE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(value: object) -> bytes:
    """Write plain values as canonical JSON: sorted keys, no spaces, UTF-8, no normalising of strings.

    Raises InvalidInput("not_plain", field=where) for anything else.
    """
    return _ENCODE(plain(value)).encode()


def plain(value: object, where: str = "") -> object:
    """Copy a value, with dicts and lists for mappings and sequences.

    where: dotted path, for the error. Raises InvalidInput("not_plain").
    """
    if isinstance(value, str):
        return _text(value, where)
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= LARGEST_INTEGER:
        return int(value)
    if isinstance(value, Mapping):
        return {
            _key(key, where): item if _is_simple(item) else plain(item, f"{where}.{key}" if where else str(key))
            for key, item in value.items()
        }
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [plain(item, f"{where}[{index}]") for index, item in enumerate(value)]
    raise InvalidInput("not_plain", field=where, params={"type": type(value).__name__})


def _is_simple(value: object) -> bool:
    """Whether a value is what nearly every one is, and needs no copy."""
    return type(value) is str and value.isascii() and "\0" not in value


def _key(key: object, where: str) -> str:
    if isinstance(key, str) and key and key.isascii() and key.isprintable():
        return str(key)
    raise InvalidInput("not_plain", field=where, params={"type": "key"})


def _text(text: str, where: str) -> str:
    """Refuse what UTF-8 or PostgreSQL can't hold: lone surrogates and U+0000."""
    if "\0" in text or not (text.isascii() or _has_utf8(text)):
        raise InvalidInput("not_plain", field=where, params={"type": "letter"})
    return str(text)


def _has_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
