"""Who may plan visits, who may make them, and who may read what came of them, with the reason."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from linli.kernel.decision import Decision, allowed, denied
from linli.kernel.errors import NotAllowed
from linli.registry.people.choices import BY_AREA, Reach, Verb
from linli.registry.people.rules import Viewer, is_within, may, may_somewhere


def may_plan(viewer: Viewer, *, area_path: str) -> Decision:
    """Say whether a viewer may plan visits of an area: whoever gives out work there, by an area of their own."""
    return may(viewer, Verb.DISPATCH, district_id=viewer.district_id, area_path=area_path)


def person_of(viewer: Viewer) -> UUID:
    """Tell who acts. Raises NotAllowed for nobody."""
    if viewer.person_id is None:
        raise NotAllowed("not_signed_in")
    return viewer.person_id


def may_see_visits(viewer: Viewer) -> Decision:
    """Say whether a viewer has a use for the pages of visits."""
    return may_somewhere(viewer, Verb.SEE_CASES) or may_somewhere(viewer, Verb.REPORT)


def seen_areas(viewer: Viewer) -> list[str]:
    """List the paths of the areas in and below which a viewer sees visits: those of posts that reach by area."""
    return sorted({post.area_path for post in viewer.posts if _has_use(post.verbs) and post.reach in _REACHES})


_REACHES = BY_AREA | {Reach.OWN}


def _has_use(verbs: Collection[str]) -> bool:
    return Verb.SEE_CASES in verbs or Verb.REPORT in verbs


def reached(viewer: Viewer, column: str) -> Q:
    """Give the filter of rows within a viewer's areas; column: of the path."""
    found = Q(pk__in=[])
    for path in seen_areas(viewer):
        found |= Q(**{column: path}) | Q(**{f"{column}__startswith": f"{path}/"})
    return found & Q(district_id=viewer.district_id)


def touches(viewer: Viewer, area_path: str) -> bool:
    """Whether a campaign of an area concerns a viewer: it lies within theirs, or theirs within it."""
    return any(is_within(area_path, path) or is_within(path, area_path) for path in seen_areas(viewer))


def may_visit(viewer: Viewer, *, area_path: str, roles: Collection[str]) -> Decision:
    """Say whether a viewer may write down a visit there: by a post there that reports, of the roles that visit."""
    mine = [post for post in viewer.posts_with(Verb.REPORT) if post.reach in _REACHES]
    there = [post for post in mine if is_within(area_path, post.area_path)]
    if not there:
        return denied("outside_reach")
    if roles and not any(post.role in roles for post in there):
        return denied("visited_by_others")
    return allowed("post_allows", role=there[0].role_name, area=there[0].area_name)


def may_read_notes(viewer: Viewer, *, area_path: str) -> Decision:
    """Say whether a viewer may read what visits there noted down: who sees cases there."""
    return may(viewer, Verb.SEE_CASES, district_id=viewer.district_id, area_path=area_path)
