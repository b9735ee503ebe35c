"""Counting tries, for all processes alike."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from linli.kernel.crypto import keyed_digest
from linli.ledger.commands.models import Tries

_TAKE = """
INSERT INTO commands_tries AS kept (id, began_at, tries) VALUES (%(id)s, %(at)s, %(count)s)
ON CONFLICT (id) DO UPDATE SET
    tries = CASE WHEN kept.began_at > %(since)s THEN kept.tries + %(count)s ELSE %(count)s END,
    began_at = CASE WHEN kept.began_at > %(since)s THEN kept.began_at ELSE %(at)s END
RETURNING tries, began_at
"""
_LONGEST_WINDOW = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Counted:
    """tries: since began_at, those just counted among them."""

    tries: int
    began_at: datetime


def take_tries(*, what: str, whom: str, count: int, window: timedelta, at: datetime) -> Counted:
    """Count tries of somebody at something; after the window they are counted anew. 1 query.

    whom: an address or a name, of which a digest under our key is kept. window: a day at most.
    """
    given: dict[str, UUID | datetime | int] = {"id": _id(what, whom), "at": at, "count": count, "since": at - window}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, given)
        return Counted(*cursor.fetchone())


def look_at_tries(*, what: str, whom: str, window: timedelta, at: datetime) -> Counted:
    """Tell what was counted, without counting. 1 query."""
    found = Tries.objects.filter(id=_id(what, whom), began_at__gt=at - window).values_list("tries", "began_at").first()
    return Counted(*found) if found else Counted(0, at)


def forget_tries(*, at: datetime) -> int:
    """Delete what no window reaches back to, and say how many. 1 query."""
    return Tries.objects.filter(began_at__lt=at - _LONGEST_WINDOW).delete()[0]


def _id(what: str, whom: str) -> UUID:
    return UUID(bytes=keyed_digest(f"{what}\0{whom}", purpose="tries")[:16])
