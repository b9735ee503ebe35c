"""Commands that can be sent twice, messages that go out, numbers, and jobs."""

from linli.ledger.commands.actions.claiming import Claim, claim, forget_commands
from linli.ledger.commands.actions.delivering import (
    Message,
    NewMessage,
    deliver_pending,
    forget_delivered,
    queue_message,
    queue_messages,
)
from linli.ledger.commands.actions.enqueuing import enqueue
from linli.ledger.commands.actions.numbering import next_number, raise_counter

__all__ = [
    "Claim",
    "Message",
    "NewMessage",
    "claim",
    "deliver_pending",
    "enqueue",
    "forget_commands",
    "forget_delivered",
    "next_number",
    "queue_message",
    "queue_messages",
    "raise_counter",
]
