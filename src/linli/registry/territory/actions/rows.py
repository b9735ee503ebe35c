"""What the bulk loads take. An id may be given, for loads that have to come out the same each time."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from linli.kernel.errors import InvalidInput
from linli.kernel.ids import new_id
from linli.registry.territory.calc import paths
from linli.registry.territory.models import District, TerritoryState

LONGEST_NAME = 80
BATCH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDistrict:
    """A district of this installation; its area comes with the other areas."""

    code: str
    name: str
    is_demo: bool = False
    is_served: bool = True


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
class NewBoundary:
    """An area's polygon, as GeoJSON in the system named; None withdraws the boundary."""

    area_code: str
    geometry: Mapping[str, Any] | None
    crs: str = "GCJ-02"
    is_schematic: bool = False
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


def touch(codes: Iterable[str]) -> set[str]:
    """Lock the territory of the codes' districts for this transaction and give each a new revision. Returns them.

    In order of code, so that two loads can't wait for each other. Processes read the district anew after commit.
    1 query a district. Raises InvalidInput (district_unknown, naming the first row of that district).
    """
    first_rows: dict[str, int] = {}
    for number, code in enumerate(codes, 1):
        first_rows.setdefault(paths.district_of(code), number)
    for district_id in sorted(first_rows):
        if not TerritoryState.objects.filter(district_id=district_id).update(revision=new_id()):
            with naming_row(first_rows[district_id]):
                is_there = District.objects.filter(code=district_id).exists()
                require(is_there, "district_unknown", "code", code=district_id)
            TerritoryState.objects.create(district_id=district_id)
    return set(first_rows)
