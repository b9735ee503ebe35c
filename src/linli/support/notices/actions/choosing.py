"""People say how they want to be told outside, and where."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from linli.kernel.crypto import encrypt, keyed_digest
from linli.kernel.errors import InvalidInput, NotFound
from linli.registry.people.queries.leaving import gone_people
from linli.support.notices.calc.push import read_browser
from linli.support.notices.calc.texts import LANGUAGES
from linli.support.notices.choices import PERSONAL, Channel, Pace
from linli.support.notices.models import Address, Preference
from linli.support.notices.queries.preferences import CHOSEN_KINDS, Wish

_LONGEST = 2000
MOST_BROWSERS = 10


@transaction.atomic
def save_wish(*, district_id: str, person_id: UUID | None, wish: Wish) -> None:
    """Keep how somebody wants to be told; None: what the district begins with. 1 query or 2. Raises InvalidInput."""
    known_kinds, known = set(CHOSEN_KINDS), {channel.value for channel in PERSONAL}
    for kind, channels in wish.choices.items():
        if kind not in known_kinds or not set(channels) <= known:
            raise InvalidInput("bad_choice", field="choices")
    if not set(wish.paces) <= known or not set(wish.paces.values()) <= {pace.value for pace in Pace}:
        raise InvalidInput("bad_choice", field="paces")
    if not (0 <= wish.quiet_from <= 23 and 0 <= wish.quiet_to <= 23):  # noqa: PLR2004 - hours of a day
        raise InvalidInput("bad_choice", field="quiet_from")
    if wish.language not in LANGUAGES:
        raise InvalidInput("bad_choice", field="language")
    values = {
        "choices": {kind: list(channels) for kind, channels in wish.choices.items()},
        "paces": dict(wish.paces),
        "quiet_from": wish.quiet_from,
        "quiet_to": wish.quiet_to,
        "language": wish.language,
    }
    Preference.objects.update_or_create(district_id=district_id, person_id=person_id, defaults=values)


@transaction.atomic
def add_mail(*, district_id: str, person_id: UUID, address: str, at: datetime) -> None:
    """Keep a person's address of mail in place of the one before. 3 queries. Raises InvalidInput("bad_mail")."""
    address = address.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvalidInput("bad_mail", field="email") from error
    Address.objects.filter(district_id=district_id, person_id=person_id, channel=Channel.EMAIL).delete()
    _keep(district_id, person_id, Channel.EMAIL, address, at, {})


@transaction.atomic
def add_browser(
    *, district_id: str, person_id: UUID, parts: Sequence[str], device: Mapping[str, str], at: datetime
) -> None:
    """Keep a browser that agreed to web push. parts: endpoint, p256dh, auth as the browser gives them. 3 queries.

    Another person's who used this browser before is let go. Raises InvalidInput("bad_browser").
    """
    if len(parts) != 3 or sum(map(len, parts)) > _LONGEST:  # noqa: PLR2004 - as named above
        raise InvalidInput("bad_browser", field="browser")
    try:
        written = read_browser(json.dumps(list(parts))).written()
    except ValueError as error:
        raise InvalidInput("bad_browser", field="browser") from error
    mark = keyed_digest(parts[0], purpose="notices.address")
    Address.objects.filter(district_id=district_id, channel=Channel.PUSH, mark=mark).delete()
    kept = Address.objects.filter(district_id=district_id, person_id=person_id, channel=Channel.PUSH)
    too_old = list(kept.order_by("-id").values_list("id", flat=True)[MOST_BROWSERS - 1 :])
    Address.objects.filter(district_id=district_id, id__in=too_old).delete()
    _keep(district_id, person_id, Channel.PUSH, written, at, device, mark=mark)


@transaction.atomic
def remove_address(*, district_id: str, person_id: UUID, address_id: UUID) -> None:
    """Let go of one of one's own addresses. 1 query. Raises NotFound."""
    mine = Address.objects.filter(district_id=district_id, person_id=person_id, id=address_id)
    if not mine.delete()[0]:
        raise NotFound("no_such_address")


@transaction.atomic
def remove_browser(*, district_id: str, person_id: UUID, endpoint: str) -> None:
    """Let go of the browser that says it is told no more. 1 query."""
    mark = keyed_digest(endpoint, purpose="notices.address")
    Address.objects.filter(district_id=district_id, person_id=person_id, channel=Channel.PUSH, mark=mark).delete()


@transaction.atomic
def forget_choices(*, district_id: str, at: datetime) -> int:
    """Wipe addresses and choices of people who hold no post any more. Returns how many. 3 queries."""
    gone = list(gone_people(district_id=district_id, before=timezone.localdate(at)))
    mine = {"district_id": district_id, "person_id__in": gone}
    return Address.objects.filter(**mine).delete()[0] + Preference.objects.filter(**mine).delete()[0]


def _keep(
    district_id: str, person_id: UUID, channel: Channel, value: str, at: datetime, device: Mapping[str, str],
    *, mark: bytes = b"",
) -> None:  # fmt: skip
    Address.objects.create(
        district_id=district_id,
        person_id=person_id,
        channel=channel,
        value=encrypt(value, purpose="notices.address"),
        mark=mark or keyed_digest(value, purpose="notices.address"),
        browser=device.get("browser", ""),
        system=device.get("system", ""),
        made_at=at,
    )
