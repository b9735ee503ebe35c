"""Rights: what a viewer's posts allow, and why."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from linli.kernel.decision import Decision, allowed, denied
from linli.registry.people.choices import BY_ORGANISATION, Reach, Verb

_GRID_DEPTH = 4  # district / subdistrict / community / grid


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post in force, with what it allows; area_path: codes from the district down, joined by "/".

    holder_id, holder_name: whose post it is; deputy_until: the last day of standing in for them, None for one's own;
    administrator: which of the three, "" for none.
    below: the organisations under its own, where the post reaches those too.
    """

    post_id: UUID
    role: str
    role_name: str
    verbs: frozenset[str]
    reach: str
    organisation_id: UUID
    organisation_name: str
    area_path: str
    area_name: str
    holder_id: UUID | None = None
    holder_name: str = ""
    deputy_until: date | None = None
    administrator: str = ""
    below: tuple[UUID, ...] = ()

    @property
    def is_deputised(self) -> bool:
        """Whether the viewer only stands in for its holder."""
        return self.deputy_until is not None

    @property
    def organisation_ids(self) -> tuple[UUID, ...]:
        """Whose matters the post reaches wherever they are; none where it reaches by its area."""
        if self.reach in BY_ORGANISATION:
            return (self.organisation_id, *self.below)
        return ()

    def covers(self, *, area_path: str, organisation_id: UUID | None) -> bool:
        """Whether a matter in that area, in that organisation's hands, lies within this post's reach."""
        if self.reach == Reach.AREA:
            return is_within(area_path, self.area_path)
        return organisation_id in self.organisation_ids


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

    @property
    def is_administrator(self) -> bool:
        """Whether it is one of the three administrators, or stands in for one."""
        return any(post.administrator for post in self.posts)

    def posts_with(self, verb: Verb) -> tuple[HeldPost, ...]:
        """List the posts that allow the verb somewhere."""
        return tuple(post for post in self.posts if verb in post.verbs)

    def areas_with(self, verb: Verb) -> tuple[str, ...]:
        """List the paths of the areas in which and below which posts allow the verb."""
        return tuple(post.area_path for post in self.posts_with(verb) if post.reach == Reach.AREA)

    def organisations_with(self, verb: Verb) -> tuple[UUID, ...]:
        """List the organisations on whose matters posts allow the verb, wherever they are."""
        return tuple(id_ for post in self.posts_with(verb) for id_ in post.organisation_ids)


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


def own_grids(viewer: Viewer) -> list[str]:
    """List the paths of the grids, and parts of grids, in which the viewer's posts report; none for posts higher up."""
    paths = sorted(
        {post.area_path for post in viewer.posts_with(Verb.REPORT) if post.area_path.count("/") + 1 >= _GRID_DEPTH
         and post.reach in {Reach.AREA, Reach.OWN}}
    )  # fmt: skip
    return [path for path in paths if not any(path.startswith(f"{other}/") for other in paths)]


def may_make_person(viewer: Viewer) -> Decision:
    """Say whether a viewer may write down people: who gives posts somewhere."""
    return may_somewhere(viewer, Verb.MANAGE_POSTS)


def may_change_posts(viewer: Viewer, *, person_id: UUID, area_path: str, organisation_id: UUID | None) -> Decision:
    """Say whether a viewer may make, end or lend a person's post there. Nobody changes their own rights."""
    decision = may(
        viewer, Verb.MANAGE_POSTS, district_id=viewer.district_id, area_path=area_path, organisation_id=organisation_id
    )
    if decision and person_id == viewer.person_id:
        return denied("own_rights")
    return decision


def may_lend_post(
    viewer: Viewer, *, person_id: UUID, administrator: str, area_path: str, organisation_id: UUID | None
) -> Decision:
    """Say whether a viewer may let somebody stand in for a post: its holder, or who manages posts there.

    An administrator's post is lent by who manages posts alone, and never by its holder.
    """
    if person_id == viewer.person_id and viewer.is_known:
        return denied("own_rights") if administrator else allowed("own_post")
    return may_change_posts(viewer, person_id=person_id, area_path=area_path, organisation_id=organisation_id)


def may_change_login(viewer: Viewer, *, person_id: UUID, is_reached: bool) -> Decision:
    """Say whether a viewer may open, shut and reset a person's login; one's own is changed by its password alone.

    is_reached: whether all that the person holds lies within the viewer's reach: who takes over a login has its posts.
    """
    decision = may_somewhere(viewer, Verb.MANAGE_LOGINS)
    if decision and person_id == viewer.person_id:
        return denied("own_login")
    if decision and not is_reached:
        return denied("outside_reach", verb=Verb.MANAGE_LOGINS.value)
    return decision


def may_end_second_factor(viewer: Viewer, *, is_required: bool) -> Decision:
    """Say whether a viewer may take away their own second factor: not where administrators have to have one."""
    if not viewer.is_known:
        return denied("not_signed_in")
    return denied("second_factor_required") if is_required and viewer.is_administrator else allowed("signed_in")


def may_see_people(viewer: Viewer) -> Decision:
    """Say whether a viewer may open the administration of people: who manages posts or logins somewhere."""
    decision = may_somewhere(viewer, Verb.MANAGE_POSTS)
    return decision or may_somewhere(viewer, Verb.MANAGE_LOGINS)


def may_see_colleagues(viewer: Viewer) -> Decision:
    """Say whether a viewer may see who is responsible where: whoever serves in the district. Names and posts only."""
    return allowed("signed_in") if viewer.is_known else denied("not_signed_in")


def may_edit_areas(viewer: Viewer) -> Decision:
    """Say whether a viewer may change the tree of areas: only for the whole district, since borders have two sides."""
    return may(viewer, Verb.EDIT_AREAS, district_id=viewer.district_id, area_path=viewer.district_id)


def may_change_role(viewer: Viewer, *, role: str, administrator: str) -> Decision:
    """Say whether a viewer may change how far a role reaches: who gives posts in the whole district.

    Never a role that the viewer holds, and never one of the three administrators'.
    """
    decision = may(viewer, Verb.MANAGE_POSTS, district_id=viewer.district_id, area_path=viewer.district_id)
    if decision and (administrator or role in {post.role for post in viewer.posts}):
        return denied("own_rights")
    return decision


def may_read_audit(viewer: Viewer) -> Decision:
    """Say whether a viewer may read the audit log: the auditor of the whole district, who gives no rights.

    Whoever gives posts or opens logins is what it tells of, so they never read it, whatever else they hold.
    """
    decision = may(viewer, Verb.READ_AUDIT, district_id=viewer.district_id, area_path=viewer.district_id)
    if decision and (viewer.posts_with(Verb.MANAGE_POSTS) or viewer.posts_with(Verb.MANAGE_LOGINS)):
        return denied("audits_oneself")
    return decision


def may_see_alarms(viewer: Viewer) -> Decision:
    """Say whether a viewer may see who did something too often: who manages logins of the district, and its auditor.

    An alarm names somebody and a number, nothing of what was read: it opens no part of the audit log.
    """
    return may_change_alarms(viewer) or may_read_audit(viewer)


def may_change_alarms(viewer: Viewer) -> Decision:
    """Say whether a viewer may say from how much on something is an alarm: who manages logins of the district."""
    return may(viewer, Verb.MANAGE_LOGINS, district_id=viewer.district_id, area_path=viewer.district_id)


def reaches_district(viewer: Viewer) -> bool:
    """Whether the viewer manages people of the whole district, those without any post too."""
    whole = viewer.district_id
    return any(
        may(viewer, verb, district_id=whole, area_path=whole) for verb in (Verb.MANAGE_POSTS, Verb.MANAGE_LOGINS)
    )


def managed_posts(viewer: Viewer) -> Q:
    """Give the filter of posts within the reach of who manages posts or logins: the same answer as `may`, as rows."""
    reached = Q(pk__in=[])
    for post in (*viewer.posts_with(Verb.MANAGE_POSTS), *viewer.posts_with(Verb.MANAGE_LOGINS)):
        if post.organisation_ids:
            reached |= Q(organisation_id__in=post.organisation_ids)
        elif post.reach == Reach.AREA:
            reached |= Q(area__path=post.area_path) | Q(area__path__startswith=f"{post.area_path}/")
    return reached & Q(district_id=viewer.district_id)
