"""Drawing boundaries: a first load, and redrawing; either makes a new version and leaves the old ones as they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from shapely.geometry.base import BaseGeometry

from linli.kernel import bus
from linli.kernel.errors import InvalidInput
from linli.kernel.ids import new_id
from linli.ledger.facts.actions import record
from linli.registry.territory.actions.rows import BATCH, NewBoundary, touch
from linli.registry.territory.calc import paths
from linli.registry.territory.calc.polygons import Cell, find_faults, read_polygon
from linli.registry.territory.calc.rows import naming_row, require
from linli.registry.territory.choices import Crs
from linli.registry.territory.events import BoundariesRedrawn
from linli.registry.territory.models import Area, Boundary, BoundaryVersion
from linli.registry.territory.queries.snapshot import cells_of_version

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One boundary of a version to be made. polygon: in GCJ-02; None with no geometry: withdrawn."""

    row: NewBoundary
    area_id: UUID
    path: str
    depth: int
    polygon: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class _Edition:
    """What a version says of itself."""

    valid_from: datetime
    reason: str
    by: UUID | None
    at: datetime


@transaction.atomic
def load_boundaries(
    rows: Iterable[NewBoundary], *, valid_from: datetime, reason: str, by: UUID | None, at: datetime
) -> dict[str, int]:
    """Draw many boundaries, all or none: one new version in each district. Returns the numbers by district.

    Effects, errors: as redraw_boundaries; errors name the row, from 1.
    """
    edition = _Edition(valid_from, reason, by, at)
    by_district: dict[str, list[tuple[int, NewBoundary]]] = {}
    new = list(rows)
    for number, row in enumerate(new, 1):
        by_district.setdefault(paths.district_of(row.area_code), []).append((number, row))
    touch(row.area_code for row in new)
    return {district_id: _new_version(district_id, by_district[district_id], edition) for district_id in by_district}


@transaction.atomic
def redraw_boundaries(
    *,
    district_id: str,
    changes: Mapping[UUID, Mapping[str, Any] | None],
    valid_from: datetime,
    reason: str,
    by: UUID | None,
    at: datetime,
    crs: str = "GCJ-02",
    is_schematic: bool = False,
) -> int:
    """Make a new boundary version that draws these areas anew; all others stay as they were. Returns its number.

    changes: GeoJSON by area id; None withdraws an area's boundary. Points are located by it from valid_from on, in
    every process, from the first question after commit. Writes the version, its boundaries, a fact; publishes
    BoundariesRedrawn; locks the district's territory.
    Raises InvalidInput: nothing_drawn, reason_missing, reason_too_long, valid_from_too_early (before the newest
    version's), area_unknown, area_twice, unknown_crs, those of read_polygon, outside_parent, child_outside,
    overlaps_sibling (params: area, other).
    """
    touch([district_id])
    found = Area.objects.filter(district_id=district_id, id__in=list(changes))
    codes = dict(found.values_list("id", "code"))
    for area_id in changes:
        require(area_id in codes, "area_unknown", "changes", area=str(area_id))
    rows = [
        NewBoundary(area_code=codes[area_id], geometry=geometry, crs=crs, is_schematic=is_schematic)
        for area_id, geometry in changes.items()
    ]
    return _new_version(district_id, list(enumerate(rows, 1)), _Edition(valid_from, reason, by, at))


@transaction.atomic
def restore_boundaries(
    *, district_id: str, number: int, reason: str, by: UUID | None, at: datetime
) -> int:  # fmt: skip
    """Make a version that draws what the newest one drew as it was before, and counts before it. Returns its number.

    number: of the newest version that draws anything others do not take back. Counts at once, or from when the one
    before it does: a version that was only planned is never in force. Effects as redraw_boundaries; raises its faults.
    """
    touch([district_id])
    drawn = Boundary.objects.filter(district_id=district_id, version__number=number)
    area_ids = list(drawn.order_by("area_id").values_list("area_id", flat=True))
    older = Boundary.objects.filter(district_id=district_id, area_id__in=area_ids, version__number__lt=number)
    columns = ("area__code", "geometry", "crs", "is_schematic")
    found = older.order_by("area_id", "-version__number").distinct("area_id").values_list(*columns)
    before = {row[0]: NewBoundary(area_code=row[0], geometry=row[1], crs=row[2], is_schematic=row[3]) for row in found}
    areas = Area.objects.filter(district_id=district_id, id__in=area_ids).order_by("path")
    codes = areas.values_list("code", flat=True)
    rows = [before.get(code) or NewBoundary(area_code=code, geometry=None) for code in codes]
    versions = BoundaryVersion.objects.filter(district_id=district_id)
    last = versions.filter(number=number - 1).first()
    newest = versions.order_by("-number").values_list("number", flat=True)[0]
    edition = _Edition(max(at, last.valid_from) if last else at, reason, by, at)
    return _write_version(district_id, newest, list(enumerate(rows, 1)), edition)


def _new_version(district_id: str, numbered: Sequence[tuple[int, NewBoundary]], edition: _Edition) -> int:
    require(numbered, "nothing_drawn", "changes")
    require(edition.reason.strip(), "reason_missing", "reason")
    require(len(edition.reason) <= LONGEST_REASON, "reason_too_long", "reason", most=LONGEST_REASON)
    newest = BoundaryVersion.objects.filter(district_id=district_id).order_by("-number").first()
    is_later = newest is None or edition.valid_from >= newest.valid_from
    require(is_later, "valid_from_too_early", "valid_from")
    return _write_version(district_id, newest.number if newest else 0, numbered, edition)


def _write_version(
    district_id: str, number: int, numbered: Sequence[tuple[int, NewBoundary]], edition: _Edition
) -> int:
    """Write the version after the one numbered, if it fits the rest. Returns its number."""
    drawn = _drawn(district_id, numbered)
    _check_together(district_id, number, drawn, {row.area_code: place for place, row in numbered})
    _save(district_id, number + 1, drawn, edition)
    return number + 1


def _drawn(district_id: str, numbered: Sequence[tuple[int, NewBoundary]]) -> list[_Drawn]:
    found = Area.objects.filter(district_id=district_id).values_list("code", "id", "path", "level__depth")
    areas = {row[0]: row[1:] for row in found}
    drawn: dict[str, _Drawn] = {}
    for number, row in numbered:
        with naming_row(number):
            require(row.area_code in areas, "area_unknown", "area_code", area=row.area_code)
            require(row.area_code not in drawn, "area_twice", "area_code", area=row.area_code)
            require(row.crs in Crs.__members__.values(), "unknown_crs", "crs", crs=row.crs)
            polygon = None if row.geometry is None else read_polygon(row.geometry, Crs(row.crs))
        drawn[row.area_code] = _Drawn(row, *areas[row.area_code], polygon)
    return list(drawn.values())


def _check_together(district_id: str, number: int, drawn: list[_Drawn], row_of: Mapping[str, int]) -> None:
    """Refuse the version if what it draws does not fit the rest; the first fault by path is named."""
    cells = {cell.path: cell for cell in cells_of_version(district_id, number)}
    for one in drawn:
        cells.pop(one.path, None)
        if one.polygon is not None:
            cells[one.path] = Cell(one.path, one.depth, one.polygon)
    faults = find_faults(cells.values(), frozenset(one.path for one in drawn))
    for fault in sorted(faults, key=lambda fault: (fault.path, fault.other)):
        area, other = paths.codes(fault.path)[-1], paths.codes(fault.other)[-1]
        raise InvalidInput(fault.code, field="geometry", params={"area": area, "other": other, "row": row_of[area]})


def _save(district_id: str, number: int, drawn: list[_Drawn], edition: _Edition) -> None:
    version = BoundaryVersion.objects.create(
        id=new_id(), district_id=district_id, number=number, valid_from=edition.valid_from, made_at=edition.at,
        made_by=edition.by, reason=edition.reason,
    )  # fmt: skip
    Boundary.objects.bulk_create(
        [
            Boundary(
                id=one.row.id, district_id=district_id, area_id=one.area_id, version_id=version.id,
                geometry=one.row.geometry, crs=one.row.crs, is_schematic=one.row.is_schematic,
            )
            for one in drawn
        ],
        batch_size=BATCH,
    )  # fmt: skip
    record(
        district_id=district_id, kind="territory.boundaries_redrawn", subject_id=version.id, at=edition.at,
        actor_id=edition.by, area_path=district_id, data={"number": number, "areas": len(drawn)},
    )  # fmt: skip
    area_paths = tuple(sorted(one.path for one in drawn))
    bus.publish(BoundariesRedrawn(district_id, number, area_paths, edition.valid_from, edition.by, edition.at))
