"""A small made-up territory: a district of two communities and its neighbour, all of them squares."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import shapely

from linli.registry.territory.actions import (
    NewArea,
    NewBoundary,
    NewBuilding,
    NewCompound,
    NewDistrict,
    load_areas,
    load_boundaries,
    load_buildings,
    load_compounds,
    load_districts,
    load_levels,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
TODAY = date(2026, 11, 22)
WEST, SOUTH, SIDE = 123.30, 41.70, 0.10


@dataclass(frozen=True, slots=True)
class Made:
    """What was loaded: ids by code, and the instant to ask at."""

    areas: dict[str, UUID]
    compounds: dict[tuple[str, str], UUID]
    buildings: dict[str, UUID]
    at: datetime = NOW


def square(west: float, south: float, side: float, height: float | None = None) -> dict[str, Any]:
    """Draw a rectangle, measured in sides of the district from its south-western corner."""
    box = shapely.box(
        WEST + west * SIDE, SOUTH + south * SIDE, WEST + (west + side) * SIDE, SOUTH + (south + (height or side)) * SIDE
    )
    drawn: dict[str, Any] = shapely.geometry.mapping(box)
    return drawn


def point(east: float, north: float) -> dict[str, Any]:
    """Name a point, measured as squares are, in the words of `locate`."""
    return {"lng": WEST + east * SIDE, "lat": SOUTH + north * SIDE, "crs": "GCJ-02"}


def area(code: str, name: str, level: str, parent: str, **more: Any) -> NewArea:
    return NewArea(code=code, name=name, level=level, parent_code=parent, starts_on=date(2026, 1, 1), **more)


AREAS = [
    area("210106", "铁西区", "district", "", pinyin_key="tiexi qu"),
    area("210106003", "工人村街道", "subdistrict", "210106", pinyin_key="gongrencun jiedao"),
    area("210106401", "经济技术开发区", "subdistrict", "210106", is_pseudo=True),
    area("210106003006", "劳模社区", "community", "210106003", kind="社区", pinyin_key="laomo shequ"),
    area("210106003007", "新喜社区", "community", "210106003", kind="社区", pinyin_key="xinxi shequ"),
    area("21010600300601", "劳模第一网格", "grid", "210106003006"),
    area("2101060030060101", "劳模一组", "subgrid", "21010600300601"),
    area("2101060030060102", "劳模二组", "subgrid", "21010600300601"),
    area("210105", "皇姑区", "district", ""),
    area("210105001", "三台子街道", "subdistrict", "210105"),
    area("210105001006", "劳模社区", "community", "210105001", kind="社区", pinyin_key="laomo shequ"),
]
BOUNDARIES = {
    "210106": square(0, 0, 1),
    "210106003": square(0, 0, 0.8),
    "210106003006": square(0, 0, 0.4),
    "210106003007": square(0.4, 0, 0.4),
    "21010600300601": square(0, 0, 0.4, 0.2),
    "2101060030060101": square(0, 0, 0.2),
    "2101060030060102": square(0.2, 0, 0.2),
    "210105": square(0, 1, 1),
    "210105001": square(0, 1, 1),
    "210105001006": square(0, 1, 0.5),
}
LAOMO = "210106/210106003/210106003006"
FIRST = f"{LAOMO}/21010600300601/2101060030060101"
SECOND = f"{LAOMO}/21010600300601/2101060030060102"
XINXI = "210106/210106003/210106003007"
FOREIGN = "210105/210105001/210105001006"


def load_territory() -> Made:
    """Load all of it. Fills the tables of two districts."""
    load_levels()
    load_districts([NewDistrict(code="210106", name="铁西区"), NewDistrict(code="210105", name="皇姑区", is_demo=True)])
    areas = load_areas(AREAS)
    load_boundaries(
        [NewBoundary(area_code=code, geometry=drawn, is_schematic=True) for code, drawn in BOUNDARIES.items()],
        valid_from=START, reason="first drawing", by=None, at=START,
    )  # fmt: skip
    compounds = load_compounds(
        [
            NewCompound(code="garden", name="花园小区", kind="graded", area_code="210106003006",
                        boundary=square(0.05, 0.05, 0.1), households=300),
            NewCompound(code="garden-2", name="花园二期", kind="graded", area_code="210106003006",
                        parent_code="garden", boundary=square(0.1, 0.1, 0.05), households=80),
            NewCompound(code="garden", name="花园小区", kind="open", area_code="210105001006"),
        ]
    )  # fmt: skip
    buildings = load_buildings([building(12, 0.06, 0.06, "garden"), building(13, 0.12, 0.12, "garden-2")])
    return Made(areas, compounds, buildings)


def building(number: int, east: float, north: float, compound: str) -> NewBuilding:
    return NewBuilding(
        code=f"210106003006{number:05d}", name=f"{number}号楼", subgrid_code="2101060030060101",
        compound_code=compound, lng=WEST + east * SIDE, lat=SOUTH + north * SIDE, households=number * 5,
    )  # fmt: skip
