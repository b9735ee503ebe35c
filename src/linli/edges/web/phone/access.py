"""What the phone's script is told where a page would lead to the sign-in: a status, not another page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import JsonResponse
from django.http.response import HttpResponseBase

from linli.edges.dues import due_of
from linli.edges.refusals import note_refusal
from linli.edges.request import ViewerRequest
from linli.edges.web.desk.telling import status_of
from linli.edges.words.errors import say_error
from linli.kernel.errors import LinliError

View = Callable[..., HttpResponseBase]
SIGNED_OUT = 401


def answers_phone(view: View) -> View:
    """Answer 401 to whoever is not signed in or has something else to do first, and errors by code and words."""

    @wraps(view)
    def guarded(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.viewer.is_known or due_of(request.viewer, request.session):
            return JsonResponse({"code": "signed_out"}, status=SIGNED_OUT)
        try:
            return view(request, *args, **kwargs)
        except LinliError as error:
            note_refusal(request, error)
            return JsonResponse({"code": error.code, "words": say_error(error)}, status=status_of(error))

    return guarded
