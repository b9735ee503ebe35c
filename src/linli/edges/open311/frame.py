"""What all addresses here share: nobody's session counts, errors come in the specification's form."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from linli.edges.api.request import ApiRequest
from linli.edges.api.who import language_of
from linli.edges.open311.writing import answer
from linli.edges.words.errors import say_error
from linli.kernel.errors import (
    Conflict,
    InvalidInput,
    LinliError,
    NotAllowed,
    NotFound,
    TooManyRequests,
)
from linli.registry.people.rules import NOBODY

Answering = Callable[..., HttpResponse]
_STATUS: tuple[tuple[type[LinliError], int], ...] = (
    (InvalidInput, 400), (NotAllowed, 403), (NotFound, 404), (Conflict, 409), (TooManyRequests, 429),
)  # fmt: skip


def framed(**methods: Answering) -> Callable[..., HttpResponse]:
    """Make a view of one function a method, each with (request, form, …). GET answers HEAD too."""
    known: Mapping[str, Answering] = {name.upper(): found for name, found in methods.items()}

    @csrf_exempt
    @wraps(next(iter(methods.values())))
    def view(request: HttpRequest, form: str, **parts: Any) -> HttpResponse:
        asked = _made(request)
        with translation.override(language_of(request)):
            found = known.get("GET" if request.method == "HEAD" else request.method or "")
            if found is None:
                response = answer(form, "errors", "error", [{"code": 405, "description": ""}], status=405)
                response["Allow"] = ", ".join(known)
                return response
            try:
                return found(asked, form, **parts)
            except LinliError as error:
                return _refused(form, error)

    return view


def _made(request: Any) -> ApiRequest:
    """Give the request what the API's has: no session counts here, so nobody else's page can send in one's name."""
    request.viewer, request.access, request.at = NOBODY, "", timezone.now()
    asked: ApiRequest = request
    return asked


def _refused(form: str, error: LinliError) -> HttpResponse:
    status = next((number for kind, number in _STATUS if isinstance(error, kind)), 400)
    named = f"{error.field}: " if error.field else ""
    response = answer(
        form, "errors", "error", [{"code": status, "description": named + say_error(error)}], status=status
    )  # fmt: skip
    if isinstance(error, TooManyRequests):
        response["Retry-After"] = str(error.params.get("wait_s", 60))
    return response
