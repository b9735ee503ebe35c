"""A person's login in the hands of the security administrator: made, shut, opened, new password, sessions ended.

A password that somebody else made is a one-time code: shown once, good for a day, and changed at the first signing in.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from linli.kernel.errors import Conflict, InvalidInput, NotFound
from linli.kernel.ids import new_id
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.registry.people.actions.posts import lock_person
from linli.registry.people.actions.second_factors import forget_factors
from linli.registry.people.actions.signing_in import FORMER_KEPT
from linli.registry.people.models import Login, Person
from linli.registry.people.queries.managing import is_managed
from linli.registry.people.rules import Viewer, may_change_login

CODE_GOOD_FOR = timedelta(hours=24)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_GROUPS, _GROUP = 4, 4  # 31 letters, sixteen times: 79 bits
_LONGEST_USERNAME = 60


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """What is told once: the user name and a password good for the first signing in until then."""

    username: str
    code: str
    until: datetime


@transaction.atomic
def make_login(*, person_id: UUID, username: str, by: Viewer, source_ip: str, at: datetime) -> OneTimeCode:
    """Make a person's login. 5 queries; audit line. Locks the person.

    Raises NotFound, NotAllowed, InvalidInput naming username, Conflict (there is one, or the name is taken).
    """
    person = _managed_person(by, person_id, at)
    username = username.strip()
    if not 0 < len(username) <= _LONGEST_USERNAME or any(letter.isspace() for letter in username):
        raise InvalidInput("username_length", field="username", params={"most": _LONGEST_USERNAME})
    if Login.objects.filter(person_id=person.id).exists():
        raise Conflict("login_is_there", field="username")
    code, until = _new_code(), at + CODE_GOOD_FOR
    login = Login(id=new_id(), username=username, district_code=by.district_id, person_id=person.id,
                  password=make_password(code), password_changed_at=at, one_time_until=until)  # fmt: skip
    Login.objects.bulk_create([login], ignore_conflicts=True)
    if not Login.objects.filter(id=login.id).exists():
        raise Conflict("username_taken", field="username", params={"username": username})
    _write(LineKind.LOGIN_MADE, login, by, source_ip, at)
    return OneTimeCode(username, code, until)


@transaction.atomic
def issue_first_code(*, district_id: str, person_id: UUID, username: str, at: datetime) -> OneTimeCode:
    """Make the login of one of the first administrators, by whoever runs the program; 3 queries; audit line.

    Again for the same one gives a new code, as long as nobody signed in by it. Raises Conflict (the person has a
    login that is in use, or another name; or the name is taken).
    """
    code, until = _new_code(), at + CODE_GOOD_FOR
    unused = Login.objects.filter(person_id=person_id, username=username, must_change_password=True)
    made = {"password": make_password(code), "password_changed_at": at, "one_time_until": until}
    if not unused.update(**made, failures=0, locked_until=None):
        login = Login(id=new_id(), username=username, district_code=district_id, person_id=person_id, **made)
        Login.objects.bulk_create([login], ignore_conflicts=True)
        if not Login.objects.filter(id=login.id).exists():
            raise Conflict("username_taken", field="username", params={"username": username})
    write_line(district_id=district_id, kind=LineKind.LOGIN_MADE, at=at, actor_name=username, object_kind="login",
               object_id=username, data={"by": "command"})  # fmt: skip
    return OneTimeCode(username, code, until)


@transaction.atomic
def reset_password(*, person_id: UUID, by: Viewer, source_ip: str, at: datetime) -> OneTimeCode:
    """Give a login a new one-time code; the old password and all sessions count no longer. 5 queries; audit line."""
    login = lock_managed_login(by, person_id, at)
    code, until = _new_code(), at + CODE_GOOD_FOR
    login.former_passwords = [login.password, *login.former_passwords][:FORMER_KEPT]
    login.password, login.password_changed_at = make_password(code), at
    login.must_change_password, login.one_time_until = True, until
    login.failures, login.locked_until = 0, None
    login.save(update_fields=["former_passwords", "password", "password_changed_at", "must_change_password",
                              "one_time_until", "failures", "locked_until"])  # fmt: skip
    _write(LineKind.PASSWORD_RESET, login, by, source_ip, at)
    return OneTimeCode(login.username, code, until)


@transaction.atomic
def lock_login(*, person_id: UUID, by: Viewer, source_ip: str, at: datetime) -> None:
    """Shut a login: nobody gets in by it, sessions and tokens count no longer from now on. 5 queries; audit line."""
    login = lock_managed_login(by, person_id, at)
    login.is_active, login.sessions_ended_at = False, at
    login.save(update_fields=["is_active", "sessions_ended_at"])
    _write(LineKind.LOGIN_ENDED, login, by, source_ip, at)


@transaction.atomic
def unlock_login(*, person_id: UUID, by: Viewer, source_ip: str, at: datetime) -> None:
    """Open a login again, also one that wrong passwords shut. 5 queries; audit line."""
    login = lock_managed_login(by, person_id, at)
    login.is_active, login.failures, login.locked_until = True, 0, None
    login.save(update_fields=["is_active", "failures", "locked_until"])
    _write(LineKind.LOGIN_OPENED, login, by, source_ip, at)


@transaction.atomic
def end_sessions(*, person_id: UUID, by: Viewer, source_ip: str, at: datetime) -> None:
    """End all sessions of a login, on whatever machine; the password stays. 5 queries; audit line."""
    login = lock_managed_login(by, person_id, at)
    login.sessions_ended_at = at
    login.save(update_fields=["sessions_ended_at"])
    _write(LineKind.SESSIONS_ENDED, login, by, source_ip, at)


@transaction.atomic
def reset_second_factor(*, person_id: UUID, by: Viewer, source_ip: str, at: datetime) -> None:
    """Take a person's second factor away, telephone and paper lost; sessions end. 7 queries; audit line.

    An administrator sets up a new one at the next signing in.
    """
    login = lock_managed_login(by, person_id, at)
    forget_factors(login)
    login.sessions_ended_at = at
    login.save(update_fields=["sessions_ended_at"])
    _write(LineKind.SECOND_FACTOR_RESET, login, by, source_ip, at)


def _managed_person(by: Viewer, person_id: UUID, at: datetime) -> Person:
    person = lock_person(by.district_id, person_id)
    is_reached = is_managed(viewer=by, person_id=person.id, on=timezone.localdate(at))
    may_change_login(by, person_id=person.id, is_reached=is_reached).require()
    return person


def lock_managed_login(by: Viewer, person_id: UUID, at: datetime) -> Login:
    """Lock the login of a person within the reach of who manages logins. 3 queries. Raises NotFound, NotAllowed."""
    _managed_person(by, person_id, at)
    login = Login.objects.select_for_update().filter(person_id=person_id, district_code=by.district_id).first()
    if login is None:
        raise NotFound("no_such_login")
    return login


def _new_code() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def _write(kind: LineKind, login: Login, by: Viewer, source_ip: str, at: datetime) -> None:
    write_line(district_id=by.district_id, kind=kind, at=at, actor_id=by.person_id, object_kind="login",
               object_id=login.username, source_ip=source_ip)  # fmt: skip
