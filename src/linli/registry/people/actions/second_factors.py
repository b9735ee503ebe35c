"""What is asked for after the password: codes of an app, and recovery codes for when the telephone is lost.

Setting up, changing and taking away ask for the password again: a desk that was left open gives nobody a second factor.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import transaction

from linli.kernel.crypto import decrypt, encrypt, keyed_digest
from linli.kernel.errors import Conflict, InvalidInput, NotAllowed
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.registry.people.calc.totp import step_of
from linli.registry.people.models import Login, RecoveryCode, SecurityKey, Totp
from linli.registry.people.queries.factors import PURPOSE, count_factors
from linli.registry.people.rules import Viewer, may_end_second_factor

PENDING_FOR = timedelta(minutes=15)
RECOVERY_CODES = 10
_SECRET_LETTERS = 32  # 160 bits, what RFC 4226 recommends
_GROUPS, _GROUP = 4, 4  # sixteen digits: 53 bits, tried five times in fifteen minutes


@dataclass(frozen=True, slots=True)
class SetUp:
    """What is told once. recovery_codes: to be kept on paper; stamped_at: from when on sessions count."""

    recovery_codes: tuple[str, ...]
    stamped_at: datetime | None


@transaction.atomic
def begin_totp(*, login_id: UUID, password: str, at: datetime) -> None:
    """Make a new secret that counts once a code of it was given; the one before counts until then. 3 queries.

    Raises InvalidInput naming password.
    """
    login = prove(login_id, password)
    secret = encrypt(pyotp.random_base32(_SECRET_LETTERS), purpose=PURPOSE)
    Totp.objects.update_or_create(login=login, defaults={"pending": secret, "pending_at": at})


@transaction.atomic
def confirm_totp(*, login_id: UUID, code: str, source_ip: str, at: datetime) -> SetUp:
    """Let the pending secret count, with new recovery codes; all sessions begun before end. 7 queries; audit line.

    Raises Conflict where nothing is pending any more, InvalidInput naming code.
    """
    login = Login.objects.select_for_update().get(id=login_id)
    totp = Totp.objects.filter(login=login, pending_at__gt=at - PENDING_FOR).first()
    if totp is None:
        raise Conflict("set_up_too_late")
    step = step_of(decrypt(totp.pending, purpose=PURPOSE), plain(code), at=at)
    if step is None:
        raise InvalidInput("code_wrong", field="code")
    totp.secret, totp.confirmed_at, totp.last_step = totp.pending, at, step
    totp.pending, totp.pending_at = b"", None
    totp.save()
    login.sessions_ended_at = at
    login.save(update_fields=["sessions_ended_at"])
    codes = new_codes(login)
    _write(LineKind.SECOND_FACTOR_SET, login, source_ip, at)
    return SetUp(codes, login.stamped_at)


@transaction.atomic
def make_recovery_codes(*, login_id: UUID, password: str, source_ip: str, at: datetime) -> tuple[str, ...]:
    """Make new recovery codes; those before count no longer. 5 queries; audit line.

    Raises InvalidInput naming password, Conflict without a second factor.
    """
    login = prove(login_id, password)
    if not count_factors(login_id):
        raise Conflict("no_second_factor")
    codes = new_codes(login)
    _write(LineKind.RECOVERY_CODES_MADE, login, source_ip, at)
    return codes


@transaction.atomic
def end_totp(*, by: Viewer, password: str, source_ip: str, at: datetime) -> None:
    """Take one's own app away. 7 queries; audit line.

    Raises InvalidInput naming password, NotAllowed for the last factor of who has to have one.
    """
    login = prove(by.login_id, password)
    if count_factors(login.id) == 1:
        may_end_second_factor(by, is_required=settings.SECOND_FACTOR_REQUIRED).require()
    Totp.objects.filter(login=login).delete()
    if count_factors(login.id) == 0:
        RecoveryCode.objects.filter(login=login).delete()
    _write(LineKind.SECOND_FACTOR_ENDED, login, source_ip, at)


def forget_factors(login: Login) -> None:
    """Delete whatever is asked for after the password. 3 queries. Whoever calls holds the login's lock."""
    Totp.objects.filter(login=login).delete()
    SecurityKey.objects.filter(login=login).delete()
    RecoveryCode.objects.filter(login=login).delete()


def spend_code(login: Login, code: str, *, at: datetime) -> str:
    """Take a code, which lets in once: gives "totp", "recovery_code" or, if it is none, "". At most 3 queries.

    Whoever calls holds the login's lock, so that two requests at once don't both get in by one code.
    """
    given = plain(code)
    totp = Totp.objects.filter(login=login, confirmed_at__isnull=False).first()
    step = step_of(decrypt(totp.secret, purpose=PURPOSE), given, at=at) if totp else None
    if totp and step is not None:
        if step <= totp.last_step:
            return ""
        totp.last_step = step
        totp.save(update_fields=["last_step"])
        return "totp"
    unused = RecoveryCode.objects.filter(login=login, digest=_digest(login, given), used_at=None)
    return "recovery_code" if unused.update(used_at=at) else ""


def plain(code: str) -> str:
    """Give the digits of a code alone: people type spaces and dashes into it."""
    return "".join(code.replace("-", "").split())


def prove(login_id: UUID | None, password: str) -> Login:
    """Lock the login of who still knows the password. 1 query. Raises NotAllowed, InvalidInput naming password."""
    if login_id is None:
        raise NotAllowed("not_signed_in")
    login = Login.objects.select_for_update().get(id=login_id)
    if not check_password(password, login.password):
        raise InvalidInput("password_not_right", field="password")
    return login


def new_codes(login: Login) -> tuple[str, ...]:
    """Make recovery codes in place of those before. 2 queries. Whoever calls holds the login's lock."""
    RecoveryCode.objects.filter(login=login).delete()
    codes = tuple("-".join(_digits() for _ in range(_GROUPS)) for _ in range(RECOVERY_CODES))
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(login=login, digest=_digest(login, plain(code))) for code in codes]
    )  # fmt: skip
    return codes


def _digits() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(_GROUP))


def _digest(login: Login, code: str) -> bytes:
    return keyed_digest(code, purpose=f"recovery-code:{login.id}")


def _write(kind: LineKind, login: Login, source_ip: str, at: datetime) -> None:
    write_line(district_id=login.district_code, kind=kind, at=at, actor_id=login.person_id, actor_name=login.username,
               object_kind="login", source_ip=source_ip)  # fmt: skip
