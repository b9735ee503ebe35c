"""Elections of committees: the changes of posts that a new term brings, all on one day; undone whole until that day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from linli.kernel import bus
from linli.kernel.errors import Conflict, InvalidInput, NotFound
from linli.kernel.ids import new_id
from linli.ledger.commands.actions import claim
from linli.ledger.facts.actions import record
from linli.registry.orgs.queries import list_organisations
from linli.registry.people.actions.posts import write_rights_line
from linli.registry.people.choices import Verb
from linli.registry.people.events import PostsChanged
from linli.registry.people.models import Absence, Election, ElectionChange, Person, Post, Role
from linli.registry.people.rules import Viewer, may, may_change_posts
from linli.registry.territory.queries import AreaRow, get_area_by_code

LONGEST_REASON = 200
MOST = 40
_AHEAD, _DAY = timedelta(days=366), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Elected:
    """Who is to hold which role, in which organisation of the area."""

    person_id: UUID
    role: str
    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class Term:
    """Where the committees are chosen anew. starts_on: the first day of the new term; ends_on: its last, if known."""

    area_code: str
    starts_on: date | None
    ends_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """What an election changes, checked: old posts are locked, new ones not saved."""

    area: AreaRow
    first: date
    old: list[Post]
    new: list[Post]


@transaction.atomic
def check_election(
    *, term: Term, leaving: Sequence[UUID], elected: Sequence[Elected], by: Viewer, at: datetime
) -> None:
    """Look whether an election can be held; nothing is written. At most 7 queries. Raises as hold_election."""
    _plan(term, leaving, elected, by, at)


@transaction.atomic
def hold_election(
    *, term: Term, leaving: Sequence[UUID], elected: Sequence[Elected], by: Viewer, key: str, source_ip: str,
    at: datetime,
) -> UUID:  # fmt: skip
    """End posts of an area the day before a new term and give those of the term, all or none, once for a key.

    Whoever is chosen again is both: their old post ends, the new one begins. Returns the election's id. Some 12
    queries and 1 a change; a fact for the election and each post, one audit line; publishes PostsChanged. Locks the
    posts that end and the people who come. Raises InvalidInput naming area, starts_on, ends_on, reason, leaving or
    elected, NotAllowed, Conflict (the key was used for another one).
    """
    election_id = new_id()
    said = f"{term}{sorted(map(str, leaving))}{list(elected)}"
    claimed = claim(district_id=by.district_id, caller=f"person:{by.person_id}", key=key,
                    body_hash=sha256(said.encode()).hexdigest(), result_id=election_id, at=at)  # fmt: skip
    if not claimed.is_new:
        return claimed.result_id
    plan = _plan(term, leaving, elected, by, at)
    area, old, new = plan.area, plan.old, plan.new
    Election.objects.create(
        id=election_id, district_id=by.district_id, area_id=area.id, starts_on=plan.first, reason=term.reason.strip(),
        made_by=by.person_id, made_at=at,
    )  # fmt: skip
    Post.objects.bulk_create(new)
    ElectionChange.objects.bulk_create(
        ElectionChange(id=new_id(), district_id=by.district_id, election_id=election_id, post=post,
                       is_new=post not in old, before=post.ends_on if post in old else None)
        for post in (*old, *new)
    )  # fmt: skip
    last = plan.first - _DAY
    Post.objects.filter(district_id=by.district_id, id__in=[post.id for post in old]).update(ends_on=last)
    told = {"starts_on": plan.first.isoformat(), "left": len(old), "chosen": len(new)}
    record(district_id=by.district_id, kind="election.held", subject_id=election_id, at=at, actor_id=by.person_id,
           area_path=area.path, data=told)  # fmt: skip
    for post in old:
        _tell_post(by, area, post, "post.last_day_set", at, {"ends_on": last.isoformat()})
    for post in new:
        _tell_post(by, area, post, "post.made", at, {"starts_on": plan.first.isoformat()})
    write_rights_line(by=by, kind="election", object_id=election_id, source_ip=source_ip, at=at, did="held",
                      data={"area": area.code, "left": len(old), "chosen": len(new)})  # fmt: skip
    _publish(by, area, (*old, *new), at)
    return election_id


@transaction.atomic
def undo_election(*, election_id: UUID, by: Viewer, source_ip: str, at: datetime) -> None:
    """Take an election back before its day: ended posts go on as they were, new ones never begin.

    8 queries and 1 a post; facts, one audit line; publishes PostsChanged. Locks the election. Raises NotFound,
    NotAllowed, Conflict (its day has come, it was undone, or somebody changed a post of it since).
    """
    found = Election.objects.select_for_update(of=("self",)).select_related("area")
    election = found.filter(district_id=by.district_id, id=election_id).first()
    if election is None:
        raise NotFound("no_such_election")
    changes = list(election.changes.filter(district_id=by.district_id).select_related("post").order_by("id"))
    area = get_area_by_code(election.area.code)
    for change in changes:
        _require(by, area, change.post)
    if election.undone_at is not None:
        raise Conflict("election_undone")
    if timezone.localdate(at) >= election.starts_on:
        raise Conflict("election_in_force")
    last = election.starts_on - _DAY
    new = [change.post for change in changes if change.is_new]
    lent = Absence.objects.filter(district_id=by.district_id, post_id__in=[post.id for post in new])
    if any(not change.is_new and change.post.ends_on != last for change in changes) or lent.exists():
        raise Conflict("election_posts_changed")
    for change in changes:
        if not change.is_new:
            Post.objects.filter(district_id=by.district_id, id=change.post_id).update(ends_on=change.before)
            said = change.before.isoformat() if change.before else ""
            _tell_post(by, area, change.post, "post.last_day_set", at, {"ends_on": said})
    for post in new:
        _tell_post(by, area, post, "post.withdrawn", at, {"starts_on": post.starts_on.isoformat()})
    Post.objects.filter(district_id=by.district_id, id__in=[post.id for post in new]).delete()
    election.undone_at, election.undone_by = at, by.person_id
    election.save(update_fields=["undone_at", "undone_by"])
    record(district_id=by.district_id, kind="election.undone", subject_id=election.id, at=at, actor_id=by.person_id,
           area_path=area.path, data={"starts_on": election.starts_on.isoformat()})  # fmt: skip
    write_rights_line(by=by, kind="election", object_id=election.id, source_ip=source_ip, at=at, did="undone",
                      data={"area": area.code})  # fmt: skip
    _publish(by, area, [change.post for change in changes], at)


def _plan(term: Term, leaving: Sequence[UUID], elected: Sequence[Elected], by: Viewer, at: datetime) -> _Plan:
    area = _area(by, term.area_code)
    first, last = _checked_days(term, timezone.localdate(at))
    if not term.reason.strip():
        raise InvalidInput("reason_missing", field="reason")
    if len(term.reason) > LONGEST_REASON:
        raise InvalidInput("reason_length", field="reason")
    if not 0 < len(leaving) + len(elected) <= MOST:
        raise InvalidInput("election_size", field="elected", params={"most": MOST})
    return _Plan(area, first, _leaving(by, area, leaving, first), _elected(by, area, elected, first, last))


def _publish(by: Viewer, area: AreaRow, posts: Iterable[Post], at: datetime) -> None:
    for role in sorted({post.role_id for post in posts}):
        bus.publish(PostsChanged(by.district_id, area.path, role, at))


def _area(by: Viewer, code: str) -> AreaRow:
    try:
        area = get_area_by_code(code)
    except NotFound as error:
        raise InvalidInput("area_unknown", field="area") from error
    if area.district_id != by.district_id:
        raise InvalidInput("area_unknown", field="area")
    may(by, Verb.MANAGE_POSTS, district_id=by.district_id, area_path=area.path).require()
    return area


def _checked_days(term: Term, today: date) -> tuple[date, date | None]:
    """Ask for a first day after today, so that there is time to look and to undo, and a last one after it."""
    if term.starts_on is None or not today < term.starts_on <= today + _AHEAD:
        raise InvalidInput("election_first_day", field="starts_on")
    if term.ends_on is not None and not term.starts_on <= term.ends_on <= term.starts_on + 10 * _AHEAD:
        raise InvalidInput("last_day_out_of_range", field="ends_on")
    return term.starts_on, term.ends_on


def _leaving(by: Viewer, area: AreaRow, leaving: Sequence[UUID], first: date) -> list[Post]:
    """Lock the posts that end: of this very area, held on the last day before the term, and no administrator's."""
    wanted = Post.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=first), district_id=by.district_id, area_id=area.id, id__in=leaving,
        starts_on__lt=first, role__administrator="",
    )  # fmt: skip
    found = list(wanted.select_for_update(of=("self",)).order_by("id"))
    if len(found) != len(set(leaving)):
        raise InvalidInput("election_leaving", field="leaving")
    for post in found:
        _require(by, area, post)
    return found


def _elected(by: Viewer, area: AreaRow, elected: Sequence[Elected], first: date, last: date | None) -> list[Post]:
    """Make the posts of the new term, unsaved: known people, roles that are no administrator's, bodies of the area."""
    if len(set(elected)) != len(elected):
        raise InvalidInput("election_twice", field="elected")
    people = Person.objects.filter(district_id=by.district_id, id__in=[each.person_id for each in elected])
    known = {row.id for row in people.order_by("id").select_for_update()}
    roles = set(Role.objects.filter(administrator="").values_list("code", flat=True))
    bodies = {row.id for row in list_organisations(district_id=by.district_id, on=first, area_path=area.path)}
    for each in elected:
        if each.person_id not in known or each.role not in roles or each.organisation_id not in bodies:
            raise InvalidInput("election_elected", field="elected")
    posts = [
        Post(id=new_id(), district_id=by.district_id, person_id=each.person_id, role_id=each.role,
             organisation_id=each.organisation_id, area_id=area.id, starts_on=first, ends_on=last)
        for each in elected
    ]  # fmt: skip
    for post in posts:
        _require(by, area, post)
    return posts


def _require(by: Viewer, area: AreaRow, post: Post) -> None:
    may_change_posts(by, person_id=post.person_id, area_path=area.path, organisation_id=post.organisation_id).require()


def _tell_post(by: Viewer, area: AreaRow, post: Post, kind: str, at: datetime, said: dict[str, str]) -> None:
    record(district_id=by.district_id, kind=kind, subject_id=post.id, at=at, actor_id=by.person_id,
           area_path=area.path, organisation_id=post.organisation_id, post_id=post.id,
           data={"role": post.role_id, "area": area.code, **said})  # fmt: skip
