"""Identifiers made by the application: UUIDv7, so that keys sort by the time they were made."""

import os
import time
from uuid import UUID

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62


def new_id() -> UUID:
    """Make a UUIDv7 of the present millisecond.

    Source: RFC 9562 §5.7. PostgreSQL has its own only from 18 on; our floor is 15.
    """
    milliseconds = time.time_ns() // 1_000_000
    return _uuid7(milliseconds, int.from_bytes(os.urandom(10)))


def id_at(milliseconds: int, randomness: int) -> UUID:
    """Make the UUIDv7 of a given instant, for loads that have to come out the same each time.

    milliseconds: since 1970 UTC; randomness: its lowest 74 bits are used.
    """
    return _uuid7(milliseconds, randomness)


def _uuid7(milliseconds: int, randomness: int) -> UUID:
    high = (randomness >> 62) & 0xFFF
    low = randomness & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | _VERSION_7 | (high << 64) | _VARIANT | low)
