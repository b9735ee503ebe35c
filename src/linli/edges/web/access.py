"""Who may open a page at all; what they see there is decided by the queries."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from linli.edges.dues import due_of
from linli.edges.request import ViewerRequest

View = Callable[..., HttpResponseBase]


def staff_only(view: View) -> View:
    """Send whoever is not signed in to the sign-in page and back; and first to a new password or second factor."""

    @wraps(view)
    def guarded(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.viewer.is_known:
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
        if due := due_of(request.viewer, request.session):
            return HttpResponseRedirect(reverse(due))
        return view(request, *args, **kwargs)

    return guarded
