"""A clock that no correction of the machine's own can move while it is in use."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SteadyClock:
    """Wall time as it was when last set, carried on by the monotonic counter: a step of the wall clock is not seen.

    wall: seconds since 1970; counter: seconds since whenever, never back.
    """

    def __init__(self, wall: Callable[[], float] = time.time, counter: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._counter = wall, counter
        self.set()

    def set(self) -> None:
        """Take the wall clock's time: when nothing runs that would jump."""
        self._base = self._wall() - self._counter()

    def now(self) -> datetime:
        """Give the time, aware, UTC."""
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=self._base + self._counter())
