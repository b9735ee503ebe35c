"""Draw one district: nested cells from the street down to the subgrid, and compounds across them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from linli.edges.cli.demo.catalogue import VILLAGE, VIRTUAL, Unit, district_shape, street_shapes, units
from linli.edges.cli.demo.cells import cut, faces_between, fill, join, owners
from linli.edges.cli.demo.ids import chances
from linli.edges.cli.demo.names import compound_name

_GRIDS = (4, 8)  # a community of 2,500-4,500 households, a grid of 300-500
_SUBGRIDS = (2, 4)
_COMPOUNDS = (2, 4)
_KINDS = ("graded", "non_graded", "open")
_KIND_WEIGHTS = (5, 3, 2)
_COMMUNITY, _GRID = 12, 14  # lengths of codes


@dataclass(frozen=True, slots=True)
class CompoundPlan:
    """A compound before its buildings stand."""

    code: str
    name: str
    kind: str
    community_code: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All cells of a district, snapped to six decimals; shapes by code of area or compound."""

    district: str
    areas: dict[str, BaseGeometry]
    compounds: dict[str, BaseGeometry]
    plans: tuple[CompoundPlan, ...]


def real_units(district: str) -> list[Unit]:
    """Give the district's communities and villages without the virtual one, which lies nowhere."""
    return [unit for unit in units() if unit.district == district and unit.kind != VIRTUAL]


def draw(district: str, *, seed: int) -> Drawing:
    """Draw a district's cells. About one second of one core for 250 communities."""
    communities = _communities(district, seed=seed)
    subgrids: dict[str, BaseGeometry] = {}
    compounds: dict[str, BaseGeometry] = {}
    plans: list[CompoundPlan] = []
    for unit in real_units(district):
        subgrids |= _subgrids(unit, communities[unit.code], seed=seed)
        for plan, cell in _compounds(unit, communities[unit.code], seed=seed):
            plans.append(plan)
            compounds[plan.code] = cell
    faces = faces_between([*subgrids.values(), *compounds.values()])
    leaves = _joined(faces, subgrids)
    return Drawing(district, _with_parents(leaves), _joined(faces, compounds), tuple(plans))


def _communities(district: str, *, seed: int) -> dict[str, BaseGeometry]:
    shapes = street_shapes(district)
    streets = dict(zip(shapes, fill(district_shape(district), list(shapes.values())), strict=True))
    members: dict[str, list[Unit]] = defaultdict(list)
    for unit in real_units(district):
        members[unit.street_code].append(unit)
    cells: dict[str, BaseGeometry] = {}
    for street, inside in members.items():
        parts = cut(streets[street], len(inside), chances(seed=seed, of=f"communities/{street}"))
        cells |= {unit.code: part for unit, part in zip(inside, parts, strict=True)}
    return cells


def _subgrids(unit: Unit, shape: BaseGeometry, *, seed: int) -> dict[str, BaseGeometry]:
    chance = chances(seed=seed, of=f"grids/{unit.code}")
    cells: dict[str, BaseGeometry] = {}
    for number, grid in enumerate(cut(shape, chance.randint(*_GRIDS), chance), start=1):
        for part, subgrid in enumerate(cut(grid, chance.randint(*_SUBGRIDS), chance), start=1):
            cells[f"{unit.code}{number:02}{part:02}"] = subgrid
    return cells


def _compounds(unit: Unit, shape: BaseGeometry, *, seed: int) -> list[tuple[CompoundPlan, BaseGeometry]]:
    chance = chances(seed=seed, of=f"compounds/{unit.code}")
    made: list[tuple[CompoundPlan, BaseGeometry]] = []
    for index, cell in enumerate(cut(shape, chance.randint(*_COMPOUNDS), chance)):
        kind = "open" if unit.kind == VILLAGE else "graded" if index == 0 else chance.choices(_KINDS, _KIND_WEIGHTS)[0]
        plan = CompoundPlan(f"{unit.code}C{index + 1}", compound_name(unit, kind, index), kind, unit.code)
        made.append((plan, cell))
    return made


def _joined(faces: list[BaseGeometry], cells: dict[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    codes = list(cells)
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    for face, owner in zip(faces, owners(faces, list(cells.values())), strict=True):
        parts[codes[owner]].append(face)
    return {code: join(parts[code]) for code in codes}


def _with_parents(subgrids: dict[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    areas = dict(subgrids)
    level: Iterable[str] = subgrids
    for length in (_GRID, _COMMUNITY, 9, 6):
        children: dict[str, list[BaseGeometry]] = defaultdict(list)
        for code in level:
            children[code[:length]].append(areas[code])
        areas |= {code: join(parts) for code, parts in children.items()}
        level = children
    return dict(sorted(areas.items()))
