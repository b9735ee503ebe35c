"""Plain rows of the demo district; a loader turns them into the rooms' bulk actions.

Rows point to each other by code (areas, compounds, buildings, organisations) or by id (people, posts). Coordinates
are GCJ-02 degrees, longitude first, rounded to six decimals.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DemoArea:
    """A node of the territory tree.

    level: "district", "subdistrict", "community", "grid" or "subgrid". kind: of a community 社区, 村 or 虚拟, else "".
    households: sum over its buildings. A pseudo area is in the statistical list only: no boundary, nothing below.
    """

    id: UUID
    district: str
    code: str
    name: str
    level: str
    parent_code: str | None
    kind: str
    is_pseudo: bool
    households: int


@dataclass(frozen=True, slots=True)
class DemoBoundary:
    """An area's schematic polygon.

    geojson: text of a Polygon or MultiPolygon; lng, lat: a point inside, for a label.
    """

    id: UUID
    district: str
    area_code: str
    geojson: str
    crs: str
    lng: float
    lat: float
    valid_from: date


@dataclass(frozen=True, slots=True)
class DemoCompound:
    """A housing estate beside the grids; kind: "graded", "non_graded" or "open"."""

    id: UUID
    district: str
    code: str
    name: str
    kind: str
    community_code: str
    geojson: str
    lng: float
    lat: float


@dataclass(frozen=True, slots=True)
class DemoBuilding:
    """A building: a point in one subgrid and one compound.

    code: community code and five digits; name: within its compound, "12号楼"; entrances: 单元; floors: storeys.
    """

    id: UUID
    district: str
    code: str
    name: str
    community_code: str
    subgrid_code: str
    compound_code: str
    lng: float
    lat: float
    entrances: int
    floors: int
    households: int


@dataclass(frozen=True, slots=True)
class Places:
    """All places of one or several districts, in order of code."""

    seed: int
    districts: tuple[str, ...]
    areas: tuple[DemoArea, ...]
    boundaries: tuple[DemoBoundary, ...]
    compounds: tuple[DemoCompound, ...]
    buildings: tuple[DemoBuilding, ...]


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """An organisation; kind is one of the glossary's.

    code: unique within the district, "210106-water_repair" or "210106003007-committee". handles: the story
    categories that are its business, empty for whoever doesn't do repairs and the like. compound_codes: what a
    property company looks after.
    """

    id: UUID
    district: str
    code: str
    name: str
    short_name: str
    kind: str
    parent_code: str | None
    area_code: str
    handles: tuple[str, ...]
    compound_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person nobody could take for a real one; the telephone number is of a block that can't be dialled."""

    id: UUID
    district: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class DemoPost:
    """A role in an organisation for an area from a day on.

    person_id: None for a vacant post. is_on_duty: whether its holder is there today. handles: categories it is
    limited to, empty for all. building_codes: a building head's buildings, all of them in the subgrid of area_code.
    """

    id: UUID
    district: str
    person_id: UUID | None
    role: str
    title: str
    organisation_code: str
    area_code: str
    handles: tuple[str, ...]
    building_codes: tuple[str, ...]
    compound_codes: tuple[str, ...]
    valid_from: date
    is_on_duty: bool


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A login to try the program with, for the person who holds `post_id`; the loader gives the password."""

    id: UUID
    district: str
    username: str
    person_id: UUID
    post_id: UUID
    role: str
    note: str


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody who works in the districts."""

    people: tuple[DemoPerson, ...]
    posts: tuple[DemoPost, ...]
    logins: tuple[DemoLogin, ...]


@dataclass(frozen=True, slots=True)
class StoryNotes:
    """What staff would write on the way of one case, in its own words."""

    accepted: str
    arrived: str
    handled: str
    returned: str
    satisfied: str
    dissatisfied: str


@dataclass(frozen=True, slots=True)
class Story:
    """What one resident reports.

    reported_at: Asia/Shanghai. place: the place in words. echo_of: an earlier story of the same matter nearby.
    co_reporters: others who report it as well. photos: how many pictures come with it, always 0.
    reporter_name, reporter_phone: None when the reporter leaves no contact. suggested_organisation: whose business
    it is, an organisation's code, None if the community can do it.
    """

    id: UUID
    district: str
    category: str
    title: str
    text: str
    place: str
    community_code: str
    grid_code: str
    subgrid_code: str
    compound_code: str | None
    building_code: str | None
    lng: float
    lat: float
    reported_at: datetime
    channel: str
    reporter_name: str | None
    reporter_phone: str | None
    co_reporters: int
    photos: int
    echo_of: UUID | None
    suggested_organisation: str | None
    notes: StoryNotes
