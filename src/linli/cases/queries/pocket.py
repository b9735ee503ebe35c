"""What a worker's phone keeps of the open cases: those in hand, those of the own grid, those reported by oneself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from linli.cases.calc.doors import masked_address
from linli.cases.calc.workflow import HOLDER, Transition
from linli.cases.choices import Action
from linli.cases.models import Case
from linli.cases.queries.rows import light_of
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.rules import held_by, inside, is_holder, may_take, visible_to
from linli.kernel.crypto import decrypt
from linli.registry.people.rules import Viewer

MOST_CASES = 200
# What can be done without a network: all else needs a look at what others did meanwhile.
POCKET_ACTIONS = (Action.ACCEPT, Action.HANDLE, Action.REPORT_BACK, Action.NOTE)


@dataclass(frozen=True, slots=True)
class PocketCase:
    """An open case as a phone keeps it: no reporter, no door. lng, lat: GCJ-02; actions: what may be done on it now."""

    id: UUID
    number: str
    title: str
    text: str
    category: str
    state: str
    light: str
    due_at: datetime | None
    area_path: str
    place: str
    address: str
    lng: float | None
    lat: float | None
    is_mine: bool
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pocket:
    """The cases, the nearest deadline first, and what whoever has one may do from each state. has_more: cut off."""

    cases: list[PocketCase]
    has_more: bool
    moves: tuple[Transition, ...]


def read_pocket(*, viewer: Viewer, area_paths: Sequence[str], at: datetime) -> Pocket:
    """Read what the viewer's phone may keep, at most 200 cases. 1 query, and 1 where the rulebooks are new.

    area_paths: of the own grids. What lies elsewhere is in it only while it is in the viewer's hands or was reported by
    them: a leader's phone keeps no district.
    """
    mine = held_by(viewer) | Q(opened_by=viewer.person_id)
    for path in area_paths:
        mine |= inside(path)
    found = Case.objects.filter(visible_to(viewer), mine, closed_at__isnull=True)
    rows = list(found.order_by(F("due_at").asc(nulls_last=True), "-id")[: MOST_CASES + 1])
    workflow = current_rulebooks(viewer.district_id).workflow
    usual = tuple(row for row in workflow.transitions if row.action in POCKET_ACTIONS and not row.outcome)
    cases = [_kept(viewer, case, usual, at) for case in rows[:MOST_CASES]]
    moves = tuple(row for row in usual if HOLDER in row.by and not row.reasons)
    return Pocket(cases, len(rows) > MOST_CASES, moves)


def _kept(viewer: Viewer, case: Case, usual: Sequence[Transition], at: datetime) -> PocketCase:
    actions = tuple(
        row.action for row in usual if row.state == case.state and not row.reasons and may_take(viewer, case, row)
    )
    address = masked_address(decrypt(case.address, purpose="case.address"))
    return PocketCase(
        id=case.id, number=case.number, title=case.title, text=case.text, category=case.category, state=case.state,
        light=light_of(case.state, due_at=case.due_at, amber_at=case.amber_at, at=at), due_at=case.due_at,
        area_path=case.area_path, place=case.place, address=address,
        lng=case.lng, lat=case.lat, is_mine=is_holder(viewer, case), actions=actions,
    )  # fmt: skip
