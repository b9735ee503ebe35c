"""Events from lower rooms to higher ones, handled in the same transaction.

A room publishes what happened; a higher room's `receivers.py` subscribes when its app is ready. A receiver that
raises undoes the whole transaction: nothing is swallowed.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Event = TypeVar("Event")

_receivers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event_type: type[Event], receiver: Callable[[Event], None]) -> None:
    """Call the receiver for each event of that very type; subscribing twice is the same as once."""
    if receiver not in _receivers[event_type]:
        _receivers[event_type].append(receiver)


def publish(event: object) -> None:
    """Hand the event to its receivers, in the order they subscribed."""
    for receiver in _receivers[type(event)]:
        receiver(event)
