"""Telling other systems by webhook: who subscribes, what is queued for them, how it is sent, when it is ended."""

import time
from base64 import b64encode
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from linli.kernel.crypto import keyed_digest
from linli.kernel.errors import InvalidInput, NotFound
from linli.kernel.ids import new_id
from linli.kernel.outgoing import CannotReach, Reach, Request, check_url, send
from linli.ledger.facts.calc.seals import FactRow
from linli.ledger.facts.queries.log import end_of_log, facts_by_id
from linli.registry.people.choices import Verb
from linli.registry.people.queries import list_role_posts, role_codes
from linli.registry.people.rules import Viewer, is_within
from linli.registry.territory.queries import get_area_by_code
from linli.support.notices.actions.telling import notify, queue_deliveries
from linli.support.notices.calc.protocols import is_final, webhook_request
from linli.support.notices.calc.timing import is_last, wait_after
from linli.support.notices.choices import Channel, State, Whom
from linli.support.notices.models import Delivery, Subscription
from linli.support.notices.rules import may_run_ways_out

# A system that is away over a long weekend is told all of it afterwards; one that is gone is not asked for ever.
GIVEN_UP_AFTER = timedelta(days=5)
# As long as the secret before counts beside a new one: time for the other system to take the new one up.
GRACE = timedelta(days=1)
_LEASE = timedelta(minutes=5)
_AT_ONCE, _BATCH = 8, 100
_LONGEST_NAME, _LONGEST_URL, _MOST_KINDS = 60, 500, 60
# What a fact holds of a person besides who acted, which is left out whole.
_OF_PERSONS = ("deputy_for", "opened_by", "person", "actor", "joined")


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """A system as the administrator writes it down. area_code: "" for the whole district; kinds: () for all."""

    name: str
    url: str
    area_code: str = ""
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MadeSubscription:
    """A new subscription; the secret is told now and never again."""

    id: UUID
    secret: str


@transaction.atomic
def subscribe_system(*, by: Viewer, new: NewSubscription, at: datetime) -> MadeSubscription:
    """Let a system be told from now on. 3 queries. Raises NotAllowed, InvalidInput, NotFound (area_unknown)."""
    may_run_ways_out(by).require()
    name, url = new.name.strip(), new.url.strip()
    if not 0 < len(name) <= _LONGEST_NAME:
        raise InvalidInput("name_missing", field="name")
    try:
        check_url(url)
    except CannotReach as error:
        raise InvalidInput("bad_url", field="url") from error
    if len(url) > _LONGEST_URL:
        raise InvalidInput("bad_url", field="url")
    if len(new.kinds) > _MOST_KINDS:
        raise InvalidInput("bad_choice", field="kinds")
    area_path = by.district_id
    if new.area_code and new.area_code != by.district_id:
        area = get_area_by_code(new.area_code)
        if not is_within(area.path, by.district_id):
            raise NotFound("area_unknown", field="area", params={"code": new.area_code})
        area_path = area.path
    seal, position = end_of_log(by.district_id)
    made = Subscription.objects.create(
        district_id=by.district_id, name=name, url=url, kinds=list(new.kinds), area_path=area_path, seal_number=seal,
        position=position, made_by=by.person_id, made_at=at,
    )  # fmt: skip
    return MadeSubscription(made.id, written_secret(made))


@transaction.atomic
def renew_secret(*, by: Viewer, subscription_id: UUID, at: datetime) -> MadeSubscription:
    """Give a system another secret. For a day calls are signed by the one before as well, so none is lost meanwhile.

    2 queries. Raises NotAllowed, NotFound.
    """
    found = _locked(by, subscription_id)
    found.generation, found.renewed_at = found.generation + 1, at
    found.save(update_fields=["generation", "renewed_at"])
    return MadeSubscription(found.id, written_secret(found))


@transaction.atomic
def drop_old_secret(*, by: Viewer, subscription_id: UUID) -> None:
    """Let the secret before count no longer, as when somebody else has seen it. 2 queries. Raises as `renew_secret`."""
    found = _locked(by, subscription_id)
    found.renewed_at = None
    found.save(update_fields=["renewed_at"])


@transaction.atomic
def end_subscription(*, by: Viewer, subscription_id: UUID, at: datetime) -> None:
    """Tell a system no more. 2 queries. Raises NotAllowed, NotFound."""
    found = _locked(by, subscription_id)
    found.ended_at, found.ended_why = found.ended_at or at, ""
    found.save(update_fields=["ended_at", "ended_why"])


@transaction.atomic
def resume_subscription(*, by: Viewer, subscription_id: UUID) -> None:
    """Tell it again, of all that happened meanwhile too. 2 queries. Raises NotAllowed, NotFound."""
    found = _locked(by, subscription_id)
    found.ended_at, found.ended_why, found.failing_since = None, "", None
    found.save(update_fields=["ended_at", "ended_why", "failing_since"])


@transaction.atomic
def queue_facts(
    *, district_id: str, subscription_id: UUID, seen: tuple[int, int], facts: Iterable[FactRow],
    upto: tuple[int, int], at: datetime,
) -> bool:  # fmt: skip
    """Queue facts for a system and note how far it was told. 3 queries. False if somebody else was faster, or it ended.

    seen: how far it had been told when they were read. Whoever calls has asked what the system may see.
    """
    running = Subscription.objects.filter(
        district_id=district_id, id=subscription_id, ended_at=None, seal_number=seen[0], position=seen[1]
    )
    if not running.update(seal_number=upto[0], position=upto[1]):
        return False
    _queue(district_id, subscription_id, facts, at)
    return True


@transaction.atomic
def queue_ahead(*, district_id: str, subscription_id: UUID, facts: Sequence[FactRow], at: datetime) -> int:
    """Queue facts for a system that are not in the log yet; the log tells them again, and each is queued once.

    Returns how many are new. 1 query, 1 more a new fact. Whoever calls has asked what the system may see.
    """
    queued = Delivery.objects.filter(
        district_id=district_id, whom=Whom.SYSTEM, recipient_id=subscription_id,
        message_id__in=[fact.id for fact in facts],
    )  # fmt: skip
    known = set(queued.values_list("message_id", flat=True)) if facts else set()
    new = [fact for fact in facts if fact.id not in known]
    _queue(district_id, subscription_id, new, at)
    return len(new)


def call_systems(*, district_id: str, at: datetime) -> int:
    """Call systems with what is due for them, a batch; returns how many. No order is promised. 5 queries, 2 a call."""
    rows = _claim(district_id, at)
    if not rows:
        return 0
    facts = facts_by_id(district_id=district_id, ids=[row.message_id for row in rows])
    systems = {
        found.id: found
        for found in Subscription.objects.filter(district_id=district_id, id__in={row.recipient_id for row in rows})
    }
    reach, at_s = Reach(settings.OUTSIDE.networks), time.time()
    requests = [_request(row, systems.get(row.recipient_id), facts.get(row.message_id), at, at_s) for row in rows]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        faults = list(pool.map(lambda request: _called(request, reach) if request else "ended", requests))
    for row, fault in zip(rows, faults, strict=True):
        _settle(row, fault, at)
    return len(rows)


def secret_of(subscription: Subscription, *, back: int = 0) -> bytes:
    """Make a system's secret of our key: kept nowhere, another one with each generation. back: so many before."""
    return keyed_digest(f"{subscription.id}:{subscription.generation - back}", purpose="webhook")


def secrets_of(subscription: Subscription, *, at: datetime) -> list[bytes]:
    """Give the secrets that count at a moment, the newest first: two within a day of renewing, else one."""
    is_renewed = subscription.renewed_at is not None and at < subscription.renewed_at + GRACE
    return [secret_of(subscription, back=back) for back in range(1 + is_renewed)]


def written_secret(subscription: Subscription) -> str:
    """Write a secret as Standard Webhooks does."""
    return f"whsec_{b64encode(secret_of(subscription)).decode()}"


def _queue(district_id: str, subscription_id: UUID, facts: Iterable[FactRow], at: datetime) -> None:
    for fact in facts:
        queue_deliveries(
            district_id=district_id, to=[(Whom.SYSTEM, subscription_id, Channel.WEBHOOK, at)], message_id=fact.id,
            kind=fact.kind, subject_id=fact.subject_id, at=at,
        )  # fmt: skip


def _locked(by: Viewer, subscription_id: UUID) -> Subscription:
    may_run_ways_out(by).require()
    rows = Subscription.objects.select_for_update().filter(district_id=by.district_id, id=subscription_id)
    found = rows.first()
    if found is None:
        raise NotFound("no_such_subscription")
    return found


@transaction.atomic
def _claim(district_id: str, at: datetime) -> Sequence[Delivery]:
    due = Delivery.objects.filter(
        district_id=district_id, settled_at=None, next_try_at__lte=at, channel=Channel.WEBHOOK
    ).order_by("next_try_at", "id")
    rows = list(due.select_for_update(skip_locked=True)[:_BATCH])
    Delivery.objects.filter(district_id=district_id, id__in=[row.id for row in rows]).update(next_try_at=at + _LEASE)
    return rows


def _request(
    row: Delivery, system: Subscription | None, fact: FactRow | None, at: datetime, at_s: float
) -> Request | None:
    """Write what a system is told; nothing where it was ended, or the fact lies beyond its area by now."""
    if system is None or system.ended_at or fact is None:
        return None
    if not is_within(fact.area_path or system.district_id, system.area_path):  # without an area it is the district's
        return None
    data = {name: value for name, value in fact.data.items() if name not in _OF_PERSONS}
    body = {
        "type": fact.kind,
        "timestamp": fact.at.isoformat(),
        "data": {
            "id": str(fact.id), "subject_id": str(fact.subject_id), "area_path": fact.area_path,
            "organisation_id": str(fact.organisation_id) if fact.organisation_id else None,
            "post_id": str(fact.post_id) if fact.post_id else None, "data": data,
        },
    }  # fmt: skip
    return webhook_request(url=system.url, secrets=secrets_of(system, at=at), message_id=str(row.message_id),
                           body=body, at_s=at_s)  # fmt: skip


def _called(request: Request, reach: Reach) -> str:
    try:
        answer = send(request, reach=reach)
    except CannotReach as error:
        return error.code
    return "" if answer.is_good else f"status_{answer.status}"


@transaction.atomic
def _settle(row: Delivery, fault: str, at: datetime) -> None:
    mine = Delivery.objects.filter(district_id=row.district_id, id=row.id)
    system = Subscription.objects.select_for_update().filter(district_id=row.district_id, id=row.recipient_id).first()
    if not fault:
        mine.update(state=State.SENT, settled_at=at, error="", via="http")
        if system and system.failing_since:
            system.failing_since = None
            system.save(update_fields=["failing_since"])
        return
    tries = row.tries + 1
    if fault == "ended" or is_final(fault, row.channel) or is_last(tries, row.channel):
        mine.update(state=State.GIVEN_UP, settled_at=at, error=fault, tries=tries)
    else:
        mine.update(state=State.FAILED, error=fault, tries=tries, next_try_at=at + wait_after(tries, row.id))
    if system and not system.ended_at and fault != "ended":
        _count_failure(system, fault, at)


def _count_failure(system: Subscription, fault: str, at: datetime) -> None:
    """Note since when a system takes nothing; end it after five days, or when it says that it is gone, and say so."""
    system.failing_since = system.failing_since or at
    is_gone = is_final(fault, Channel.WEBHOOK)
    if is_gone or at - system.failing_since >= GIVEN_UP_AFTER:
        system.ended_at, system.ended_why = at, "gone" if is_gone else "failing"
        on = timezone.localdate(at)
        posts = list_role_posts(district_id=system.district_id, roles=sorted(role_codes(Verb.RUN_JOBS)),
                                area_path=system.district_id, on=on)  # fmt: skip
        notify(district_id=system.district_id, people={post.person_id for post in posts}, message_id=new_id(),
               kind="webhook.disabled", subject_id=system.id, at=at)  # fmt: skip
    system.save(update_fields=["failing_since", "ended_at", "ended_why"])
