"""Records of a chain: how they are put together, written, hashed and read back strictly.

Three kinds hang in one chain: a draw, a void, an amendment. Each names the record before it; nothing is ever taken out.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from linli.ledger.facts.calc.canonical import canonical
from linli.oversight.reviews.calc import verifying
from linli.oversight.reviews.calc.drawing import SHA256, SM3, draw_by, draw_seed
from linli.oversight.reviews.choices import RecordKind

FIRST = "0" * 64
DRAW_FORMAT, VOID_FORMAT, AMENDMENT_FORMAT = "linli-draw/1", "linli-draw-void/1", "linli-draw-amendment/1"
UNREVEALED = "commit_hash"
Record = dict[str, Any]


class NotARecord(Exception):
    """The bytes are no record: not strict JSON, or of another shape."""


def has_sm3() -> bool:
    """Tell whether this machine's OpenSSL knows SM3 (GB/T 32905)."""
    return SM3 in hashlib.algorithms_available


def digest_of(value: object, *, hash_name: str = SHA256) -> str:
    """Hash a value's canonical form, in hex. Raises InvalidInput("not_plain") for what has none."""
    return hashlib.new(hash_name, canonical(value)).hexdigest()


def hash_secret(secret: str, *, hash_name: str = SHA256) -> str:
    """Give what a commit says of the secret, which is hex and stays sealed until the throw is locked."""
    return hashlib.new(hash_name, bytes.fromhex(secret)).hexdigest()


def complete(commit: Mapping[str, Any], *, secret: str, entropy: Sequence[tuple[str, str]]) -> Record:
    """Put a draw's record together: reveal, seed and result follow from the commit, the secret and what was thrown."""
    commit_hash = digest_of(commit, hash_name=commit["hash"])
    seed = draw_seed(commit_hash, secret, entropy, hash_name=commit["hash"])
    return {
        "commit": dict(commit),
        "commit_hash": commit_hash,
        "reveal": {"secret": secret, "entropy": [{"id": item, "value": value} for item, value in entropy]},
        "seed": seed,
        "result": draw_by(commit, seed),
    }


def void_of(
    commit: Mapping[str, Any], *, code: str, record: str, offices: Sequence[str], at: str, previous: str
) -> Record:
    """Put a void together. record: id of the draw's own, "" if it was never drawn; offices: that signed, no names."""
    return {
        "void": {
            "format": VOID_FORMAT, "draw_id": commit["draw_id"], "level": commit["level"], "hash": commit["hash"],
            "commit_hash": digest_of(commit, hash_name=commit["hash"]), "record": record, "code": code,
            "signed": list(offices), "at": at, "prev_record": previous,
        }
    }  # fmt: skip


def amendment_of(
    record: Mapping[str, Any], *, struck: Sequence[tuple[str, str]], offices: Sequence[str], at: str, previous: str
) -> Record:
    """Put an amendment together: who should not have been on the list, with codes; nobody else moves but up.

    struck: all of this draw so far, earlier amendments included.
    """
    commit = record["commit"]
    return {
        "amendment": {
            "format": AMENDMENT_FORMAT, "draw_id": commit["draw_id"], "level": commit["level"], "hash": commit["hash"],
            "record": digest_of(record, hash_name=commit["hash"]),
            "struck": [{"id": organisation, "code": code} for organisation, code in struck],
            "result": draw_by(commit, record["seed"], struck=[organisation for organisation, _ in struck]),
            "signed": list(offices), "at": at, "prev_record": previous,
        }
    }  # fmt: skip


def parse(raw: bytes) -> Record:
    """Read a record of any kind strictly: no duplicate key, float, null or big number. Raises NotARecord."""
    try:
        record = verifying.read(raw)
        kind_of(record)
        body_of(record)["prev_record"].encode()
        body_of(record)["draw_id"].encode()
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise NotARecord from error
    found: Record = record
    return found


def kind_of(record: Mapping[str, Any]) -> RecordKind:
    """Tell a record's kind. Raises ValueError if it is none."""
    if "commit" in record:
        return RecordKind.DRAW
    (name,) = record
    return RecordKind(name)


def body_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Give the part that names draw and previous record."""
    kind = kind_of(record)
    body: dict[str, Any] = record["commit" if kind is RecordKind.DRAW else kind.value]
    return body


def id_of(record: Mapping[str, Any]) -> str:
    """Give a record's id, by which the next one names it."""
    return digest_of(record, hash_name=body_of(record)["hash"])
