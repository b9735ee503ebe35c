"""Rights: what a viewer's posts allow, and why."""

from dataclasses import dataclass
from uuid import UUID

from linli.kernel.decision import Decision, allowed, denied
from linli.registry.people.choices import Reach, Verb


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post in force, with what it allows; area_path: codes from the district down, joined by "/"."""

    post_id: UUID
    role: str
    role_name: str
    verbs: frozenset[str]
    reach: str
    organisation_id: UUID
    organisation_name: str
    area_path: str
    area_name: str

    def covers(self, *, area_path: str, organisation_id: UUID | None) -> bool:
        """Whether a matter in that area, in that organisation's hands, lies within this post's reach."""
        if self.reach == Reach.ORGANISATION:
            return organisation_id == self.organisation_id
        return is_within(area_path, self.area_path)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: a person with the posts held now. Without posts it may do and see nothing."""

    person_id: UUID | None
    login_id: UUID | None
    district_id: str
    name: str
    posts: tuple[HeldPost, ...]

    @property
    def is_known(self) -> bool:
        """Whether somebody is signed in at all."""
        return self.person_id is not None

    def posts_with(self, verb: Verb) -> tuple[HeldPost, ...]:
        """List the posts that allow the verb somewhere."""
        return tuple(post for post in self.posts if verb in post.verbs)


NOBODY = Viewer(person_id=None, login_id=None, district_id="", name="", posts=())


def is_within(path: str, ancestor: str) -> bool:
    """Whether an area path is the ancestor's or below it; "210106/1" is not within "210106/10"."""
    return bool(ancestor) and (path == ancestor or path.startswith(ancestor + "/"))


def may(
    viewer: Viewer, verb: Verb, *, district_id: str, area_path: str = "", organisation_id: UUID | None = None
) -> Decision:
    """Say whether one of the viewer's posts allows the verb on a matter there."""
    if not viewer.is_known:
        return denied("not_signed_in")
    if viewer.district_id != district_id:
        return denied("other_district")
    posts = viewer.posts_with(verb)
    if not posts:
        return denied("no_post_allows", verb=verb.value)
    for post in posts:
        if post.covers(area_path=area_path, organisation_id=organisation_id):
            return allowed("post_allows", role=post.role_name, area=post.area_name)
    return denied("outside_reach", verb=verb.value)


def may_somewhere(viewer: Viewer, verb: Verb) -> Decision:
    """Say whether the viewer may do this at all, for menus and for pages that filter their own rows."""
    if not viewer.is_known:
        return denied("not_signed_in")
    posts = viewer.posts_with(verb)
    if not posts:
        return denied("no_post_allows", verb=verb.value)
    return allowed("post_allows", role=posts[0].role_name, area=posts[0].area_name)
