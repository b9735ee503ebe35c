"""The tree as it is to be changed, what a change would do to it, and what changes there were."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from linli.registry.territory.calc import paths
from linli.registry.territory.calc.coordinates import to_gcj02
from linli.registry.territory.calc.operations import Operation
from linli.registry.territory.calc.paths import LevelRule
from linli.registry.territory.calc.polygons import as_geojson, read_polygon
from linli.registry.territory.calc.reshaping import Draft, Touched, draft, ground_of
from linli.registry.territory.calc.shapes import Patch, area_m2
from linli.registry.territory.calc.tree import Node, Tree
from linli.registry.territory.choices import ChangePart, Crs
from linli.registry.territory.models import Area, AreaChange, AreaLevel, Boundary, BoundaryVersion, Building
from linli.registry.territory.queries.rows import AREA_COLUMNS, AreaRow, ChangeRow, in_force, under
from linli.registry.territory.queries.snapshot import cells_of_version


@dataclass(frozen=True, slots=True)
class Piece:
    """Ground to be drawn: a GeoJSON geometry in GCJ-02, its size, and a point inside it."""

    geometry: Mapping[str, Any]
    area_m2: float
    lng: float
    lat: float


@dataclass(frozen=True, slots=True)
class OverlapRow:
    """Ground that two areas would both claim."""

    name: str
    other: str
    piece: Piece


@dataclass(frozen=True, slots=True)
class GapRow:
    """Ground of the area named that nobody right below it would hold."""

    name: str
    piece: Piece


@dataclass(frozen=True, slots=True)
class LiftRow:
    """An area above whose border can follow what is redrawn below it, with what that adds and takes away."""

    name: str
    gained_m2: float
    lost_m2: float


@dataclass(frozen=True, slots=True)
class FaultRow:
    """Why a change can't be made as it is; area, other: names."""

    code: str
    area: str
    other: str


@dataclass(frozen=True, slots=True)
class TouchedRow:
    """An area that a change touches, as it would be. area_m2, geometry: None if it is not drawn then.

    was_code, was_id: of the area that goes on as this one; successor_code: who has the ground of one that ends.
    """

    id: UUID
    code: str
    name: str
    level: str
    path: str
    part: ChangePart
    was_code: str
    was_id: UUID | None
    successor_code: str
    name_before: str
    area_m2: float | None
    geometry: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class AreaLook:
    """What a change would do. lifts: areas above that can follow, and do if the change says so.

    can_be_made: nothing forbids it; gaps have to be said yes to all the same.
    """

    touched: tuple[TouchedRow, ...]
    faults: tuple[FaultRow, ...]
    overlaps: tuple[OverlapRow, ...]
    gaps: tuple[GapRow, ...]
    lifts: tuple[LiftRow, ...]
    buildings: int
    draft: Draft

    @property
    def can_be_made(self) -> bool:
        """Whether it may be confirmed."""
        return not self.faults


def look_at_areas(*, district_id: str, operation: Operation, on: date) -> AreaLook:
    """Tell what a change of the tree would do from a day on; nothing is written. At most 6 queries.

    Raises InvalidInput where it makes no sense at all, as `calc.reshaping.draft`.
    """
    tree = tree_on(district_id=district_id, on=on)
    made = draft(tree, operation)
    names = {node.path: node.name for node in tree.nodes.values()}
    names |= {each.node.path: each.node.name for each in made.plan.touched}
    codes = {node.id: node.code for node in tree.nodes.values()} | {
        each.node.id: each.node.code for each in made.plan.touched
    }
    return AreaLook(
        tuple(_touched(tree, made, each, codes) for each in made.plan.touched),
        tuple(FaultRow(fault.code, names.get(fault.path, ""), names.get(fault.other, "")) for fault in made.faults),
        tuple(
            OverlapRow(names.get(each.path, ""), names.get(each.other, ""), _piece(each.patch))
            for each in made.overlaps
        ),
        tuple(GapRow(names.get(each.path, ""), _piece(each.patch)) for each in made.gaps),
        tuple(LiftRow(names.get(each.path, ""), each.gained_m2, each.lost_m2) for each in made.plan.lifts),
        _count_buildings(district_id, made),
        made,
    )


def tree_on(*, district_id: str, on: date) -> Tree:
    """Read the areas in force on a day with the newest version's polygons. 4 queries."""
    levels = {
        row.code: LevelRule(row.code, row.depth, row.code_digits, row.name_zh, row.name_en)
        for row in AreaLevel.objects.order_by("depth")
    }
    found = Area.objects.filter(district_id=district_id)
    columns = ("id", "code", "name", "level_id", "level__depth", "path", "kind", "pinyin_key")
    rows = found.order_by("path").values_list(*columns, "starts_on", "ends_on")
    nodes, taken, begun, free = {}, [], [], {}
    for *node, starts_on, ends_on in rows:
        if ends_on is not None and ends_on < starts_on:
            free[node[1]] = node[0]
            continue
        taken.append(node[1])
        if starts_on <= on and (ends_on is None or on <= ends_on):
            nodes[node[1]] = Node(*node)
        if starts_on == on:
            begun.append(node[0])
    newest = BoundaryVersion.objects.filter(district_id=district_id).order_by("-number").first()
    cells = cells_of_version(district_id, newest.number) if newest else []
    is_overtaken = newest is not None and timezone.localdate(newest.valid_from) > on
    return Tree(
        nodes, {cell.path: cell.polygon for cell in cells}, levels, frozenset(taken), frozenset(begun), is_overtaken,
        free,
    )  # fmt: skip


def list_area_changes(*, district_id: str, area_id: UUID) -> list[ChangeRow]:
    """List what was done to an area, the newest first. 1 query."""
    found = AreaChange.objects.filter(Q(area_id=area_id) | Q(successor_id=area_id), district_id=district_id)
    return _changes(found.order_by("-valid_on", "-id")[:200])


@dataclass(frozen=True, slots=True)
class LevelCount:
    """How many areas of a level there are, and how many of them are drawn. name_zh, name_en: the level's."""

    level: str
    name_zh: str
    name_en: str
    areas: int
    drawn: int


def count_levels(path: str, *, on: date) -> list[LevelCount]:
    """Count an area and what is below it by level, from the top down, on a day. 1 query."""
    rows = (
        Area.objects.filter(in_force(on), under(path), district_id=paths.district_of(path), is_pseudo=False)
        .order_by("level__depth")
        .values_list("level_id", "level__name_zh", "level__name_en")
        .annotate(
            areas=Count("id", distinct=True),
            drawn=Count("id", distinct=True, filter=Q(boundaries__geometry__isnull=False)),
        )
    )
    return [LevelCount(*row) for row in rows]


def count_households(path: str) -> tuple[int, int]:
    """Count the buildings and their households in an area and below it. 1 query."""
    found = Building.objects.filter(under(path, "subgrid__path"), district_id=paths.district_of(path))
    counted = found.aggregate(buildings=Count("id"), households=Coalesce(Sum("households"), 0))
    return counted["buildings"], counted["households"]


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area in a list. below: how many areas lie right below it."""

    area: AreaRow
    below: int
    is_drawn: bool


def list_area_lines(path: str, *, on: date) -> list[AreaLine]:
    """List the areas right below one that are in force on a day, by code. 1 query."""
    there = Q(children__starts_on__lte=on) & (Q(children__ends_on__isnull=True) | Q(children__ends_on__gte=on))
    drawn = Boundary.objects.filter(area_id=OuterRef("pk"), district_id=OuterRef("district_id"))
    found = (
        Area.objects.filter(in_force(on), district_id=paths.district_of(path), parent__path=path)
        .annotate(below=Count("children", filter=there), is_drawn=Exists(drawn.filter(geometry__isnull=False)))
        .order_by("code")
        .values_list("below", "is_drawn", *AREA_COLUMNS)
    )
    return [AreaLine(AreaRow(*area), below, is_drawn) for below, is_drawn, *area in found]


@dataclass(frozen=True, slots=True)
class ShapeRow:
    """An area near another one, as it is drawn in the newest version. role: self, sibling, parent or child."""

    code: str
    name: str
    role: str
    geometry: Mapping[str, Any]
    is_schematic: bool


def planned_from(district_id: str) -> date | None:
    """Tell from which day the newest boundaries count, None if none were ever drawn; it may lie ahead. 1 query."""
    newest = BoundaryVersion.objects.filter(district_id=district_id).order_by("-number").first()
    return timezone.localdate(newest.valid_from) if newest else None


def surroundings_of(area: AreaRow, *, on: date, is_planned: bool = False) -> list[ShapeRow]:
    """Draw an area with those beside, above and below it: parent first, then siblings, itself, children. 1 query.

    As they are on a day; is_planned: by the newest boundaries, though these count from a later day only.
    """
    above = paths.parent(area.path)
    near = Q(area__path=area.path) | Q(area__parent__path=area.path)
    if above:
        near |= Q(area__path=above) | Q(area__parent__path=above)
    there = Q(area__starts_on__lte=on) & (Q(area__ends_on__isnull=True) | Q(area__ends_on__gte=on))
    midnight = timezone.make_aware(datetime.combine(on + timedelta(days=1), datetime.min.time()))
    counts = Q() if is_planned else Q(version__valid_from__lt=midnight)
    found = (
        Boundary.objects.filter(near, there, counts, district_id=area.district_id)
        .order_by("area_id", "-version__number")
        .distinct("area_id")
        .values_list("area__path", "area__code", "area__name", "geometry", "crs", "is_schematic")
    )
    rows = []
    for path, code, name, geometry, crs, is_schematic in found:
        if geometry is not None:
            placed = geometry if crs == Crs.GCJ_02 else as_geojson(read_polygon(geometry, Crs(crs)))
            role = _role(path, area.path, above)
            rows.append(ShapeRow(code, name, role, placed, is_schematic))
    order = ("parent", "sibling", "self", "child")
    return sorted(rows, key=lambda row: (order.index(row.role), row.code))


def _role(path: str, own: str, above: str) -> str:
    if path == own:
        return "self"
    if path == above:
        return "parent"
    return "child" if paths.parent(path) == own else "sibling"


def _changes(found: QuerySet[AreaChange]) -> list[ChangeRow]:
    empty = Value("", output_field=CharField())
    later = AreaChange.objects.filter(district_id=OuterRef("district_id"), undoes=OuterRef("change"))
    named = found.annotate(
        other_code=Coalesce("successor__code", empty), other_name=Coalesce("successor__name", empty),
        is_taken_back=Exists(later),
    )  # fmt: skip
    columns = (
        "change", "area_id", "area__code", "area__name", "kind", "part", "other_code", "other_name", "name_before",
        "valid_on", "made_at", "made_by", "reason", "boundary_number", "is_taken_back",
    )  # fmt: skip
    return [ChangeRow(*row) for row in named.values_list(*columns)]


def _touched(tree: Tree, made: Draft, each: Touched, codes: Mapping[UUID, str]) -> TouchedRow:
    shape = made.plan.drawn.get(each.node.id, tree.cells.get(each.node.path))
    return TouchedRow(
        each.node.id, each.node.code, each.node.name, each.node.level, each.node.path, each.part,
        each.was.code if each.was else "", each.was.id if each.was else None,
        codes[each.successor] if each.successor else "", each.name_before,
        area_m2(shape) if shape is not None else None, as_geojson(shape) if shape is not None else None,
    )  # fmt: skip


def _piece(patch: Patch) -> Piece:
    return Piece(as_geojson(patch.shape), patch.area_m2, patch.lng, patch.lat)


def _count_buildings(district_id: str, made: Draft) -> int:
    """Count the buildings that get another area, or lose theirs. 1 query, 2 for a split."""
    plan = made.plan
    ended = [each.node.id for each in plan.of(ChangePart.ENDED, ChangePart.MOVED)]
    count = Building.objects.filter(district_id=district_id, subgrid_id__in=ended).count()
    if plan.reseated:
        points = building_points(district_id, plan.reseated[0])
        grounds = ground_of([(area_id, plan.drawn[area_id]) for area_id in plan.reseated], points.values())
        count += sum(ground in plan.reseated[1:] for ground in grounds)
    return count


def building_points(district_id: str, area_id: UUID) -> dict[UUID, tuple[float, float]]:
    """Read where the buildings of one area stand: longitude and latitude in GCJ-02 by id. 1 query."""
    rows = Building.objects.filter(district_id=district_id, subgrid_id=area_id).order_by("id")
    return {row[0]: to_gcj02(row[1], row[2], Crs(row[3])) for row in rows.values_list("id", "lng", "lat", "crs")}
