"""How many tickets, who is due, how many slots are kept: from earlier results and the rules alone.

tickets = min(1 + draws since last drawn, cap). An organisation that is new starts at the median of its stratum; one
that came out of a merger inherits the larger. Every valid draw of the level counts, also for who was excused from it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

UNIFORM, COOLDOWN, FLOOR, TICKETS = "A", "B", "E", "F"
WITH_FLOOR = frozenset({FLOOR, TICKETS})
COOLING = "cooldown"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of choosing.

    kind: A uniform; B nobody again within `cooldown` draws; E uniform with the year's floor; F tickets up to
    `ticket_cap` with the year's floor.
    """

    kind: str = TICKETS
    ticket_cap: int = 6
    cooldown: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation that may be drawn. excused: a code, "" for none; merged_from: ids it came out of."""

    id: str
    stratum: str
    excused: str = ""
    merged_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PastDraw:
    """A draw that counts: its year, its pool and who was drawn, amendments included."""

    year: int
    pool: tuple[Member, ...]
    drawn: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """What an organisation brings along. waited: draws since it was last drawn; last_year: in which it was, 0 never."""

    waited: int
    last_year: int = 0
    was_drawn: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What an organisation holds in the next draw. excused: its own code, or `cooldown`."""

    id: str
    stratum: str
    tickets: int
    is_due: bool
    excused: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """The next draw's pool and how many slots each stratum keeps for who is due."""

    pool: tuple[Held, ...]
    floors: Mapping[str, int] = field(default_factory=dict)


def standings(past: Iterable[PastDraw]) -> dict[str, Standing]:
    """Walk the draws in their order and say how each organisation stands after the last one."""
    known: dict[str, Standing] = {}
    for one in past:
        known |= _enter(one.pool, known)
        known = {
            organisation: Standing(0, one.year, was_drawn=True)
            if organisation in one.drawn
            else Standing(held.waited + 1, held.last_year, held.was_drawn)
            for organisation, held in known.items()
        }
    return known


def count_tickets(
    members: Sequence[Member], past: Iterable[PastDraw], *, rule: Rule, year: int, take: Mapping[str, int],
    draws_left: int,
) -> Counted:  # fmt: skip
    """Say what everybody holds in the next draw. take: by stratum; draws_left: of the year, after this one."""
    known = standings(past)
    known |= _enter(members, known)
    pool = tuple(_hold(member, known[member.id], rule, year) for member in members)
    floors = {
        stratum: floor_of(pool, stratum, take=number, draws_left=draws_left) if rule.kind in WITH_FLOOR else 0
        for stratum, number in take.items()
    }
    return Counted(pool, floors)


def floor_of(pool: Iterable[Held], stratum: str, *, take: int, draws_left: int) -> int:
    """Say how many slots must be kept so that the rest of the year is enough for who is not drawn yet.

    floor = undrawn - take x draws left, at least 0, at most the slots there are and those due who have a ticket.
    """
    due = [one for one in pool if one.stratum == stratum and one.is_due]
    return max(0, min(len(due) - take * draws_left, take, sum(one.tickets > 0 for one in due)))


def _hold(member: Member, standing: Standing, rule: Rule, year: int) -> Held:
    excused = member.excused
    if not excused and rule.kind == COOLDOWN and standing.was_drawn and standing.waited < rule.cooldown:
        excused = COOLING
    tickets = min(1 + standing.waited, rule.ticket_cap) if rule.kind == TICKETS else 1
    return Held(member.id, member.stratum, 0 if excused else tickets, standing.last_year != year, excused)


def _enter(members: Iterable[Member], known: Mapping[str, Standing]) -> dict[str, Standing]:
    """Give a standing to who has none: the larger of those merged, else the lower median of its stratum."""
    listed = tuple(members)
    return {
        member.id: _inherit(member, known) or Standing(_median(listed, member.stratum, known))
        for member in listed
        if member.id not in known
    }


def _inherit(member: Member, known: Mapping[str, Standing]) -> Standing | None:
    before = [known[each] for each in member.merged_from if each in known]
    return max(before, key=lambda each: (each.waited, -each.last_year)) if before else None


def _median(members: Iterable[Member], stratum: str, known: Mapping[str, Standing]) -> int:
    waits = sorted(known[one.id].waited for one in members if one.stratum == stratum and one.id in known)
    return waits[(len(waits) - 1) // 2] if waits else 0
