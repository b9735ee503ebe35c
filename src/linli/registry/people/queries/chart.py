"""Reading who is responsible where: an area with its posts and those right below it, and how that was on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from linli.kernel.errors import NotFound
from linli.registry.people.models import Post, Role, in_force
from linli.registry.people.queries.managing import PostRow, posts_of
from linli.registry.people.rules import Viewer, may_see_colleagues
from linli.registry.territory.queries import AreaRow, children_of, get_area_by_code


@dataclass(frozen=True, slots=True)
class AreaPosts:
    """An area with the posts held for it that day; vacant: names of roles that it needs and nobody holds."""

    area: AreaRow
    posts: tuple[PostRow, ...]
    vacant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """An area and those right below it."""

    top: AreaPosts
    below: tuple[AreaPosts, ...]


def get_chart(*, viewer: Viewer, area_code: str, on: date) -> Chart:
    """Read who holds which post in an area and right below it on a day. 5 queries, however many areas.

    Raises NotAllowed, NotFound for an area of another district.
    """
    area = _area(viewer, area_code)
    areas = [area, *(row for row in children_of(area.path, on=on) if not row.is_pseudo)]
    found = Post.objects.filter(in_force(on), district_id=area.district_id, area_id__in=[row.id for row in areas])
    held: dict[str, list[PostRow]] = {}
    for row in posts_of(found):
        held.setdefault(row.area_code, []).append(row)
    wanted = list(Role.objects.exclude(wanted_at="").order_by("name").values_list("code", "name", "wanted_at"))
    lines = [_posts(row, held.get(row.code, ()), wanted) for row in areas]
    return Chart(lines[0], tuple(lines[1:]))


@dataclass(frozen=True, slots=True)
class AreaHistory:
    """Who was responsible for an area: on_day, those who held a post that day; all_posts: every post, newest first."""

    area: AreaRow
    on_day: AreaPosts
    all_posts: tuple[PostRow, ...]


def get_area_history(*, viewer: Viewer, area_code: str, on: date) -> AreaHistory:
    """Read who was responsible for an area on a day, and all who ever were. 4 queries.

    Raises NotAllowed, NotFound for an area of another district.
    """
    area = _area(viewer, area_code)
    rows = tuple(posts_of(Post.objects.filter(area_id=area.id, district_id=area.district_id)))
    wanted = list(Role.objects.exclude(wanted_at="").order_by("name").values_list("code", "name", "wanted_at"))
    that_day = [row for row in rows if row.is_held(on)]
    return AreaHistory(area, _posts(area, that_day, wanted), rows)


def _area(viewer: Viewer, area_code: str) -> AreaRow:
    may_see_colleagues(viewer).require()
    area = get_area_by_code(area_code)
    if area.district_id != viewer.district_id:
        raise NotFound("area_unknown", field="code")
    return area


def _posts(area: AreaRow, rows: Sequence[PostRow], wanted: Sequence[tuple[str, str, str]]) -> AreaPosts:
    held = {row.role for row in rows}
    vacant = tuple(name for code, name, level in wanted if level == area.level and code not in held)
    return AreaPosts(area, tuple(sorted(rows, key=lambda row: (row.role_name, row.starts_on, row.id))), vacant)
