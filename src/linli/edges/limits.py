"""Keeping one place from asking too much: so many tries in so long a time, whichever process it asks.

The database counts. What a process has learned it keeps: a few tries taken in advance where many are allowed, and a
refusal until it is over, so that a flood costs the database nothing.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock

from django.utils import timezone

from linli.kernel.errors import TooManyRequests
from linli.ledger.commands.actions.limiting import Counted, look_at_tries, take_tries

_MOST_KEYS = 50_000
_ONE_NETWORK = 64  # bits: what a household or a phone gets of IPv6, with more addresses in it than anybody can count


@dataclass(slots=True)
class _Kept:
    """until: on the monotonic clock; left: tries taken in advance; below 0: refused."""

    until: float
    left: int


@dataclass(slots=True)
class Limit:
    """At most `tries` in `window_s` seconds for each place; `at_once`: how many a process takes in advance."""

    what: str
    tries: int
    window_s: int
    at_once: int = 1
    _kept: OrderedDict[str, _Kept] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, address: str) -> None:
        """Count a try. At most 1 query. Raises TooManyRequests with the seconds to wait."""
        place = place_of(address)
        if self._take_kept(place):
            return
        counted = take_tries(what=self.what, whom=place, count=self.at_once, window=self._window, at=timezone.now())
        granted = min(self.at_once, self.tries - (counted.tries - self.at_once))
        self._keep(place, counted, left=granted - 1)

    def check(self, address: str) -> None:
        """Look without counting, before a try of which only failures count. At most 1 query. Raises TooManyRequests."""
        place = place_of(address)
        with self._lock:
            kept = self._kept.get(place)
            if kept is not None and kept.left < 0:
                self._refuse_until(kept.until)
        counted = look_at_tries(what=self.what, whom=place, window=self._window, at=timezone.now())
        if counted.tries >= self.tries:
            self._keep(place, counted, left=-1)

    def forget(self) -> None:
        """Forget what this process keeps, for tests."""
        with self._lock:
            self._kept.clear()

    @property
    def _window(self) -> timedelta:
        return timedelta(seconds=self.window_s)

    def _take_kept(self, place: str) -> bool:
        with self._lock:
            kept = self._kept.get(place)
            if kept is None or kept.left == 0 or kept.until <= time.monotonic():
                return False
            if kept.left < 0:
                self._refuse_until(kept.until)
            kept.left -= 1
            return True

    def _keep(self, place: str, counted: Counted, *, left: int) -> None:
        wait_s = max(0.0, (counted.began_at + self._window - timezone.now()).total_seconds())
        until = time.monotonic() + wait_s
        with self._lock:
            self._kept[place] = _Kept(until, left)
            while len(self._kept) > _MOST_KEYS:
                self._kept.popitem(last=False)
        if left < 0:
            self._refuse_until(until)

    @staticmethod
    def _refuse_until(until: float) -> None:
        """Raise, unless it is over."""
        wait_s = until - time.monotonic()
        if wait_s > 0:
            raise TooManyRequests("too_many_requests", params={"wait_s": int(wait_s) + 1})


def place_of(address: str) -> str:
    """Tell what counts as one place: an address of IPv4, a network of IPv6, or the text itself if it is neither."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, _ONE_NETWORK), strict=False))
    return str(found)


REPORTS = Limit("report", 60, 3600)
FILES = Limit("file", 120, 3600)
FOLLOWS = Limit("follow", 10, 3600)
LOOKUPS = Limit("look-up", 1200, 600, at_once=60)
SIGN_INS = Limit("sign-in", 30, 600)
PROOFS = Limit("proof", 10, 600)  # wrong passwords of somebody who is signed in, by their login
REFUSALS = Limit("refusal", 100, 600)  # lines in the audit log about one person's refusals
PRINTS = Limit("print", 100, 600)
ALL = (REPORTS, FILES, FOLLOWS, LOOKUPS, SIGN_INS, PROOFS, REFUSALS, PRINTS)
