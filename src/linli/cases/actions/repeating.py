"""Steps that a client may send twice: carried out once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.ledger.commands.actions import claim


@dataclass(frozen=True, slots=True)
class Command:
    """Who sent it under which key; key "" for none; body_hash: hexadecimal SHA-256 of what was sent and to where."""

    district_id: str
    caller: str
    key: str
    body_hash: str


@transaction.atomic
def once(*, command: Command, of: UUID, act: Callable[[], object], at: datetime) -> bool:
    """Carry a step out unless the same command did before; tells whether it was carried out now. 1 query with a key.

    Raises Conflict (the key was used for something else) and what the step raises; then the key is free again.
    """
    if command.key:
        claimed = claim(district_id=command.district_id, caller=command.caller, key=command.key,
                        body_hash=command.body_hash, result_id=of, at=at)  # fmt: skip
        if not claimed.is_new:
            return False
    act()
    return True
