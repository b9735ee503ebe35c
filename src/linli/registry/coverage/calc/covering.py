"""Who covers which place: the nearest post that counts, what is lacking, and what lacks for one and the same cause.

A place stands on one or more spots, the areas of its buildings. A function is held there if on each spot somebody
holds one of its roles for that area or one above it, up to the function's level. A spot above that level (a village, a
compound whose buildings are not known) may be anywhere below: all the lowest areas below it are asked.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from linli.registry.coverage.calc.functions import Function

_WHOLE = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """A compound, a single building or a village. area_path: of the community it is counted in.

    spots: paths of the areas that it stands in; lng, lat: GCJ-02 degrees of its middle, None if unknown.
    """

    id: UUID
    kind: str
    code: str
    name: str
    area_path: str
    spots: tuple[str, ...]
    lng: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post in force: whose role counts for its area and what lies below. One of chosen areas is one for each."""

    id: UUID
    role: str
    area_path: str


@dataclass(frozen=True, slots=True)
class Hole:
    """A function that nobody holds at a place, or not everywhere in it. areas: where somebody is to be appointed."""

    place: Place
    function: Function
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """Holes that one appointment closes: nobody holds any of these roles for that area or below."""

    area_path: str
    roles: tuple[str, ...]
    functions: tuple[Function, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many times a function is needed, and at how many of these somebody holds it."""

    needed: int = 0
    held: int = 0

    @property
    def lacking(self) -> int:
        """How many holes there are."""
        return self.needed - self.held

    @property
    def tenths(self) -> int | None:
        """The share in tenths of a percent, rounded down: one hole is never 100 %. None where nothing is needed."""
        return self.held * _WHOLE // self.needed if self.needed else None

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.needed + other.needed, self.held + other.held)


class Cover:
    """Answers who covers a spot, from areas and posts that were read already; no query, each answer worked out once.

    depths: of the areas in force, by path, from the district down. levels: depth of each level by its code. posts: in
    the order in which work is given.
    """

    def __init__(self, *, depths: Mapping[str, int], levels: Mapping[str, int], posts: Iterable[HeldPost]) -> None:
        self._depths = depths
        self._levels = levels
        self._posts: dict[str, list[HeldPost]] = defaultdict(list)
        for post in posts:
            self._posts[post.area_path].append(post)
        self._below: dict[str, list[str]] = defaultdict(list)
        for path in sorted(depths):
            self._below[path.rpartition("/")[0]].append(path)
        self._lowest: dict[str, tuple[str, ...]] = {}
        self._chains: dict[tuple[str, str], tuple[str, ...]] = {}

    def holes(self, places: Iterable[Place], functions: Sequence[Function]) -> list[Hole]:
        """List the holes of some places, in their order."""
        found = []
        for place in places:
            for function in functions:
                areas = self.lacking(place, function)
                if areas:
                    found.append(Hole(place, function, areas))
        return found

    def lacking(self, place: Place, function: Function) -> tuple[str, ...]:
        """Tell the areas where nobody holds a function that the place needs; () where it is held, or not needed."""
        if place.kind not in function.places:
            return ()
        found = {
            chain[0]
            for spot in self._spots(place, function)
            if (chain := self._chain(spot, function)) and not self._nearest(chain, function)
        }
        return tuple(sorted(found))

    def responsible(self, place: Place, function: Function) -> tuple[HeldPost, ...]:
        """Tell whose function it is at a place: on each spot the nearest area's posts of the role named first."""
        if place.kind not in function.places:
            return ()
        found: dict[UUID, HeldPost] = {}
        for spot in self._spots(place, function):
            found |= {post.id: post for post in self._nearest(self._chain(spot, function), function)}
        return tuple(found.values())

    def _nearest(self, chain: Sequence[str], function: Function) -> list[HeldPost]:
        for path in reversed(chain):
            there = self._posts.get(path, ())
            for role in function.roles:
                held = [post for post in there if post.role == role]
                if held:
                    return held
        return []

    def _chain(self, spot: str, function: Function) -> tuple[str, ...]:
        """Tell the areas whose posts count at a spot, the highest first; the lowest alone where none lies so deep."""
        key = (spot, function.level)
        if key not in self._chains:
            codes = spot.split("/")
            above = ["/".join(codes[:length]) for length in range(1, len(codes) + 1)]
            there = [path for path in above if path in self._depths]
            least = self._levels[function.level]
            deep = tuple(path for path in there if self._depths[path] >= least)
            self._chains[key] = deep or tuple(there[-1:])
        return self._chains[key]

    def _spots(self, place: Place, function: Function) -> Iterable[str]:
        least = self._levels[function.level]
        for spot in place.spots:
            known = self._depths.get(spot)
            yield from (spot,) if known is None or known >= least else self._lowest_below(spot)

    def _lowest_below(self, path: str) -> tuple[str, ...]:
        if path not in self._lowest:
            below = self._below.get(path, ())
            self._lowest[path] = tuple(low for child in below for low in self._lowest_below(child)) or (path,)
        return self._lowest[path]


def causes_of(holes: Iterable[Hole]) -> list[Cause]:
    """Gather holes by what lacks: the area and the roles; by area, then roles. One empty post is one cause."""
    functions: dict[tuple[str, tuple[str, ...]], dict[str, Function]] = defaultdict(dict)
    places: dict[tuple[str, tuple[str, ...]], dict[UUID, Place]] = defaultdict(dict)
    for hole in holes:
        for area in hole.areas:
            key = (area, tuple(sorted(hole.function.roles)))
            functions[key][hole.function.code] = hole.function
            places[key][hole.place.id] = hole.place
    return [
        Cause(area, roles, tuple(functions[area, roles].values()), tuple(places[area, roles].values()))
        for area, roles in sorted(functions)
    ]


def tally(
    places: Iterable[Place], functions: Sequence[Function], holes: Iterable[Hole], *, groups: Mapping[str, str]
) -> dict[tuple[str, str], Tally]:
    """Count what is needed and held, by group and function. groups: of each community's path; others are left out."""
    needed: dict[tuple[str, str], int] = defaultdict(int)
    lacking: dict[tuple[str, str], int] = defaultdict(int)
    for place in places:
        group = groups.get(place.area_path)
        for function in functions:
            if group is not None and place.kind in function.places:
                needed[group, function.code] += 1
    for hole in holes:
        group = groups.get(hole.place.area_path)
        if group is not None:
            lacking[group, hole.function.code] += 1
    return {key: Tally(count, count - lacking[key]) for key, count in needed.items()}
