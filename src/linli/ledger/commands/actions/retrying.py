"""Trying once more what failed, because somebody mended the cause and does not want to wait."""

from datetime import datetime
from uuid import UUID

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from linli.kernel.errors import Conflict, NotFound
from linli.ledger.commands.models import OutboxMessage


def retry_message(*, district_id: str, message_id: UUID, at: datetime) -> None:
    """Let a message that failed be due now. 1 query. Raises NotFound once it went out, or for another district's."""
    failing = OutboxMessage.objects.filter(
        district_id=district_id, id=message_id, delivered_at__isnull=True, tries__gte=1
    )
    if not failing.update(next_try_at=at):
        raise NotFound("no_such_message")


def retry_job(*, job_id: int, at: datetime) -> None:
    """Put a job that failed back in line. 2 queries.

    Raises NotFound unless it failed, Conflict("job_waits_already") if one of its kind waits in line by now.
    """
    job = ProcrastinateJob.objects.filter(id=job_id, status="failed").first()
    if job is None:
        raise NotFound("no_such_job")
    waiting = ProcrastinateJob.objects.filter(queueing_lock=job.queueing_lock, status="todo")
    if job.queueing_lock and waiting.exists():
        raise Conflict("job_waits_already")
    try:
        app.job_manager.retry_job_by_id(job_id=job_id, retry_at=at)
    except AlreadyEnqueued as error:
        raise Conflict("job_waits_already") from error
