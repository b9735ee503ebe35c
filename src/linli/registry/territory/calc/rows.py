"""Rows of the territory as loads and sheets bring them, and what each has to be before it fits the rest."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from linli.kernel.errors import InvalidInput
from linli.kernel.ids import new_id
from linli.registry.territory.calc import paths
from linli.registry.territory.calc.coordinates import check_coordinates
from linli.registry.territory.calc.polygons import read_polygon
from linli.registry.territory.choices import CompoundKind, Crs

LONGEST_NAME = 80
LONGEST_COMPOUND_CODE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArea:
    """An area; its district is the first six digits of its code. parent_code: "" for the district's own area."""

    code: str
    name: str
    level: str
    parent_code: str
    starts_on: date
    ends_on: date | None = None
    kind: str = ""
    is_pseudo: bool = False
    pinyin_key: str = ""
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCompound:
    """A compound, counted in the area named. parent_code: the estate it is a part of, or ""."""

    code: str
    name: str
    kind: str
    area_code: str
    parent_code: str = ""
    boundary: Mapping[str, Any] | None = None
    crs: str = "GCJ-02"
    households: int = 0
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBuilding:
    """A building in a grid or subgrid and a compound. lng, lat: degrees in the system named."""

    code: str
    name: str
    subgrid_code: str
    compound_code: str
    lng: float
    lat: float
    crs: str = "GCJ-02"
    households: int = 0
    id: UUID = field(default_factory=new_id)


class Level(Protocol):
    """What has to be known of a level of the tree."""

    @property
    def depth(self) -> int:
        """Its place from the top."""
        ...

    @property
    def code_digits(self) -> int:
        """How long the codes of its areas are."""
        ...


class Placed(Protocol):
    """What has to be known of an area that is there."""

    @property
    def depth(self) -> int:
        """The place of its level from the top."""
        ...


@contextmanager
def naming_row(number: int) -> Iterator[None]:
    """Add the row's number, from 1, to whatever InvalidInput is raised for it."""
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput(error.code, field=error.field, params={**error.params, "row": number}) from error


def require(is_right: object, error: str, field: str, /, **params: str | int) -> None:
    """Raise InvalidInput with the error's code unless it is so."""
    if not is_right:
        raise InvalidInput(error, field=field, params=params)


def check_name(name: str) -> None:
    """Raise InvalidInput (name_missing, name_too_long) unless it can be a name."""
    require(name.strip(), "name_missing", "name")
    require(len(name) <= LONGEST_NAME, "name_too_long", "name", most=LONGEST_NAME)


def check_area_code(row: NewArea, levels: Mapping[str, Level]) -> None:
    """Raise InvalidInput (level_unknown, those of check_code) unless the code is its level's, under its parent's."""
    require(row.level in levels, "level_unknown", "level", level=row.level)
    level = levels[row.level]
    paths.check_code(row.code, digits=level.code_digits, parent_code="" if level.depth == 1 else row.parent_code)


def check_area(row: NewArea, level: Level, areas: Mapping[str, Placed]) -> None:
    """Raise InvalidInput unless the area has a name and a term, and lies right under one of the areas.

    Codes raised: name_missing, name_too_long, ends_before_start, parent_missing, parent_unknown, parent_not_above.
    """
    check_name(row.name)
    require(row.ends_on is None or row.ends_on >= row.starts_on, "ends_before_start", "ends_on")
    if level.depth == 1:
        require(not row.parent_code, "parent_not_above", "parent_code", parent=row.parent_code)
        return
    require(row.parent_code, "parent_missing", "parent_code")
    require(row.parent_code in areas, "parent_unknown", "parent_code", parent=row.parent_code)
    is_above = areas[row.parent_code].depth < level.depth
    require(is_above, "parent_not_above", "parent_code", parent=row.parent_code)


def check_compound(row: NewCompound, areas: Mapping[str, Placed], compounds: Collection[str]) -> None:
    """Raise InvalidInput unless the compound is whole, lies in one of the areas and is a part of one of the compounds.

    Codes raised: code_missing, code_too_long, kind_unknown, area_unknown, parent_unknown, unknown_crs,
    households_negative, those of names and of the boundary.
    """
    check_name(row.name)
    require(row.code.strip(), "code_missing", "code")
    require(len(row.code) <= LONGEST_COMPOUND_CODE, "code_too_long", "code", most=LONGEST_COMPOUND_CODE)
    require(row.kind in CompoundKind.__members__.values(), "kind_unknown", "kind", kind=row.kind)
    require(row.area_code in areas, "area_unknown", "area_code", code=row.area_code)
    is_known = not row.parent_code or row.parent_code in compounds
    require(is_known, "parent_unknown", "parent_code", parent=row.parent_code)
    _check_counted(row)
    if row.boundary is not None:
        read_polygon(row.boundary, Crs(row.crs))


def check_building(row: NewBuilding, areas: Mapping[str, Placed], compounds: Collection[str]) -> None:
    """Raise InvalidInput unless the building is whole and lies in one of the grids and in one of the compounds.

    Codes raised: subgrid_unknown, subgrid_too_high, compound_unknown, unknown_crs, households_negative,
    coordinates_out_of_range, those of codes and names.
    """
    check_name(row.name)
    paths.check_building_code(row.code, subgrid_code=row.subgrid_code)
    require(row.subgrid_code in areas, "subgrid_unknown", "subgrid_code", code=row.subgrid_code)
    is_low = areas[row.subgrid_code].depth > paths.COMMUNITY_DEPTH
    require(is_low, "subgrid_too_high", "subgrid_code", code=row.subgrid_code)
    require(row.compound_code in compounds, "compound_unknown", "compound_code", code=row.compound_code)
    _check_counted(row)
    check_coordinates(row.lng, row.lat)


def _check_counted(row: NewCompound | NewBuilding) -> None:
    require(row.crs in Crs.__members__.values(), "unknown_crs", "crs", crs=row.crs)
    require(row.households >= 0, "households_negative", "households", households=row.households)
