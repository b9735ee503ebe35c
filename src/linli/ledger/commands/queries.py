"""What waits in the outbox, for the administrator."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count
from procrastinate.contrib.django.models import ProcrastinateJob

from linli.ledger.commands.models import OutboxMessage


@dataclass(frozen=True, slots=True)
class FailingRow:
    """A message that failed at least once and has not gone out yet."""

    id: UUID
    kind: str
    subject_id: UUID
    created_at: datetime
    next_try_at: datetime
    tries: int
    last_error: str


def list_failing(*, district_id: str, limit: int = 100) -> list[FailingRow]:
    """List undelivered messages that failed before, the most often tried first. 1 query."""
    waiting = OutboxMessage.objects.filter(district_id=district_id, delivered_at__isnull=True, tries__gte=1)
    fields = ("id", "kind", "subject_id", "created_at", "next_try_at", "tries", "last_error")
    return [FailingRow(*row) for row in waiting.order_by("-tries", "id").values_list(*fields)[:limit]]


def count_waiting(*, district_id: str) -> int:
    """Count undelivered messages, failed or new. 1 query."""
    return OutboxMessage.objects.filter(district_id=district_id, delivered_at__isnull=True).count()


def count_failing(*, district_id: str) -> int:
    """Count undelivered messages that failed at least once. 1 query."""
    return OutboxMessage.objects.filter(district_id=district_id, delivered_at__isnull=True, tries__gte=1).count()


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
