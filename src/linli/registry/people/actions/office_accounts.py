"""Signing in by an account of the office's elsewhere: it stands for the password, never for the second factor.

Nobody is made by it: an account is linked by who manages logins, or by the roster's number that the provider gives.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel.errors import Conflict, InvalidInput, NotFound
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind, Outcome
from linli.registry.people.actions.logins import lock_managed_login
from linli.registry.people.actions.signing_in import SignedIn
from linli.registry.people.errors import SignInRefused
from linli.registry.people.models import Login, OfficeAccount, Person
from linli.registry.people.queries.factors import count_factors
from linli.registry.people.rules import Viewer

LONGEST_SUBJECT = 191


@transaction.atomic
def link_account(*, person_id: UUID, provider: str, subject: str, by: Viewer, source_ip: str, at: datetime) -> None:
    """Let an account elsewhere sign a person in. 6 queries; audit line.

    Raises NotFound, NotAllowed, InvalidInput naming subject, Conflict (it is somebody's already, or there is one).
    """
    login = lock_managed_login(by, person_id, at)
    subject = subject.strip()
    if not 0 < len(subject) <= LONGEST_SUBJECT:
        raise InvalidInput("subject_length", field="subject", params={"most": LONGEST_SUBJECT})
    _link(login, provider, subject, at)
    write_line(district_id=by.district_id, kind=LineKind.ACCOUNT_LINKED, at=at, actor_id=by.person_id,
               object_kind="login", object_id=login.username, source_ip=source_ip, data={"by": provider})  # fmt: skip


@transaction.atomic
def unlink_account(*, person_id: UUID, provider: str, by: Viewer, source_ip: str, at: datetime) -> None:
    """Let an account elsewhere sign a person in no longer; sessions end. 6 queries; audit line. Raises NotFound."""
    login = lock_managed_login(by, person_id, at)
    gone, _ = OfficeAccount.objects.filter(login=login, provider=provider).delete()
    if not gone:
        raise NotFound("no_such_account")
    login.sessions_ended_at = at
    login.save(update_fields=["sessions_ended_at"])
    write_line(district_id=by.district_id, kind=LineKind.ACCOUNT_UNLINKED, at=at, actor_id=by.person_id,
               object_kind="login", object_id=login.username, source_ip=source_ip, data={"by": provider})  # fmt: skip


def sign_in_by_account(*, provider: str, subject: str, employee_code: str, source_ip: str, at: datetime) -> SignedIn:
    """Sign in whom a provider knows. At most 7 queries; the line of audit stays. Raises SignInRefused.

    employee_code: number of the roster as the provider gives it; if it is that of one single person with a login, the
    account is linked to it the first time. Wrong passwords shut this door not: they are tried at another one.
    """
    with transaction.atomic():
        login = _find(provider, subject) or _find_by_code(provider, subject, employee_code, at)
        is_open = login is not None and login.is_active
        is_half = login is not None and is_open and count_factors(login.id) > 0
        kind = LineKind.LOGIN_FAILED if not is_open else LineKind.SECOND_FACTOR_ASKED if is_half else LineKind.LOGIN
        if login is not None and is_open and not is_half:
            login.last_login = at
            login.save(update_fields=["last_login"])
        write_line(
            district_id=login.district_code if login else "", kind=kind, at=at,
            actor_id=login.person_id if login else None, actor_name=login.username if login else "",
            object_kind="login", outcome=Outcome.DONE if is_open else Outcome.REFUSED, source_ip=source_ip,
            data={"by": provider},
        )  # fmt: skip
    if login is None or not is_open:
        raise SignInRefused("account_unknown")
    return SignedIn(login.id, must_change_password=False, password_changed_at=login.stamped_at, is_half=is_half,
                    means=provider)  # fmt: skip


def _find(provider: str, subject: str) -> Login | None:
    linked = OfficeAccount.objects.filter(provider=provider, subject=subject).values("login_id")
    return Login.objects.select_for_update().filter(id__in=linked).first()


def _find_by_code(provider: str, subject: str, employee_code: str, at: datetime) -> Login | None:
    """Find the one login of a number of the roster and link it, unless the login has another account there."""
    if not employee_code or len(subject) > LONGEST_SUBJECT:
        return None
    people = Person.objects.filter(code=employee_code).values("id")
    found = list(Login.objects.select_for_update().filter(person_id__in=people).order_by("id")[:2])
    if len(found) != 1:
        return None
    try:
        _link(found[0], provider, subject, at)
    except Conflict:
        return None
    return found[0]


def _link(login: Login, provider: str, subject: str, at: datetime) -> None:
    account = OfficeAccount(login=login, provider=provider, subject=subject, made_at=at)
    OfficeAccount.objects.bulk_create([account], ignore_conflicts=True)
    if not OfficeAccount.objects.filter(id=account.id).exists():
        raise Conflict("account_taken", field="subject")
