"""Facts as they happen, one by one, and whole loads of them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.transaction import TransactionManagementError
from psycopg.types.json import Jsonb

from linli.kernel.db.inserting import insert
from linli.kernel.errors import InvalidInput
from linli.kernel.ids import new_id
from linli.ledger.facts.calc.canonical import plain
from linli.ledger.facts.models import Fact

_KIND = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_COPY = """
COPY facts_fact
    (id, district_id, kind, subject_id, at, recorded_at, actor_id, area_path, organisation_id, post_id, data)
FROM STDIN
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFact:
    """A fact to be loaded. recorded_at: when it would have been recorded; id: given if loads must come out the same."""

    district_id: str
    kind: str
    subject_id: UUID
    at: datetime
    recorded_at: datetime
    actor_id: UUID | None = None
    area_path: str = ""
    organisation_id: UUID | None = None
    post_id: UUID | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    id: UUID = field(default_factory=new_id)


def record(
    *,
    district_id: str,
    kind: str,
    subject_id: UUID,
    at: datetime,
    actor_id: UUID | None = None,
    area_path: str = "",
    organisation_id: UUID | None = None,
    post_id: UUID | None = None,
    data: Mapping[str, object] | None = None,
) -> UUID:
    """Write down that something happened, in the transaction that made it happen. 1 query, no lock.

    kind: "case.opened"; at: when it happened; area_path: codes from the district down, joined by "/";
    data: ids as text, codes, whole numbers; never personal data.
    Raises InvalidInput("not_plain", "bad_kind", "naive_time"), TransactionManagementError outside a transaction.
    Source: docs/decisions/0004-facts-then-seals.md.
    """
    _require_transaction()
    fact = Fact(
        id=new_id(),
        district_id=district_id,
        kind=_checked_kind(kind),
        subject_id=subject_id,
        at=_checked_time(at),
        actor_id=actor_id,
        area_path=area_path,
        organisation_id=organisation_id,
        post_id=post_id,
        data=plain(data or {}, "data"),
    )
    insert(fact)
    return fact.id


def record_many(rows: Iterable[NewFact]) -> int:
    """Load facts through COPY and say how many; for demo data and imports. 1 query. Raises as `record`."""
    _require_transaction()
    count = 0
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row(_columns(row))
            count += 1
    return count


def _columns(row: NewFact) -> tuple[object, ...]:
    return (
        row.id, row.district_id, _checked_kind(row.kind), row.subject_id, _checked_time(row.at),
        _checked_time(row.recorded_at), row.actor_id, row.area_path, row.organisation_id, row.post_id,
        Jsonb(plain(row.data, "data")),
    )  # fmt: skip


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("A fact is written in the transaction of the rows it tells of.")


def _checked_kind(kind: str) -> str:
    if not _KIND.fullmatch(kind):
        raise InvalidInput("bad_kind", field="kind", params={"kind": kind})
    return str(kind)


def _checked_time(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise InvalidInput("naive_time", field="at")
    return at
