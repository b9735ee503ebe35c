"""How long things wait, in seconds; drawn from ranges, so that a thousand clients don't move as one."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """The waits of a stream and of the listening connection.

    debounce: from a hint to the reading; check: who it is and what time alone changed; turn: until another try, where
    somebody else is being checked; ping: a sign of life; retry: what browsers wait before they come again; reconnect:
    the first and the longest wait for a lost database; alive: how often the listening connection is tried; send: how
    long a slow client may block.
    """

    debounce_s: float = 0.25
    check_s: tuple[float, float] = (40.0, 50.0)
    turn_s: tuple[float, float] = (0.2, 1.0)
    ping_s: tuple[float, float] = (15.0, 25.0)
    retry_s: tuple[float, float] = (2.0, 6.0)
    reconnect_s: tuple[float, float] = (0.2, 15.0)
    alive_s: float = 30.0
    send_s: float = 10.0

    @property
    def first_check_s(self) -> tuple[float, float]:
        """Give the wait for the first check: any part of a whole one, since many come at once when a server starts."""
        return (self.check_s[0] / 8, self.check_s[1])


def drawn(between: tuple[float, float]) -> float:
    """Draw a wait from a range."""
    return random.uniform(*between)  # noqa: S311 - no secret
