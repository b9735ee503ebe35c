"""Reading the audit log, for the auditor; alarms out of it, for who manages logins too."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from linli.kernel.ids import id_at
from linli.ledger.audit.calc import bursts
from linli.ledger.audit.choices import DEFAULT_LIMITS, AlarmKind, LineKind
from linli.ledger.audit.models import AlarmLimit, AuditLine

_LINES_OF: Mapping[AlarmKind, LineKind] = {
    AlarmKind.EXPORTS: LineKind.EXPORTED,
    AlarmKind.ROWS: LineKind.ROWS_EXPORTED,
    AlarmKind.UNMASKINGS: LineKind.UNMASKED,
    AlarmKind.REFUSALS: LineKind.NOT_ALLOWED,
}


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


@dataclass(frozen=True, slots=True)
class LimitRow:
    """From how much on, within how many minutes, something is an alarm; changed_at: None for the program's own."""

    kind: AlarmKind
    most: int
    minutes: int
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """What somebody did more often than the limit allows; amount: times, or rows."""

    kind: AlarmKind
    actor_id: UUID
    first_at: datetime
    last_at: datetime
    amount: int


def list_alarm_limits(*, district_id: str) -> list[LimitRow]:
    """List the limit of each kind that counts now. 1 query."""
    newest = AlarmLimit.objects.filter(district_id=district_id).order_by("kind", "-id").distinct("kind")
    kept = {row.kind: LimitRow(AlarmKind(row.kind), row.most, row.minutes, row.changed_at) for row in newest}
    return [kept.get(kind, LimitRow(kind, *usual)) for kind, usual in DEFAULT_LIMITS.items()]


def list_alarms(*, district_id: str, since: datetime) -> list[Alarm]:
    """List what was too much since then, newest first, by the limits of now. 2 queries.

    It tells what somebody did how often, never on what: whoever calls has asked whether the reader may see alarms.
    """
    limits = list_alarm_limits(district_id=district_id)
    longest = max(timedelta(minutes=limit.minutes) for limit in limits)
    began = id_at(int((since - longest).timestamp() * 1000), 0)
    lines = AuditLine.objects.filter(
        district_id=district_id, kind__in=_LINES_OF.values(), id__gte=began, actor_id__isnull=False
    )
    done: dict[tuple[str, UUID], list[tuple[datetime, int]]] = defaultdict(list)
    for kind, actor_id, at, data in lines.order_by("id").values_list("kind", "actor_id", "at", "data"):
        if actor_id:
            done[kind, actor_id].append((at, int(data.get("rows", 1)) if kind == LineKind.ROWS_EXPORTED else 1))
    found = [
        Alarm(limit.kind, actor_id, burst.first_at, burst.last_at, burst.amount)
        for limit in limits
        for (kind, actor_id), events in done.items() if kind == _LINES_OF[limit.kind]
        for burst in bursts(events, most=limit.most, within=timedelta(minutes=limit.minutes)) if burst.last_at >= since
    ]  # fmt: skip
    return sorted(found, key=lambda alarm: (alarm.last_at, alarm.kind, alarm.actor_id), reverse=True)


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
