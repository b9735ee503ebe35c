"""Whose stream it is: by session cookie or token, looked at again while the stream is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from linli.edges.dues import due_of
from linli.edges.web.middleware import LOGIN_KEY, PASSWORD_KEY, SEEN_KEY
from linli.registry.people.queries import session_viewer, viewer_of_token
from linli.registry.people.rules import NOBODY, Viewer

_BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Credential:
    """What the request carried: a token goes before a session."""

    token: str = ""
    session_key: str = ""


def credential_of(headers: Iterable[tuple[bytes, bytes]]) -> Credential:
    """Read token and session cookie from an ASGI request's headers."""
    token, session_key = "", ""
    for name, value in headers:
        text = value.decode("latin-1")
        if name == b"authorization" and text[: len(_BEARER)].lower() == _BEARER:
            token = text[len(_BEARER) :].strip()
        elif name == b"cookie":
            session_key = _session_key(text) or session_key
    return Credential(token, session_key)


def viewer_behind(credential: Credential, *, at: datetime) -> Viewer:
    """Tell who it is now; NOBODY once the session ended or idles, or the token was revoked. At most 2 queries.

    Looking does not count as being active: a stream alone keeps no session alive.
    """
    if credential.token:
        found = viewer_of_token(token=credential.token, at=at, on=timezone.localdate(at))
        return found[0] if found else NOBODY
    if not credential.session_key:
        return NOBODY
    session = SessionStore(credential.session_key)
    login_id = session.get(LOGIN_KEY)
    is_idle = at.timestamp() - session.get(SEEN_KEY, 0) > settings.SIGN_IN_IDLE_S
    if login_id is None or is_idle:
        return NOBODY
    viewer = session_viewer(
        login_id=UUID(login_id), password_changed_at=session.get(PASSWORD_KEY, ""), on=timezone.localdate(at)
    )
    return NOBODY if due_of(viewer, session) else viewer


def _session_key(cookies: str) -> str:
    try:
        found = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found else ""
