"""The typed rows that this room hands to others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from linli.registry.territory.calc import paths
from linli.registry.territory.choices import ChangePart, PlaceReason


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area. level: its code; depth: 1 for the district; path: codes from the district down, joined by "/".

    starts_on, ends_on: the first and the last day, None for no end yet.
    """

    id: UUID
    district_id: str
    code: str
    name: str
    level: str
    depth: int
    path: str
    kind: str
    is_pseudo: bool
    starts_on: date
    ends_on: date | None

    def is_there(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)

    @property
    def never_was(self) -> bool:
        """Whether it was planned and taken back before it counted."""
        return self.ends_on is not None and self.ends_on < self.starts_on


AREA_COLUMNS = (
    "id", "district_id", "code", "name", "level_id", "level__depth", "path", "kind", "is_pseudo",
    "starts_on", "ends_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A level of the tree with its names."""

    code: str
    depth: int
    code_digits: int
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A boundary version. drawn: how many boundaries it draws or withdraws itself."""

    number: int
    valid_from: datetime
    made_at: datetime
    made_by: UUID | None
    reason: str
    drawn: int


@dataclass(frozen=True, slots=True)
class CompoundRow:
    """A compound. area_path: of the community it is counted in; parent_id: the estate it is a part of."""

    id: UUID
    district_id: str
    code: str
    name: str
    kind: str
    area_path: str
    parent_id: UUID | None
    households: int


COMPOUND_COLUMNS = ("id", "district_id", "code", "name", "kind", "area__path", "parent_id", "households")


@dataclass(frozen=True, slots=True)
class BuildingRow:
    """A building. lng, lat: GCJ-02 degrees; area_path: of its subgrid."""

    id: UUID
    district_id: str
    code: str
    name: str
    area_path: str
    compound_id: UUID
    compound_name: str
    lng: float
    lat: float
    households: int


@dataclass(frozen=True, slots=True)
class LocatedArea:
    """Where a report belongs.

    district_id "" and area_id None: outside every district, or on the border of two; nobody can be given it.
    boundary_number: the version it was located by. chain: from the district down to the area itself. claimed_by: the
    areas that quarrel over a point on a border. lng, lat: GCJ-02 degrees, None if only a code was named. place: names
    of community, compound and building. households: of the building, 0 if in none.
    """

    district_id: str
    area_id: UUID | None
    code: str
    name: str
    level: str
    path: str
    reason: PlaceReason
    boundary_number: int
    chain: tuple[AreaRow, ...] = ()
    claimed_by: tuple[AreaRow, ...] = ()
    lng: float | None = None
    lat: float | None = None
    compound_id: UUID | None = None
    compound_name: str = ""
    building_id: UUID | None = None
    building_name: str = ""
    households: int = 0
    place: str = ""


def under(path: str, field: str = "path") -> Q:
    """Make the condition that a path lies inside another, itself included; the path's district is named apart."""
    return Q(**{field: path}) | Q(**{f"{field}__startswith": path + paths.SEPARATOR})


def under_any(several: Sequence[str], field: str = "path") -> Q:
    """Make the condition that a path lies inside one of several, and in one of their districts. None for none."""
    if not several:
        return Q(pk__in=[])
    condition = Q()
    for path in several:
        condition |= Q(district_id=paths.district_of(path)) & under(path, field)
    return condition


def in_force(on: date) -> Q:
    """Make the condition that an area exists on a day."""
    return Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def has_been() -> Q:
    """Make the condition that an area was not taken back before it counted."""
    return Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))


def never_was() -> Q:
    """Make the condition that an area was planned and taken back before it counted."""
    return Q(ends_on__lt=F("starts_on"))


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What a change did to an area, once for each area it touched. other: of the area that has its ground now.

    change: the same for all areas of one change; boundary_number: the version it made, 0 for none. is_taken_back: a
    later row says so, whose part is UNDONE.
    """

    change: UUID
    area_id: UUID
    area_code: str
    area_name: str
    kind: str
    part: str
    other_code: str
    other_name: str
    name_before: str
    valid_on: date
    made_at: datetime
    made_by: UUID | None
    reason: str
    boundary_number: int
    is_taken_back: bool

    def can_be_taken_back(self, today: date) -> bool:
        """Whether it is still time: before it counts, or on the day that it was saved and counts."""
        is_of_today = self.valid_on == today == timezone.localdate(self.made_at)
        return not self.is_taken_back and self.part != ChangePart.UNDONE and (self.valid_on > today or is_of_today)
