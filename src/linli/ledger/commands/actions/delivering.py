"""The outbox: messages go out after the transaction that queued them, at least once."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from linli.kernel.db.inserting import insert
from linli.kernel.errors import LinliError
from linli.kernel.live import hint
from linli.ledger.commands.calc import wait_before_next_try
from linli.ledger.commands.models import OutboxMessage

log = logging.getLogger(__name__)

_ERROR_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Message:
    """What a handler gets. id stays the same over all tries: hand it on, so that the other side can drop a second."""

    id: UUID
    district_id: str
    kind: str
    subject_id: UUID
    data: Mapping[str, object]
    created_at: datetime
    tries: int


Handler = Callable[[Message], None]


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be queued among others. not_before: when it goes out at the earliest."""

    kind: str
    subject_id: UUID
    not_before: datetime
    data: Mapping[str, object]


def queue_message(
    *, district_id: str, kind: str, subject_id: UUID, at: datetime, data: Mapping[str, object] | None = None
) -> UUID:
    """Queue a message in the transaction that gives reason for it, and give its id. 1 query.

    data: ids, codes, numbers; no personal data. Whoever listens on the channel `linli` is told after the commit that
    there is something new, by kind, district and data; what they show they read for themselves. Raises
    TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A message is queued in the transaction that gives reason for it.")
    values = dict(data or {})
    message = OutboxMessage(
        district_id=district_id, kind=kind, subject_id=subject_id, data=values, created_at=at, next_try_at=at, tries=0,
        last_error="",
    )  # fmt: skip
    insert(message)
    hint(kind, **{"district": district_id, **{name: str(value) for name, value in values.items()}})
    return message.id


def queue_messages(*, district_id: str, messages: Sequence[NewMessage], at: datetime) -> None:
    """Queue many messages at once, some of which may have to wait. 1 query, however many. As `queue_message`."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("A message is queued in the transaction that gives reason for it.")
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            district_id=district_id, kind=each.kind, subject_id=each.subject_id, data=dict(each.data), created_at=at,
            next_try_at=max(at, each.not_before), tries=0, last_error="",
        )
        for each in messages
    )  # fmt: skip
    for each in messages:
        hint(each.kind, **{"district": district_id, **{name: str(value) for name, value in each.data.items()}})


def deliver_pending(*, district_id: str, handlers: Mapping[str, Handler], at: datetime, limit: int = 100) -> int:
    """Hand messages that are due to the handlers of their kinds, and say how many went out.

    At least once: if the machine stops between the handler's work and our commit, the message goes out again. Each
    message has a transaction of its own and a lock that other workers pass over, so several can run at once; what a
    failing handler wrote is undone. A failure, or a kind without a handler, is kept in last_error, logged, and tried
    again after `wait_before_next_try`; no message is ever given up. Call it outside any transaction. 2 queries a
    message.
    """
    delivered = 0
    for _ in range(limit):
        is_delivered = _deliver_one(district_id, handlers, at)
        if is_delivered is None:
            break
        delivered += is_delivered
    return delivered


def forget_delivered(*, district_id: str, at: datetime, after_days: int = 30) -> int:
    """Delete messages delivered longer ago than that and say how many. 1 query."""
    old = OutboxMessage.objects.filter(district_id=district_id, delivered_at__lt=at - timedelta(days=after_days))
    return old.delete()[0]


def _deliver_one(district_id: str, handlers: Mapping[str, Handler], at: datetime) -> bool | None:
    """Try the message that has been due longest. Returns None if there is none that nobody else is at."""
    with transaction.atomic():
        due = OutboxMessage.objects.filter(district_id=district_id, delivered_at__isnull=True, next_try_at__lte=at)
        message = due.order_by("next_try_at", "id").select_for_update(skip_locked=True).first()
        if message is None:
            return None
        error = _try(message, handlers)
        if error:
            tries = message.tries + 1
            changes = {"tries": tries, "last_error": error, "next_try_at": at + wait_before_next_try(tries)}
        else:
            changes = {"delivered_at": at, "last_error": ""}
        OutboxMessage.objects.filter(district_id=district_id, id=message.id).update(**changes)
        return not error


def _try(row: OutboxMessage, handlers: Mapping[str, Handler]) -> str:
    """Call the handler in a savepoint and give what went wrong, or nothing."""
    message = Message(row.id, row.district_id, row.kind, row.subject_id, row.data, row.created_at, row.tries)
    try:
        with transaction.atomic():
            handlers[row.kind](message)
    except Exception as error:  # a handler may fail in any way, and one that does must not stop the others
        log.warning("message %s (%s) not delivered", row.id, row.kind, exc_info=True)
        return _said(error) if row.kind in handlers else "no_handler"
    return ""


def _said(error: Exception) -> str:
    words = str(error) if isinstance(error, LinliError) else f"{type(error).__name__}: {error}"
    return words.replace("\0", "")[:_ERROR_LENGTH]
