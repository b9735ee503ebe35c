"""Changing the tree of areas from a day on: split, merge, move, redraw, add, rename, close.

An area never changes its code or its place in the tree: what would need that ends, and goes on as a new one. So what
named the old one, cases above all, still says what it said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import shapely
from django.db import transaction
from django.utils import timezone

from linli.kernel import bus
from linli.kernel.db.amending import amend
from linli.kernel.errors import InvalidInput
from linli.kernel.ids import new_id
from linli.ledger.facts.actions import record
from linli.registry.territory.actions.boundaries import LONGEST_REASON, redraw_boundaries
from linli.registry.territory.actions.rows import touch, write_areas
from linli.registry.territory.calc import paths
from linli.registry.territory.calc.operations import Operation
from linli.registry.territory.calc.polygons import as_geojson, read_polygon
from linli.registry.territory.calc.reshaping import Draft, Plan, draft, ground_of
from linli.registry.territory.calc.rows import require
from linli.registry.territory.choices import ChangeKind, ChangePart, Crs
from linli.registry.territory.events import AreasChanged
from linli.registry.territory.models import Area, AreaChange, Boundary, Building, Compound
from linli.registry.territory.queries.tree import building_points, tree_on

MOST_AHEAD = timedelta(days=366)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Undoing:
    """What taking a change back needs: last days before, and what went to another area, by the id of one that ended."""

    ended_before: Mapping[UUID, date | None]
    went: Mapping[UUID, dict[str, list[str]]]


@transaction.atomic
def reshape_areas(
    *, district_id: str, operation: Operation, change_id: UUID, on: date, reason: str, accepts_gaps: bool,
    by: UUID | None, at: datetime,
) -> Plan:  # fmt: skip
    """Carry out a change of the tree from a day on, all of it or nothing. Returns the plan that was carried out.

    on: today or later; a name changes at once. Writes areas that begin and last days of those that end, a boundary
    version if anything is drawn, buildings' and compounds' areas, a line of history for each area, a fact; publishes
    AreasChanged; locks the district's territory. Cases keep what they have.
    Raises InvalidInput: those of `draft`, day_too_early, day_too_far, name_counts_at_once, reason_missing,
    reason_too_long, gaps_left, and the faults of the drawing (outside_parent, child_outside, overlaps_sibling; params:
    area, other).
    """
    today = timezone.localdate(at)
    _check_day(operation, on, today)
    require(reason.strip(), "reason_missing", "reason")
    require(len(reason) <= LONGEST_REASON, "reason_too_long", "reason", most=LONGEST_REASON)
    touch([district_id])
    tree = tree_on(district_id=district_id, on=on)
    made = draft(tree, operation)
    _refuse(made, accepts_gaps=accepts_gaps)
    plan = made.plan
    ended_before = _write_areas(district_id, plan, on, anew=frozenset(tree.free.values()))
    number = _draw(district_id, plan, _instant(on, at), reason, by, at)
    undoing = _Undoing(ended_before, _reseat(district_id, plan))
    _write_history(district_id, plan, change_id, number, undoing, on=on, reason=reason, by=by, at=at)
    top = paths.common_ancestor(tuple(each.node.path for each in plan.touched)) or district_id
    record(
        district_id=district_id, kind=f"territory.{plan.kind}", subject_id=change_id, at=at, actor_id=by,
        area_path=top, data={"areas": len(plan.touched), "number": number, "on": on.isoformat()},
    )  # fmt: skip
    bus.publish(AreasChanged(district_id, tuple(each.node.id for each in plan.touched), on, at))
    return plan


def _check_day(operation: Operation, on: date, today: date) -> None:
    require(on >= today, "day_too_early", "on")
    require(on <= today + MOST_AHEAD, "day_too_far", "on", most=MOST_AHEAD.days)
    if operation.operation is ChangeKind.RENAME:
        require(on == today, "name_counts_at_once", "on")


def _refuse(made: Draft, *, accepts_gaps: bool) -> None:
    """Raise the first fault by path, or that there are gaps nobody said yes to."""
    for fault in made.faults:
        params: dict[str, str | int] = {"area": paths.codes(fault.path)[-1], "other": paths.codes(fault.other)[-1]}
        raise InvalidInput(fault.code, field="geometry", params=params)
    if made.gaps and not accepts_gaps:
        square = round(sum(gap.patch.area_m2 for gap in made.gaps))
        raise InvalidInput("gaps_left", field="accepts_gaps", params={"gaps": len(made.gaps), "area_m2": square})


def _instant(on: date, at: datetime) -> datetime:
    """Tell from when on points are located anew: the day's first instant, or at once today."""
    if on <= timezone.localdate(at):
        return at
    return timezone.make_aware(datetime.combine(on, datetime.min.time()))


def _write_areas(district_id: str, plan: Plan, on: date, *, anew: frozenset[UUID]) -> dict[UUID, date | None]:
    """Write those that begin, parents before children, then last days and names. Returns the last days before.

    anew: ids of areas that were taken back once. 5 queries at most.
    """
    begun = [
        Area(
            id=each.node.id, district_id=district_id, code=each.node.code, name=each.node.name,
            level_id=each.node.level, parent_id=plan.parents[each.node.id], path=each.node.path, kind=each.node.kind,
            pinyin_key=each.node.pinyin_key, starts_on=on,
        )
        for each in plan.of(ChangePart.BEGUN)
    ]  # fmt: skip
    write_areas(begun, anew=anew)
    ended = [each.node.id for each in plan.of(ChangePart.ENDED, ChangePart.MOVED)]
    before = dict(Area.objects.filter(district_id=district_id, id__in=ended).values_list("id", "ends_on"))
    amend(Area, district_id=district_id, fields=("ends_on",), rows=[(area_id, on - _DAY) for area_id in ended])
    amend(Area, district_id=district_id, fields=("name",),
          rows=[(each.node.id, each.node.name) for each in plan.of(ChangePart.RENAMED)])  # fmt: skip
    return before


def _draw(district_id: str, plan: Plan, valid_from: datetime, reason: str, by: UUID | None, at: datetime) -> int:
    """Make the version, schematic where anything that it is drawn from is. Returns its number, 0 for none."""
    if not plan.drawn:
        return 0
    sources = [*plan.drawn, *plan.parents.values()]
    before = Boundary.objects.filter(district_id=district_id, area_id__in=sources)
    newest = before.order_by("area_id", "-version__number").distinct("area_id").values_list("is_schematic", flat=True)
    changes = {area_id: as_geojson(shape) if shape is not None else None for area_id, shape in plan.drawn.items()}
    return redraw_boundaries(
        district_id=district_id, changes=changes, valid_from=valid_from, reason=reason, by=by, at=at,
        is_schematic=any(newest),
    )  # fmt: skip


def _reseat(district_id: str, plan: Plan) -> dict[UUID, dict[str, list[str]]]:
    """Give buildings and compounds to who has their ground now. At most 2 queries, and 4 for a split.

    Returns what went where it mixes with others, by the area that it was of.
    """
    new_of = {each.node.id: each.successor for each in plan.of(ChangePart.ENDED, ChangePart.MOVED) if each.successor}
    buildings = Building.objects.filter(district_id=district_id, subgrid_id__in=new_of).order_by("id")
    mixed = {each.node.id for each in plan.of(ChangePart.ENDED)}
    went: dict[UUID, dict[str, list[str]]] = {}
    moved, counted = [], []
    for row_id, area_id in buildings.values_list("id", "subgrid_id"):
        moved.append((row_id, new_of[area_id]))
        if area_id in mixed:
            went.setdefault(area_id, {}).setdefault("buildings", []).append(str(row_id))
    compounds = Compound.objects.filter(district_id=district_id, area_id__in=new_of).order_by("id")
    for row_id, area_id in compounds.values_list("id", "area_id"):
        counted.append((row_id, new_of[area_id]))
        if area_id in mixed:
            went.setdefault(area_id, {}).setdefault("compounds", []).append(str(row_id))
    if plan.reseated:
        moved += _by_ground(plan, building_points(district_id, plan.reseated[0]))
        counted += _by_ground(plan, _compound_points(district_id, plan.reseated[0]))
    amend(Building, district_id=district_id, fields=("subgrid",), rows=moved)
    amend(Compound, district_id=district_id, fields=("area",), rows=counted)
    return went


def _by_ground(plan: Plan, points: Mapping[UUID, tuple[float, float]]) -> list[tuple[UUID, UUID]]:
    """Tell which of them stand in another of the two parts than the first."""
    grounds = ground_of([(area_id, plan.drawn[area_id]) for area_id in plan.reseated], list(points.values()))
    return [(row_id, ground) for row_id, ground in zip(points, grounds, strict=True) if ground in plan.reseated[1:]]


def _compound_points(district_id: str, area_id: UUID) -> dict[UUID, tuple[float, float]]:
    rows = Compound.objects.filter(district_id=district_id, area_id=area_id, boundary__isnull=False).order_by("id")
    found = {}
    for row_id, boundary, crs in rows.values_list("id", "boundary", "crs"):
        inside = shapely.point_on_surface(read_polygon(boundary or {}, Crs(crs)))
        found[row_id] = (inside.x, inside.y)
    return found


def _write_history(
    district_id: str, plan: Plan, change_id: UUID, number: int, undoing: _Undoing, *, on: date, reason: str,
    by: UUID | None, at: datetime,
) -> None:  # fmt: skip
    rows: Sequence[AreaChange] = [
        AreaChange(
            id=new_id(), district_id=district_id, change=change_id, area_id=each.node.id, kind=plan.kind,
            part=each.part, successor_id=each.successor, name_before=each.name_before, valid_on=on, made_at=at,
            made_by=by, reason=reason.strip(), boundary_number=number if each.node.id in plan.drawn else 0,
            ended_before=undoing.ended_before.get(each.node.id), went=undoing.went.get(each.node.id, {}),
        )
        for each in plan.touched
    ]  # fmt: skip
    AreaChange.objects.bulk_create(rows)
