"""What happens around every call: language, who is calling, and errors as problems."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from linli.edges.api.names import check_names
from linli.edges.api.problems import problem, problem_of
from linli.edges.api.request import NOBODYS, ApiRequest
from linli.edges.api.who import identify, language_of
from linli.edges.api.words import say_problem
from linli.edges.refusals import note_refusal
from linli.kernel.errors import InvalidInput, LinliError, NotFound

log = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]


class MethodNotAllowed(LinliError):
    """The address is known, the method is not."""


class BodyTooLarge(LinliError):
    """The body is larger than we take."""


def framed(view: View) -> View:
    """Put the frame around a view."""

    @wraps(view)
    def respond(request: ApiRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.at, request.access = timezone.now(), NOBODYS
        with translation.override(language_of(request)):
            response = _respond(view, request, args, kwargs)
            response.headers.setdefault("Content-Language", translation.get_language())
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ("Accept-Language", "Authorization", "Cookie"))
        return response

    # Django's own check is left out: the frame makes it, and only where a session counts.
    exempt: View = csrf_exempt(respond)
    return exempt


def framed_patterns(patterns: list[URLPattern]) -> list[URLPattern]:
    """Put the frame around all views of some routes."""
    return [URLPattern(each.pattern, framed(each.callback), each.default_args, each.name) for each in patterns]


def unknown_route(_request: ApiRequest, *_rest: str) -> HttpResponseBase:
    """Answer for every address that is none."""
    raise NotFound("unknown_route")


def _respond(view: View, request: ApiRequest, args: tuple[Any, ...], kwargs: dict[str, Any]) -> HttpResponseBase:
    try:
        _check_text(request)
        identify(request)
        check_names(request)
        response = view(request, *args, **kwargs)
    except (RequestDataTooBig, TooManyFilesSent):
        return problem_of(BodyTooLarge("body_too_large"))
    except Http404:
        return problem_of(NotFound("unknown_route"))
    except LinliError as error:
        note_refusal(request, error)
        return problem_of(error)
    except Exception:  # whatever it is, the caller gets a problem and we get the trace
        log.exception("a call failed", extra={"request": request})
        return problem(500, "server_error", say_problem(LinliError("server_error")))
    if response.status_code == 405 and "Allow" in response.headers:  # noqa: PLR2004 - Method Not Allowed
        return _with_allow(problem_of(MethodNotAllowed("method_not_allowed")), response.headers["Allow"])
    return response


def _with_allow(response: HttpResponse, methods: str) -> HttpResponse:
    response.headers["Allow"] = methods
    return response


def _check_text(request: ApiRequest) -> None:
    """Refuse U+0000, which no text of ours holds and PostgreSQL can't keep."""
    if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path:
        raise InvalidInput("not_text", field="query")
