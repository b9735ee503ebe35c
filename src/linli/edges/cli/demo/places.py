"""The demo's places: every real community of a district, with invented cells, compounds and buildings inside."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from linli.edges.cli.demo.catalogue import DISTRICTS, VILLAGE, VIRTUAL, Unit, units
from linli.edges.cli.demo.drawing import Drawing, draw
from linli.edges.cli.demo.ids import IdStream, chances
from linli.edges.cli.demo.rows import DemoArea, DemoBoundary, DemoBuilding, DemoCompound, Places

CRS = "GCJ-02"
DEFAULT_SEED = 9  # with this one 新喜小区12号楼, of which the user guide tells, stands in 02网格
VALID_FROM = date(2025, 1, 1)
_BUILDINGS = (3, 6)  # in a subgrid, which makes 60-150 households
_LEVELS = {6: "district", 9: "subdistrict", 12: "community", 14: "grid", 16: "subgrid"}
_TOWERS = 0.09  # share of buildings with lifts
_TRIES = 16  # points offered to a subgrid in one round
_MOST_TRIES = 4096  # a sliver too thin for six decimals stays with fewer buildings than wanted
# The plastic number's sequence spreads points evenly: its steps are 1/g and 1/g², g³ = g + 1.
_STEP = (0.7548776662466927, 0.5698402909980532)
_LINE_DEGREES = 0.0004  # houses within 45 m north to south are numbered as one row


@cache
def make_places(*, seed: int = DEFAULT_SEED, districts: tuple[str, ...] = tuple(DISTRICTS)) -> Places:
    """Make all places of the given districts; the same seed gives the same rows. Kept for the process by arguments.

    A district's rows don't depend on which others are asked for.
    """
    parts = [_district(code, seed=seed) for code in districts]
    return Places(
        seed,
        districts,
        tuple(row for part in parts for row in part.areas),
        tuple(row for part in parts for row in part.boundaries),
        tuple(row for part in parts for row in part.compounds),
        tuple(row for part in parts for row in part.buildings),
    )


@dataclass(frozen=True, slots=True)
class _Site:
    """Where a building is to stand."""

    lng: float
    lat: float
    subgrid: str
    compound: str


def _district(district: str, *, seed: int) -> Places:
    drawing = draw(district, seed=seed)
    buildings = _buildings(drawing, seed=seed)
    return Places(
        seed,
        (district,),
        _areas(drawing, buildings, seed=seed),
        _boundaries(drawing, seed=seed),
        _compounds(drawing, seed=seed),
        buildings,
    )


def _areas(drawing: Drawing, buildings: Sequence[DemoBuilding], *, seed: int) -> tuple[DemoArea, ...]:
    households: dict[str, int] = defaultdict(int)
    for building in buildings:
        for length in _LEVELS:
            households[building.subgrid_code[:length]] += building.households
    mine = {unit.code: unit for unit in units() if unit.district == drawing.district}
    pseudo = {code for unit in mine.values() if unit.kind == VIRTUAL for code in (unit.street_code, unit.code)}
    names = _area_names(drawing, mine)
    ids = IdStream(seed=seed, of=f"areas/{drawing.district}")
    return tuple(
        DemoArea(
            id=ids.next(),
            district=drawing.district,
            code=code,
            name=names[code],
            level=_LEVELS[len(code)],
            parent_code=_parent(code),
            kind=mine[code].kind if code in mine else "",
            is_pseudo=code in pseudo,
            households=households[code],
        )
        for code in sorted(names, key=lambda code: (len(code), code))
    )


def _area_names(drawing: Drawing, mine: Mapping[str, Unit]) -> dict[str, str]:
    names = {code: f"{code[12:14]}网格" for code in drawing.areas if _LEVELS[len(code)] == "grid"}
    names |= {code: f"{code[12:14]}网格{code[14:]}片" for code in drawing.areas if _LEVELS[len(code)] == "subgrid"}
    names |= {unit.street_code: unit.street for unit in mine.values()}
    names |= {unit.code: unit.name for unit in mine.values()}
    return names | {drawing.district: DISTRICTS[drawing.district]}


def _parent(code: str) -> str | None:
    lengths = sorted(_LEVELS)
    position = lengths.index(len(code))
    return code[: lengths[position - 1]] if position else None


def _boundaries(drawing: Drawing, *, seed: int) -> tuple[DemoBoundary, ...]:
    ids = IdStream(seed=seed, of=f"boundaries/{drawing.district}")
    return tuple(
        DemoBoundary(
            ids.next(), drawing.district, code, shapely.to_geojson(shape), CRS, *_label(shape), valid_from=VALID_FROM
        )
        for code, shape in sorted(drawing.areas.items(), key=lambda item: (len(item[0]), item[0]))
    )


def _compounds(drawing: Drawing, *, seed: int) -> tuple[DemoCompound, ...]:
    ids = IdStream(seed=seed, of=f"compounds/{drawing.district}")
    return tuple(
        DemoCompound(
            ids.next(),
            drawing.district,
            plan.code,
            plan.name,
            plan.kind,
            plan.community_code,
            shapely.to_geojson(drawing.compounds[plan.code]),
            *_label(drawing.compounds[plan.code]),
        )
        for plan in drawing.plans
    )


def _label(shape: BaseGeometry) -> tuple[float, float]:
    point = shapely.point_on_surface(shape)
    return round(point.x, 6), round(point.y, 6)


def _buildings(drawing: Drawing, *, seed: int) -> tuple[DemoBuilding, ...]:
    """Build what stands on the sites; codes count through a community, names through a compound."""
    ids = IdStream(seed=seed, of=f"buildings/{drawing.district}")
    chance = chances(seed=seed, of=f"buildings/{drawing.district}")
    villages = {unit.code for unit in units() if unit.kind == VILLAGE}
    serials: dict[str, int] = defaultdict(int)
    rows: list[DemoBuilding] = []
    for site in sorted(_sites(drawing, seed=seed), key=_as_numbered):
        community = site.subgrid[:12]
        serials[community] += 1
        serials[site.compound] += 1
        rows.append(
            DemoBuilding(
                ids.next(),
                drawing.district,
                f"{community}{serials[community]:05}",
                f"{serials[site.compound]}号楼" if community not in villages else f"{serials[site.compound]}号院",
                community,
                site.subgrid,
                site.compound,
                site.lng,
                site.lat,
                *_size(chance, is_village=community in villages),
            )
        )
    return tuple(rows)


def _as_numbered(site: _Site) -> tuple[str, int, float]:
    """Give the order in which houses are numbered: row by row from the north, each row from the west."""
    return site.compound, -int(site.lat / _LINE_DEGREES), site.lng


def _size(chance: random.Random, *, is_village: bool) -> tuple[int, int, int]:
    """Choose entrances, floors and households: mostly walk-ups of six or seven floors, some towers, farmhouses."""
    if is_village:
        return 1, chance.choice((1, 1, 1, 2)), chance.randint(3, 14)
    if chance.random() < _TOWERS:
        entrances, floors = chance.choice((1, 1, 2)), chance.choice((11, 16, 18, 24, 28, 33))
        return entrances, floors, entrances * floors * chance.choice((2, 2, 4))
    entrances, floors = chance.randint(2, 4), chance.choice((5, 6, 6, 7, 7))
    return entrances, floors, entrances * floors * chance.choice((2, 2, 2, 3))


def _sites(drawing: Drawing, *, seed: int) -> list[_Site]:
    """Choose points strictly inside one subgrid and one compound, spread evenly over the subgrid."""
    codes = [code for code in drawing.areas if _LEVELS[len(code)] == "subgrid"]
    chance = chances(seed=seed, of=f"sites/{drawing.district}")
    wanted = np.array([chance.randint(*_BUILDINGS) for _ in codes])
    shapes = np.array([drawing.areas[code] for code in codes], dtype=object)
    starts = np.array([(chance.random(), chance.random()) for _ in codes])
    compounds = list(drawing.compounds)
    tree = shapely.STRtree(list(drawing.compounds.values()))
    shapely.prepare(shapes)
    sites: list[_Site] = []
    for offset in range(0, _MOST_TRIES, _TRIES):
        if not wanted.any():
            break
        subgrid, points = _inside(shapes, starts, wanted, offset)
        for index, point, compound in _in_one_compound(tree, subgrid, points):
            if wanted[index]:
                wanted[index] -= 1
                sites.append(_Site(float(point[0]), float(point[1]), codes[index], compounds[compound]))
    return sites


def _inside(
    shapes: NDArray[np.object_], starts: NDArray[np.float64], wanted: NDArray[np.int_], offset: int
) -> tuple[NDArray[np.int_], NDArray[np.float64]]:
    """Offer points to the subgrids that still want some.

    shapes, wanted: (subgrids,); starts: (subgrids, 2) in 0..1. Returns indices (n,) and points (n, 2) strictly inside.
    """
    open_ones = np.flatnonzero(wanted)
    index = np.repeat(open_ones, _TRIES)
    step = np.tile(np.arange(offset, offset + _TRIES), len(open_ones))[:, None] * np.array(_STEP)
    bounds = shapely.bounds(shapes[index])
    points = bounds[:, :2] + (starts[index] + step) % 1 * (bounds[:, 2:] - bounds[:, :2])
    points = np.round(points, 6)
    is_in = shapely.contains_xy(shapes[index], points[:, 0], points[:, 1])
    return index[is_in], points[is_in]


def _in_one_compound(
    tree: shapely.STRtree, subgrid: NDArray[np.int_], points: NDArray[np.float64]
) -> list[tuple[int, NDArray[np.float64], int]]:
    """Keep the points that lie strictly inside a compound; on a border they would lie in none."""
    point, compound = tree.query(shapely.points(points), predicate="within")
    order = np.argsort(point, kind="stable")
    return [(int(subgrid[point[at]]), points[point[at]], int(compound[at])) for at in order]
