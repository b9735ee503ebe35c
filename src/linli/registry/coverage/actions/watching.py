"""Keeping watch: what lacks now is compared with what was known; what is new and what is filled is told."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from linli.kernel import bus
from linli.kernel.ids import new_id
from linli.ledger.facts.actions import record
from linli.registry.coverage.events import HoleFilled, HoleStands
from linli.registry.coverage.models import CoverageState, Hole
from linli.registry.coverage.queries.causes import SEPARATOR, FoundCause, causes_at, open_holes
from linli.registry.coverage.queries.functions import current_functions
from linli.registry.people.queries import role_names
from linli.registry.territory.queries import list_levels


@dataclass(frozen=True, slots=True)
class Watched:
    """How many holes are new, were filled since, and stand."""

    new: int
    filled: int
    standing: int


@transaction.atomic
def check_coverage(*, district_id: str, area_path: str = "", at: datetime) -> Watched:
    """Look for holes in an area, or in a whole district, as of a day. Once more, nothing is new.

    One empty post is one hole, however many places and functions lack it. What the first look at a whole district
    finds was there before: it is written down and nobody is alarmed; until then parts of it are not looked at. Locks
    the district's coverage. Writes a row and a fact for each hole that is new or filled; publishes HoleStands for a new
    one, and for every one where the whole district is looked at; HoleFilled for one that is filled. 11 queries and 2 a
    change.
    """
    state = _locked(district_id)
    is_first = state.checked_at is None
    if is_first and area_path:
        return Watched(0, 0, 0)
    path = _widened(district_id, area_path)
    known = open_holes(district_id=district_id, path=path)
    found = {row.key: row for row in causes_at(district_id=district_id, path=path, on=timezone.localdate(at))}
    names = role_names()
    new = [key for key in found if key not in known]
    filled = [hole for key, hole in known.items() if key not in found]
    for hole in filled:
        _fill(hole, at)
    for key, row in found.items():
        is_new = key not in known
        hole = _make(district_id, row, was_there=is_first, at=at) if is_new else known[key]
        _renew(hole, row)
        if not hole.was_there and (is_new or not area_path):
            bus.publish(_event(hole, row, names, is_new=is_new, at=at))
    if not area_path:
        state.checked_at = at
        state.save(update_fields=["checked_at"])
    return Watched(len(new), len(filled), len(found))


def _locked(district_id: str) -> CoverageState:
    CoverageState.objects.bulk_create(
        [CoverageState(id=new_id(), district_id=district_id)], ignore_conflicts=True
    )  # fmt: skip
    return CoverageState.objects.select_for_update().get(district_id=district_id)


def _widened(district_id: str, area_path: str) -> str:
    """Tell the area that holds all whose holes a change in this one can open or fill."""
    if not area_path:
        return district_id
    _number, functions = current_functions(district_id)
    depths = {level.code: level.depth for level in list_levels()}
    highest = min((depths[function.level] for function in functions), default=1)
    codes = area_path.split("/")
    return "/".join(codes[:highest])


def _make(district_id: str, row: FoundCause, *, was_there: bool, at: datetime) -> Hole:
    cause = row.cause
    hole = Hole(
        id=new_id(), district_id=district_id, area_id=row.area.id, roles=SEPARATOR.join(cause.roles),
        functions=[function.code for function in cause.functions], places=len(cause.places), was_there=was_there,
        appeared_at=at,
    )  # fmt: skip
    hole.save(force_insert=True)
    record(
        district_id=district_id, kind="coverage.hole_appeared", subject_id=hole.id, at=at, area_path=row.area.path,
        data={"roles": hole.roles, "functions": SEPARATOR.join(hole.functions), "places": hole.places},
    )  # fmt: skip
    return hole


def _renew(hole: Hole, row: FoundCause) -> None:
    """Keep what a hole says of its functions and places up to date. At most 1 query, mostly none."""
    functions, places = [function.code for function in row.cause.functions], len(row.cause.places)
    if (hole.functions, hole.places) != (functions, places):
        hole.functions, hole.places = functions, places
        hole.save(update_fields=["functions", "places"])


def _fill(hole: Hole, at: datetime) -> None:
    hole.closed_at = max(at, hole.appeared_at)
    hole.save(update_fields=["closed_at"])
    record(
        district_id=hole.district_id, kind="coverage.hole_filled", subject_id=hole.id, at=at, area_path=hole.area.path,
        data={"roles": hole.roles, "functions": SEPARATOR.join(hole.functions)},
    )  # fmt: skip
    bus.publish(HoleFilled(hole.id, hole.district_id, hole.area.path, at))


def _event(hole: Hole, row: FoundCause, names: dict[str, str], *, is_new: bool, at: datetime) -> HoleStands:
    return HoleStands(
        hole_id=hole.id, district_id=hole.district_id, area_code=row.area.code, area_path=row.area.path,
        area_name=row.area.name, level=row.area.level,
        functions=tuple(function.name for function in row.cause.functions),
        roles=tuple(names.get(role, role) for role in row.cause.functions[0].roles),
        places=tuple(place.name for place in row.cause.places), is_new=is_new, at=at,
    )  # fmt: skip
