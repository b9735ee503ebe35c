"""Who is calling: a signed-in person, a visitor known by a cookie, or somebody unknown."""

import secrets
from hashlib import sha256

from django.conf import settings
from django.http import HttpResponse

from linli.edges.request import ViewerRequest

COOKIE = "linli_visitor"
_ONE_YEAR_S = 365 * 24 * 3600


def address_of(request: ViewerRequest) -> str:
    """Tell the network address that the request came from: what a proxy of ours says, if one of ours sent it."""
    sender = str(request.META.get("REMOTE_ADDR", ""))
    if sender not in settings.TRUSTED_PROXIES:
        return sender
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return next((address for address in reversed(told) if address and address not in settings.TRUSTED_PROXIES), sender)


def visitor_of(request: ViewerRequest) -> str:
    """Tell the visitor's secret, or "" for one without."""
    given = request.COOKIES.get(COOKIE, "")
    return given if len(given) >= 32 else ""  # noqa: PLR2004 - 128 bits at least


def caller_of(request: ViewerRequest, visitor: str) -> str:
    """Name the caller for idempotency keys and uploads: a person, a visitor, or an address without a name."""
    if request.viewer.is_known:
        return f"person:{request.viewer.person_id}"
    if visitor:
        return f"visitor:{sha256(visitor.encode()).hexdigest()}"
    return f"address:{sha256(address_of(request).encode()).hexdigest()[:32]}"


def new_visitor() -> str:
    """Make a visitor's secret."""
    return secrets.token_urlsafe(32)


def remember_visitor(response: HttpResponse, visitor: str, *, is_secure: bool) -> None:
    """Let the browser keep the secret; it proves nothing but "the same browser", and is stored nowhere here."""
    response.set_cookie(COOKIE, visitor, max_age=_ONE_YEAR_S, httponly=True, samesite="Lax", secure=is_secure)
