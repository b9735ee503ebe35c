"""Around every request: its number, how long it took, how it ended; as a line in the log and in the counters."""

import logging
import re
from collections.abc import Callable
from time import perf_counter
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse

from linli.edges.measures import REQUESTS, SECONDS
from linli.edges.request import ViewerRequest
from linli.kernel.crypto import keyed_digest
from linli.kernel.ids import new_id
from linli.registry.people.rules import NOBODY, Viewer

log = logging.getLogger(__name__)

REQUEST_ID = "X-Request-ID"
_PROXYS_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_LOGIN_DIGITS = 12

Respond = Callable[[ViewerRequest], HttpResponse]


def measured(respond: Respond) -> Respond:
    """Count and log each request; the answer bears its number, by which its line is found."""

    def middleware(request: ViewerRequest) -> HttpResponse:
        began = perf_counter()
        request.log_id = _number_of(request)
        response = respond(request)
        took_s = perf_counter() - began
        response.headers[REQUEST_ID] = request.log_id
        method = request.method if request.method in _METHODS else "other"
        route = route_of(request)
        REQUESTS.labels(method, route, str(response.status_code)).inc()
        SECONDS.labels(route).observe(took_s)
        if log.isEnabledFor(logging.INFO):
            viewer = getattr(request, "viewer", NOBODY)
            log.info("request", extra={
                "request": request.log_id, "login": _login(viewer), "method": method, "route": route,
                "status": response.status_code, "ms": round(took_s * 1000),
            })  # fmt: skip
        return response

    return middleware


def route_of(request: ViewerRequest) -> str:
    """Name the pattern of the address, with neither ids nor query: "desk/cases/<uuid:case_id>/", "static", "none"."""
    if request.resolver_match is not None:
        return f"/{request.resolver_match.route}"
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


def _number_of(request: ViewerRequest) -> str:
    """Take the number that a proxy of ours gave, or give one."""
    given = request.headers.get(REQUEST_ID, "")
    is_proxys = request.META.get("REMOTE_ADDR") in settings.TRUSTED_PROXIES and _PROXYS_ID.fullmatch(given)
    return given if is_proxys else new_id().hex


def _login(viewer: Viewer) -> str:
    """Name a login by a digest: lines of one belong together, and only who has the key can tell whose they are."""
    return _digest(viewer.login_id) if viewer.login_id else ""


def _digest(login_id: UUID) -> str:
    return keyed_digest(str(login_id), purpose="log").hex()[:_LOGIN_DIGITS]
