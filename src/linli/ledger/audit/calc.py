"""Bursts: more of something within a time than a limit allows."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Burst:
    """From the first event of it to the last; amount: of all of them together."""

    first_at: datetime
    last_at: datetime
    amount: int


def bursts(events: Iterable[tuple[datetime, int]], *, most: int, within: timedelta) -> list[Burst]:
    """Find where the amounts of some events within a time come to more than `most`.

    events: moment and amount, in order of time; a window holds what is less than `within` old. Windows over the limit
    that share an event are one burst. Returns them in order of time.
    """
    window: deque[tuple[int, datetime, int]] = deque()
    found: list[Burst] = []
    total, counted = 0, -1  # counted: the place of the last event of the last burst
    for place, (at, amount) in enumerate(events):
        window.append((place, at, amount))
        total += amount
        while window[0][1] <= at - within:
            total -= window.popleft()[2]
        if total <= most:
            continue
        if window[0][0] <= counted:
            more = sum(each for where, _, each in window if where > counted)
            found[-1] = replace(found[-1], last_at=at, amount=found[-1].amount + more)
        else:
            found.append(Burst(window[0][1], at, total))
        counted = place
    return found
