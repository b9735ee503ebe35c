"""The API as one object: its rooms, and how every error is answered."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import JSONRenderer

from linli.edges.api.cases import (  # noqa: F401 - they declare their addresses
    beside,
    oversight,
    reading,
    recurring,
    reporting,
    steps,
)
from linli.edges.api.cases import router as cases
from linli.edges.api.files import routes as files
from linli.edges.api.ledger import facts, indicators, tables
from linli.edges.api.live import routes as live
from linli.edges.api.notices import routes as notices
from linli.edges.api.openapi import OPEN, LinliAPI
from linli.edges.api.problems import invalid_fields, problem, problem_of
from linli.edges.api.registry import areas, people
from linli.edges.api.request import ApiRequest
from linli.edges.api.reviews import draws, sessions
from linli.edges.api.visits import planning as _planning  # noqa: F401 - it declares its addresses
from linli.edges.api.visits import routes as visits
from linli.edges.api.words import say_problem
from linli.edges.refusals import note_refusal
from linli.kernel.errors import LinliError, NotFound

DESCRIPTION = (
    "Case, area, organisation: the words are those of the glossary. Times are UTC; coordinates are GCJ-02 unless crs "
    "says otherwise. Every error is RFC 9457 problem+json and names the field. Lists are pages: send `next_cursor` "
    "back as `cursor`. A POST may carry Idempotency-Key; a change of a case carries If-Match."
)


class PlainJSON(JSONRenderer):
    """JSON in which Chinese stays Chinese: a third of the bytes, and readable in a log."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}


api = LinliAPI(
    title="Linli 邻里", version="1", description=DESCRIPTION, docs_url=None, openapi_url=None,
    urls_namespace="api", servers=[{"url": "/"}], renderer=PlainJSON(),
)  # fmt: skip


def _offered(router: Router) -> Router:
    """Leave out what is for staff where this process serves residents alone."""
    if not settings.SERVES_STAFF:
        for path, view in list(router.path_operations.items()):
            view.operations = [each for each in view.operations if each.operation_id in OPEN]
            if not view.operations:
                del router.path_operations[path]
    return router


for room in (cases, files, areas, people, facts, indicators, tables, notices, live, draws, sessions, visits):
    api.add_router("", _offered(room.router))


@api.exception_handler(LinliError)
def on_our_error(request: ApiRequest, error: LinliError) -> HttpResponse:
    """Answer an error of ours."""
    note_refusal(request, error)
    return problem_of(error)


@api.exception_handler(ValidationError)
def on_invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer what a schema refused."""
    return invalid_fields(error.errors)


@api.exception_handler(HttpError)
def on_http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what the framework refused: a body that is no JSON."""
    if isinstance(error, AuthenticationError):
        return problem(401, "not_signed_in", str(error))
    return problem(error.status_code, "body_unreadable", say_problem(LinliError("body_unreadable")))


@api.exception_handler(Http404)
def on_missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
    """Answer for what is not there."""
    return problem_of(NotFound("unknown_route"))
