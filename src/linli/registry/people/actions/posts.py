"""Making people and posts, and saying when a post ends: rights come from here, so each leaves fact and audit line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.kernel import bus
from linli.kernel.crypto import encrypt
from linli.kernel.errors import Conflict, InvalidInput, NotFound
from linli.kernel.ids import new_id
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.ledger.facts.actions import record
from linli.registry.orgs.queries import get_organisation
from linli.registry.people.actions.loading import write_further
from linli.registry.people.choices import AdministratorKind, Reach
from linli.registry.people.errors import AdministratorsAreSeparate
from linli.registry.people.events import PostsChanged
from linli.registry.people.models import Absence, Person, Post, PostArea, Role
from linli.registry.people.rules import Viewer, is_within, may_change_posts, may_make_person
from linli.registry.territory.calc import paths
from linli.registry.territory.queries import AreaRow, get_area_by_code

LONGEST_NAME = LONGEST_CODE = 40
LONGEST_PHONE = 20
MOST_FURTHER = 50
_DAY = timedelta(days=1)
_LONGEST_AHEAD, _LONGEST_BACK = timedelta(days=366), timedelta(days=50 * 366)


@dataclass(frozen=True, slots=True)
class PostTerm:
    """Where somebody is to serve and for how long; ends_on: the last day, None for no end yet.

    further_codes: of further areas, for a role whose reach is of chosen areas.
    """

    role: str
    organisation_id: UUID | None
    area_code: str
    starts_on: date | None
    ends_on: date | None = None
    further_codes: tuple[str, ...] = ()


@transaction.atomic
def make_person(*, code: str, name: str, phone: str, by: Viewer, source_ip: str, at: datetime) -> UUID:
    """Write down somebody who is going to hold posts. 3 queries; fact person.made, audit line.

    Raises InvalidInput naming code, name or phone, Conflict (the code is somebody's), NotAllowed.
    """
    may_make_person(by).require()
    code, name, phone = code.strip(), name.strip(), phone.strip()
    for field, text, most in (("code", code, LONGEST_CODE), ("name", name, LONGEST_NAME)):
        if not 0 < len(text) <= most:
            raise InvalidInput("person_text_length", field=field, params={"most": most})
    if len(phone) > LONGEST_PHONE:
        raise InvalidInput("person_text_length", field="phone", params={"most": LONGEST_PHONE})
    person = Person(id=new_id(), district_id=by.district_id, code=code, name=name,
                    work_phone=encrypt(phone, purpose="person.work_phone"))  # fmt: skip
    made = Person.objects.bulk_create([person], ignore_conflicts=True)
    if not Person.objects.filter(district_id=by.district_id, id=made[0].id).exists():
        raise Conflict("person_code_taken", field="code", params={"code": code})
    record(district_id=by.district_id, kind="person.made", subject_id=person.id, at=at, actor_id=by.person_id)
    write_rights_line(by=by, kind="person", object_id=person.id, source_ip=source_ip, at=at, did="made")
    return person.id


@transaction.atomic
def make_post(*, person_id: UUID, term: PostTerm, by: Viewer, source_ip: str, at: datetime) -> UUID:
    """Give somebody a post from a day on. At most 10 queries; fact post.made, audit line, publishes PostsChanged.

    With further areas 1 query more, and 1 for each. Locks the person. Raises NotFound, InvalidInput naming role,
    organisation, area, further, starts_on or ends_on, NotAllowed (beyond one's reach, or one's own post),
    AdministratorsAreSeparate.
    """
    person = lock_person(by.district_id, person_id)
    role = Role.objects.filter(code=term.role).first()
    if role is None:
        raise InvalidInput("unknown_role", field="role")
    area = _area(by.district_id, term.area_code)
    starts_on, ends_on = _checked_term(term.starts_on, term.ends_on, timezone.localdate(at))
    may_change_posts(by, person_id=person.id, area_path=area.path, organisation_id=term.organisation_id).require()
    further = _further(role, area, term.further_codes)
    for each in further:
        may_change_posts(by, person_id=person.id, area_path=each.path, organisation_id=term.organisation_id).require()
    organisation = term.organisation_id and get_organisation(
        district_id=by.district_id, organisation_id=term.organisation_id, on=max(starts_on, timezone.localdate(at))
    )
    if not organisation:
        raise InvalidInput("organisation_missing", field="organisation")
    keep_administrators_apart(by.district_id, person.id, [role.administrator], starts_on, ends_on)
    post = Post(id=new_id(), district_id=by.district_id, person=person, role=role, organisation_id=organisation.id,
                area_id=area.id, starts_on=starts_on, ends_on=ends_on)  # fmt: skip
    post.save(force_insert=True)
    if further:
        PostArea.objects.bulk_create([
            PostArea(id=new_id(), district_id=by.district_id, post=post, area_id=each.id) for each in further
        ])  # fmt: skip
    told = {"role": role.code, "area": area.code, "starts_on": starts_on.isoformat(),
            "ends_on": ends_on.isoformat() if ends_on else "",
            **({"further": [each.code for each in further]} if further else {})}  # fmt: skip
    record(district_id=by.district_id, kind="post.made", subject_id=post.id, at=at, actor_id=by.person_id,
           area_path=area.path, organisation_id=organisation.id, post_id=post.id, data=told)  # fmt: skip
    write_rights_line(by=by, kind="post", object_id=post.id, source_ip=source_ip, at=at, did="made", data=told)
    top = paths.common_ancestor((area.path, *(each.path for each in further)))
    bus.publish(PostsChanged(by.district_id, top, role.code, at))
    return post.id


@transaction.atomic
def set_further_areas(*, post_id: UUID, codes: tuple[str, ...], by: Viewer, source_ip: str, at: datetime) -> int:
    """Say which further areas a post reaches from now on. Returns how many came or went; none: nothing is written.

    Who is responsible there follows. At most 9 queries and 1 a code; fact post.changed, audit line, publishes
    PostsChanged. Locks the post. Raises NotFound, InvalidInput naming further (the role is not of chosen areas, unknown
    or too many areas), NotAllowed (an area that comes or goes is beyond one's reach, or one's own post).
    """
    post = _locked(by.district_id, post_id)
    own = _area(by.district_id, post.area.code)
    new = {each.id: each for each in _further(post.role, own, codes)}
    kept = PostArea.objects.filter(district_id=by.district_id, post_id=post.id).select_related("area").order_by("id")
    old = {row.area_id: row.area for row in kept}
    moved = sorted([old[key].path for key in old.keys() - new] + [new[key].path for key in new.keys() - old])
    for path in (own.path, *moved):
        may_change_posts(by, person_id=post.person_id, area_path=path, organisation_id=post.organisation_id).require()
    if not moved:
        return 0
    kept.filter(area_id__in=old.keys() - new).delete()
    write_further(district_id=by.district_id, further={post.id: [key for key in new if key not in old]})
    told = {"role": post.role_id, "area": own.code, "further": [each.code for each in new.values()]}
    record(district_id=by.district_id, kind="post.changed", subject_id=post.id, at=at, actor_id=by.person_id,
           area_path=own.path, organisation_id=post.organisation_id, post_id=post.id, data=told)  # fmt: skip
    write_rights_line(by=by, kind="post", object_id=post.id, source_ip=source_ip, at=at, did="further", data=told)
    bus.publish(PostsChanged(by.district_id, paths.common_ancestor(tuple(moved)), post.role_id, at))
    return len(moved)


def _locked(district_id: str, post_id: UUID) -> Post:
    found = Post.objects.select_for_update(of=("self",)).select_related("area", "role")
    post = found.filter(district_id=district_id, id=post_id).first()
    if post is None:
        raise NotFound("no_such_post_here")
    return post


@transaction.atomic
def set_last_day(*, post_id: UUID, ends_on: date | None, by: Viewer, source_ip: str, at: datetime) -> None:
    """Say on which day a post ends, or that it has no end yet. 4 queries; fact post.last_day_set, audit line.

    Yesterday ends it now; a term that is over stays over. Locks the post; publishes PostsChanged. Raises NotFound,
    InvalidInput naming ends_on, NotAllowed.
    """
    post = _locked(by.district_id, post_id)
    may_change_posts(
        by, person_id=post.person_id, area_path=post.area.path, organisation_id=post.organisation_id
    ).require()
    yesterday = timezone.localdate(at) - _DAY
    if post.ends_on is not None and post.ends_on < yesterday:
        raise InvalidInput("term_is_over", field="ends_on")
    if ends_on is not None and not max(post.starts_on, yesterday) <= ends_on <= yesterday + 10 * _LONGEST_AHEAD:
        raise InvalidInput("last_day_out_of_range", field="ends_on")
    if ends_on is None or (post.ends_on is not None and ends_on > post.ends_on):
        kinds = [post.role.administrator]
        keep_administrators_apart(by.district_id, post.person_id, kinds, post.starts_on, ends_on)
    post.ends_on = ends_on
    post.save(update_fields=["ends_on"])
    told = {"role": post.role_id, "area": post.area.code, "ends_on": ends_on.isoformat() if ends_on else ""}
    record(district_id=by.district_id, kind="post.last_day_set", subject_id=post.id, at=at, actor_id=by.person_id,
           area_path=post.area.path, organisation_id=post.organisation_id, post_id=post.id, data=told)  # fmt: skip
    write_rights_line(by=by, kind="post", object_id=post.id, source_ip=source_ip, at=at, did="last_day", data=told)
    further = PostArea.objects.filter(district_id=by.district_id, post_id=post.id).order_by("id")
    reached = further.values_list("area__path", flat=True) if post.role.reach == Reach.CUSTOM else ()
    top = paths.common_ancestor((post.area.path, *reached))
    bus.publish(PostsChanged(by.district_id, top, post.role_id, at))


def lock_person(district_id: str, person_id: UUID) -> Person:
    """Lock a person, so that what they hold does not change meanwhile. 1 query. Raises NotFound."""
    person = Person.objects.select_for_update().filter(district_id=district_id, id=person_id).first()
    if person is None:
        raise NotFound("no_such_person")
    return person


def keep_administrators_apart(
    district_id: str, person_id: UUID, kinds: list[str], starts_on: date, ends_on: date | None
) -> None:
    """Refuse posts that would make one person two of the three administrators, as holder or as deputy. 2 queries.

    kinds: of the roles to be added for those days. Source: GB/T 22239-2019, B3 of our notes.
    """
    if not set(kinds) - {AdministratorKind.NONE.value}:
        return
    held = Post.objects.filter(district_id=district_id, person_id=person_id).exclude(ends_on__lt=starts_on)
    stands_in = Absence.objects.filter(
        district_id=district_id, deputy_id=person_id, ends_on__gte=starts_on, called_off_at__isnull=True
    )
    if ends_on is not None:
        held, stands_in = held.filter(starts_on__lte=ends_on), stands_in.filter(starts_on__lte=ends_on)
    found = {*kinds, *held.values_list("role__administrator", flat=True).order_by("id"),
             *stands_in.values_list("post__role__administrator", flat=True).order_by("id")}  # fmt: skip
    if len(found - {AdministratorKind.NONE.value}) > 1:
        raise AdministratorsAreSeparate("administrators_are_separate", params={"person": str(person_id)})


def write_rights_line(
    *, by: Viewer, kind: str, object_id: UUID, source_ip: str, at: datetime, did: str,
    data: Mapping[str, object] | None = None,
) -> None:  # fmt: skip
    """Write the audit line of a change of rights. 1 query."""
    write_line(district_id=by.district_id, kind=LineKind.RIGHTS_CHANGED, at=at, actor_id=by.person_id,
               object_kind=kind, object_id=str(object_id), source_ip=source_ip,
               data={"did": did, **(data or {})})  # fmt: skip


def _area(district_id: str, code: str, field: str = "area") -> AreaRow:
    try:
        area = get_area_by_code(code)
    except NotFound as error:
        raise InvalidInput("area_unknown", field=field) from error
    if area.district_id != district_id:
        raise InvalidInput("area_unknown", field=field)
    return area


def _further(role: Role, area: AreaRow, codes: tuple[str, ...]) -> list[AreaRow]:
    """Find the further areas, each once, none that the first one holds anyway."""
    if codes and role.reach != Reach.CUSTOM:
        raise InvalidInput("further_not_of_role", field="further", params={"role": role.name})
    if len(codes) > MOST_FURTHER:
        raise InvalidInput("too_many_further", field="further", params={"most": MOST_FURTHER})
    found = (_area(area.district_id, code, "further") for code in dict.fromkeys(codes))
    return [each for each in found if not is_within(each.path, area.path)]


def _checked_term(starts_on: date | None, ends_on: date | None, today: date) -> tuple[date, date | None]:
    if starts_on is None or not today - _LONGEST_BACK <= starts_on <= today + _LONGEST_AHEAD:
        raise InvalidInput("first_day_out_of_range", field="starts_on")
    if ends_on is not None and ends_on < max(starts_on, today):
        raise InvalidInput("last_day_out_of_range", field="ends_on")
    return starts_on, ends_on
