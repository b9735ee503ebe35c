"""The verifiable random selection of draft-thomson-elegy-vrs (2023), whose ranking by hash ours is built on.

One-time codes are preimages of one another; labels are sorted by what HKDF-SHA256 makes of the code and the randomness.
Source: draft-thomson-elegy-vrs-00; RFC 5869.
"""

import hashlib
import hmac
from collections.abc import Iterable


def one_time_code(secret: bytes, times: int) -> bytes:
    """Hash a secret again and again: H^times(secret)."""
    for _ in range(times):
        secret = hashlib.sha256(secret).digest()
    return secret


def pseudorandom_key(code: bytes, randomness: str) -> bytes:
    """HKDF-Extract: the one-time code is the salt, the randomness the keying material."""
    return hmac.digest(code, randomness.encode(), "sha256")


def position_of(key: bytes, label: str) -> bytes:
    """HKDF-Expand to 32 bytes for one label."""
    return hmac.digest(key, label.encode() + b"\x01", "sha256")


def rank_labels(code: bytes, randomness: str, labels: Iterable[str]) -> list[tuple[str, str]]:
    """Sort labels by their positions, lowest first: pairs of position in hex and label."""
    key = pseudorandom_key(code, randomness)
    return sorted((position_of(key, label).hex(), label) for label in labels)
