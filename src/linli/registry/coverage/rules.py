"""Who sees coverage: names of colleagues and posts, within the areas of one's own posts."""

from linli.kernel.decision import Decision, allowed, denied
from linli.registry.people.choices import Reach, Verb
from linli.registry.people.rules import Viewer, is_within, may


def seen_paths(viewer: Viewer) -> tuple[str, ...]:
    """List the areas whose places a viewer sees, none inside another; () for who has no area."""
    paths = sorted({post.area_path for post in viewer.posts if post.reach == Reach.AREA})
    return tuple(path for path in paths if not any(is_within(path, other) and path != other for other in paths))


def may_see_coverage(viewer: Viewer, *, area_path: str = "") -> Decision:
    """Say whether a viewer may see who is responsible at an area's places; "": anywhere at all."""
    if not viewer.is_known:
        return denied("not_signed_in")
    paths = seen_paths(viewer)
    if not paths or (area_path and not any(is_within(area_path, path) for path in paths)):
        return denied("outside_reach")
    return allowed("signed_in")


def may_change_functions(viewer: Viewer) -> Decision:
    """Say whether a viewer may say what somebody has to be responsible for: who keeps the district's rulebooks."""
    return may(viewer, Verb.EDIT_RULEBOOKS, district_id=viewer.district_id, area_path=viewer.district_id)
