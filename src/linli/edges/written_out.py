"""Counting the rows that go out, while they do, for the audit log."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

_Row = TypeVar("_Row")
STEP = 5000  # whoever breaks off before the end is counted all the same, up to this


def counted(rows: Iterable[_Row], note: Callable[[int], None]) -> Iterator[_Row]:
    """Hand rows on and say how many there were: every so often and at the end, 0 never."""
    since = 0
    for row in rows:
        yield row
        since += 1
        if since == STEP:
            note(since)
            since = 0
    if since:
        note(since)
