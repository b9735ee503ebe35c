"""Identifiers and chances that come out the same for the same seed."""

import random
from uuid import UUID

from linli.kernel.ids import id_at

_FIRST_MILLISECOND = 1_735_660_800_000  # 2025-01-01 00:00 in Shanghai: demo rows sort before anything made by hand


def chances(*, seed: int, of: str) -> random.Random:
    """Make the source of chance of one part of the demo, so that a change in one part leaves the others alone."""
    return random.Random(f"linli/{seed}/{of}")  # noqa: S311 -- invented data, no secret


class IdStream:
    """Identifiers one after another, in rising order."""

    def __init__(self, *, seed: int, of: str) -> None:
        self._random = chances(seed=seed, of=f"ids/{of}")
        self._milliseconds = _FIRST_MILLISECOND

    def next(self) -> UUID:
        """Give the next identifier."""
        self._milliseconds += 1
        return id_at(self._milliseconds, self._random.getrandbits(74))
