"""Ballots as bytes: receipts, rows without names, the root over them.

A receipt hashes the ballot behind a nonce that only the juror's phone and the sealed list know. Rows are published in
the order of their receipts, which is the order of chance: it tells neither who nor when.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from linli.kernel.errors import InvalidInput
from linli.ledger.facts.calc.canonical import canonical
from linli.ledger.facts.calc.merkle import leaf_hash, tree_head

NONCE_BYTES = 16
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: nothing that can be misread
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One published ballot.

    juror: the juror's number in an open session, a random name in a sealed one, one for each ballot in a secret one.
    """

    turn: str
    juror: str
    group: str
    points: tuple[int, ...]
    receipt: str

    def content(self) -> dict[str, object]:
        """Give the row as it is published and hashed."""
        return {
            "group": self.group,
            "juror": self.juror,
            "points": list(self.points),
            "receipt": self.receipt,
            "turn": self.turn,
        }


def require_points(points: Sequence[int], most: Sequence[int]) -> tuple[int, ...]:
    """Check a ballot's points: one whole number for each part, from 0 to its most.

    Raises InvalidInput("ballot_points").
    """
    is_fit = len(points) == len(most) and all(
        type(given) is int and 0 <= given <= top for given, top in zip(points, most, strict=True)
    )
    if not is_fit:
        raise InvalidInput("ballot_points", field="points")
    return tuple(points)


def canonical_ballot(turn: str, points: Sequence[int]) -> bytes:
    """Write a ballot in the one way that is hashed."""
    return canonical({"points": list(points), "turn": turn})


def receipt_of(nonce: bytes, turn: str, points: Sequence[int]) -> str:
    """Give the receipt, hexadecimal: SHA-256 of nonce and ballot."""
    return hashlib.sha256(nonce + canonical_ballot(turn, points)).hexdigest()


def short_receipt(receipt: str) -> str:
    """Write the first 60 bits of a receipt in three groups of four letters and digits, for people."""
    number = int(receipt[:15], 16)
    letters = "".join(_LETTERS[number >> 5 * place & 31] for place in reversed(range(_SHORT)))
    return " ".join(letters[place : place + 4] for place in range(0, _SHORT, 4))


def in_published_order(rows: Sequence[Row]) -> list[Row]:
    """Order rows by receipt."""
    return sorted(rows, key=lambda row: row.receipt)


def root_of(rows: Sequence[Row]) -> str:
    """Give the Merkle root over rows in published order, hexadecimal."""
    return tree_head(_leaves(rows)).hex()


def _leaves(rows: Sequence[Row]) -> list[bytes]:
    return [leaf_hash(canonical(row.content())) for row in rows]
