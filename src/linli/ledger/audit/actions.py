"""Writing the audit log."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from linli.kernel.errors import InvalidInput
from linli.kernel.ids import id_at
from linli.ledger.audit.choices import LONGEST_MINUTES, MOST, AlarmKind, LineKind, Outcome
from linli.ledger.audit.models import AlarmLimit, AuditLine

_ID_RANDOMNESS_BITS = 74
_BATCH = 1000


@transaction.atomic
def set_alarm_limit(
    *, district_id: str, kind: str, most: int, minutes: int, by: UUID | None, source_ip: str, at: datetime
) -> None:
    """Set from how much on something is an alarm. 2 queries; audit line. Whoever calls has asked who may.

    Raises InvalidInput naming kind, most or minutes.
    """
    if kind not in set(AlarmKind):
        raise InvalidInput("unknown_alarm", field="kind")
    if not 0 < most <= MOST:
        raise InvalidInput("alarm_most_out_of_range", field="most", params={"most": MOST})
    if not 0 < minutes <= LONGEST_MINUTES:
        raise InvalidInput("alarm_minutes_out_of_range", field="minutes", params={"most": LONGEST_MINUTES})
    AlarmLimit.objects.create(id=_id(at), district_id=district_id, kind=kind, most=most, minutes=minutes,
                              changed_at=at, changed_by=by)  # fmt: skip
    write_line(district_id=district_id, kind=LineKind.SETTINGS_CHANGED, at=at, actor_id=by, object_kind="alarm",
               object_id=kind, source_ip=source_ip, data={"most": most, "minutes": minutes})  # fmt: skip


def write_line(
    *,
    district_id: str,
    kind: LineKind,
    at: datetime,
    actor_id: UUID | None = None,
    actor_name: str = "",
    object_kind: str = "",
    object_id: str = "",
    outcome: Outcome = Outcome.DONE,
    source_ip: str = "",
    data: Mapping[str, object] | None = None,
) -> UUID:
    """Write one line and give its id. 1 query.

    Needs no transaction; within one it is undone with it, so write what has to stay (a refused login) outside.
    actor_name: a user name; object_id: cut to 200 letters, user names and addresses to their columns; data: codes,
    counts, ids; no personal data. Raises InvalidInput("naive_time").
    """
    if at.tzinfo is None:
        raise InvalidInput("naive_time", field="at")
    line = AuditLine(
        id=_id(at),
        district_id=district_id,
        at=at,
        actor_id=actor_id,
        actor_name=_cut(actor_name, 150),
        kind=str(kind),
        object_kind=object_kind,
        object_id=_cut(object_id, 200),
        outcome=str(outcome),
        source_ip=_cut(source_ip, 45),
        data=dict(data or {}),
    )
    line.save(force_insert=True)
    return line.id


def forget_traces(*, district_id: str, before: datetime) -> int:
    """Empty user names, addresses, reasons and what it was done to in lines older than that; the lines stay.

    The database does it for no line younger than declared, whatever is asked (`audit_forget_traces`). Returns how many.
    1 query a batch.
    """
    done = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT audit_forget_traces(%s, %s, %s)", [district_id, before, _BATCH])
            emptied = int(cursor.fetchone()[0])
            done += emptied
            if emptied < _BATCH:
                return done


def _id(at: datetime) -> UUID:
    return id_at(int(at.timestamp() * 1000), secrets.randbits(_ID_RANDOMNESS_BITS))


def _cut(text: str, letters: int) -> str:
    """Cut what a stranger sent: a login that is refused must leave a line whatever was typed, U+0000 included."""
    return text.replace("\0", "")[:letters]
