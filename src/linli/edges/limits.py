"""Keeping callers without a name from asking too much: so many tries in so long a time, per process.

Counters live in memory and are lost with the process: they slow a flood down, they are no audit.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from linli.kernel.errors import TooManyRequests

_MOST_KEYS = 50_000


@dataclass(slots=True)
class Limit:
    """At most `tries` in `window_s` seconds for each key."""

    tries: int
    window_s: int
    _seen: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, key: str) -> None:
        """Count a try. Raises TooManyRequests with the seconds to wait."""
        now = time.monotonic()
        with self._lock:
            began, tries = self._seen.pop(key, (now, 0))
            if now - began >= self.window_s:
                began, tries = now, 0
            self._seen[key] = (began, tries + 1)
            while len(self._seen) > _MOST_KEYS:
                self._seen.popitem(last=False)
        if tries >= self.tries:
            raise TooManyRequests("too_many_requests", params={"wait_s": int(self.window_s - (now - began)) + 1})

    def check(self, key: str) -> None:
        """Look without counting, before a try of which only failures count. Raises TooManyRequests."""
        now = time.monotonic()
        with self._lock:
            began, tries = self._seen.get(key, (now, 0))
        if tries >= self.tries and now - began < self.window_s:
            raise TooManyRequests("too_many_requests", params={"wait_s": int(self.window_s - (now - began)) + 1})

    def forget(self) -> None:
        """Start anew, for tests."""
        with self._lock:
            self._seen.clear()


REPORTS = Limit(60, 3600)
FILES = Limit(120, 3600)
FOLLOWS = Limit(10, 3600)
LOOKUPS = Limit(1200, 600)
SIGN_INS = Limit(30, 600)
ALL = (REPORTS, FILES, FOLLOWS, LOOKUPS, SIGN_INS)
