"""Taking a change of the tree back, before it counts or on its day: what began never was, what ended goes on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.kernel import bus
from linli.kernel.db.amending import amend
from linli.kernel.ids import new_id
from linli.ledger.facts.actions import record
from linli.registry.territory.actions.boundaries import LONGEST_REASON, restore_boundaries
from linli.registry.territory.actions.rows import touch
from linli.registry.territory.calc import paths
from linli.registry.territory.calc.rows import require
from linli.registry.territory.choices import ChangeKind, ChangePart
from linli.registry.territory.events import AreasChanged
from linli.registry.territory.models import Area, AreaChange, Building, Compound
from linli.registry.territory.queries.taking_back import MadeChange, read_change, stands_of_territory

_DAY = timedelta(days=1)
# What is seated in areas: the table, the field that names the area, and the name in AreaChange.went.
_SEATED: tuple[tuple[type[Building] | type[Compound], str, str], ...] = (
    (Building, "subgrid", "buildings"), (Compound, "area", "compounds"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Said:
    """Who takes back, why and when; undo_id: what the history calls it."""

    undo_id: UUID
    reason: str
    by: UUID | None
    at: datetime


@transaction.atomic
def take_back_change(
    *, district_id: str, change_id: UUID, undo_id: UUID, reason: str, by: UUID | None, at: datetime
) -> MadeChange:
    """Take a change of the tree back, all of it. Returns what it was.

    Only before the day it counts from, or on that day if it was saved then. Areas that began never were, and their
    codes are free again; those that ended have the last day that they had; a boundary version draws what was there
    before; buildings and compounds go back. Writes a line of history for each area, a fact; publishes AreasChanged;
    locks the district's territory and the areas, so that a case being written there is seen by who asks afterwards.
    Raises NotFound (no_such_change), InvalidInput (reason_missing, reason_too_long), Conflict: change_taken_back,
    change_counts, or what stands on it (`stands_of_territory`). Some 20 queries.
    """
    require(reason.strip(), "reason_missing", "reason")
    require(len(reason) <= LONGEST_REASON, "reason_too_long", "reason", most=LONGEST_REASON)
    touch([district_id])
    change = read_change(district_id=district_id, change_id=change_id)
    change.require_time(at)
    ids = sorted(area.id for area in change.areas)
    list(Area.objects.filter(district_id=district_id, id__in=ids).select_for_update(of=("self",)).order_by("id"))
    for stand in stands_of_territory(change):
        raise stand.as_error()
    _seat_back(change)
    _write_areas(change)
    number = restore_boundaries(
        district_id=district_id, number=change.number, reason=reason, by=by, at=at
    ) if change.number else 0  # fmt: skip
    _write_history(change, number, _Said(undo_id, reason.strip(), by, at))
    top = paths.common_ancestor(tuple(area.path for area in change.areas)) or district_id
    record(
        district_id=district_id, kind="territory.taken_back", subject_id=undo_id, at=at, actor_id=by, area_path=top,
        data={"change": str(change_id), "areas": len(change.areas), "number": number},
    )  # fmt: skip
    bus.publish(AreasChanged(district_id, tuple(area.id for area in change.areas), timezone.localdate(at), at))
    return change


def _write_areas(change: MadeChange) -> None:
    """Let those that began never have been, and the others be as they were. 4 queries at most."""
    begun = Area.objects.filter(district_id=change.district_id, id__in=_ids(change, ChangePart.BEGUN)).order_by("id")
    days: list[tuple[UUID, date | None]] = [(row.id, row.starts_on - _DAY) for row in begun]
    days += [(area.id, area.ended_before) for area in change.of(ChangePart.ENDED, ChangePart.MOVED)]
    amend(Area, district_id=change.district_id, fields=("ends_on",), rows=days)
    named = [(area.id, area.name_before) for area in change.of(ChangePart.RENAMED)]
    amend(Area, district_id=change.district_id, fields=("name",), rows=named)


def _seat_back(change: MadeChange) -> None:
    """Give buildings and compounds back to the areas that they were of. At most 6 queries."""
    old_of = {area.successor: area.id for area in change.of(ChangePart.MOVED) if area.successor}
    if change.kind is ChangeKind.SPLIT:
        kept = _ids(change, ChangePart.KEPT)[0]
        old_of |= {area_id: kept for area_id in _ids(change, ChangePart.BEGUN) if area_id not in old_of}
    for model, column, name in _SEATED:
        there = model.objects.filter(district_id=change.district_id, **{f"{column}_id__in": list(old_of)})
        rows = [(row_id, old_of[area_id]) for row_id, area_id in there.order_by("id").values_list("id", f"{column}_id")]
        for area in change.of(ChangePart.ENDED):
            went = [UUID(row_id) for row_id in area.went.get(name, ())]
            still = model.objects.filter(
                district_id=change.district_id, id__in=went, **{f"{column}_id": area.successor}
            )
            rows += [(row_id, area.id) for row_id in still.order_by("id").values_list("id", flat=True)] if went else []
        amend(model, district_id=change.district_id, fields=(column,), rows=rows)


def _ids(change: MadeChange, part: ChangePart) -> list[UUID]:
    return [area.id for area in change.of(part)]


def _write_history(change: MadeChange, number: int, said: _Said) -> None:
    rows: Iterable[AreaChange] = [
        AreaChange(
            id=new_id(), district_id=change.district_id, change=said.undo_id, area_id=area.id, kind=change.kind,
            part=ChangePart.UNDONE, valid_on=timezone.localdate(said.at), made_at=said.at, made_by=said.by,
            reason=said.reason, boundary_number=number if area.is_drawn else 0, undoes=change.id,
        )
        for area in change.areas
    ]  # fmt: skip
    AreaChange.objects.bulk_create(rows)
