"""Areas as a picture that needs no script: outlines with names, new parts, overlaps and gaps, one SVG."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, radians
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

WIDTH, HEIGHT = 480, 360
_MARGIN = 12
_NAME_PX = 18
_OWN = "own"
# What carries no name: it lies under all the others.
_NAMELESS = frozenset({"ground", "gap", "overlap"})


@dataclass(frozen=True, slots=True)
class Drawn:
    """Something to be drawn. look: a class of the style sheet; name: written where it fits, and read out."""

    geometry: Mapping[str, Any]
    look: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """A thing as the picture has it. d: an SVG path; x, y: the middle of its name; is_named: the name has room."""

    d: str
    look: str
    name: str
    x: float
    y: float
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole picture, later outlines over earlier ones."""

    width: int
    height: int
    outlines: tuple[Outline, ...]


def draw(things: Iterable[Drawn]) -> Picture | None:
    """Lay things into one picture; None if there is nothing to be drawn."""
    drawn = [(thing, shape(dict(thing.geometry))) for thing in things]
    if not drawn:
        return None
    west, south, east, north = shapely.total_bounds([polygon for _thing, polygon in drawn]).tolist()
    flat = cos(radians((south + north) / 2))
    broad, high = max((east - west) * flat, 1e-9), max(north - south, 1e-9)
    scale = min((WIDTH - 2 * _MARGIN) / broad, (HEIGHT - 2 * _MARGIN) / high)
    left = (WIDTH - broad * scale) / 2

    def place(points: Any) -> Any:
        moved = points.copy()
        moved[:, 0] = (points[:, 0] - west) * flat * scale + left
        moved[:, 1] = (north - points[:, 1]) * scale + _MARGIN
        return moved

    placed = [shapely.transform(polygon, place) for _thing, polygon in drawn]
    outlines = [_outline(thing, one) for (thing, _polygon), one in zip(drawn, placed, strict=True)]
    return Picture(WIDTH, round(high * scale + 2 * _MARGIN), tuple(_named(outlines, placed)))


def _outline(thing: Drawn, placed: BaseGeometry) -> Outline:
    middle = placed.representative_point()
    return Outline(_path(placed.simplify(0.3)), thing.look, thing.name, round(middle.x, 1), round(middle.y, 1))


def _named(outlines: Sequence[Outline], placed: Sequence[BaseGeometry]) -> Iterable[Outline]:
    """Write names where they fit their area and cover no other name; the page's own first, then those drawn last."""
    taken: list[BaseGeometry] = []
    found = list(outlines)
    for number in sorted(range(len(found)), key=lambda each: (found[each].look != _OWN, -each)):
        one = found[number]
        left, _top, right, _bottom = placed[number].bounds
        half = len(one.name) * _NAME_PX / 2
        room = shapely.box(one.x - half, one.y - _NAME_PX / 2, one.x + half, one.y + _NAME_PX / 2)
        is_free = one.name and one.look not in _NAMELESS and (one.look == _OWN or right - left >= 2 * half)
        if is_free and not any(room.intersects(other) for other in taken):
            taken.append(room)
            found[number] = replace(one, is_named=True)
    return found


def _path(placed: BaseGeometry) -> str:
    parts = []
    for polygon in shapely.get_parts(placed).tolist():
        rings: Sequence[Any] = (polygon.exterior, *polygon.interiors)
        for ring in rings:
            points = "L".join(f"{x:.1f} {y:.1f}" for x, y in ring.coords)
            parts.append(f"M{points}Z")
    return "".join(parts)
