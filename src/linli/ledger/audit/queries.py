"""Reading the audit log, for the auditor."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from linli.ledger.audit.models import AuditLine


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as it is read."""

    id: UUID
    at: datetime
    actor_id: UUID | None
    actor_name: str
    kind: str
    object_kind: str
    object_id: str
    outcome: str
    source_ip: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LinePage:
    """Lines, newest first. next_before: hand it in as `before` to read on; None at the end."""

    lines: tuple[LineRow, ...]
    next_before: UUID | None


@dataclass(frozen=True, slots=True)
class Who:
    """Whose lines are wanted: of these people, or by that very user name."""

    actor_ids: Collection[UUID]
    actor_name: str


def list_lines(
    *,
    district_id: str,
    kinds: Collection[str] = (),
    actor_id: UUID | None = None,
    object_kind: str = "",
    object_id: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: UUID | None = None,
    limit: int = 50,
    who: Who | None = None,
    with_strangers: bool = False,
) -> LinePage:
    """List lines, newest first; an empty filter lets everything through. since <= at < until. 1 query.

    with_strangers: also lines of no district: tries to sign in by a name that is nobody's. Whoever calls has asked
    whether the reader is the district's auditor.
    """
    wanted = {
        "kind__in": kinds,
        "actor_id": actor_id,
        "object_kind": object_kind,
        "object_id": object_id,
        "at__gte": since,
        "at__lt": until,
        "id__lt": before,
    }
    lines = AuditLine.objects.filter(
        district_id__in=[district_id, ""] if with_strangers else [district_id],
        **{name: value for name, value in wanted.items() if value},
    )
    if who is not None:
        lines = lines.filter(Q(actor_id__in=who.actor_ids) | Q(actor_name=who.actor_name))
    found = [_row(line) for line in lines.order_by("-id")[: limit + 1]]
    page = tuple(found[:limit])
    return LinePage(lines=page, next_before=page[-1].id if len(found) > limit else None)


def count_traces(*, district_id: str, before: datetime) -> int:
    """Count the lines older than that which still say who, from where, or why. 1 query."""
    old = AuditLine.objects.filter(district_id=district_id, at__lt=before)
    return old.exclude(actor_name="", source_ip="", object_id="", data={}).count()


def _row(line: AuditLine) -> LineRow:
    return LineRow(
        id=line.id,
        at=line.at,
        actor_id=line.actor_id,
        actor_name=line.actor_name,
        kind=line.kind,
        object_kind=line.object_kind,
        object_id=line.object_id,
        outcome=line.outcome,
        source_ip=line.source_ip,
        data=line.data,
    )
