"""Sending what is due: claimed in a moment, sent with no lock held, several at once; at least once outside."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from linli.kernel.crypto import decrypt, keyed_digest
from linli.kernel.outgoing import ANYWHERE, Answer, CannotReach, Reach, Request, send
from linli.registry.people.queries import work_phones
from linli.support.notices.calc.protocols import is_final, robot_fault, robot_request, sms_fault, sms_request
from linli.support.notices.calc.push import encoded, key_of, public_of, push_request, read_browser
from linli.support.notices.calc.texts import DIGEST, LANGUAGES, fill, name_of
from linli.support.notices.calc.timing import due_at, is_last, wait_after
from linli.support.notices.choices import Channel, Pace, State, Whom
from linli.support.notices.models import Address, Delivery, Robot
from linli.support.notices.queries.preferences import FIRST, Wish, wishes_of
from linli.support.notices.queries.subjects import NOTHING, Subject, phones_of, subjects_of
from linli.support.notices.queries.texts import current_texts, text_for

log = logging.getLogger(__name__)

# Longer than any one of a batch may take; what a dead worker held is due again after it.
_LEASE = timedelta(minutes=5)
_AT_ONCE, _BATCH = 8, 100
_LINES = 5
_HERE = "/desk/notices/"
CONSOLE = "console"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sending went. fault: a code, "" for taken; is_over: no use in trying again; gone: addresses to let go of."""

    fault: str = ""
    via: str = ""
    is_over: bool = False
    gone: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Parcel:
    """Deliveries that go out as one, and how. send: asks the service; no database, for it runs beside others."""

    rows: tuple[Delivery, ...]
    send: Callable[[], Outcome]


@dataclass(slots=True)
class Materials:
    """What the parcels of a batch are made of, read together."""

    district_id: str
    at: datetime
    wishes: Mapping[UUID, Wish] = field(default_factory=dict)
    addresses: Mapping[tuple[UUID, str], list[tuple[UUID, str]]] = field(default_factory=dict)
    phones: Mapping[UUID, str] = field(default_factory=dict)
    robots: Mapping[UUID, tuple[str, str]] = field(default_factory=dict)
    subjects: Mapping[UUID, Subject] = field(default_factory=dict)
    texts: Mapping[tuple[str, str, str], str] = field(default_factory=dict)


def send_due(*, district_id: str, at: datetime) -> int:
    """Send what is due in a district, a batch. Returns how many were settled or put off. At most 14 queries.

    Several workers pass over each other's. A stop in the middle sends again after five minutes, with the same ids.
    """
    rows = _claim(district_id, at)
    if not rows:
        return 0
    materials = _gather(district_id, rows, at)
    waits, due = _apart(rows, materials)
    for until, late in waits.items():
        Delivery.objects.filter(district_id=district_id, id__in=[row.id for row in late]).update(next_try_at=until)
    parcels = _pack(due, materials)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        outcomes = list(pool.map(_tried, parcels))
    for parcel, outcome in zip(parcels, outcomes, strict=True):
        _settle(district_id, parcel.rows, outcome, at)
    return len(rows)


@transaction.atomic
def _claim(district_id: str, at: datetime) -> list[Delivery]:
    due = Delivery.objects.filter(district_id=district_id, settled_at=None, next_try_at__lte=at)
    people = due.exclude(channel=Channel.WEBHOOK).order_by("next_try_at", "id")
    rows = list(people.select_for_update(skip_locked=True)[:_BATCH])
    Delivery.objects.filter(district_id=district_id, id__in=[row.id for row in rows]).update(next_try_at=at + _LEASE)
    return rows


def _gather(district_id: str, rows: Sequence[Delivery], at: datetime) -> Materials:
    people = sorted({row.recipient_id for row in rows if row.whom == Whom.PERSON})
    texted = sorted({row.recipient_id for row in rows if row.whom == Whom.PERSON and row.channel == Channel.SMS})
    reporters = sorted({row.recipient_id for row in rows if row.whom == Whom.REPORTER})
    robots = Robot.objects.filter(
        district_id=district_id, ended_at=None, id__in={row.recipient_id for row in rows if row.whom == Whom.ROBOT}
    )
    addresses: dict[tuple[UUID, str], list[tuple[UUID, str]]] = defaultdict(list)
    for row in Address.objects.filter(district_id=district_id, person_id__in=people).order_by("id"):
        value = decrypt(row.value, purpose="notices.address")
        addresses[row.person_id, row.channel].append((row.id, value))
    return Materials(
        district_id,
        at,
        wishes=wishes_of(district_id=district_id, person_ids=people),
        addresses=addresses,
        phones={
            **(work_phones(district_id=district_id, person_ids=texted) if texted else {}),
            **phones_of(Whom.REPORTER, district_id, reporters),
        },
        robots={
            row.id: (decrypt(row.url, purpose="notices.robot"), decrypt(row.secret, purpose="notices.robot"))
            for row in robots
        },
        subjects=subjects_of(district_id, [(row.kind, row.subject_id) for row in rows]),
        texts=current_texts(district_id=district_id),
    )


def _apart(rows: Sequence[Delivery], materials: Materials) -> tuple[dict[datetime, list[Delivery]], list[Delivery]]:
    """Put off what would come to people in their quiet hours: a retry, or what a stopped worker left."""
    waits: dict[datetime, list[Delivery]] = defaultdict(list)
    due = []
    local = timezone.localtime(materials.at)
    for row in rows:
        wish = materials.wishes.get(row.recipient_id, FIRST)
        until = due_at(local, pace=Pace.AT_ONCE, quiet_from=wish.quiet_from, quiet_to=wish.quiet_to)
        if row.whom == Whom.ROBOT or until <= materials.at:
            due.append(row)
        else:
            waits[until].append(row)
    return waits, due


def _pack(rows: Sequence[Delivery], materials: Materials) -> list[Parcel]:
    """Put what goes to one recipient by one channel into one message."""
    together: dict[tuple[str, UUID, str], list[Delivery]] = defaultdict(list)
    for row in rows:
        together[row.whom, row.recipient_id, row.channel].append(row)
    return [Parcel(tuple(group), _sender(group, materials)) for group in together.values()]


def _sender(rows: Sequence[Delivery], materials: Materials) -> Callable[[], Outcome]:
    """Make what sends these, with all that it needs at hand."""
    first = rows[0]
    said, link = _words(rows, materials)
    at_s = time.time()
    match first.channel:
        case Channel.SMS:
            phone = materials.phones.get(first.recipient_id, "")
            return lambda: _by_sms(phone, said, first)
        case Channel.EMAIL:
            found = materials.addresses.get((first.recipient_id, Channel.EMAIL), [])
            subject = _subject(rows, materials)
            return lambda: _by_mail(found, subject, said, first)
        case Channel.PUSH:
            browsers = materials.addresses.get((first.recipient_id, Channel.PUSH), [])
            shown = {"title": _subject(rows, materials), "body": said, "url": link, "id": str(first.message_id)}
            return lambda: _by_push(browsers, shown, first, at_s)
        case _:
            robot = materials.robots.get(first.recipient_id)
            return lambda: _by_robot(robot, said, first, at_s)


def _words(rows: Sequence[Delivery], materials: Materials) -> tuple[str, str]:
    """Give the words and where they lead: one message's own, or several gathered. A reporter hears the newest alone."""
    newest = rows[-1]
    language = _language(newest, materials)
    if len(rows) == 1 or newest.whom == Whom.REPORTER:
        subject = materials.subjects.get(newest.subject_id, NOTHING)
        path = subject.follow_path if newest.whom == Whom.REPORTER else subject.path
        link = site() + path
        values = {"what": name_of(newest.kind, language), "number": subject.number, "link": link,
                  "due": _due(subject.due_at, language)}  # fmt: skip
        return _filled(newest.kind, newest.channel, language, values, materials), link
    lines = [
        f"{name_of(row.kind, language)} {materials.subjects.get(row.subject_id, NOTHING).number}".strip()
        for row in rows[:_LINES]
    ]
    if len(rows) > _LINES:
        lines.append("…")
    link = site() + _HERE
    values = {"count": str(len(rows)), "lines": "\n".join(lines), "link": link}
    return _filled(DIGEST, newest.channel, language, values, materials), link


def _filled(kind: str, channel: str, language: str, values: Mapping[str, str], materials: Materials) -> str:
    return fill(text_for(materials.texts, kind=kind, channel=channel, language=language), values)


def _subject(rows: Sequence[Delivery], materials: Materials) -> str:
    newest = rows[-1]
    language = _language(newest, materials)
    if len(rows) > 1:
        return f"{len(rows)} new notices" if language == "en" else f"{len(rows)} 条新通知"
    number = materials.subjects.get(newest.subject_id, NOTHING).number
    return f"{name_of(newest.kind, language)} {number}".strip()


def _language(row: Delivery, materials: Materials) -> str:
    wish = materials.wishes.get(row.recipient_id)
    return wish.language if wish else LANGUAGES[0]


def _due(due_at_: datetime | None, language: str) -> str:
    if due_at_ is None:
        return "no time set" if language == "en" else "未定时限"
    local = timezone.localtime(due_at_)
    return f"by {local:%m-%d %H:%M}" if language == "en" else f"限{local.month}月{local.day}日 {local:%H:%M} 前"


def _tried(parcel: Parcel) -> Outcome:
    try:
        return parcel.send()
    except CannotReach as error:
        return Outcome(error.code, is_over=is_final(error.code, parcel.rows[0].channel))
    except Exception as error:  # whatever a service does to us, the others' messages go out
        log.warning("delivery %s by %s failed", parcel.rows[0].id, parcel.rows[0].channel, exc_info=True)
        return Outcome(type(error).__name__[:40])


@transaction.atomic
def _settle(district_id: str, rows: Sequence[Delivery], outcome: Outcome, at: datetime) -> None:
    for address_id in outcome.gone:
        Address.objects.filter(district_id=district_id, id=address_id).delete()
    mine = Delivery.objects.filter(district_id=district_id)
    if not outcome.fault:
        sent = {"state": State.SENT, "settled_at": at, "error": "", "via": outcome.via}
        mine.filter(id__in=[row.id for row in rows]).update(**sent)
        return
    for row in rows:
        tries = row.tries + 1
        changes: dict[str, object] = {"tries": tries, "error": outcome.fault[:40]}
        if outcome.is_over or is_last(tries, row.channel):
            changes |= {"state": State.GIVEN_UP, "settled_at": at}
        else:
            changes |= {"state": State.FAILED, "next_try_at": at + wait_after(tries, row.id)}
        mine.filter(id=row.id).update(**changes)


def _by_sms(phone: str, text: str, row: Delivery) -> Outcome:
    if not phone:
        return Outcome("no_address", is_over=True)
    outside = settings.OUTSIDE
    if not outside.sms_url:
        return _by_console(row)
    request = sms_request(url=outside.sms_url, headers=dict(outside.sms_headers), template=outside.sms_body,
                          phone=phone, text=text, message_id=str(row.id))  # fmt: skip
    fault = sms_fault(send(request, reach=ANYWHERE), outside.sms_good)
    return Outcome(fault, "http", is_over=is_final(fault, row.channel))


def _by_mail(found: Sequence[tuple[UUID, str]], subject: str, text: str, row: Delivery) -> Outcome:
    if not found:
        return Outcome("no_address", is_over=True)
    if not settings.OUTSIDE.mail.host:
        return _by_console(row)
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    mail = EmailMessage(subject, text, to=[found[0][1]], headers={"Message-ID": f"<{row.id}@{host}>"})
    try:
        mail.send()
    except SMTPRecipientsRefused:
        return Outcome("recipient_refused", is_over=True)
    except SMTPException as error:
        return Outcome(f"smtp_{getattr(error, 'smtp_code', type(error).__name__)}"[:40])
    except OSError:
        return Outcome("no_connection")
    return Outcome(via="smtp")


def _by_push(browsers: Sequence[tuple[UUID, str]], shown: dict[str, str], row: Delivery, at_s: float) -> Outcome:
    """Wake each of a person's browsers; one that took it is enough. One that the service knows no more is let go."""
    gone, faults = [], []
    sender = key_of(push_seed())
    for address_id, value in browsers:
        request = push_request(read_browser(value), said=shown, message_id=str(row.message_id), sender=sender,
                               contact=site() or "mailto:linli@localhost", at_s=at_s)  # fmt: skip
        fault = _push_fault(request)
        if fault in {"status_404", "status_410"}:
            gone.append(address_id)
        elif fault:
            faults.append(fault)
    if len(gone) + len(faults) < len(browsers):
        return Outcome(via="push", gone=tuple(gone))
    return Outcome(faults[0] if faults else "no_address", is_over=not faults, gone=tuple(gone))


def _push_fault(request: Request) -> str:
    try:
        answer = send(request, reach=reach())
    except CannotReach as error:
        return error.code
    return "" if answer.is_good else f"status_{answer.status}"


def _by_robot(robot: tuple[str, str] | None, text: str, row: Delivery, at_s: float) -> Outcome:
    if robot is None:
        return Outcome("no_address", is_over=True)
    url, secret = robot
    request = robot_request(row.channel, url=url, secret=secret, text=text, at_s=at_s)
    answer: Answer = send(request, reach=reach())
    fault = robot_fault(answer)
    return Outcome(fault, "robot", is_over=is_final(fault, row.channel))


def _by_console(row: Delivery) -> Outcome:
    """Note that something would have gone out; never its words nor to whom."""
    log.warning("no service for %s: delivery %s (%s) goes to this console alone", row.channel, row.id, row.kind)
    return Outcome(via=CONSOLE)


def site() -> str:
    """Give the address under which people reach this installation, for links."""
    environment = settings.ENVIRONMENT
    return settings.OUTSIDE.site or f"http://{environment.bind}:{environment.port}"


def reach() -> Reach:
    """Say where calls to addresses that somebody typed in may go."""
    return Reach(settings.OUTSIDE.networks)


def push_seed() -> bytes:
    """Give what the key of web push is made of: of a key in the data folder, so it stays as long as that."""
    return keyed_digest("vapid", purpose="web-push")


def push_key() -> str:
    """Give the public key that a browser is told when it agrees, in base64 for addresses."""
    return encoded(public_of(key_of(push_seed())))
