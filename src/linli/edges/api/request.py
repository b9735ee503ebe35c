"""The request as the API's frame hands it on: who is asking, and what they may do with it."""

from datetime import datetime

from linli.edges.callers import address_of, caller_of
from linli.edges.limits import LOOKUPS
from linli.edges.request import ViewerRequest
from linli.kernel.errors import NotAllowed
from linli.registry.people.rules import Viewer

SESSION, READ, WRITE, NOBODYS = "session", "read", "write", ""


class ApiRequest(ViewerRequest):
    """A request within the frame. access: session, read, write, or "" for nobody; at: when it came in."""

    access: str
    at: datetime


def look_up(request: ApiRequest) -> None:
    """Count a look-up against where it comes from, unless somebody is signed in. Raises TooManyRequests."""
    if not request.viewer.is_known:
        LOOKUPS.take(address_of(request))


def staff(request: ApiRequest) -> Viewer:
    """Give the viewer. Raises NotAllowed (not_signed_in) for nobody."""
    if not request.viewer.is_known:
        raise NotAllowed("not_signed_in")
    return request.viewer


def staff_caller(request: ApiRequest) -> str:
    """Name the person who calls, for keys and uploads."""
    return caller_of(request, "")
