"""How long things wait, in seconds; drawn from ranges, so that a thousand clients don't move as one."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """The waits of a stream and of the listening connection.

    debounce: from a hint to the reading; check: who it is and what time alone changed; ping: a sign of life; retry:
    what browsers wait before they come again; reconnect: the first and the longest wait for a lost database; alive:
    how often the listening connection is tried; send: how long a slow client may block.
    """

    debounce_s: float = 0.25
    check_s: tuple[float, float] = (40.0, 50.0)
    ping_s: tuple[float, float] = (15.0, 25.0)
    retry_s: tuple[float, float] = (2.0, 6.0)
    reconnect_s: tuple[float, float] = (0.2, 15.0)
    alive_s: float = 30.0
    send_s: float = 10.0


def drawn(between: tuple[float, float]) -> float:
    """Draw a wait from a range."""
    return random.uniform(*between)  # noqa: S311 - no secret
