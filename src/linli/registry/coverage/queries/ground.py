"""What an answer about coverage is worked out from: functions, areas, places and posts of an area, read at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linli.registry.coverage.calc.covering import Cover, HeldPost, Place
from linli.registry.coverage.calc.functions import Function
from linli.registry.coverage.choices import PlaceKind
from linli.registry.coverage.queries.functions import current_functions
from linli.registry.people.queries import Deputy, Holder, deputies_on, list_responsible_posts
from linli.registry.people.rules import is_within
from linli.registry.territory.queries import (
    AreaRow,
    CompoundRow,
    StandRow,
    list_areas_around,
    list_compounds_standing,
    list_levels,
    list_stands,
)

_VILLAGE = "村"


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who is responsible for a function at a place: the holder of a post, and who stands in for them that day."""

    post_id: UUID
    name: str
    role_name: str
    area_name: str
    deputy: str


@dataclass(frozen=True, slots=True)
class Ground:
    """An area with all that its coverage depends on, on one day. areas: in force, with those above, by path.

    posts: by id and path of the area; one of chosen areas stands there for each of them.
    """

    path: str
    functions: Sequence[Function]
    areas: Mapping[str, AreaRow]
    places: Sequence[Place]
    cover: Cover
    posts: Mapping[tuple[UUID, str], Holder]
    deputies: Mapping[UUID, Deputy]

    def responsible(self, place: Place, function: Function) -> tuple[Responsible, ...]:
        """Name whose function it is at a place. No query."""
        found = (self.posts[post.id, post.area_path] for post in self.cover.responsible(place, function))
        return tuple(
            Responsible(row.post_id, row.person_name, row.role_name, row.area_name,
                        self.deputies[row.post_id].name if row.post_id in self.deputies else "")
            for row in found
        )  # fmt: skip

    def say_area(self, path: str) -> str:
        """Name an area with those above it, the district left out. No query."""
        codes = path.split("/")
        above = ("/".join(codes[:length]) for length in range(2, len(codes) + 1))
        names = [self.areas[one].name for one in above if one in self.areas]
        return " · ".join(names) or (self.areas[path].name if path in self.areas else path)


def read_ground(*, district_id: str, path: str, on: date) -> Ground:
    """Read what the coverage of an area depends on. 7 queries, however many places."""
    _number, functions = current_functions(district_id)
    levels = {level.code: level.depth for level in list_levels()}
    areas = {area.path: area for area in list_areas_around(path, on=on) if not area.is_pseudo}
    compounds = list_compounds_standing(path)
    ids = None if path == district_id else [compound.id for compound in compounds]
    stands = list_stands(district_id=district_id, compound_ids=ids)
    roles = sorted({role for function in functions for role in function.roles})
    held = list_responsible_posts(district_id=district_id, roles=roles, area_path=path, on=on)
    posts = {(row.post_id, row.area_path): row for row in held}
    cover = Cover(
        depths={area.path: area.depth for area in areas.values()}, levels=levels,
        posts=[HeldPost(row.post_id, row.role, row.area_path) for row in posts.values()],
    )  # fmt: skip
    places = [*_compounds(path, areas, compounds, stands), *_villages(path, areas)]
    return Ground(path, functions, areas, places, cover, posts, deputies_on(district_id=district_id, on=on))


def _villages(path: str, areas: Mapping[str, AreaRow]) -> list[Place]:
    return [
        Place(area.id, PlaceKind.VILLAGE, area.code, area.name, area.path, (area.path,))
        for area in areas.values() if area.kind == _VILLAGE and is_within(area.path, path)
    ]  # fmt: skip


def _compounds(
    path: str, areas: Mapping[str, AreaRow], compounds: Sequence[CompoundRow], stands: Sequence[StandRow]
) -> list[Place]:
    """Make a place of each compound, its parts counted with it; of one counted elsewhere only what stands here."""
    by_id = {row.id: row for row in compounds}
    found: dict[UUID, list[StandRow]] = defaultdict(list)
    for stand in stands:
        if stand.compound_id in by_id:
            found[_whole(stand.compound_id, by_id)].append(stand)
    places = []
    for row in compounds:
        is_whole, is_counted = _whole(row.id, by_id) == row.id, is_within(row.area_path, path)
        if not is_whole or (is_counted and row.area_path not in areas):
            continue
        mine = found.get(row.id, [])
        spots = sorted({stand.area_path for stand in mine if is_counted or is_within(stand.area_path, path)})
        buildings = sum(stand.buildings for stand in mine)
        places.append(
            Place(
                row.id, PlaceKind.SINGLE_BUILDING if buildings == 1 else PlaceKind.COMPOUND, row.code, row.name,
                row.area_path, tuple(spots) or (row.area_path,), *_middle(mine, buildings),
            )
        )  # fmt: skip
    return places


def _whole(compound_id: UUID, by_id: Mapping[UUID, CompoundRow]) -> UUID:
    """Tell the largest compound that one is a part of."""
    above = by_id[compound_id].parent_id
    return _whole(above, by_id) if above in by_id and above is not None else compound_id


def _middle(stands: Sequence[StandRow], buildings: int) -> tuple[float | None, float | None]:
    if not buildings:
        return None, None
    lng = sum(stand.lng * stand.buildings for stand in stands) / buildings
    return lng, sum(stand.lat * stand.buildings for stand in stands) / buildings
