"""Writing notices, and queuing what goes outside."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.kernel.ids import new_id
from linli.registry.people.queries import work_phones
from linli.support.notices.calc.timing import due_at
from linli.support.notices.choices import PERSONAL, Channel, State, Whom
from linli.support.notices.models import Delivery, Notice
from linli.support.notices.queries.preferences import channels_of, wishes_of
from linli.support.notices.queries.robots import robots_of

KEPT_DAYS = 90
DELIVERIES_KEPT_DAYS = 30


@transaction.atomic
def notify(
    *,
    district_id: str,
    people: Iterable[UUID],
    message_id: UUID,
    kind: str,
    subject_id: UUID,
    at: datetime,
    organisation_id: UUID | None = None,
) -> None:
    """Tell people something, each once however often the message is delivered: here, and outside as each chose.

    organisation_id: whose group chats are told too. At most 6 queries.
    """
    people = list(people)
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
    told = [*_outside(district_id, people, kind, at), *_groups(district_id, organisation_id, at)]
    queue_deliveries(district_id=district_id, to=told, message_id=message_id, kind=kind, subject_id=subject_id, at=at)


Recipient = tuple[Whom, UUID, str, datetime]


@transaction.atomic
def queue_deliveries(
    *, district_id: str, to: Sequence[Recipient], message_id: UUID, kind: str, subject_id: UUID, at: datetime
) -> None:
    """Queue a message for recipients outside, each once by each channel however often this is called. 1 query.

    to: what kind of recipient, which, by which channel, when to send.
    """
    Delivery.objects.bulk_create(
        [
            Delivery(
                id=new_id(),
                district_id=district_id,
                channel=channel,
                whom=whom,
                recipient_id=recipient_id,
                message_id=message_id,
                kind=kind,
                subject_id=subject_id,
                created_at=at,
                state=State.QUEUED,
                next_try_at=due,
            )
            for whom, recipient_id, channel, due in to
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def mark_read(*, district_id: str, person_id: UUID) -> int:
    """Mark all of a person's notices as read. Returns how many were not. 1 query."""
    return Notice.objects.filter(district_id=district_id, person_id=person_id, is_read=False).update(is_read=True)


@transaction.atomic
def forget_notices(*, district_id: str, at: datetime) -> int:
    """Wipe what was read and is old, and deliveries long settled. Returns how many. 2 queries."""
    old = Notice.objects.filter(district_id=district_id, is_read=True, at__lt=at - timedelta(days=KEPT_DAYS))
    settled = Delivery.objects.filter(district_id=district_id, settled_at__lt=at - timedelta(days=DELIVERIES_KEPT_DAYS))
    return old.delete()[0] + settled.delete()[0]


def _outside(district_id: str, people: Sequence[UUID], kind: str, at: datetime) -> list[Recipient]:
    """Say how each of the people is told outside: by what they chose and left an address for."""
    wishes = wishes_of(district_id=district_id, person_ids=people)
    reached = channels_of(district_id=district_id, person_ids=people)
    texted = [person for person in people if Channel.SMS in wishes[person].channels(kind)]
    reached |= {(person, Channel.SMS.value) for person in work_phones(district_id=district_id, person_ids=texted)}
    local = timezone.localtime(at)
    return [
        (
            Whom.PERSON,
            person,
            channel,
            due_at(
                local,
                pace=wishes[person].pace(channel),
                quiet_from=wishes[person].quiet_from,
                quiet_to=wishes[person].quiet_to,
            ),
        )
        for person in people
        for channel in PERSONAL
        if channel in wishes[person].channels(kind) and (person, channel) in reached
    ]


def _groups(district_id: str, organisation_id: UUID | None, at: datetime) -> list[Recipient]:
    if organisation_id is None:
        return []
    return [
        (Whom.ROBOT, robot_id, channel, at)
        for robot_id, channel in robots_of(district_id=district_id, organisation_ids=[organisation_id])
    ]
