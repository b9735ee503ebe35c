"""Whoever follows a case by number and code, on a page or by the API."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from linli.cases.actions.following import Opens, find_by_code, find_for_anybody
from linli.edges.callers import address_of
from linli.edges.limits import FOLLOWS
from linli.edges.request import ViewerRequest
from linli.kernel.errors import NotFound

_Found = TypeVar("_Found")


def find_followed(request: ViewerRequest, *, number: str, code: str, at: datetime) -> tuple[str, UUID]:
    """Find the case of its first reporter: wrong codes are counted by case and by address.

    After ten, right ones wait too. Raises NotFound, TooManyRequests.
    """
    return _counted(request, lambda: find_by_code(number=number, code=code, at=at))


def find_opened(request: ViewerRequest, *, number: str, code: str, at: datetime) -> Opens:
    """Find what somebody may follow, who joined it too. Counts and raises as `find_followed`."""
    return _counted(request, lambda: find_for_anybody(number=number, code=code, at=at))


def _counted(request: ViewerRequest, find: Callable[[], _Found]) -> _Found:
    address = address_of(request)
    FOLLOWS.check(address)
    try:
        return find()
    except NotFound:
        FOLLOWS.take(address)
        raise
