"""When somebody is told, and when it is tried again."""

from datetime import datetime, timedelta
from uuid import UUID

from linli.ledger.commands.calc import wait_before_next_try
from linli.support.notices.choices import Channel, Pace

MORNING_HOUR = 8
# About eight hours to people, for whom it is stale by then; about three days to systems, which catch up afterwards.
MOST_TRIES = 10
MOST_TRIES_OF_SYSTEMS = 20


def due_at(at: datetime, *, pace: str, quiet_from: int, quiet_to: int) -> datetime:
    """Tell when to send what happened then: at once, on the full hour or in the morning, never in quiet hours.

    at: local time; quiet_from, quiet_to: hours of the day, the second one not quiet; the same twice for none.
    """
    hour = at.replace(minute=0, second=0, microsecond=0)
    if pace == Pace.HOURLY:
        at = hour + timedelta(hours=1)
    elif pace == Pace.MORNING:
        morning = hour.replace(hour=MORNING_HOUR)
        at = morning if at <= morning else morning + timedelta(days=1)
    if not is_quiet(at.hour, quiet_from=quiet_from, quiet_to=quiet_to):
        return at
    ends = at.replace(hour=quiet_to, minute=0, second=0, microsecond=0)
    return ends if ends > at else ends + timedelta(days=1)


def is_quiet(hour: int, *, quiet_from: int, quiet_to: int) -> bool:
    """Whether an hour of the day lies in quiet hours, which may go over midnight."""
    if quiet_from <= quiet_to:
        return quiet_from <= hour < quiet_to
    return hour >= quiet_from or hour < quiet_to


def wait_after(tries: int, delivery_id: UUID) -> timedelta:
    """Give the wait after so many failed tries: doubled each time, a quarter more or less, not the same for all.

    What failed together must not come back together. The same delivery and try give the same wait.
    """
    share = (delivery_id.int >> (tries % 32)) % 1000 / 1000
    return wait_before_next_try(tries) * (0.75 + share / 2)


def is_last(tries: int, channel: str) -> bool:
    """Whether nothing is tried again after so many failed tries."""
    return tries >= (MOST_TRIES_OF_SYSTEMS if channel == Channel.WEBHOOK else MOST_TRIES)
