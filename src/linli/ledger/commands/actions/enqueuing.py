"""The one way to ask for a background job."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.transaction import TransactionManagementError
from procrastinate.tasks import Task


def enqueue(task: "Task[Any, Any, Any]", **ids: UUID | str | int) -> int:
    """Ask for a job in the transaction that gives reason for it, and give the job's number. 1 query.

    ids: the task's arguments; UUIDs arrive as text. The job starts after the commit and is gone with a rollback.
    Raises TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A job is asked for in the transaction that gives reason for it.")
    return int(task.defer(**{name: str(value) if isinstance(value, UUID) else value for name, value in ids.items()}))
