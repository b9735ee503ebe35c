"""Signing in: one answer for every refusal, a shut door after too many, a line of audit for each try.

Where there is a second factor, the password alone signs nobody in: the code does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from linli.kernel.errors import InvalidInput
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind, Outcome
from linli.registry.people.actions.second_factors import spend_code
from linli.registry.people.errors import SignInRefused
from linli.registry.people.models import Login
from linli.registry.people.queries.factors import count_factors

FORMER_KEPT = 5


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in; must_change_password: nothing else may be done before.

    is_half: the password was right, and a code is still asked for; means: by what somebody signed in in the end.
    """

    login_id: UUID
    must_change_password: bool
    password_changed_at: datetime | None  # or when sessions were ended, if that was later
    is_half: bool = False
    means: str = "password"


def sign_in(*, username: str, password: str, source_ip: str, at: datetime) -> SignedIn:
    """Check a name and a password.

    Five wrong ones in a row shut the login for fifteen minutes (settings). Name, password and shut door are refused
    alike, and take alike long. 4 queries; the line of audit stays when the try was refused. Raises SignInRefused.
    Source: GB/T 22239-2019, A1 and A2 of our notes.
    """
    with transaction.atomic():
        login = Login.objects.select_for_update().filter(username=username.replace("\0", "")).first()
        is_right = check_password(password, login.password if login else _nobodys_password())
        is_open = login is not None and login.is_open(at)
        is_half = login is not None and is_right and is_open and count_factors(login.id) > 0
        is_in = is_right and is_open and not is_half
        kind = LineKind.LOGIN if is_in else LineKind.SECOND_FACTOR_ASKED if is_half else LineKind.LOGIN_FAILED
        # A right password forgives no wrong codes: whoever has stolen it could try them without end.
        if login is not None and not is_half and _count(login, at, is_in=is_in, is_open=is_open):
            kind = LineKind.LOGIN_LOCKED
        write_line(
            district_id=login.district_code if login else "",
            kind=kind,
            at=at,
            actor_id=login.person_id if login else None,
            actor_name=username,
            object_kind="login",
            outcome=Outcome.DONE if is_in or is_half else Outcome.REFUSED,
            source_ip=source_ip,
        )
    if login is None or not (is_in or is_half):
        raise SignInRefused("sign_in_refused", params={"wait_minutes": settings.SIGN_IN_LOCK_S // 60})
    return SignedIn(login.id, login.must_change_password, login.stamped_at, is_half=is_half)


def sign_in_by_code(*, login_id: UUID, code: str, source_ip: str, at: datetime) -> SignedIn:
    """Check the code that is asked for after the password: of the app, or a recovery code; each lets in once.

    Wrong ones count like wrong passwords and shut the same door. 5 queries; the line of audit stays when the try was
    refused. Raises SignInRefused.
    """
    with transaction.atomic():
        login = Login.objects.select_for_update().get(id=login_id)
        means = spend_code(login, code, at=at) if login.is_open(at) else ""
        note_second_factor(login, means, tried="code", source_ip=source_ip, at=at)
    return signed_in_by(login, means)


def note_second_factor(login: Login, means: str, *, tried: str, source_ip: str, at: datetime) -> None:
    """Count what came after the password and write its line; means: by what it was right, "" if it was not. 2 queries.

    Whoever calls holds the login's lock.
    """
    is_in, is_open = bool(means), login.is_open(at)
    kind = LineKind.LOGIN if is_in else LineKind.LOGIN_FAILED
    if _count(login, at, is_in=is_in, is_open=is_open):
        kind = LineKind.LOGIN_LOCKED
    write_line(
        district_id=login.district_code, kind=kind, at=at, actor_id=login.person_id, actor_name=login.username,
        object_kind="login", outcome=Outcome.DONE if is_in else Outcome.REFUSED, source_ip=source_ip,
        data={"by": means or tried},
    )  # fmt: skip


def signed_in_by(login: Login, means: str) -> SignedIn:
    """Tell who signed in by what. No query. Raises SignInRefused if by nothing."""
    if not means:
        raise SignInRefused("code_refused", params={"wait_minutes": settings.SIGN_IN_LOCK_S // 60})
    return SignedIn(login.id, login.must_change_password, login.stamped_at, means=means)


@transaction.atomic
def change_password(*, login_id: UUID, old: str, new: str, source_ip: str, at: datetime) -> None:
    """Change one's own password. 3 queries.

    Raises InvalidInput naming `old` or `new`: password_wrong, password_weak, password_used_before.
    """
    login = Login.objects.select_for_update().get(id=login_id)
    if not check_password(old, login.password):
        raise InvalidInput("password_wrong", field="old")
    _check_new(login, new)
    login.former_passwords = [login.password, *login.former_passwords][:FORMER_KEPT]
    login.password, login.must_change_password, login.password_changed_at = make_password(new), False, at
    login.one_time_until = None
    login.save(update_fields=["password", "former_passwords", "must_change_password", "password_changed_at",
                              "one_time_until"])  # fmt: skip
    write_line(
        district_id=login.district_code,
        kind=LineKind.PASSWORD_CHANGED,
        at=at,
        actor_id=login.person_id,
        actor_name=login.username,
        object_kind="login",
        source_ip=source_ip,
    )


def _check_new(login: Login, new: str) -> None:
    try:
        validate_password(new, user=login)
    except ValidationError as error:
        raise InvalidInput("password_weak", field="new", params={"why": " ".join(error.messages)}) from error
    if any(check_password(new, former) for former in [login.password, *login.former_passwords]):
        raise InvalidInput("password_used_before", field="new", params={"last": FORMER_KEPT})


def _count(login: Login, at: datetime, *, is_in: bool, is_open: bool) -> bool:
    """Count failures in a row and tell whether this one shut the door.

    A shut door counts none, so that nobody can keep it shut for ever.
    """
    if is_in:
        login.failures, login.locked_until, login.last_login = 0, None, at
    elif is_open:
        login.failures += 1
        if login.failures >= settings.SIGN_IN_MAX_FAILURES:
            login.failures, login.locked_until = 0, at + timedelta(seconds=settings.SIGN_IN_LOCK_S)
    login.save(update_fields=["failures", "locked_until", "last_login"])
    return is_open and not is_in and login.is_locked(at)


@cache
def _nobodys_password() -> str:
    """Give what is checked when there is no such login, so that a wrong name takes as long as a wrong password.

    Made when first asked for: it takes as long as a check, and no command but the server needs it.
    """
    return make_password("nobody has this one")
