"""Reading people for who manages posts and logins: a filtered list, one person with all posts, vacancies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from linli.kernel.crypto import decrypt
from linli.kernel.db.sounding import sounding
from linli.kernel.errors import InvalidInput, NotFound
from linli.registry.people.choices import AdministratorKind, Reach, Verb
from linli.registry.people.models import Absence, Login, Person, Post, Role, in_force, running
from linli.registry.people.queries.factors import has_second_factor
from linli.registry.people.queries.viewers import further_areas
from linli.registry.people.rules import Viewer, managed_posts, may, may_see_people, reaches_district
from linli.registry.territory.calc.paths import COMMUNITY_DIGITS
from linli.registry.territory.queries import AreaRow, list_areas

STATES = ("", "unposted", "away", "no_login", "ending")
_ENDING_DAYS = 60


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """Days on which somebody stands in for a post's holder; called_off_at: when that was ended early."""

    id: UUID
    post_id: UUID
    deputy_id: UUID
    deputy_name: str
    kind: str
    starts_on: date
    ends_on: date
    called_off_at: datetime | None

    def runs(self, on: date) -> bool:
        """Whether the holder is away that day."""
        return self.starts_on <= on <= self.ends_on and self.called_off_at is None


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post of somebody's: present, past or to come. absences: newest first.

    further: codes and names of its other areas, those of grids with the community's, since every community has a first.
    """

    id: UUID
    person_id: UUID
    person_name: str
    role: str
    role_name: str
    administrator: str
    organisation_id: UUID
    organisation_name: str
    area_code: str
    area_path: str
    area_name: str
    starts_on: date
    ends_on: date | None
    is_on_duty: bool
    reach: str
    absences: tuple[AbsenceRow, ...] = ()
    further: tuple[tuple[str, str], ...] = ()

    def is_held(self, on: date) -> bool:
        """Whether the post is held that day."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)

    def absence(self, on: date) -> AbsenceRow | None:
        """Give the absence that runs that day."""
        return next((row for row in self.absences if row.runs(on)), None)


@dataclass(frozen=True, slots=True)
class LoginState:
    """How a person's login stands."""

    username: str
    is_active: bool
    locked_until: datetime | None
    last_login: datetime | None
    must_change_password: bool
    one_time_until: datetime | None
    has_second_factor: bool = False


@dataclass(frozen=True, slots=True)
class ManagedPerson:
    """A person as who manages people sees them; posts: in a list those held or to come, else all."""

    id: UUID
    code: str
    name: str
    phone: str
    posts: tuple[PostRow, ...]
    login: LoginState | None


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What is asked for. state: unposted, away, no_login, ending (a post ends within 60 days) or "" for all."""

    q: str = ""
    area_path: str = ""
    role: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Vacancy:
    """An area that nobody holds a wanted role for."""

    role: str
    role_name: str
    area: AreaRow


_POST_COLUMNS = (
    "id", "person_id", "person__name", "role_id", "role__name", "role__administrator", "organisation_id",
    "organisation__name", "area__code", "area__path", "area__name", "starts_on", "ends_on", "is_on_duty",
    "role__reach",
)  # fmt: skip
_ABSENCE_COLUMNS = ("id", "post_id", "deputy_id", "deputy__name", "kind", "starts_on", "ends_on", "called_off_at")
_LOGIN_COLUMNS = (
    "username", "is_active", "locked_until", "last_login", "must_change_password", "one_time_until",
    "has_factor",
)  # fmt: skip


def list_managed_people(
    *, viewer: Viewer, wanted: PeopleFilter, on: date, after: str = "", limit: int = 50
) -> list[ManagedPerson]:
    """List the people whom the viewer manages, by code, from the one after a code. 4 queries, 5 for pinyin.

    Raises NotAllowed, InvalidInput for an unknown state.
    """
    may_see_people(viewer).require()
    if wanted.state not in STATES:
        raise InvalidInput("unknown_filter", field="state")
    mine = _managed(viewer)
    found = mine.filter(_asked(wanted, on, mine))
    if after:
        found = found.filter(code__gt=after)
    people = list(found.order_by("code").values_list("id", "code", "name")[:limit])
    ids = [person_id for person_id, *_ in people]
    posts = _by_person(posts_of(Post.objects.filter(_present(on), district_id=viewer.district_id, person_id__in=ids)))
    logins = _logins(ids)
    return [
        ManagedPerson(person_id, code, name, "", tuple(posts.get(person_id, ())), logins.get(person_id))
        for person_id, code, name in people
    ]


def get_managed_person(*, viewer: Viewer, person_id: UUID) -> ManagedPerson:
    """Read a person with all posts and the work phone. 4 queries. Raises NotAllowed, NotFound."""
    may_see_people(viewer).require()
    row = _managed(viewer).filter(id=person_id).values_list("id", "code", "name", "work_phone").first()
    if row is None:
        raise NotFound("no_such_person")
    posts = posts_of(Post.objects.filter(district_id=viewer.district_id, person_id=person_id))
    phone = decrypt(bytes(row[3]), purpose="person.work_phone")
    return ManagedPerson(row[0], row[1], row[2], phone, tuple(posts), _logins([person_id]).get(person_id))


def get_own_person(*, viewer: Viewer) -> ManagedPerson:
    """Read what the signed-in person holds, and their account. 4 queries. Raises NotFound for nobody."""
    if viewer.person_id is None:
        raise NotFound("no_such_person")
    mine = Person.objects.filter(district_id=viewer.district_id, id=viewer.person_id)
    row = mine.values_list("id", "code", "name").first()
    if row is None:
        raise NotFound("no_such_person")
    posts = posts_of(Post.objects.filter(district_id=viewer.district_id, person_id=row[0]))
    return ManagedPerson(*row, "", tuple(posts), _logins([row[0]]).get(row[0]))


def get_managed_post(*, viewer: Viewer, post_id: UUID) -> tuple[ManagedPerson, PostRow]:
    """Read a post within the viewer's reach, with its person. 5 queries. Raises NotAllowed, NotFound."""
    may_see_people(viewer).require()
    found = Post.objects.filter(managed_posts(viewer), id=post_id).values_list("person_id", flat=True).first()
    if found is None:
        raise NotFound("no_such_post_here")
    person = get_managed_person(viewer=viewer, person_id=found)
    return person, next(row for row in person.posts if row.id == post_id)


def is_managed(*, viewer: Viewer, person_id: UUID, on: date) -> bool:
    """Whether all that a person holds, now or later, lies within the viewer's reach over logins. 1 query."""
    held = Post.objects.filter(_present(on), district_id=viewer.district_id, person_id=person_id)
    places: list[tuple[str, UUID | None]] = list(held.order_by("id").values_list("area__path", "organisation_id"))
    places = places or [(viewer.district_id, None)]
    return all(
        may(viewer, Verb.MANAGE_LOGINS, district_id=viewer.district_id, area_path=path, organisation_id=organisation)
        for path, organisation in places
    )


def list_vacancies(*, district_id: str, area_path: str, on: date, role: str = "") -> list[Vacancy]:
    """List where nobody holds a role that every area of some level needs, by area. 3 queries."""
    roles = {row.code: row for row in Role.objects.exclude(wanted_at="") if not role or row.code == role}
    held = set(
        Post.objects.filter(in_force(on), district_id=district_id, role_id__in=roles)
        .order_by("id").values_list("role_id", "area_id")
    )  # fmt: skip
    levels = sorted({row.wanted_at for row in roles.values()})
    areas = list_areas(area_path, on=on, levels=levels) if levels else []
    return [
        Vacancy(code, found.name, area)
        for area in areas if not area.is_pseudo
        for code, found in sorted(roles.items())
        if found.wanted_at == area.level and (code, area.id) not in held
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role as lists of choices name it."""

    code: str
    name: str
    verbs: tuple[str, ...]
    reach: str
    administrator: str
    wanted_at: str

    @property
    def is_administrator(self) -> bool:
        """Whether it is one of the three administrators."""
        return self.administrator != AdministratorKind.NONE


def list_roles() -> list[RoleRow]:
    """List all roles, by name. 1 query."""
    rows = Role.objects.order_by("name", "code").values_list(
        "code", "name", "verbs", "reach", "administrator", "wanted_at"
    )
    return [RoleRow(code, name, tuple(verbs), *rest) for code, name, verbs, *rest in rows]


def posts_of(found: QuerySet[Post]) -> list[PostRow]:
    """Read posts with their absences, those held longest last. 2 queries."""
    further = {"codes": further_areas("area__code"), "names": further_areas("area__name"),
               "above": further_areas("area__parent__name")}  # fmt: skip
    told = found.annotate(**further).order_by("-starts_on", "id")
    rows = list(told.values_list("codes", "names", "above", *_POST_COLUMNS))
    absences = _absences({row[3] for row in rows})
    return [
        replace(PostRow(*row), absences=tuple(absences.get(row[0], ())),
                further=tuple(map(_named, codes, names, above)) if row[-1] == Reach.CUSTOM else ())
        for codes, names, above, *row in rows
    ]  # fmt: skip


def _named(code: str, name: str, above: str | None) -> tuple[str, str]:
    return code, f"{above}{name}" if above and len(code) > COMMUNITY_DIGITS else name


def _absences(post_ids: Iterable[UUID]) -> dict[UUID, list[AbsenceRow]]:
    found: dict[UUID, list[AbsenceRow]] = {}
    rows = Absence.objects.filter(post_id__in=post_ids).order_by("-starts_on", "id")
    for values in rows.values_list(*_ABSENCE_COLUMNS):
        row = AbsenceRow(*values)
        found.setdefault(row.post_id, []).append(row)
    return found


def _logins(person_ids: Sequence[UUID]) -> dict[UUID, LoginState]:
    has_factor = ExpressionWrapper(has_second_factor(), output_field=BooleanField())
    found = Login.objects.filter(person_id__in=person_ids).annotate(has_factor=has_factor)
    rows = found.values_list("person_id", *_LOGIN_COLUMNS)
    return {row[0]: LoginState(*row[1:]) for row in rows.order_by("username")}


def _by_person(rows: Iterable[PostRow]) -> dict[UUID, list[PostRow]]:
    found: dict[UUID, list[PostRow]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


def _managed(viewer: Viewer) -> QuerySet[Person]:
    """Give the people with a post within a viewer's reach at any time; all for who reaches the whole district."""
    people = Person.objects.filter(district_id=viewer.district_id)
    if reaches_district(viewer):
        return people
    posts = Post.objects.filter(managed_posts(viewer), person_id=OuterRef("pk"))
    return people.filter(Exists(posts))


def _present(on: date) -> Q:
    return Q(ends_on__isnull=True) | Q(ends_on__gte=on)


def _asked(wanted: PeopleFilter, on: date, mine: QuerySet[Person]) -> Q:
    asked = Q()
    if wanted.q:
        asked &= Q(name__contains=wanted.q) | Q(code__startswith=wanted.q) | sounding(mine, wanted.q)
    posts: QuerySet[Any] = Post.objects.filter(person_id=OuterRef("pk"), district_id=OuterRef("district_id"))
    present = posts.filter(_present(on))
    if wanted.area_path:
        present = present.filter(Q(area__path=wanted.area_path) | Q(area__path__startswith=wanted.area_path + "/"))
    if wanted.role:
        present = present.filter(role_id=wanted.role)
    if wanted.area_path or wanted.role:
        asked &= Q(Exists(present))
    match wanted.state:
        case "unposted":
            asked &= ~Q(Exists(posts.filter(in_force(on))))
        case "away":
            away = Absence.objects.filter(running(on), post__person_id=OuterRef("pk"))
            asked &= Q(Exists(away.filter(district_id=OuterRef("district_id"))))
        case "no_login":
            asked &= ~Q(Exists(Login.objects.filter(person_id=OuterRef("pk"), is_active=True)))
        case "ending":
            last = date.fromordinal(on.toordinal() + _ENDING_DAYS)
            asked &= Q(Exists(posts.filter(ends_on__gte=on, ends_on__lte=last)))
    return asked
