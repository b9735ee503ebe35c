"""What waits in the outbox, for the administrator."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Max, When
from procrastinate.contrib.django.models import ProcrastinateJob

from linli.ledger.commands.models import Command, OutboxMessage

# What kind of fault it was, without its words: they may name a recipient.
_FAULT = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class JobRow:
    """A background job that is not done. state: failed, doing or todo; at: of its last event."""

    id: int
    task: str
    state: str
    attempts: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class FailingRow:
    """A message that failed at least once and has not gone out yet. fault: the kind of the last one."""

    id: UUID
    kind: str
    subject_id: UUID
    created_at: datetime
    next_try_at: datetime
    tries: int
    fault: str


def was_claimed(*, district_id: str, caller: str, key: str) -> bool:
    """Whether a command of that caller and key was carried out. 1 query."""
    return Command.objects.filter(district_id=district_id, caller=caller, key=key).exists()


def list_failing(*, district_id: str, limit: int = 100) -> list[FailingRow]:
    """List undelivered messages that failed before, the most often tried first. 1 query."""
    waiting = OutboxMessage.objects.filter(district_id=district_id, delivered_at__isnull=True, tries__gte=1)
    fields = ("id", "kind", "subject_id", "created_at", "next_try_at", "tries", "last_error")
    rows = waiting.order_by("-tries", "id").values_list(*fields)[:limit]
    return [FailingRow(row[0], row[1], row[2], row[3], row[4], row[5], _fault(row[6])) for row in rows]


def count_waiting(*, district_id: str) -> int:
    """Count undelivered messages, failed or new. 1 query."""
    return OutboxMessage.objects.filter(district_id=district_id, delivered_at__isnull=True).count()


def count_failing(*, district_id: str) -> int:
    """Count undelivered messages that failed at least once. 1 query."""
    return OutboxMessage.objects.filter(district_id=district_id, delivered_at__isnull=True, tries__gte=1).count()


def list_unfinished_jobs(*, limit: int = 100) -> list[JobRow]:
    """List background jobs that failed, are at work or wait, failed ones first; of all districts. 1 query.

    Without their arguments, which are nobody's to read here.
    """
    jobs = ProcrastinateJob.objects.filter(status__in=("failed", "doing", "todo"))
    rank = Case(When(status="failed", then=0), When(status="doing", then=1), default=2, output_field=IntegerField())
    rows = jobs.annotate(rank=rank, at=Max("procrastinateevent__at")).order_by("rank", "-id")
    fields = ("id", "task_name", "status", "attempts", "at")
    return [JobRow(*row) for row in rows.values_list(*fields)[:limit]]


def count_jobs() -> dict[str, int]:
    """Count background jobs by their state, of all districts; states without any are left out. 1 query."""
    counted = ProcrastinateJob.objects.values_list("status").annotate(count=Count("id")).order_by("status")
    return dict(counted)


def list_districts_waiting(*, at: datetime) -> list[str]:
    """List the codes of districts with messages due. 1 query."""
    due = OutboxMessage.objects.filter(delivered_at__isnull=True, next_try_at__lte=at)
    return list(due.order_by("district_id").values_list("district_id", flat=True).distinct())


def longest_waiting_s(*, district_id: str, at: datetime) -> int:
    """Tell for how many seconds the oldest message has been due and not gone out; 0 if none is. 1 query."""
    due = OutboxMessage.objects.filter(district_id=district_id, delivered_at__isnull=True, next_try_at__lte=at)
    oldest = due.order_by("next_try_at").values_list("next_try_at", flat=True).first()
    return int((at - oldest).total_seconds()) if oldest else 0


def _fault(said: str) -> str:
    found = _FAULT.match(said)
    return found[0] if found else ""


def count_delivered(*, district_id: str, before: datetime) -> int:
    """Count the messages delivered before then that are still there. 1 query."""
    return OutboxMessage.objects.filter(district_id=district_id, delivered_at__lt=before).count()
