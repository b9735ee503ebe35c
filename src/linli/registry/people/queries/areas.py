"""Changes of the tree as they meet people: whose posts are touched, and who is responsible for each part afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from linli.kernel.errors import NotFound
from linli.registry.orgs.queries import count_organisations_of
from linli.registry.people.choices import AdministratorKind
from linli.registry.people.models import AreaChangePost, Post, PostArea, Role, in_force
from linli.registry.people.rules import Viewer, may_edit_areas
from linli.registry.territory.calc import paths
from linli.registry.territory.calc.operations import Operation
from linli.registry.territory.choices import ChangePart
from linli.registry.territory.queries import (
    AreaLook,
    AreaRow,
    LevelCount,
    MadeChange,
    Stand,
    count_levels,
    get_area_by_code,
    look_at_areas,
    read_change,
    stands_of_territory,
)

SHOWN = 30
_OVER = (ChangePart.ENDED, ChangePart.MOVED)


@dataclass(frozen=True, slots=True)
class TouchedPost:
    """A post whose place a change touches. goes_on: it is given for the new area too."""

    person_name: str
    role_name: str
    area_name: str
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who would look after an area that begins or is cut. vacant: roles that it needs and nobody would hold.

    above: the name of the nearest area above it for which somebody holds a post, where nobody holds one for itself.
    """

    code: str
    name: str
    holders: tuple[str, ...]
    vacant: tuple[str, ...]
    above: str


@dataclass(frozen=True, slots=True)
class PostsLook:
    """What a change means for people. posts: the first of them; total: all; going_on: how many follow their area."""

    posts: tuple[TouchedPost, ...]
    total: int
    going_on: int
    responsible: tuple[Responsible, ...]


@dataclass(frozen=True, slots=True)
class PeopleLook:
    """A change of the tree, and what it means for people."""

    areas: AreaLook
    posts: PostsLook


def look_at_change(*, viewer: Viewer, operation: Operation, on: date) -> PeopleLook:
    """Tell what a change of the tree would do, to areas and to posts. At most 10 queries.

    Raises NotAllowed, InvalidInput.
    """
    may_edit_areas(viewer).require()
    look = look_at_areas(district_id=viewer.district_id, operation=operation, on=on)
    return PeopleLook(look, _posts(viewer, look, on))


@dataclass(frozen=True, slots=True)
class TakingBack:
    """A change of the tree as it may be taken back. posts: how many that it gave or ended go back with it.

    stands: what of territory and people stands on it; given: ids of the posts that it gave.
    """

    change: MadeChange
    posts: int
    stands: tuple[Stand, ...]
    given: tuple[UUID, ...]


def look_at_taking_back(*, viewer: Viewer, change_id: UUID) -> TakingBack:
    """Tell what taking a change of the tree back would do. At most 11 queries. Raises NotAllowed, NotFound."""
    may_edit_areas(viewer).require()
    change = read_change(district_id=viewer.district_id, change_id=change_id)
    rows = AreaChangePost.objects.filter(district_id=viewer.district_id, change=change_id).order_by("id")
    posts = list(rows.values_list("post_id", "is_new"))
    given = tuple(post_id for post_id, is_new in posts if is_new)
    return TakingBack(change, len(posts), (*stands_of_territory(change), *stands_of_people(change)), given)


def stands_of_people(change: MadeChange) -> list[Stand]:
    """List what of people stands on a change: posts and organisations of areas that it began. 3 queries."""
    begun = [area.id for area in change.of(ChangePart.BEGUN)]
    by_itself = AreaChangePost.objects.filter(district_id=change.district_id, change=change.id, is_new=True)
    posts = Post.objects.filter(district_id=change.district_id, area_id__in=begun)
    others = posts.exclude(id__in=by_itself.values("post_id")).count()
    others += PostArea.objects.filter(district_id=change.district_id, area_id__in=begun).count()
    bodies = count_organisations_of(district_id=change.district_id, area_ids=begun)
    found = (Stand("change_has_posts", others), Stand("change_has_organisations", bodies))
    return [stand for stand in found if stand.n]


def following_posts(*, district_id: str, area_ids: Sequence[UUID], on: date, by: Viewer) -> QuerySet[Post]:
    """Give the posts that follow areas which move: held on the day or later, no administrator's, none of one's own."""
    found = Post.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on),
        district_id=district_id, area_id__in=area_ids, role__administrator=AdministratorKind.NONE,
    )  # fmt: skip
    return found.exclude(person_id=by.person_id) if by.person_id else found


@dataclass(frozen=True, slots=True)
class LevelReport:
    """A level of an area: how many areas there are, how many drawn, and how many posts are held there by role."""

    count: LevelCount
    posts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class AreaReport:
    """An area with what is below it, counted by level."""

    area: AreaRow
    levels: tuple[LevelReport, ...]


def report_area(*, viewer: Viewer, area_code: str, on: date) -> AreaReport:
    """Count an area and all below it by level on a day, and the posts held for them by role. 3 queries.

    Raises NotAllowed, NotFound for an area of another district.
    """
    may_edit_areas(viewer).require()
    area = get_area_by_code(area_code)
    if area.district_id != viewer.district_id:
        raise NotFound("area_unknown", field="code")
    return AreaReport(area, tuple(levels_of(area.path, on=on)))


def levels_of(path: str, *, on: date) -> list[LevelReport]:
    """Count areas and posts by level, from the top down, on a day. 2 queries."""
    held = Post.objects.filter(
        in_force(on), Q(area__path=path) | Q(area__path__startswith=path + "/"),
        Q(area__ends_on__isnull=True) | Q(area__ends_on__gte=on), district_id=paths.district_of(path),
        area__starts_on__lte=on,
    )  # fmt: skip
    posts: dict[str, list[tuple[str, int]]] = {}
    for level, role, number in (
        held.order_by("area__level_id", "role__name")
        .values_list("area__level_id", "role__name")
        .annotate(n=Count("id"))
    ):
        posts.setdefault(level, []).append((role, number))
    return [LevelReport(count, tuple(posts.get(count.level, ()))) for count in count_levels(path, on=on)]


def _posts(viewer: Viewer, look: AreaLook, on: date) -> PostsLook:
    touched = [row.id for row in look.touched if row.part in {*_OVER, ChangePart.KEPT}]
    held = Post.objects.filter(in_force(on), district_id=viewer.district_id, area_id__in=touched)
    moved = [row.was_id for row in look.touched if row.was_id]
    following = set(
        following_posts(district_id=viewer.district_id, area_ids=moved, on=on, by=viewer)
        .order_by("id").values_list("id", flat=True)
    )  # fmt: skip
    columns = ("id", "person__name", "role__name", "area__name", "area_id", "role_id")
    rows = list(held.order_by("area__path", "role_id", "id").values_list(*columns))
    posts = tuple(TouchedPost(name, role, area, post_id in following) for post_id, name, role, area, *_ in rows[:SHOWN])
    return PostsLook(posts, len(rows), len(following), _responsible(viewer, look, on, rows, following))


def _responsible(
    viewer: Viewer,
    look: AreaLook,
    on: date,
    rows: Sequence[tuple[UUID, str, str, str, UUID, str]],
    following: set[UUID],
) -> tuple[Responsible, ...]:
    """Tell of each area that begins or is cut who holds a post for it, those that follow it counted."""
    shown = [row for row in look.touched if row.part in {ChangePart.BEGUN, ChangePart.KEPT}][:SHOWN]
    wanted = list(Role.objects.exclude(wanted_at="").order_by("name").values_list("code", "name", "wanted_at"))
    above = {path for row in shown for path in paths.ancestors(row.path)}
    staffed = Post.objects.filter(in_force(on), district_id=viewer.district_id, area__path__in=above)
    names = dict(staffed.order_by("area__path").values_list("area__path", "area__name").distinct())
    found = []
    for row in shown:
        mine = [
            post for post in rows
            if post[4] == row.id or (post[4] == row.was_id and post[0] in following)
        ]  # fmt: skip
        roles = {post[5] for post in mine}
        vacant = tuple(name for code, name, level in wanted if level == row.level and code not in roles)
        nearest = next((names[path] for path in reversed(paths.ancestors(row.path)) if path in names), "")
        holders = tuple(f"{post[1]}({post[2]})" for post in mine)
        found.append(Responsible(row.code, row.name, holders, vacant, "" if mine else nearest))
    return tuple(found)
