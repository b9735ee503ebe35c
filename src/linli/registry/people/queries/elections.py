"""Reading elections: what they change, and who holds the posts of an area now."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linli.kernel.errors import NotFound
from linli.registry.people.choices import BY_AREA, Verb
from linli.registry.people.models import Election, ElectionChange, Post, in_force
from linli.registry.people.queries.managing import PostRow, posts_of
from linli.registry.people.rules import Viewer, may, may_somewhere
from linli.registry.territory.queries import AreaRow, get_area_by_code

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ElectionRow:
    """An election. left, chosen: "name, role" of the posts that it ends and gives; is_undone: taken back."""

    id: UUID
    area_name: str
    area_code: str
    starts_on: date
    reason: str
    is_undone: bool
    left: tuple[tuple[str, str], ...]
    chosen: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Committees:
    """An area with the posts held for it on a day that an election can end: no administrator's."""

    area: AreaRow
    posts: tuple[PostRow, ...]


def list_elections(*, viewer: Viewer, limit: int = MOST_SHOWN) -> list[ElectionRow]:
    """List the elections of the areas whose posts a viewer manages, the latest day first. 2 queries.

    Raises NotAllowed.
    """
    may_somewhere(viewer, Verb.MANAGE_POSTS).require()
    found = Election.objects.filter(district_id=viewer.district_id).order_by("-starts_on", "-id")
    rows = [row for row in found.values_list(
        "id", "area__name", "area__code", "area__path", "starts_on", "reason", "undone_at")[: 4 * limit]
        if may(viewer, Verb.MANAGE_POSTS, district_id=viewer.district_id, area_path=row[3])][:limit]  # fmt: skip
    changes = ElectionChange.objects.filter(district_id=viewer.district_id, election_id__in=[row[0] for row in rows])
    told: dict[tuple[UUID, bool], list[tuple[str, str]]] = {}
    for election_id, is_new, name, role in changes.order_by("post__role__name", "id").values_list(
        "election_id", "is_new", "post__person__name", "post__role__name"
    ):
        told.setdefault((election_id, is_new), []).append((name, role))
    return [
        ElectionRow(row[0], row[1], row[2], row[4], row[5], row[6] is not None,
                    tuple(told.get((row[0], False), ())), tuple(told.get((row[0], True), ())))
        for row in rows
    ]  # fmt: skip


def get_committees(*, viewer: Viewer, area_code: str, on: date) -> Committees:
    """Read who holds the posts of an area on a day, as far as an election can end them. 3 queries.

    Raises NotAllowed, NotFound for an area of another district.
    """
    area = get_area_by_code(area_code)
    if area.district_id != viewer.district_id:
        raise NotFound("area_unknown", field="area")
    may(viewer, Verb.MANAGE_POSTS, district_id=viewer.district_id, area_path=area.path).require()
    held = Post.objects.filter(
        in_force(on), district_id=viewer.district_id, area_id=area.id, role__administrator="",
        role__reach__in=BY_AREA,
    )  # fmt: skip
    rows = posts_of(held)
    return Committees(area, tuple(sorted(rows, key=lambda row: (row.role_name, row.person_name, row.id))))
