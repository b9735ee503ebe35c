"""A hall's state as plain values, the hall's time, and the cookie of a juror's browser: for pages and streams alike."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import UUID

from django.core import signing

from linli.kernel.steady import SteadyClock
from linli.oversight.reviews.actions.juries import digest_of
from linli.oversight.reviews.calc.clock import STROKES, Clock
from linli.oversight.reviews.choices import Phase
from linli.oversight.reviews.queries.halls import HallState, JurorSeat, find_seat, get_hall

TIME = SteadyClock()
SEAT_COOKIE = "linli_seat"
SEAT_COOKIE_S = 24 * 3600
FRESH_S = 6.0  # streams read every five seconds where no hint comes
_SALT = "linli.hall.seat"


@dataclass(frozen=True, slots=True)
class SeatTicket:
    """What a juror's browser keeps. holder: its own secret, whose digest the server knows."""

    district_id: str
    session_id: UUID
    juror_id: UUID
    holder: str


def ms_of(at: datetime | None) -> int | None:
    """Give a time as milliseconds since 1970."""
    return None if at is None else round(at.timestamp() * 1000)


class KeptStates:
    """What streams of this process said last of each hall that somebody watches; whoever asks instead gets the same.

    Kept while it is read anew: one that nobody reads any more counts for nothing after `FRESH_S`.
    """

    def __init__(self) -> None:
        self._kept: dict[UUID, tuple[float, dict[str, Any]]] = {}

    def keep(self, session_id: UUID, state: dict[str, Any]) -> None:
        """Keep what was read just now."""
        self._kept[session_id] = (monotonic(), state)

    def drop(self, session_id: UUID) -> None:
        """Forget a hall that nobody watches any more."""
        self._kept.pop(session_id, None)

    def find(self, session_id: UUID) -> dict[str, Any] | None:
        """Give what was said last, None if nobody watches or nobody reads."""
        read_at, state = self._kept.get(session_id, (0.0, None))
        return state if state is not None and monotonic() - read_at < FRESH_S else None


KEPT = KeptStates()


def public_state(*, district_id: str, session_id: UUID) -> dict[str, Any]:
    """Give what every screen in the hall may know: where the session stands and what time runs. At most 8 queries."""
    return plain_state(get_hall(district_id=district_id, session_id=session_id))


def plain_state(state: HallState) -> dict[str, Any]:
    """Write a state as plain values; `version` differs whenever anything else does."""
    clock = state.clock
    told: dict[str, Any] = {
        "revision": state.revision,
        "is_open": state.is_open,
        "phase": clock.phase.value if clock else "",
        "turn": str(state.turns[clock.position - 1].id) if clock and clock.position else "",
        "position": clock.position if clock else 0,
        "running": _running(clock) if clock else None,
        "strokes": STROKES.get(clock.phase, 0) if clock else 0,
        "cast": state.cast,
        "present": state.present,
        "bells": state.are_bells_tested,
        "root": state.root,
        "said": [str(line.id) for line in state.said],
        "results": [[str(line.turn_id), line.rank, str(line.score)] for line in state.results],
    }
    return told | {"version": hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]}


def write_ticket(ticket: SeatTicket) -> str:
    """Write the cookie of a juror's browser."""
    parts = [ticket.district_id, str(ticket.session_id), str(ticket.juror_id), ticket.holder]
    return signing.dumps(parts, salt=_SALT)


def seat_behind(cookie: str, *, session_id: UUID) -> JurorSeat | None:
    """Find the seat of a browser's cookie; None once it was let out, or for another session. At most 1 query."""
    try:
        district_id, session, juror, holder = signing.loads(cookie, salt=_SALT, max_age=SEAT_COOKIE_S)
    except (signing.BadSignature, ValueError):
        return None
    if session != str(session_id):
        return None
    mark = digest_of(holder).hex()
    return find_seat(district_id=district_id, session_id=session_id, juror_id=UUID(juror), holder_mark=mark)


def _running(clock: Clock) -> dict[str, Any] | None:
    if clock.started_at is None or clock.phase == Phase.RESULT:
        return None
    return {"started_ms": ms_of(clock.started_at), "duration_ms": clock.duration_ms, "paused_ms": clock.paused_ms,
            "paused_at_ms": ms_of(clock.paused_at)}  # fmt: skip
