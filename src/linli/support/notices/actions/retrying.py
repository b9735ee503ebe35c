"""Trying a delivery once more, because somebody mended the cause."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel.errors import NotFound
from linli.registry.people.rules import Viewer
from linli.support.notices.choices import Channel, State
from linli.support.notices.models import Delivery
from linli.support.notices.rules import may_run_ways_out


@transaction.atomic
def retry_delivery(*, by: Viewer, delivery_id: UUID, at: datetime) -> None:
    """Let a delivery be due now that failed or was given up; to another system also one that was sent. 1 query.

    Raises NotAllowed, NotFound once it went out to somebody, who would be told twice.
    """
    may_run_ways_out(by).require()
    found = Delivery.objects.filter(district_id=by.district_id, id=delivery_id)
    again = found.filter(state__in=(State.FAILED, State.GIVEN_UP)) | found.filter(
        channel=Channel.WEBHOOK, state=State.SENT
    )
    if not again.update(state=State.QUEUED, settled_at=None, next_try_at=at, tries=0):
        raise NotFound("no_such_delivery")
