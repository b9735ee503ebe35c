"""What a fact and a seal are as bytes. The exact form is in docs/mechanisms/facts-and-seals.md."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from linli.ledger.facts.calc.canonical import canonical
from linli.ledger.facts.calc.merkle import leaf_hash

_AFTER_DATA = ("district_id", "id", "kind", "organisation_id", "post_id", "recorded_at", "subject_id")
_NEEDS_NO_ESCAPE = re.compile(r"[a-z0-9_./]*").fullmatch
NO_CHAIN = "0" * 64


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact as it is read. at: when it happened; recorded_at: when the database took it."""

    id: UUID
    district_id: str
    kind: str
    subject_id: UUID
    at: datetime
    recorded_at: datetime
    actor_id: UUID | None
    area_path: str
    organisation_id: UUID | None
    post_id: UUID | None
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SealRow:
    """A seal as it is read. Hashes are 64 lower-case hexadecimal digits; made_at as `instant` writes it."""

    district_id: str
    number: int
    previous_chain: str
    root: str
    size: int
    made_at: str
    chain: str


def instant(at: datetime) -> str:
    """Write an instant in UTC with six digits of a second: 2026-03-01T08:00:00.000000Z."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def fact_content(fact: FactRow) -> dict[str, object]:
    """Give the eleven members that are hashed; an absent id is the empty string.

    Raises InvalidInput("not_plain") if data holds anything but plain values.
    """
    at = instant(fact.at)
    return {
        "actor_id": _id_text(fact.actor_id),
        "area_path": fact.area_path,
        "at": at,
        "data": dict(fact.data),
        "district_id": fact.district_id,
        "id": str(fact.id),
        "kind": fact.kind,
        "organisation_id": _id_text(fact.organisation_id),
        "post_id": _id_text(fact.post_id),
        "recorded_at": at if fact.recorded_at is fact.at else instant(fact.recorded_at),
        "subject_id": str(fact.subject_id),
    }


def fresh_leaf(content: Mapping[str, Any]) -> bytes:
    """Give the leaf hash of what `fact_content` just made, twice as fast: ids and instants are known to be plain.

    Raises InvalidInput("not_plain") for data that isn't.
    """
    if not _NEEDS_NO_ESCAPE(f"{content['area_path']}{content['district_id']}{content['kind']}"):
        return fact_leaf(content)
    data = canonical(content["data"]).decode()
    rest = "".join([f',"{name}":"{content[name]}"' for name in _AFTER_DATA])
    before = f'"actor_id":"{content["actor_id"]}","area_path":"{content["area_path"]}","at":"{content["at"]}"'
    return leaf_hash(f'{{{before},"data":{data}{rest}}}'.encode())


def fact_leaf(content: Mapping[str, object]) -> bytes:
    """Give the 32-byte leaf hash of a fact's content. Raises InvalidInput("not_plain")."""
    return leaf_hash(canonical(content))


def seal_content(seal: SealRow) -> dict[str, object]:
    """Give the six members that the chain value is made of."""
    return {
        "district_id": seal.district_id,
        "made_at": seal.made_at,
        "number": seal.number,
        "previous_chain": seal.previous_chain,
        "root": seal.root,
        "size": seal.size,
    }


def make_seal(*, district_id: str, before: SealRow | None, root: bytes, size: int, made_at: datetime) -> SealRow:
    """Continue the chain by one seal."""
    open_ended = SealRow(
        district_id=district_id,
        number=before.number + 1 if before else 1,
        previous_chain=before.chain if before else NO_CHAIN,
        root=root.hex(),
        size=size,
        made_at=instant(made_at),
        chain="",
    )
    return replace(open_ended, chain=chain_of(open_ended))


def chain_of(seal: SealRow) -> str:
    """Compute a seal's chain value: SHA-256 over the canonical JSON of all its other fields."""
    return hashlib.sha256(canonical(seal_content(seal))).hexdigest()


def _id_text(value: UUID | None) -> str:
    return str(value) if value else ""
