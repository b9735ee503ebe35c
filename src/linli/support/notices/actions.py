"""Writing notices."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from linli.support.notices.models import Notice

KEPT_DAYS = 90


@transaction.atomic
def notify(
    *, district_id: str, people: Iterable[UUID], message_id: UUID, kind: str, subject_id: UUID, at: datetime
) -> None:
    """Tell people something, each once however often the message is delivered. 1 query."""
    Notice.objects.bulk_create(
        [
            Notice(
                district_id=district_id,
                person_id=person,
                message_id=message_id,
                kind=kind,
                subject_id=subject_id,
                at=at,
            )
            for person in people
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def mark_read(*, district_id: str, person_id: UUID) -> int:
    """Mark all of a person's notices as read. Returns how many were not. 1 query."""
    return Notice.objects.filter(district_id=district_id, person_id=person_id, is_read=False).update(is_read=True)


@transaction.atomic
def forget_notices(*, district_id: str, at: datetime) -> int:
    """Wipe what was read and is old. Returns how many. 1 query."""
    old = Notice.objects.filter(district_id=district_id, is_read=True, at__lt=at - timedelta(days=KEPT_DAYS))
    return old.delete()[0]
