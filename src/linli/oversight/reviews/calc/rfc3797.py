"""RFC 3797's publicly verifiable selection: for outsiders who know it, and to check our own reading of it.

Not what Linli draws with: it hashes with MD5, and one wrong name on the list changes every later pick.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pick:
    """One step. position: in the list as published, from 1; among: how many were left; digest: MD5 in hex."""

    position: int
    among: int
    digest: str


def key_of(sources: Iterable[Iterable[int]]) -> str:
    """Write the sources of randomness as one string: each sorted, its numbers ended by a point, itself by a slash."""
    return "".join("".join(f"{number}." for number in sorted(source)) + "/" for source in sources)


def select(key: str, *, pool_size: int, count: int) -> list[Pick]:
    """Pick from a numbered pool of at most 65,535; nobody twice."""
    left = list(range(1, pool_size + 1))
    picks = []
    for step in range(count):
        ends = step.to_bytes(2)
        digest = hashlib.md5(ends + key.encode() + ends, usedforsecurity=False)
        among = len(left)
        position = left.pop(int.from_bytes(digest.digest()) % among)
        picks.append(Pick(position, among, digest.hexdigest().upper()))
    return picks


def bits_needed(pool_size: int, count: int) -> float:
    """Give the entropy that choosing `count` of a pool can use up."""
    return math.log2(math.comb(pool_size, count))


def outcome_bits(strata: Sequence[tuple[int, int]]) -> float:
    """Give the entropy of drawing from several strata at once: pairs of size and number drawn."""
    return sum(bits_needed(size, take) for size, take in strata)
