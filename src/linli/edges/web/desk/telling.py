"""Telling what went wrong: the status that fits, and the words."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from linli.edges.refusals import note_refusal
from linli.edges.request import ViewerRequest
from linli.edges.words.errors import say_error
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

View = Callable[..., HttpResponseBase]

_STATUS: tuple[tuple[type[LinliError], int], ...] = (
    (InvalidInput, 422),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (PreconditionFailed, 412),
    (PreconditionRequired, 428),
    (TooManyRequests, 429),
)


def status_of(error: LinliError) -> int:
    """Choose the status of an error."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 400)


def tells_errors(view: View) -> View:
    """Answer an error that the view let through with a page that says it in words."""

    @wraps(view)
    def telling(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except LinliError as error:
            return tell(request, error)

    return telling


def tell(request: ViewerRequest, error: LinliError) -> HttpResponse:
    """Give the page of an error, or the piece of a page if a piece was asked for."""
    note_refusal(request, error)
    is_part = bool(request.headers.get("HX-Request"))
    template = "web/desk/error_part.html" if is_part else "web/desk/error.html"
    is_asked_wrong = request.method == "GET" and isinstance(error, InvalidInput)
    context = {"words": say_error(error), "code": error.code, "anew": request.path if is_asked_wrong else ""}
    return render(request, template, context, status=status_of(error))
