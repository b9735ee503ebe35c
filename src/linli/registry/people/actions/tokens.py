"""Keys for programs: made in the workbench, scoped, with an end, revocable; shown once, kept as a digest."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from linli.kernel.errors import InvalidInput, NotFound
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.registry.people.models import Login, Token

SCOPES = ("read", "write", "calendar")
LONGEST_DAYS = 365


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token; the text is told now and never again."""

    id: UUID
    text: str
    expires_at: datetime


@transaction.atomic
def make_token(*, login_id: UUID, name: str, scope: str, days: int, source_ip: str, at: datetime) -> MadeToken:
    """Make a token that may do what its login may, or only read, or only fetch the calendar of deadlines. 3 queries.

    Raises InvalidInput naming `scope`, `days` or `name`.
    """
    if scope not in SCOPES:
        raise InvalidInput("unknown_scope", field="scope", params={"one_of": ", ".join(SCOPES)})
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInput("days_out_of_range", field="days", params={"most": LONGEST_DAYS})
    if not name.strip():
        raise InvalidInput("name_missing", field="name")
    login = Login.objects.get(id=login_id)
    text = "linli_" + secrets.token_urlsafe(32)
    token = Token.objects.create(
        login=login,
        name=name[:60],
        digest=sha256(text.encode()).digest(),
        scope=scope,
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    write_line(
        district_id=login.district_code,
        kind=LineKind.TOKEN_MADE,
        at=at,
        actor_id=login.person_id,
        actor_name=login.username,
        object_kind="token",
        object_id=str(token.id),
        source_ip=source_ip,
        data={"scope": scope, "days": days},
    )
    return MadeToken(token.id, text, token.expires_at)


@transaction.atomic
def revoke_token(*, login_id: UUID, token_id: UUID, source_ip: str, at: datetime) -> None:
    """Revoke one's own token. 3 queries. Raises NotFound."""
    token = Token.objects.select_for_update().filter(id=token_id, login_id=login_id, revoked_at=None).first()
    if token is None:
        raise NotFound("no_such_token")
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    login = Login.objects.get(id=login_id)
    write_line(
        district_id=login.district_code,
        kind=LineKind.TOKEN_ENDED,
        at=at,
        actor_id=login.person_id,
        actor_name=login.username,
        object_kind="token",
        object_id=str(token_id),
        source_ip=source_ip,
    )
