"""Idempotency keys."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.transaction import TransactionManagementError

from linli.kernel.errors import Conflict, InvalidInput
from linli.kernel.ids import new_id
from linli.ledger.commands.models import Command

_CALLER_LENGTH = 100
_KEY_LENGTH = 200
# ON CONFLICT DO UPDATE waits for the other transaction and then gives its row; DO NOTHING would give none, since the
# statement's own snapshot is older than the other's commit.
_CLAIM = """
INSERT INTO commands_command (id, district_id, caller, key, body_hash, result_id, created_at, times_sent)
VALUES (%s, %s, %s, %s, %s, %s, %s, 1)
ON CONFLICT (district_id, caller, key) DO UPDATE SET times_sent = commands_command.times_sent + 1
RETURNING result_id, body_hash, times_sent
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """is_new: go on and make what has result_id; otherwise it was made before, and result_id says which it is."""

    is_new: bool
    result_id: UUID


def claim(*, district_id: str, caller: str, key: str, body_hash: str, result_id: UUID, at: datetime) -> Claim:
    """Claim a command for this caller and key, in the transaction that carries it out. 1 query.

    caller: "person:<uuid>" or "visitor:<sha256>"; body_hash: hexadecimal SHA-256; result_id: of what would be made.
    A second caller with the key waits for the first transaction: after its commit it gets the first one's result_id,
    after its rollback it is new. Locks that one row till the end of the transaction.
    Raises Conflict("idempotency_key_reused") if the key came with another body, InvalidInput("bad_key"),
    TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A command is claimed in the transaction that carries it out.")
    if not 0 < len(key) <= _KEY_LENGTH or "\0" in key:
        raise InvalidInput("bad_key", field="key")
    if not 0 < len(caller) <= _CALLER_LENGTH:
        raise InvalidInput("bad_caller", field="caller")
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [new_id(), district_id, caller, key, body_hash, result_id, at])
        first_result_id, first_hash, times_sent = cursor.fetchone()
    if first_hash != body_hash:
        raise Conflict("idempotency_key_reused", field="key")
    return Claim(is_new=times_sent == 1, result_id=first_result_id)


def forget_commands(*, district_id: str, at: datetime, after_days: int = 30) -> int:
    """Delete claims older than that many days and say how many; their keys count as new again. 1 query."""
    old = Command.objects.filter(district_id=district_id, created_at__lt=at - timedelta(days=after_days))
    return old.delete()[0]
