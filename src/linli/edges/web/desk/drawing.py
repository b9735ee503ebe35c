"""Small drawings made on the server: a trend as a line, areas as outlines with rings of lights. Plain SVG values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

TREND_WIDTH, TREND_HEIGHT = 120, 32
_MAP_WIDTH, _MAP_HEIGHT = 560.0, 380.0
_MARGIN = 14.0
_FEWEST_CROWDED = 3
_PACKED = 46  # rings nearer than this touch
_ROOM, _ROOM_IN_INSET = 44, 110  # what a ring needs to have its name under it; an inset is drawn small
_SMALLEST_STEP = 0.8  # in units of the drawing: what is finer cannot be seen


@dataclass(frozen=True, slots=True)
class Ring:
    """An area on the drawing: its outline, where its number stands, and how its lights share the ring."""

    code: str
    name: str
    outline: str
    x: float
    y: float
    open: int
    late: int
    warn: int
    url: str
    is_crowded: bool
    is_packed: bool

    @property
    def warn_from(self) -> int:
        """Give where the amber share of the ring begins, as SVG counts it."""
        return -self.late

    @property
    def name_y(self) -> float:
        """Give where the name stands, below the ring."""
        return self.y + 33

    @property
    def total(self) -> int:
        """Give the length of the ring: one step a case, never none."""
        return max(self.open, 1)


@dataclass(frozen=True, slots=True)
class AreaMap:
    """A drawing of areas. width, height: of its own coordinates."""

    width: int
    height: int
    rings: tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class AreaCounts:
    """What the ring of an area shows, and where it leads."""

    open: int
    late: int
    warn: int
    url: str


def trend_path(values: Sequence[int]) -> str:
    """Draw counts by day as an SVG path in 120 × 32; "" for fewer than two days."""
    if len(values) < 2:  # noqa: PLR2004 - a line has two ends
        return ""
    top = max(*values, 1)
    step = TREND_WIDTH / (len(values) - 1)
    points = [
        f"{n * step:.1f} {TREND_HEIGHT - 2 - value / top * (TREND_HEIGHT - 4):.1f}" for n, value in enumerate(values)
    ]
    return "M" + "L".join(points)


def area_maps(
    features: Sequence[Mapping[str, Any]], counts: Mapping[str, AreaCounts]
) -> tuple[AreaMap | None, AreaMap | None]:
    """Lay areas out so that their rings have room. Returns (drawing, inset or None).

    Where small areas crowd in a corner, they are the drawing and the others an inset beside it.
    """
    whole = area_map(features, counts)
    crowded = {ring.code for ring in whole.rings if ring.is_packed} if whole else set()
    rest = [feature for feature in features if feature["properties"]["code"] not in crowded]
    if len(crowded) < _FEWEST_CROWDED or not rest:
        return whole, None
    close = area_map([feature for feature in features if feature["properties"]["code"] in crowded], counts)
    return close, area_map(rest, counts, room=_ROOM_IN_INSET)


def area_map(
    features: Sequence[Mapping[str, Any]], counts: Mapping[str, AreaCounts], *, room: float = _ROOM
) -> AreaMap | None:
    """Lay the areas out in one drawing; None without any.

    features: GeoJSON in degrees; counts: by code; room: what a ring needs to have its name under it.
    """
    shapes = [(feature["properties"], shape(feature["geometry"])) for feature in features]
    shapes = [(about, drawn) for about, drawn in shapes if not drawn.is_empty]
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds([drawn for _, drawn in shapes])
    squeeze = cos(radians((south + north) / 2))
    scale = min((_MAP_WIDTH - 2 * _MARGIN) / ((east - west) * squeeze), (_MAP_HEIGHT - 2 * _MARGIN) / (north - south))
    width, height = (east - west) * squeeze * scale + 2 * _MARGIN, (north - south) * scale + 2 * _MARGIN

    def lay(points: Any) -> Any:
        points[:, 0] = (points[:, 0] - west) * squeeze * scale + _MARGIN
        points[:, 1] = (north - points[:, 1]) * scale + _MARGIN
        return points

    laid = [(about, shapely.transform(drawn, lay)) for about, drawn in shapes]
    centres = {about["code"]: drawn.representative_point() for about, drawn in laid}
    rings = tuple(_ring(about, drawn, counts, centres, room) for about, drawn in laid)
    return AreaMap(round(width), round(height), rings)


def _ring(
    about: Mapping[str, Any],
    drawn: BaseGeometry,
    counts: Mapping[str, AreaCounts],
    centres: Mapping[str, Any],
    room: float,
) -> Ring:
    code = about["code"]
    centre, count = centres[code], counts.get(code, AreaCounts(0, 0, 0, ""))
    near = min((centre.distance(other) for name, other in centres.items() if name != code), default=99.0)
    return Ring(
        code=code, name=about["name"], outline=_outline(drawn.simplify(_SMALLEST_STEP)), x=round(centre.x, 1),
        y=round(centre.y, 1), open=count.open, late=count.late, warn=count.warn, url=count.url,
        is_crowded=near < room,
        is_packed=near < _PACKED,
    )  # fmt: skip


def _outline(drawn: BaseGeometry) -> str:
    """Write polygons as an SVG path, holes included."""
    parts = []
    for polygon in getattr(drawn, "geoms", [drawn]):
        for line in (polygon.exterior, *polygon.interiors):
            points = "L".join(f"{x:.1f} {y:.1f}" for x, y in line.coords)
            parts.append(f"M{points}Z")
    return "".join(parts)
