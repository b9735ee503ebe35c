"""Errors as RFC 9457 problem details, every one of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse

from linli.edges.api.words import TITLES, say_field, say_problem
from linli.kernel.errors import (
    Conflict,
    InvalidInput,
    LinliError,
    NotAllowed,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    TooManyRequests,
)

MEDIA_TYPE = "application/problem+json"
TYPES = "/api/v1/docs#errors/"
# What our functions call a body, or parameters taken together.
_WHOLES = frozenset({"told", "asked", "about", "where"})
_STATUS_OF_CODE = {"not_signed_in": 401, "token_unknown": 401, "method_not_allowed": 405, "body_too_large": 413}
_STATUSES: Sequence[tuple[type[LinliError], int]] = (
    (InvalidInput, 422), (NotAllowed, 403), (NotFound, 404), (Conflict, 409), (PreconditionFailed, 412),
    (PreconditionRequired, 428), (TooManyRequests, 429),
)  # fmt: skip


def status_of(error: LinliError) -> int:
    """Tell the HTTP status of an error."""
    if error.code in _STATUS_OF_CODE:
        return _STATUS_OF_CODE[error.code]
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 400)


def problem_of(error: LinliError) -> HttpResponse:
    """Answer an error of ours."""
    response = problem(status_of(error), error.code, say_problem(error), field=error.field)
    if response.status_code == 401:  # noqa: PLR2004 - RFC 9110 asks for the header
        response["WWW-Authenticate"] = 'Bearer realm="linli"'
    if isinstance(error, TooManyRequests):
        response["Retry-After"] = str(error.params.get("wait_s", 60))
    return response


def problem(
    status: int, code: str, detail: str, *, field: str = "", errors: Sequence[Mapping[str, str]] = ()
) -> HttpResponse:
    """Answer a problem. field: the input it is about, dotted where it lies within another, "" for none."""
    body = problem_body(status, code, detail, field=field, errors=errors)
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)


def problem_body(
    status: int, code: str, detail: str, *, field: str = "", errors: Sequence[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """Put a problem together as plain values."""
    body: dict[str, Any] = {
        "type": f"{TYPES}{code}", "title": str(TITLES.get(status, TITLES[400])), "status": status, "detail": detail,
        "code": code, "field": field or None,
    }  # fmt: skip
    if errors:
        body["errors"] = list(errors)
    return body


def invalid_fields(found: Iterable[Mapping[str, Any]]) -> HttpResponse:
    """Answer what a schema found: every field by its name."""
    errors = [{"field": _field(each["loc"]), "detail": say_field(each["type"], each.get("ctx", {})),
               "code": str(each["type"])} for each in found]  # fmt: skip
    first = errors[0]
    return problem(422, first["code"], first["detail"], field=first["field"], errors=errors)


def _field(place: Sequence[Any]) -> str:
    """Name a field as the caller spelled it: "location.lng"; the names that our functions give to the whole go."""
    source, *names = place
    if names and names[0] in _WHOLES:
        names = names[1:]
    return ".".join(str(name) for name in names) or str(source)
