"""Other systems that are told by webhook, for the system administrator; their secrets are told once, at making."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.support.notices.models import Subscription


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A subscription. seal_number, position: how far it was told; ended_why: failing, gone, "" for by hand.

    renewed_at: when its secret was renewed, None where the one before counts no longer.
    """

    id: UUID
    name: str
    url: str
    kinds: tuple[str, ...]
    area_path: str
    seal_number: int
    position: int
    made_at: datetime
    failing_since: datetime | None
    ended_at: datetime | None
    ended_why: str
    renewed_at: datetime | None


def list_subscriptions(*, district_id: str, is_running: bool = False) -> list[SubscriptionRow]:
    """List subscriptions, newest first, or only those that run. 1 query."""
    rows = Subscription.objects.filter(district_id=district_id).order_by("-id")
    if is_running:
        rows = rows.filter(ended_at=None)
    return [
        SubscriptionRow(
            row.id, row.name, row.url, tuple(row.kinds), row.area_path, row.seal_number, row.position, row.made_at,
            row.failing_since, row.ended_at, row.ended_why, row.renewed_at,
        )
        for row in rows
    ]  # fmt: skip
