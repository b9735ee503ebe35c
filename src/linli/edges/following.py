"""Whoever follows a case by number and code, on a page or by the API."""

from datetime import datetime
from uuid import UUID

from linli.cases.actions.following import find_by_code
from linli.edges.callers import address_of
from linli.edges.limits import FOLLOWS
from linli.edges.request import ViewerRequest
from linli.kernel.errors import NotFound


def find_followed(request: ViewerRequest, *, number: str, code: str, at: datetime) -> tuple[str, UUID]:
    """Find the case: wrong codes are counted by case and by address, and after ten right ones wait too.

    Raises NotFound, TooManyRequests.
    """
    address = address_of(request)
    FOLLOWS.check(address)
    try:
        return find_by_code(number=number, code=code, at=at)
    except NotFound:
        FOLLOWS.take(address)
        raise
