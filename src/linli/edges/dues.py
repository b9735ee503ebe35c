"""What somebody who is signed in has to do before anything else: for pages, the API and streams alike."""

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from linli.registry.people.rules import Viewer

MUST_CHANGE_KEY = "must_change_password"
FACTOR_KEY = "second_factor"  # whether this session was begun with one
PASSWORD_DUE, FACTOR_DUE = "password", "second_factor"


def due_of(viewer: Viewer, session: SessionBase) -> str:
    """Tell the page that comes first: a password of one's own, an administrator's second factor, or "" for none."""
    if session.get(MUST_CHANGE_KEY):
        return PASSWORD_DUE
    if settings.SECOND_FACTOR_REQUIRED and viewer.is_administrator and not session.get(FACTOR_KEY):
        return FACTOR_DUE
    return ""
