"""What ends when: nothing goes on in an area, an organisation or beside a post that has ended or forbids it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from linli.registry.sheets.calc.descriptions import POSTS, Value
from linli.registry.sheets.calc.plans import Fault, PlannedRow, PlannedSheet
from linli.registry.sheets.calc.world import World, is_longer
from linli.registry.sheets.choices import RowStatus, SheetKind

Sheets = Mapping[SheetKind, PlannedSheet]
Post = dict[str, Value]


def check_terms(world: World, sheets: Sheets) -> None:
    """Add a fault to each new or changed row after which something would outlive what it stands on.

    Areas under an area; posts in an area or an organisation; the same post held twice at once; two of the three
    administrators' posts in one hand. What was so before and is not touched is left alone.
    """
    _check_below(world, sheets)
    if SheetKind.POSTS not in world.registry.entries:
        return
    posts = _Posts(world, sheets)
    posts.check_places(SheetKind.AREAS, "area_code", "area_has_posts")
    posts.check_places(SheetKind.ORGANISATIONS, "organisation_code", "organisation_has_posts")
    posts.check_each_other()


def _changing(sheets: Sheets, kind: SheetKind) -> dict[str, PlannedRow]:
    """Give the new and changed rows of a kind by code."""
    rows = sheets[kind].rows if kind in sheets else []
    return {str(row.key[0]): row for row in rows if row.status in {RowStatus.NEW, RowStatus.CHANGED}}


def _check_below(world: World, sheets: Sheets) -> None:
    for kind, error in ((SheetKind.AREAS, "area_has_areas"), (SheetKind.ORGANISATIONS, "organisation_has_others")):
        changing = _changing(sheets, kind)
        if not changing:
            continue
        parents, ends = world.column(kind, "parent_code"), world.column(kind, "ends_on")
        for code, parent in parents.items():
            if not isinstance(parent, str) or not is_longer(ends[code], ends.get(parent)):
                continue
            if code in changing:
                changing[code].faults.append(Fault("ends_on", "outlives_its_place", {"code": parent}))
            elif parent in changing and not changing[parent].faults:
                changing[parent].faults.append(Fault("ends_on", error, {"code": code}))


class _Posts:
    """All posts as they would be, and the rows of the file that make them so."""

    def __init__(self, world: World, sheets: Sheets) -> None:
        self._world, self._sheets = world, sheets
        keys = [column.key for column in POSTS.columns]
        self._posts: list[tuple[tuple[Value, ...], Post]] = [
            (key, dict(zip(keys, values, strict=True))) for key, values in world.values(SheetKind.POSTS).items()
        ]
        rows = sheets[SheetKind.POSTS].rows if SheetKind.POSTS in sheets else []
        self._rows = {row.key: row for row in rows if row.status in {RowStatus.NEW, RowStatus.CHANGED}}

    def check_places(self, kind: SheetKind, field: str, error: str) -> None:
        """Look for posts that go on after their area or organisation."""
        ends = self._world.column(kind, "ends_on")
        changing = _changing(self._sheets, kind)
        for key, post in self._posts:
            place = str(post[field])
            if not is_longer(post["ends_on"], ends.get(place)):
                continue
            if key in self._rows:
                self._rows[key].faults.append(Fault("ends_on", "outlives_its_place", {"code": place}))
            elif place in changing and not changing[place].faults:
                changing[place].faults.append(Fault("ends_on", error, {"person": str(post["person_code"])}))

    def check_each_other(self) -> None:
        """Look for one post twice at once, and for two administrators' posts in one hand at once."""
        administrators = self._world.registry.administrators
        self._check_groups(
            lambda post: tuple(post[name] for name in POSTS.identity[:-1]), lambda _one, _other: True, "post_twice"
        )
        self._check_groups(
            lambda post: (post["person_code"],) if administrators.get(str(post["role"])) else None,
            lambda one, other: administrators[str(one["role"])] != administrators[str(other["role"])],
            "administrators_are_separate",
        )

    def _check_groups(
        self,
        group_of: Callable[[Post], tuple[Value, ...] | None],
        clash: Callable[[Post, Post], bool],
        error: str,
    ) -> None:
        groups: dict[tuple[Value, ...], list[tuple[tuple[Value, ...], Post]]] = defaultdict(list)
        for key, post in self._posts:
            group = group_of(post)
            if group is not None:
                groups[group].append((key, post))
        for members in groups.values():
            for key in self._clashing(members, clash):
                self._rows[key].faults.append(Fault("starts_on", error, {}))

    def _clashing(
        self, members: list[tuple[tuple[Value, ...], Post]], clash: Callable[[Post, Post], bool]
    ) -> Iterator[tuple[Value, ...]]:
        for key, post in members:
            if key in self._rows and any(
                other is not post and clash(post, other) and _meet(post, other) for _key, other in members
            ):
                yield key


def _meet(one: Post, other: Post) -> bool:
    """Tell whether two terms have a day in common."""
    starts, ends = (one["starts_on"], other["starts_on"]), (one["ends_on"], other["ends_on"])
    return all(
        isinstance(start, date) and not is_longer(start, end) for start, end in zip(starts, reversed(ends), strict=True)
    )
