"""Hints from the database: that something changed, and whom it concerns."""

import json
from dataclasses import dataclass

from linli.registry.people.choices import Reach, Verb
from linli.registry.people.rules import Viewer, is_within

_SAID = ("topic", "district", "area_path", "organisation", "post", "opened_by")
_WATCHED = frozenset({Verb.SEE_CASES.value, Verb.WORK_CASES.value})


@dataclass(frozen=True, slots=True)
class Hint:
    """What a notice on the channel says; organisation, post, opened_by: ids as text; "" where it says nothing."""

    topic: str
    district: str = ""
    area_path: str = ""
    organisation: str = ""
    post: str = ""
    opened_by: str = ""


def read_hint(payload: str) -> Hint | None:
    """Read a notice; None for one that is not ours."""
    try:
        said = json.loads(payload)
    except ValueError:
        return None
    if not isinstance(said, dict) or not str(said.get("topic", "")).startswith("case"):
        return None
    return Hint(*(str(said.get(name, "")) for name in _SAID))


def concerns(viewer: Viewer, hint: Hint) -> bool:
    """Whether the viewer reported it, or has posts that reach it; a hint that names no place concerns the district."""
    if hint.district and hint.district != viewer.district_id:
        return False
    if not hint.area_path:
        return True
    if hint.opened_by and hint.opened_by == str(viewer.person_id):
        return True
    for post in viewer.posts:
        if str(post.post_id) == hint.post:
            return True
        if not _WATCHED & post.verbs:
            continue
        if hint.organisation in map(str, post.organisation_ids):
            return True
        if post.reach == Reach.AREA and is_within(hint.area_path, post.area_path):
            return True
    return False
