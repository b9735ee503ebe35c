"""Where somebody is signed in: written down at the beginning, ended one by one or all but this one.

A session is Django's row: with it gone, pages and streams know nobody at the next look.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction

from linli.kernel.errors import NotAllowed, NotFound
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.registry.people.actions.logins import lock_managed_login
from linli.registry.people.models import Login, OpenSession
from linli.registry.people.rules import Viewer

SHOWN_FOR = timedelta(hours=12)  # as long as a session lasts without a new signing in


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that begins; browser, system: codes of `calc/devices.py`."""

    session_key: str
    browser: str
    system: str
    means: str
    source_ip: str


def write_session(*, login_id: UUID, stamped_at: datetime | None, begun: Begun, at: datetime) -> None:
    """Write down where somebody signed in. 1 query."""
    OpenSession.objects.create(
        login_id=login_id, session_key=begun.session_key, stamped_at=stamped_at, browser=begun.browser,
        system=begun.system, means=begun.means, source_ip=begun.source_ip, began_at=at, seen_at=at,
    )  # fmt: skip


def note_seen(*, session_key: str, at: datetime) -> None:
    """Note that a session is in use. 1 query."""
    OpenSession.objects.filter(session_key=session_key).update(seen_at=at)


def keep_session(*, session_key: str, new_key: str, stamped_at: datetime | None) -> None:
    """Let a session count that goes on under a new key, after a change that ended all others. 1 query."""
    OpenSession.objects.filter(session_key=session_key).update(session_key=new_key, stamped_at=stamped_at)


@transaction.atomic
def forget_session(*, session_key: str) -> None:
    """Forget a session whose holder signed out. 1 query."""
    OpenSession.objects.filter(session_key=session_key).delete()


@transaction.atomic
def end_own_session(*, by: Viewer, session_id: UUID, source_ip: str, at: datetime) -> None:
    """End one of one's own sessions. 4 queries; audit line. Raises NotAllowed, NotFound."""
    login = _lock_own(by)
    _end(login, session_id)
    _write(LineKind.SESSION_ENDED, login, by, source_ip, at)


@transaction.atomic
def end_other_sessions(*, by: Viewer, keep: str, source_ip: str, at: datetime) -> datetime | None:
    """End all of one's own sessions but the one under a key. 5 queries; audit line. Raises NotAllowed.

    Returns the stamp by which the session that is kept counts from now on.
    """
    login = _lock_own(by)
    login.sessions_ended_at = at
    login.save(update_fields=["sessions_ended_at"])
    others = OpenSession.objects.filter(login=login).exclude(session_key=keep)
    Session.objects.filter(session_key__in=others.values("session_key")).delete()
    others.delete()
    _write(LineKind.SESSIONS_ENDED, login, by, source_ip, at)
    return login.stamped_at


@transaction.atomic
def end_session_of(*, person_id: UUID, session_id: UUID, by: Viewer, source_ip: str, at: datetime) -> None:
    """End a session of somebody whose login one manages. 7 queries; audit line. Raises NotAllowed, NotFound."""
    login = lock_managed_login(by, person_id, at)
    _end(login, session_id)
    _write(LineKind.SESSION_ENDED, login, by, source_ip, at)


def forget_old_sessions(*, at: datetime) -> int:
    """Forget what shows no session any more, and Django's sessions that are over. 2 queries. Returns how many."""
    Session.objects.filter(expire_date__lt=at).delete()
    gone, _ = OpenSession.objects.filter(seen_at__lt=at - SHOWN_FOR).delete()
    return gone


def _lock_own(by: Viewer) -> Login:
    if by.login_id is None:
        raise NotAllowed("not_signed_in")
    return Login.objects.select_for_update().get(id=by.login_id)


def _end(login: Login, session_id: UUID) -> None:
    found = OpenSession.objects.filter(id=session_id, login=login)
    key = found.values_list("session_key", flat=True).first()
    if key is None:
        raise NotFound("no_such_session")
    Session.objects.filter(session_key=key).delete()
    found.delete()


def _write(kind: LineKind, login: Login, by: Viewer, source_ip: str, at: datetime) -> None:
    write_line(district_id=by.district_id, kind=kind, at=at, actor_id=by.person_id, object_kind="login",
               object_id=login.username, source_ip=source_ip)  # fmt: skip
