"""How people want to be told outside: their own choice, else the district's, else what the program begins with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from linli.kernel.crypto import decrypt
from linli.support.notices.calc.texts import LANGUAGES, NAMES, TEST
from linli.support.notices.choices import Channel, Pace
from linli.support.notices.models import Address, Preference

CHOSEN_KINDS = tuple(kind for kind in NAMES if kind != TEST)


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants to be told. choices: kind to channels; paces: channel to pace; hours of the day for quiet."""

    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    paces: Mapping[str, str] = field(default_factory=dict)
    quiet_from: int = 21
    quiet_to: int = 8
    language: str = LANGUAGES[0]

    def channels(self, kind: str) -> tuple[str, ...]:
        """List by which channels to tell of a kind."""
        return self.choices.get(kind, ())

    def pace(self, channel: str) -> str:
        """Tell how soon."""
        return self.paces.get(channel, Pace.AT_ONCE)


# Nothing forces: a browser and an address of mail are there only where somebody left them; text messages cost.
FIRST = Wish(
    choices=dict.fromkeys(CHOSEN_KINDS, (Channel.PUSH.value, Channel.EMAIL.value)),
    paces={Channel.PUSH: Pace.AT_ONCE, Channel.EMAIL: Pace.MORNING, Channel.SMS: Pace.AT_ONCE},
)


@dataclass(frozen=True, slots=True)
class AddressRow:
    """An address as its person sees it. value: of mail; "" for a browser, of which nobody can read anything."""

    id: UUID
    channel: str
    value: str
    browser: str
    system: str
    made_at: datetime


def wishes_of(*, district_id: str, person_ids: Sequence[UUID]) -> dict[UUID, Wish]:
    """Read how each of these people wants to be told. 1 query."""
    rows = {
        row.person_id: row
        for row in Preference.objects.filter(district_id=district_id, person_id__in=person_ids)
        | Preference.objects.filter(district_id=district_id, person_id=None)
    }
    base = _over(FIRST, rows.get(None))
    return {person_id: _over(base, rows.get(person_id)) for person_id in person_ids}


def wish_of(*, district_id: str, person_id: UUID | None) -> Wish:
    """Read how one wants to be told; None: what the district begins with. 1 query."""
    if person_id is not None:
        return wishes_of(district_id=district_id, person_ids=[person_id])[person_id]
    return _over(FIRST, Preference.objects.filter(district_id=district_id, person_id=None).first())


def list_addresses(*, district_id: str, person_id: UUID) -> list[AddressRow]:
    """List one's own addresses, oldest first. 1 query."""
    rows = Address.objects.filter(district_id=district_id, person_id=person_id).order_by("id")
    return [
        AddressRow(
            row.id, row.channel,
            decrypt(row.value, purpose="notices.address") if row.channel == Channel.EMAIL else "",
            row.browser, row.system, row.made_at,
        )
        for row in rows
    ]  # fmt: skip


def channels_of(*, district_id: str, person_ids: Sequence[UUID]) -> set[tuple[UUID, str]]:
    """Tell who left an address for what. 1 query."""
    rows = Address.objects.filter(district_id=district_id, person_id__in=person_ids)
    return set(rows.values_list("person_id", "channel"))


def _over(base: Wish, row: Preference | None) -> Wish:
    if row is None:
        return base
    chosen = {kind: tuple(channels) for kind, channels in row.choices.items()}
    return Wish({**base.choices, **chosen}, {**base.paces, **row.paces}, row.quiet_from, row.quiet_to, row.language)
