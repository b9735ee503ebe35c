"""What is on its way out, for the system administrator: ids and codes, nothing of what it says or to whom."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from linli.support.notices.choices import Whom
from linli.support.notices.models import Delivery


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery. error: code of the last fault; via: what took it, "console" where no service is set up."""

    id: UUID
    channel: str
    whom: str
    kind: str
    created_at: datetime
    state: str
    tries: int
    next_try_at: datetime
    settled_at: datetime | None
    error: str
    via: str


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """What is asked for; "" and None let everything through."""

    state: str = ""
    channel: str = ""
    recipient_id: UUID | None = None


_COLUMNS = ("id", "channel", "whom", "kind", "created_at", "state", "tries", "next_try_at", "settled_at", "error",
            "via")  # fmt: skip


def list_deliveries(*, district_id: str, wanted: DeliveryFilter, limit: int = 50) -> list[DeliveryRow]:
    """List deliveries, newest first. 1 query. The caller has asked whether the viewer may see them."""
    rows = Delivery.objects.filter(district_id=district_id)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    if wanted.recipient_id:
        rows = rows.filter(recipient_id=wanted.recipient_id)
    return [DeliveryRow(*row) for row in rows.order_by("-id").values_list(*_COLUMNS)[:limit]]


def count_deliveries(*, district_id: str) -> dict[str, int]:
    """Count deliveries by their state; states without any are left out. 1 query."""
    counted = Delivery.objects.filter(district_id=district_id).values_list("state")
    return dict(counted.annotate(count=Count("id")).order_by("state"))


def was_told(*, district_id: str, kind: str, subject_id: UUID) -> bool:
    """Whether a reporter was told of a kind on a subject already, or is going to be. 1 query."""
    reporters = Delivery.objects.filter(district_id=district_id, subject_id=subject_id, whom=Whom.REPORTER)
    return reporters.filter(kind=kind).exists()
