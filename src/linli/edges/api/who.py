"""Who calls: a token, a session, or nobody."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone, translation
from django.utils.translation.trans_real import parse_accept_lang_header

from linli.edges.api.request import NOBODYS, READ, SESSION, ApiRequest
from linli.edges.dues import due_of
from linli.kernel.errors import NotAllowed
from linli.registry.people.queries import viewer_of_token

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_BEARER = "bearer "


def identify(request: ApiRequest) -> None:
    """Write viewer and access on the request; a token goes before a session. 1 query for a token, else none.

    Raises NotAllowed: token_unknown, token_reads_only, csrf_failed, password_due, second_factor_due.
    """
    given = request.headers.get("Authorization", "")
    if given:
        _by_token(request, given)
    elif request.viewer.is_known:
        _by_session(request)
    else:
        request.access = NOBODYS


def _by_token(request: ApiRequest, given: str) -> None:
    found = None
    if settings.SERVES_STAFF and given[: len(_BEARER)].lower() == _BEARER:
        token = given[len(_BEARER) :].strip()
        found = viewer_of_token(token=token, at=request.at, on=timezone.localdate(request.at))
    if found is None:
        raise NotAllowed("token_unknown")
    request.viewer, request.access = found
    if request.access == READ and request.method in UNSAFE:
        raise NotAllowed("token_reads_only")


def _by_session(request: ApiRequest) -> None:
    request.access = SESSION
    match due_of(request.viewer, request.session):
        case "password":
            raise NotAllowed("password_due")
        case "second_factor":
            raise NotAllowed("second_factor_due")
    if request.method in UNSAFE:
        check = _CsrfCheck(lambda _request: HttpResponse())
        check.process_request(request)
        check.process_view(request, lambda _request: HttpResponse(), (), {})


class _CsrfCheck(CsrfViewMiddleware):
    """Django's own check, with our error in place of its page."""

    def _reject(self, _request: HttpRequest, _reason: str) -> HttpResponse:
        raise NotAllowed("csrf_failed")


def language_of(request: HttpRequest) -> str:
    """Choose the language: the page's own for a page's script, else what the caller asks for, else Chinese."""
    if "linli_language" in request.COOKIES or request.headers.get("Sec-Fetch-Site") == "same-origin":
        return translation.get_language() or settings.LANGUAGE_CODE
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        for known in ("zh-hans", "en"):
            if code.split("-")[0] == known.split("-")[0]:
                return known
    return settings.LANGUAGE_CODE
