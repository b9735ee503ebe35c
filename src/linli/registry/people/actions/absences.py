"""Being away: somebody else stands in for a post for some days; it ends by itself, or earlier when called off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from linli.kernel.errors import InvalidInput, NotFound
from linli.kernel.ids import new_id
from linli.ledger.facts.actions import record
from linli.registry.people.actions.posts import keep_administrators_apart, write_rights_line
from linli.registry.people.choices import AbsenceKind
from linli.registry.people.errors import CannotStandIn
from linli.registry.people.models import Absence, Person, Post, in_force
from linli.registry.people.rules import Viewer, is_within, may_lend_post

LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Away:
    """The days of an absence, both included, who stands in, and why as far as colleagues need to know."""

    deputy_id: UUID
    starts_on: date | None
    ends_on: date | None
    kind: str = AbsenceKind.LEAVE


@dataclass(frozen=True, slots=True)
class _Days:
    first: date
    last: date

    @property
    def overlap(self) -> Q:
        return Q(starts_on__lte=self.last, ends_on__gte=self.first, called_off_at__isnull=True)


@transaction.atomic
def set_absence(
    *, person_id: UUID, post_ids: Sequence[UUID], away: Away, by: Viewer, source_ip: str, at: datetime
) -> list[UUID]:
    """Let another person stand in for some of one's posts. Returns the absences' ids.

    Locks both people. At most 10 queries and 1 a post; a fact absence.set a post, one audit line. Raises NotFound,
    InvalidInput naming posts, deputy, starts_on, ends_on or kind, CannotStandIn, AdministratorsAreSeparate, NotAllowed.
    """
    days = _checked(away, timezone.localdate(at))
    _lock_both(by.district_id, person_id, away.deputy_id)
    posts = _posts(by, person_id, post_ids, days)
    for post in posts:
        may_lend_post(by, person_id=person_id, administrator=post.role.administrator, area_path=post.area.path,
                      organisation_id=post.organisation_id).require()  # fmt: skip
    if by.person_id == person_id:
        _check_colleague(by.district_id, away.deputy_id, posts, days)
    _check_deputy(by.district_id, person_id, away.deputy_id, posts, days)
    kinds = [post.role.administrator for post in posts]
    keep_administrators_apart(by.district_id, away.deputy_id, kinds, days.first, days.last)
    rows = [
        Absence(id=new_id(), district_id=by.district_id, post=post, deputy_id=away.deputy_id, kind=away.kind,
                starts_on=days.first, ends_on=days.last, made_by=by.person_id, made_at=at)
        for post in posts
    ]  # fmt: skip
    Absence.objects.bulk_create(rows)
    told = {"deputy": str(away.deputy_id), "starts_on": days.first.isoformat(), "ends_on": days.last.isoformat()}
    for post in posts:
        _record(post, "absence.set", by, at, told)
    write_rights_line(by=by, kind="absence", object_id=person_id, source_ip=source_ip, at=at, did="set",
                      data=told | {"posts": len(posts)})  # fmt: skip
    return [row.id for row in rows]


@transaction.atomic
def call_off_absence(*, absence_id: UUID, by: Viewer, source_ip: str, at: datetime) -> UUID:
    """End an absence now, or before it begins: the work is the holder's again. Returns the holder's person id.

    Locks the absence. 4 queries; fact absence.called_off, audit line. Raises NotFound, InvalidInput (it is over),
    NotAllowed.
    """
    row = (
        Absence.objects.select_for_update(of=("self",))
        .select_related("post__role", "post__area")
        .filter(district_id=by.district_id, id=absence_id)
        .first()
    )
    if row is None:
        raise NotFound("no_such_absence")
    post = row.post
    may_lend_post(by, person_id=post.person_id, administrator=post.role.administrator, area_path=post.area.path,
                  organisation_id=post.organisation_id).require()  # fmt: skip
    if row.called_off_at is not None or row.ends_on < timezone.localdate(at):
        raise InvalidInput("absence_is_over")
    row.called_off_at = at
    row.save(update_fields=["called_off_at"])
    _record(post, "absence.called_off", by, at, {"deputy": str(row.deputy_id)})
    write_rights_line(by=by, kind="absence", object_id=post.person_id, source_ip=source_ip, at=at, did="called_off",
                      data={"deputy": str(row.deputy_id)})  # fmt: skip
    return post.person_id


def _checked(away: Away, today: date) -> _Days:
    if away.kind not in set(AbsenceKind):
        raise InvalidInput("unknown_absence_kind", field="kind")
    if away.starts_on is None or not today <= away.starts_on <= today + timedelta(days=LONGEST_DAYS):
        raise InvalidInput("absence_first_day", field="starts_on", params={"most": LONGEST_DAYS})
    last = away.starts_on + timedelta(days=LONGEST_DAYS)
    if away.ends_on is None or not away.starts_on <= away.ends_on <= last:
        raise InvalidInput("absence_last_day", field="ends_on", params={"most": LONGEST_DAYS})
    return _Days(away.starts_on, away.ends_on)


def _lock_both(district_id: str, person_id: UUID, deputy_id: UUID) -> None:
    if person_id == deputy_id:
        raise InvalidInput("deputy_is_oneself", field="deputy")
    both = Person.objects.filter(district_id=district_id, id__in=[person_id, deputy_id])
    found = {row.id for row in both.order_by("id").select_for_update()}
    if person_id not in found:
        raise NotFound("no_such_person")
    if deputy_id not in found:
        raise InvalidInput("no_such_deputy", field="deputy")


def _posts(by: Viewer, person_id: UUID, post_ids: Sequence[UUID], days: _Days) -> list[Post]:
    found = Post.objects.filter(in_force(days.first), district_id=by.district_id, person_id=person_id, id__in=post_ids)
    posts = list(found.select_related("role", "area").order_by("id"))
    if not posts or len(posts) != len(set(post_ids)):
        raise InvalidInput("posts_missing", field="posts")
    return posts


def _check_colleague(district_id: str, deputy_id: UUID, posts: Sequence[Post], days: _Days) -> None:
    """Lend one's own posts to colleagues only: of the same organisation, or with a post for that area or one above."""
    held = Post.objects.filter(in_force(days.first), district_id=district_id, person_id=deputy_id).order_by("id")
    places = list(held.values_list("organisation_id", "area__path"))
    for post in posts:
        if not any(post.organisation_id == body or is_within(post.area.path, path) for body, path in places):
            raise CannotStandIn("deputy_is_no_colleague", field="deputy")


def _check_deputy(district_id: str, person_id: UUID, deputy_id: UUID, posts: Sequence[Post], days: _Days) -> None:
    """Ask for a deputy who has a post here then and is not away, and a holder who stands in for nobody then."""
    held = Post.objects.filter(in_force(days.first), district_id=district_id, person_id=deputy_id)
    if not held.filter(in_force(days.last)).exists():
        raise CannotStandIn("deputy_has_no_post", field="deputy")
    absences = Absence.objects.filter(days.overlap, district_id=district_id)
    clashes = absences.filter(
        Q(post__person_id=deputy_id) | Q(post_id__in=[post.id for post in posts]) | Q(deputy_id=person_id)
    ).values_list("post_id", "deputy_id", "post__person_id")
    for post_id, stands_in, holder in clashes.order_by("id"):
        if post_id in {post.id for post in posts}:
            raise CannotStandIn("already_away", field="starts_on")
        if holder == deputy_id:
            raise CannotStandIn("deputy_is_away", field="deputy")
        if stands_in == person_id:
            raise CannotStandIn("stands_in_then", field="starts_on")


def _record(post: Post, kind: str, by: Viewer, at: datetime, data: dict[str, str]) -> None:
    record(district_id=by.district_id, kind=kind, subject_id=post.id, at=at, actor_id=by.person_id,
           area_path=post.area.path, organisation_id=post.organisation_id, post_id=post.id, data=data)  # fmt: skip
