"""Reading what is asked for after the password, for its holder."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from linli.kernel.crypto import decrypt
from linli.registry.people.models import Login, RecoveryCode, SecurityKey

PURPOSE = "login.totp"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A security key as its holder lists it."""

    id: UUID
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class FactorState:
    """How a login's second factors stand.

    totp_since: None without an app; pending: a secret that waits for its first code, "" for none.
    """

    username: str
    totp_since: datetime | None
    pending: str
    codes_left: int
    keys: tuple[KeyRow, ...]

    @property
    def has_any(self) -> bool:
        """Whether anything is asked for after the password."""
        return self.totp_since is not None or bool(self.keys)


def second_factors_of(*, login_id: UUID, pending_since: datetime) -> FactorState:
    """Read how one's own second factors stand, with a secret that is pending since then. 3 queries."""
    columns = ("username", "totp__confirmed_at", "totp__pending", "totp__pending_at")
    username, since, pending, pending_at = Login.objects.values_list(*columns).get(id=login_id)
    secret = decrypt(pending, purpose=PURPOSE) if pending and pending_at and pending_at > pending_since else ""
    left = RecoveryCode.objects.filter(login_id=login_id, used_at=None).count()
    keys = SecurityKey.objects.filter(login_id=login_id).order_by("made_at", "id")
    rows = keys.values_list("id", "name", "made_at", "used_at")
    return FactorState(username, since, secret, left, tuple(KeyRow(*row) for row in rows))


def count_factors(login_id: UUID) -> int:
    """Count what may be asked for after the password: the app, each key; recovery codes are none. 1 query."""
    counted = Login.objects.filter(id=login_id).annotate(
        apps=Count("totp", filter=Q(totp__confirmed_at__isnull=False), distinct=True),
        keys=Count("security_keys", distinct=True),
    )  # fmt: skip
    return sum(counted.values_list("apps", "keys").get())


def has_second_factor() -> Q:
    """Give the condition that a login is asked for something after the password."""
    return Q(totp__confirmed_at__isnull=False) | Q(Exists(SecurityKey.objects.filter(login_id=OuterRef("pk"))))
