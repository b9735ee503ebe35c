"""What pages in a hall say of themselves every few seconds."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from linli.kernel.errors import InvalidInput
from linli.kernel.ids import new_id
from linli.oversight.reviews.choices import ScreenRole

_AUDIO = frozenset({"", "running", "suspended", "interrupted", "closed"})
_WAKE = frozenset({"", "held", "released", "refused"})
_LIGHT = """
INSERT INTO reviews_lamp AS l (id, district_id, session_id, role, client, label, revision, offset_ms, rtt_ms, audio,
  wake, seen_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (district_id, session_id, client) DO UPDATE SET role = excluded.role, label = excluded.label,
  revision = excluded.revision, offset_ms = excluded.offset_ms, rtt_ms = excluded.rtt_ms, audio = excluded.audio,
  wake = excluded.wake, seen_at = excluded.seen_at
"""
_MOST_MS = 2**31 - 1
LONGEST_LABEL = 40


@dataclass(frozen=True, slots=True)
class Light:
    """A page's report. client: made by the page; offset_ms: how far off what it shows is, as it measured."""

    role: ScreenRole
    client: UUID
    label: str
    revision: int
    offset_ms: int
    rtt_ms: int
    audio: str
    wake: str


def light_lamp(*, district_id: str, session_id: UUID, light: Light, at: datetime) -> None:
    """Keep a page's last report. Whoever calls has asked who may. 1 query. Raises InvalidInput("lamp_unreadable")."""
    numbers = (light.revision, light.offset_ms, light.rtt_ms)
    is_fit = light.audio in _AUDIO and light.wake in _WAKE and all(abs(number) <= _MOST_MS for number in numbers)
    if not is_fit:
        raise InvalidInput("lamp_unreadable")
    with connection.cursor() as cursor:
        cursor.execute(_LIGHT, [
            new_id(), district_id, session_id, light.role.value, light.client, light.label[:LONGEST_LABEL], *numbers,
            light.audio, light.wake, at,
        ])  # fmt: skip
