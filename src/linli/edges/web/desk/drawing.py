"""Small drawings made on the server: a trend as a line, areas as outlines with rings of lights. Plain SVG values."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import combinations
from math import cos, hypot, radians
from typing import Any

import shapely
from shapely.affinity import affine_transform
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

TREND_WIDTH, TREND_HEIGHT = 120, 32
_SMALLEST_STEP = 0.8  # in units of the drawing: what is finer cannot be seen
_MARGIN = 8.0
_RING, _LINE = 1.35, 1.3  # a ring's radius and a line's height, as multiples of the type
_FEWEST_APART = 3  # fewer far-off areas need no drawing of their own
_INSET_SHARE = 0.36
_ROUNDS = 300


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a drawing is made for: its size, and the height of its type, in pixels as shown at full size.

    free: the part above an inset that a page may write into.
    """

    width: int
    height: int
    type_px: int
    free: float = 0.42


@dataclass(frozen=True, slots=True)
class AreaCounts:
    """What the ring of an area shows, and where it leads."""

    open: int
    late: int
    warn: int
    url: str


_NOTHING = AreaCounts(0, 0, 0, "")


@dataclass(frozen=True, slots=True)
class Mark:
    """An area's number with its name: in a ring with the name below it, or both as plain text where room is short.

    x, y: the middle of the ring, or of the two lines. url "": nothing to count there.
    """

    code: str
    name: str
    short: str
    x: float
    y: float
    radius: float
    is_plain: bool
    counts: AreaCounts

    @property
    def name_y(self) -> float:
        """Give where the name stands: below the ring, or above the number."""
        return round(self.y - 0.55 * self.type_px if self.is_plain else self.y + self.radius + 0.8 * self.type_px, 1)

    @property
    def count_y(self) -> float:
        """Give where the number stands."""
        return round(self.y + 0.65 * self.type_px, 1) if self.is_plain else self.y

    @property
    def type_px(self) -> float:
        """Give the height of its type."""
        return self.radius / _RING

    @property
    def warn_from(self) -> int:
        """Give where the amber share of the ring begins, as SVG counts it."""
        return -self.counts.late

    @property
    def total(self) -> int:
        """Give the length of the ring: one step a case, never none."""
        return max(self.counts.open, 1)


@dataclass(frozen=True, slots=True)
class Ground:
    """Areas to be drawn, as GeoJSON features in degrees. edition: no other areas, names or outlines ever have the same.

    What is drawn of it is kept: stale it never is, for whatever is redrawn or renamed is another edition.
    """

    edition: tuple[Hashable, ...]
    features: Sequence[Mapping[str, Any]] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Frame:
    """A box on a drawing: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class AreaMap:
    """A drawing of areas. inset: the frame of those that lie far off and are drawn smaller, None without any."""

    sheet: Sheet
    outlines: tuple[str, ...]
    marks: tuple[Mark, ...]
    inset: Frame | None


@dataclass(frozen=True, slots=True)
class _Area:
    code: str
    name: str
    short: str
    drawn: BaseGeometry
    x: float
    y: float


def trend_path(values: Sequence[float | None], *, lowest: float = 0, highest: float | None = None) -> str:
    """Draw values by day as an SVG path in 120 × 32 between two bounds, gaps as gaps; "" for fewer than two days."""
    if len(values) < 2:  # noqa: PLR2004 - a line has two ends
        return ""
    top = max([value for value in values if value is not None], default=1.0) if highest is None else highest
    step, height = TREND_WIDTH / (len(values) - 1), TREND_HEIGHT - 4
    points = [
        f"{n * step:.1f} {TREND_HEIGHT - 2 - (value - lowest) / max(top - lowest, 1e-9) * height:.1f}"
        for n, value in enumerate(values)
        if value is not None
    ]
    return "M" + "L".join(points) if points else ""


def area_map(ground: Ground, counts: Mapping[str, AreaCounts], sheet: Sheet) -> AreaMap | None:
    """Lay areas out so that every number and every name can be read; None without any.

    counts: by code. Where a few lie far off and press the others together, they are drawn smaller, in a frame beside
    them.
    """
    drawn = _drawn(ground, sheet)
    if drawn is None:
        return None
    return replace(drawn, marks=tuple(replace(mark, counts=counts.get(mark.code, _NOTHING)) for mark in drawn.marks))


@lru_cache(maxsize=64)
def _drawn(ground: Ground, sheet: Sheet) -> AreaMap | None:
    areas = _read(ground.features)
    if not areas:
        return None
    main, far = _parted(areas, sheet)
    whole = Frame(_MARGIN, _MARGIN, sheet.width - 2 * _MARGIN, sheet.height - 2 * _MARGIN)
    if not far:
        laid = _laid(main, whole)
        return AreaMap(sheet, tuple(_outlines(laid)), tuple(_marks(laid, sheet, whole)), None)
    near, room = _split(sheet)
    inset = _fitting(far, room, sheet)
    laid, small = _laid(main, near), _laid(far, _within(inset, sheet))
    marks = [*_marks(laid, sheet, near), *_marks(small, sheet, _within(inset, sheet), is_plain=True)]
    return AreaMap(sheet, tuple(_outlines([*laid, *small])), tuple(marks), inset)


def _read(features: Sequence[Mapping[str, Any]]) -> list[_Area]:
    """Read the areas onto a plane, north up; what has no outline is left out."""
    shapes = [(feature["properties"], shape(feature["geometry"])) for feature in features]
    shapes = [(about, drawn) for about, drawn in shapes if not drawn.is_empty]
    if not shapes:
        return []
    _west, south, _east, north = shapely.total_bounds([drawn for _about, drawn in shapes])
    squeeze = cos(radians((south + north) / 2))
    names = _shortened([about["name"] for about, _drawn in shapes])
    return [
        _placed(about["code"], about["name"], short, affine_transform(drawn, [squeeze, 0, 0, -1, 0, 0]))
        for (about, drawn), short in zip(shapes, names, strict=True)
    ]


def _placed(code: str, name: str, short: str, drawn: BaseGeometry) -> _Area:
    middle = drawn.centroid if drawn.contains(drawn.centroid) else drawn.representative_point()
    return _Area(code, name, short, drawn, middle.x, middle.y)


def _shortened(names: Sequence[str]) -> list[str]:
    """Leave out what most names end in: 启工 of 启工街道 among 街道."""
    for ending in ("街道", "社区", "网格"):
        if sum(name.endswith(ending) for name in names) * 2 > len(names):
            return [name.removesuffix(ending) or name for name in names]
    return list(names)


def _parted(areas: Sequence[_Area], sheet: Sheet) -> tuple[list[_Area], list[_Area]]:
    """Take the farthest away, one by one, until the others have room; none where that doesn't help."""
    main = list(areas)
    middle = min(areas, key=lambda area: sum(hypot(area.x - each.x, area.y - each.y) for each in areas))
    main.sort(key=lambda area: hypot(area.x - middle.x, area.y - middle.y))
    needed = sheet.type_px * (2 * _RING + _LINE)
    near, _inset = _split(sheet)
    kept = len(main)
    while kept > max(len(main) * 0.6, _FEWEST_APART) and _closest(_laid(main[:kept], near)) < needed:
        kept -= 1
    far = len(main) - kept
    is_better = far >= _FEWEST_APART and _closest(_laid(main[:kept], near)) > 1.3 * _closest(_laid(main, near))
    return (main[:kept], main[kept:]) if is_better else (main, [])


def _closest(areas: Sequence[_Area]) -> float:
    return min((hypot(one.x - two.x, one.y - two.y) for one, two in combinations(areas, 2)), default=1e9)


def _split(sheet: Sheet) -> tuple[Frame, Frame]:
    """Part a sheet into the place of the drawing and that of the inset: left and right, or one below the other."""
    if sheet.width >= sheet.height:
        inset = Frame(1, sheet.height * sheet.free, sheet.width * _INSET_SHARE, sheet.height * (1 - sheet.free) - 1)
        left = inset.width + _MARGIN
        return Frame(left, _MARGIN, sheet.width - left - _MARGIN, sheet.height - 2 * _MARGIN), inset
    top = sheet.height * (1 - _INSET_SHARE)
    inset = Frame(1, top, sheet.width - 2, sheet.height - top - 1)
    return Frame(_MARGIN, _MARGIN, sheet.width - 2 * _MARGIN, top - 2 * _MARGIN), inset


def _fitting(far: Sequence[_Area], room: Frame, sheet: Sheet) -> Frame:
    """Take of the room for the inset what its areas need, at the bottom; all of a low one."""
    if sheet.width < sheet.height:
        return room
    west, north, east, south = shapely.total_bounds([area.drawn for area in far])
    needed = (south - north) / max(east - west, 1e-9) * room.width + 4 * sheet.type_px
    height = min(room.height, max(needed, 2 * _LINE * sheet.type_px * (len(far) + 1) / 2 + 2 * sheet.type_px))
    return replace(room, y=room.y + room.height - height, height=height)


def _within(inset: Frame, sheet: Sheet) -> Frame:
    """Give the room inside an inset's frame, below its caption."""
    caption = 1.6 * sheet.type_px
    return Frame(inset.x + _MARGIN, inset.y + caption, inset.width - 2 * _MARGIN, inset.height - caption - _MARGIN)


def _laid(areas: Sequence[_Area], frame: Frame) -> list[_Area]:
    """Bring areas to the size of a frame, in its middle."""
    west, north, east, south = shapely.total_bounds([area.drawn for area in areas])
    scale = min(frame.width / max(east - west, 1e-9), frame.height / max(south - north, 1e-9))
    right = frame.x + (frame.width - (east - west) * scale) / 2 - west * scale
    down = frame.y + (frame.height - (south - north) * scale) / 2 - north * scale
    return [
        replace(
            area, drawn=affine_transform(area.drawn, [scale, 0, 0, scale, right, down]), x=area.x * scale + right,
            y=area.y * scale + down,
        )
        for area in areas
    ]  # fmt: skip


def _marks(areas: Sequence[_Area], sheet: Sheet, frame: Frame, *, is_plain: bool = False) -> list[Mark]:
    """Place numbers and names at their areas and push them apart until none covers another."""
    radius = round(sheet.type_px * _RING, 1)
    marks = [Mark(area.code, area.name, area.short, area.x, area.y, radius, is_plain, _NOTHING) for area in areas]
    boxes = [_box(mark, sheet.type_px) for mark in marks]
    _push_apart(boxes, frame)
    return [
        replace(mark, x=round(box.x, 1), y=round(box.y - box.below, 1)) for mark, box in zip(marks, boxes, strict=True)
    ]


@dataclass
class _Box:
    """The room of a mark. x, y: its middle, which moves; below: how far that lies under the middle of the ring."""

    x: float
    y: float
    half_width: float
    half_height: float
    below: float


def _box(mark: Mark, type_px: int) -> _Box:
    name = len(mark.short) * type_px / 2 + 2
    if mark.is_plain:
        return _Box(mark.x, mark.y, name, type_px * _LINE, 0)
    height = 2 * mark.radius + type_px * _LINE + 4
    below = height / 2 - mark.radius - 2
    return _Box(mark.x, mark.y + below, max(name, mark.radius + 3), height / 2, below)


def _push_apart(boxes: Collection[_Box], frame: Frame) -> None:
    """Move boxes that overlap away from each other the shortest way, and keep them in the frame.

    Where that doesn't end, since the frame is in the way, they go on along its longer side.
    """
    is_broad = frame.width >= frame.height
    for turn in range(_ROUNDS):
        is_settled = True
        for one, two in combinations(boxes, 2):
            across = one.half_width + two.half_width - abs(one.x - two.x)
            along = one.half_height + two.half_height - abs(one.y - two.y)
            if across <= 0 or along <= 0:
                continue
            is_settled = False
            if across < along if turn < _ROUNDS / 2 else is_broad:
                step = (across / 2 + 0.1) * (1 if one.x >= two.x else -1)
                one.x, two.x = one.x + step, two.x - step
            else:
                step = (along / 2 + 0.1) * (1 if one.y >= two.y else -1)
                one.y, two.y = one.y + step, two.y - step
        for box in boxes:
            box.x = min(max(box.x, frame.x + box.half_width), frame.x + frame.width - box.half_width)
            box.y = min(max(box.y, frame.y + box.half_height), frame.y + frame.height - box.half_height)
        if is_settled:
            return


def _outlines(areas: Sequence[_Area]) -> list[str]:
    return [_outline(area.drawn.simplify(_SMALLEST_STEP)) for area in areas]


def _outline(drawn: BaseGeometry) -> str:
    """Write polygons as an SVG path, holes included."""
    parts = []
    for polygon in getattr(drawn, "geoms", [drawn]):
        for line in (polygon.exterior, *polygon.interiors):
            points = "L".join(f"{x:.1f} {y:.1f}" for x, y in line.coords)
            parts.append(f"M{points}Z")
    return "".join(parts)
