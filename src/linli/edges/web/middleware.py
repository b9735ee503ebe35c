"""What happens around every page: who is looking, in which language, and what a browser may load."""

from collections.abc import Callable
from datetime import datetime
from typing import cast
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone, translation

from linli.edges.browsers import HEADERS
from linli.edges.request import ViewerRequest
from linli.registry.people.actions.sessions import note_seen
from linli.registry.people.queries import session_viewer
from linli.registry.people.rules import NOBODY

Respond = Callable[[ViewerRequest], HttpResponse]

LOGIN_KEY = "login_id"
SEEN_KEY = "seen_at"
PASSWORD_KEY = "password_changed_at"  # noqa: S105 - the name of a place in the session
_SEEN_STEP_S = 60
_PACKED = frozenset({"text/html", "application/json", "application/geo+json"})


def browser_headers(respond: Respond) -> Respond:
    """Let browsers load and run nothing but our own files, and nobody else our answers; whatever the answer is."""

    def middleware(request: ViewerRequest) -> HttpResponse:
        response = respond(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def compressed(respond: Respond) -> Respond:
    """Pack pages and JSON that were asked for by GET; never the answer to a POST.

    BREACH reads a secret out of the length of packed answers that also hold what the attacker sent. What is shown once
    (a case's code, a name and number, a new key) only ever answers a POST; the token against forged requests is masked
    anew on each page, the length moves by up to 100 bytes at random, and cookies are not sent along from other sites.
    Source: breachattack.com; Heal-the-BREACH, IEEE Access 2022.
    """
    pack = GZipMiddleware(lambda _request: HttpResponse())

    def middleware(request: ViewerRequest) -> HttpResponse:
        response = respond(request)
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if request.method != "GET" or kind not in _PACKED or response.streaming:
            return response
        return cast("HttpResponse", pack.process_response(request, response))

    return middleware


def plain_text_only(respond: Respond) -> Respond:
    """Refuse U+0000 in what a page is asked for: no text of ours holds it and PostgreSQL can't keep it.

    The API and uploads read their own bodies; the API's frame looks at its queries itself.
    """

    def middleware(request: ViewerRequest) -> HttpResponse:
        if not request.path.startswith("/api/") and _has_nul(request):
            return HttpResponse(status=400)
        return respond(request)

    return middleware


def _has_nul(request: ViewerRequest) -> bool:
    given = [request.GET, request.POST] if request.method == "POST" else [request.GET]
    return any("\0" in text for values in given for _, texts in values.lists() for text in texts)


def chosen_language(respond: Respond) -> Respond:
    """Speak the language chosen by the cookie, Chinese otherwise, whatever the browser's own."""

    def middleware(request: ViewerRequest) -> HttpResponse:
        chosen = request.COOKIES.get("linli_language", "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            return respond(request)

    return middleware


def signed_in_viewer(respond: Respond) -> Respond:
    """Put the viewer on the request: the session's login with the posts held today; NOBODY otherwise.

    A session idle for longer than the setting ends, and so does every other one of a login whose password is changed.
    1 query for staff, none for residents; the session is written again at most once a minute, with 1 query more.
    """

    def middleware(request: ViewerRequest) -> HttpResponse:
        request.viewer = NOBODY
        if settings.SERVES_STAFF and settings.SESSION_COOKIE_NAME in request.COOKIES:
            _look_up(request, timezone.now())
        return respond(request)

    return middleware


def _look_up(request: ViewerRequest, at: datetime) -> None:
    login_id = request.session.get(LOGIN_KEY)
    if login_id is None:
        return
    idle_s = at.timestamp() - request.session.get(SEEN_KEY, 0)
    if idle_s > settings.SIGN_IN_IDLE_S:
        request.session.flush()
        return
    if idle_s > _SEEN_STEP_S:
        request.session[SEEN_KEY] = int(at.timestamp())
        note_seen(session_key=request.session.session_key or "", at=at)
    request.viewer = session_viewer(
        login_id=UUID(login_id), password_changed_at=request.session.get(PASSWORD_KEY, ""), on=timezone.localdate(at)
    )
