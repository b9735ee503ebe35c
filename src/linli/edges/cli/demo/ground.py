"""Where stories happen: buildings by how often something is reported there, and points near them."""

import math
import random
from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate

import shapely
from shapely.geometry.base import BaseGeometry

from linli.edges.cli.demo.catalogue import VILLAGE, units
from linli.edges.cli.demo.people import DEMO_COMMUNITIES
from linli.edges.cli.demo.rows import DemoBuilding, Places

_HOT_COMPOUNDS = 5  # a district's troubled estates
_HOT, _DEMO_COMMUNITY, _DEMO_STREET = 12.0, 5.0, 2.0  # times as many stories as elsewhere
_METRES_A_DEGREE = 111_320
_NEAR_M = 8
_TO_THE_CORNER = 0.9  # streets run along the cells' borders; stay inside, so that the place has one grid


class Ground:
    """The buildings of some districts, weighted, and the shapes of their subgrids."""

    def __init__(self, places: Places, chance: random.Random) -> None:
        hot = _hot_compounds(places, chance)
        self._villages = {unit.code for unit in units() if unit.kind == VILLAGE}
        self._buildings = places.buildings
        self._weights = list(accumulate(_weight(building, hot) for building in places.buildings))
        self._texts = {row.area_code: row.geojson for row in places.boundaries}
        self._shapes: dict[str, BaseGeometry] = {}
        self._compounds: dict[str, list[DemoBuilding]] = {}
        for building in places.buildings:
            self._compounds.setdefault(building.compound_code, []).append(building)

    def is_village(self, building: DemoBuilding) -> bool:
        """Say whether a building stands in a village."""
        return building.community_code in self._villages

    def choose(self, chance: random.Random, *, villages: bool, min_floors: int) -> DemoBuilding:
        """Choose a building of at least so many floors, in a village or not."""
        while True:
            building = self._buildings[bisect(self._weights, chance.random() * self._weights[-1])]
            if building.floors >= min_floors and (villages or not self.is_village(building)):
                return building

    def neighbour(self, building: DemoBuilding) -> DemoBuilding:
        """Give the nearest other building of the compound, or the building itself if it stands alone."""
        others = [other for other in self._compounds[building.compound_code] if other is not building]
        if not others:
            return building
        return min(others, key=lambda other: math.hypot(other.lng - building.lng, other.lat - building.lat))

    def near(self, building: DemoBuilding, chance: random.Random) -> tuple[float, float]:
        """Give a point within some metres of a building, in its subgrid."""
        reach = _NEAR_M / _METRES_A_DEGREE
        point = (building.lng + chance.uniform(-reach, reach), building.lat + chance.uniform(-reach, reach))
        return self._kept_inside(building, point)

    def street(self, building: DemoBuilding, chance: random.Random) -> tuple[float, float]:
        """Give a point near a corner of a building's subgrid, where a street would be."""
        corners = shapely.get_coordinates(self._shape(building))
        x, y = corners[chance.randrange(len(corners))]
        share = _TO_THE_CORNER
        point = (building.lng + (x - building.lng) * share, building.lat + (y - building.lat) * share)
        return self._kept_inside(building, point)

    def _kept_inside(self, building: DemoBuilding, point: Sequence[float]) -> tuple[float, float]:
        lng, lat = round(float(point[0]), 6), round(float(point[1]), 6)
        return (lng, lat) if shapely.contains_xy(self._shape(building), lng, lat) else (building.lng, building.lat)

    def _shape(self, building: DemoBuilding) -> BaseGeometry:
        code = building.subgrid_code
        if code not in self._shapes:
            self._shapes[code] = shapely.from_geojson(self._texts[code])
        return self._shapes[code]


def _hot_compounds(places: Places, chance: random.Random) -> set[str]:
    hot: set[str] = set()
    for district in places.districts:
        graded = [row.code for row in places.compounds if row.district == district and row.kind != "open"]
        hot |= {*chance.sample(graded, min(_HOT_COMPOUNDS, len(graded))), f"{DEMO_COMMUNITIES[district]}C1"}
    return hot


def _weight(building: DemoBuilding, hot: set[str]) -> float:
    weight = _HOT if building.compound_code in hot else 1.0
    demo = DEMO_COMMUNITIES[building.community_code[:6]]
    if building.community_code == demo:
        return weight * _DEMO_COMMUNITY
    return weight * _DEMO_STREET if building.community_code.startswith(demo[:9]) else weight
