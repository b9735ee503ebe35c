"""Reading people: who is looking, who holds which post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Q, QuerySet, Subquery

from linli.kernel.crypto import decrypt
from linli.kernel.db.standing import Given, StandingQuery
from linli.registry.orgs.queries import ids_by_code
from linli.registry.people.choices import AdministratorKind, Verb
from linli.registry.people.models import Login, Person, Post, Role, Token
from linli.registry.people.rules import NOBODY, HeldPost, Viewer


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who can be given work: a post with its person, organisation and area."""

    post_id: UUID
    person_id: UUID
    person_name: str
    role: str
    role_name: str
    organisation_id: UUID
    organisation_name: str
    organisation_code: str
    area_id: UUID
    area_path: str
    area_name: str
    level: str
    is_on_duty: bool


_HOLDER_COLUMNS = (
    "id",
    "person_id",
    "person__name",
    "role_id",
    "role__name",
    "organisation_id",
    "organisation__name",
    "organisation__code",
    "area_id",
    "area__path",
    "area__name",
    "area__level_id",
    "is_on_duty",
)


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A demo account as the sign-in page lists it."""

    username: str
    person_name: str
    role_name: str
    area_name: str


def session_viewer(*, login_id: UUID, password_changed_at: str, on: date) -> Viewer:
    """Read whose session it is; NOBODY once the password was changed since it began. 1 query.

    password_changed_at: as `session_stamp` wrote it when the session began.
    """
    rows = _POSTS_OF_LOGIN.rows(login_id=login_id, on=on)
    changed_at = datetime.fromisoformat(password_changed_at) if password_changed_at else None
    return _viewer_with(rows, login_id) if rows and rows[0][-1] == changed_at else NOBODY


def session_stamp(password_changed_at: datetime | None) -> str:
    """Write into a session which password it was begun with."""
    return password_changed_at.astimezone(UTC).isoformat() if password_changed_at else ""


def viewer_of(*, login_id: UUID, on: date) -> Viewer:
    """Read who a login is, with the posts in force that day. 1 query; NOBODY if it is shut or has no post."""
    rows = _POSTS_OF_LOGIN.rows(login_id=login_id, on=on)
    return _viewer_with(rows, login_id) if rows else NOBODY


def viewer_of_token(*, token: str, at: datetime, on: date) -> tuple[Viewer, str] | None:
    """Read whose token this is with the posts in force that day, and its scope. 1 query.

    None if it is unknown, revoked or expired, or its login is shut or without a post.
    """
    rows = _POSTS_OF_TOKEN.rows(digest=_digest(token), at=at, on=on)
    if not rows:
        return None
    login_id, scope = rows[0][-2:]
    return _viewer_with(rows, login_id), scope


def login_of_token(*, token: str, at: datetime) -> tuple[UUID, str] | None:
    """Find whose token this is, and its scope; None if unknown, revoked or expired. 1 query."""
    return _live_tokens(_digest(token), at).values_list("login_id", "scope").first()


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token as its owner lists it; the token itself is never told again."""

    id: UUID
    name: str
    scope: str
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LoginRow:
    """A login as the commands name it."""

    id: UUID
    username: str
    must_change_password: bool
    password_changed_at: datetime | None


def list_tokens(*, login_id: UUID, at: datetime) -> list[TokenRow]:
    """List one's tokens that still count, newest first. 1 query."""
    live = Token.objects.filter(login_id=login_id, revoked_at=None, expires_at__gt=at).order_by("-made_at")
    return [TokenRow(*row) for row in live.values_list("id", "name", "scope", "made_at", "expires_at")]


def find_login(username: str) -> LoginRow | None:
    """Find an active login by its name. 1 query."""
    found = Login.objects.filter(username=username, is_active=True)
    row = found.values_list("id", "username", "must_change_password", "password_changed_at").first()
    return LoginRow(*row) if row else None


def list_holders(
    *, district_id: str, area_ids: Sequence[UUID], organisation_codes: Sequence[str], roles: Sequence[str], on: date
) -> list[Holder]:
    """List who holds one of the roles in one of the areas or organisations that day, lowest area first. 1 query.

    On duty comes before off duty, then the longest-serving first: the order in which work is given.
    """
    rows = _HOLDERS.rows(
        district_id=district_id, areas=list(area_ids), codes=list(organisation_codes), roles=list(roles), on=on
    )
    return [Holder(*row) for row in rows]


def find_holder(*, district_id: str, post_id: UUID, verb: Verb, on: date) -> Holder | None:
    """Read one post in force that day, if its role may do that. 1 query."""
    found = _in_force(on).filter(district_id=district_id, id=post_id, role__verbs__contains=[verb.value])
    row = found.values_list(*_HOLDER_COLUMNS).first()
    return Holder(*row) if row else None


def list_holders_above(*, district_id: str, area_path: str, roles: Sequence[str], on: date) -> list[Holder]:
    """List who holds one of the roles in an area or one that contains it, lowest area first. 1 query."""
    codes = area_path.split("/")
    paths = ["/".join(codes[: depth + 1]) for depth in range(len(codes))]
    rows = (
        _in_force(on)
        .filter(district_id=district_id, area__path__in=paths, role_id__in=roles)
        .order_by("-area__level__depth", "-is_on_duty", "starts_on", "id")
        .values_list(*_HOLDER_COLUMNS)
    )
    return [Holder(*row) for row in rows]


def list_all_holders(*, district_id: str, on: date) -> list[Holder]:
    """List every post of a district in force that day, in the order in which work is given, for loads. 1 query."""
    rows = _in_force(on).filter(district_id=district_id)
    ordered = rows.order_by("-area__level__depth", "-is_on_duty", "starts_on", "id")
    return [Holder(*row) for row in ordered.values_list(*_HOLDER_COLUMNS)]


def list_posts(*, district_id: str, area_path: str, on: date, limit: int = 200) -> list[Holder]:
    """List the posts in an area and below, highest area first. 1 query."""
    rows = (
        _in_force(on)
        .filter(Q(area__path=area_path) | Q(area__path__startswith=area_path + "/"), district_id=district_id)
        .order_by("area__path", "role_id", "id")
        .values_list(*_HOLDER_COLUMNS)[:limit]
    )
    return [Holder(*row) for row in rows]


def people_of(*, district_id: str, post_id: UUID | None, organisation_id: UUID | None, on: date) -> list[UUID]:
    """List who stands behind a post, or behind an organisation where no post is named. 1 query; none for neither."""
    held = _in_force(on).filter(district_id=district_id)
    if post_id is not None:
        held = held.filter(id=post_id)
    elif organisation_id is not None:
        held = held.filter(organisation_id=organisation_id)
    else:
        return []
    return list(held.order_by("person_id").values_list("person_id", flat=True).distinct())


def role_codes() -> set[str]:
    """Read the codes of all roles. 1 query."""
    return set(Role.objects.values_list("code", flat=True))


def role_names() -> dict[str, str]:
    """Read the names of all roles by code. 1 query."""
    return dict(Role.objects.order_by("code").values_list("code", "name"))


def names_of(*, district_id: str, person_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Read the names of several people. 1 query."""
    return dict(Person.objects.filter(district_id=district_id, id__in=person_ids).values_list("id", "name"))


def list_demo_logins() -> list[DemoLogin]:
    """List the demo accounts with what they are. 2 queries."""
    logins = list(Login.objects.filter(is_demo=True).order_by("username").values_list("username", "person_id"))
    posts = Post.objects.filter(person_id__in=[person for _, person in logins], ends_on=None).order_by(
        "starts_on", "id"
    )
    held: dict[UUID, tuple[str, str, str]] = {}
    for person_id, *words in posts.values_list("person_id", "person__name", "role__name", "area__name"):
        held.setdefault(person_id, (words[0], words[1], words[2]))
    return [DemoLogin(username, *held.get(person, ("", "", ""))) for username, person in logins]


def has_active_logins() -> bool:
    """Whether anybody can sign in. 1 query."""
    return Login.objects.filter(is_active=True).exists()


def count_shared_passwords() -> int:
    """Count active logins, demo ones apart, that were given the very password of another one. 1 query.

    A hash has a salt of its own, so it is shared only where a password was handed out to several at once.
    """
    real = Login.objects.filter(is_active=True, is_demo=False)
    shared = real.values("password").annotate(count=Count("id")).filter(count__gt=1)
    return sum(row["count"] for row in shared.order_by())


def administrators_opened_by(passwords: Sequence[str], *, on: date) -> list[str]:
    """List the user names of active administrators whom one of the passwords, or their own name, lets in. 1 query.

    Some 0.1 s a password and login, on purpose: it is the price of the hash.
    """
    posts = _in_force(on).exclude(role__administrator=AdministratorKind.NONE)
    logins = Login.objects.filter(is_active=True, person_id__in=posts.values("person_id")).order_by("username")
    return [
        login.username
        for login in logins
        if any(check_password(each, login.password) for each in (*passwords, login.username))
    ]


def _digest(token: str) -> bytes:
    return sha256(token.encode(errors="replace")).digest()


def _live_tokens(digest: bytes | Given, at: datetime | Given) -> QuerySet[Token]:
    return Token.objects.filter(digest=digest, expires_at__gt=at, revoked_at=None, login__is_active=True)


def _in_force(on: date | Given) -> QuerySet[Post]:
    return Post.objects.filter(starts_on__lte=on).exclude(ends_on__lt=on)


_VIEWER_COLUMNS = ("person_id", "district_id", "person__name")
_HELD_COLUMNS = (
    "id",
    "role_id",
    "role__name",
    "role__verbs",
    "role__reach",
    "organisation_id",
    "organisation__name",
    "area__path",
    "area__name",
)


def _viewer_with(rows: Sequence[tuple[Any, ...]], login_id: UUID) -> Viewer:
    """Make a viewer of rows of _VIEWER_COLUMNS, _HELD_COLUMNS and whatever follows."""
    ours = len(_VIEWER_COLUMNS)
    person_id, district_id, name = rows[0][:ours]
    return Viewer(
        person_id, login_id, district_id, name, tuple(_held(*row[ours : ours + len(_HELD_COLUMNS)]) for row in rows)
    )


def _held(  # noqa: PLR0917 - in the order of _HELD_COLUMNS
    post_id: UUID,
    role: str,
    role_name: str,
    verbs: Sequence[str],
    reach: str,
    organisation_id: UUID,
    organisation_name: str,
    area_path: str,
    area_name: str,
) -> HeldPost:
    return HeldPost(
        post_id, role, role_name, frozenset(verbs), reach, organisation_id, organisation_name, area_path, area_name
    )


def _posts_of_login() -> QuerySet[Any, Any]:
    login = Login.objects.filter(id=Given("login_id"), is_active=True)
    mine = _in_force(Given("on")).filter(
        district_id=login.values("district_code")[:1], person_id=login.values("person_id")[:1]
    )
    with_login = mine.annotate(changed_at=Subquery(login.values("password_changed_at")[:1]))
    return with_login.order_by("starts_on", "id").values_list(*_VIEWER_COLUMNS, *_HELD_COLUMNS, "changed_at")


def _posts_of_token() -> QuerySet[Any, Any]:
    live = _live_tokens(Given("digest"), Given("at"))
    mine = _in_force(Given("on")).filter(
        district_id=live.values("login__district_code")[:1], person_id=live.values("login__person_id")[:1]
    )
    with_token = mine.annotate(
        token_login=Subquery(live.values("login_id")[:1]), token_scope=Subquery(live.values("scope")[:1])
    )
    return with_token.order_by("starts_on", "id").values_list(
        *_VIEWER_COLUMNS, *_HELD_COLUMNS, "token_login", "token_scope"
    )


def _holders() -> QuerySet[Any, Any]:
    """Ask by ids on both sides of the "or": through a join it would read every post of the district."""
    named = ids_by_code(Given("district_id"), Given("codes"))
    found = _in_force(Given("on")).filter(
        Q(area_id__among=Given("areas")) | Q(organisation_id__among=ArraySubquery(named)),
        district_id=Given("district_id"), role_id__among=Given("roles"),
    )  # fmt: skip
    return found.order_by("-area__level__depth", "-is_on_duty", "starts_on", "id").values_list(*_HOLDER_COLUMNS)


_POSTS_OF_LOGIN, _POSTS_OF_TOKEN = StandingQuery(_posts_of_login), StandingQuery(_posts_of_token)
_HOLDERS = StandingQuery(_holders)


def search_holders(*, district_id: str, text: str, within: Sequence[str], on: date, limit: int = 30) -> list[Holder]:
    """Find posts whose person, role or area has the text in its name, highest area first. 1 query.

    within: paths of the areas whose posts may be found; none for none.
    """
    wanted = text.strip()
    if not wanted or not within:
        return []
    reached = Q()
    for path in within:
        reached |= Q(area__path=path) | Q(area__path__startswith=path + "/")
    named = Q(person__name__contains=wanted) | Q(role__name__contains=wanted) | Q(area__name__contains=wanted)
    found = _in_force(on).filter(reached, named, district_id=district_id)
    rows = found.order_by("area__level__depth", "area__path", "role_id", "id").values_list(*_HOLDER_COLUMNS)
    return [Holder(*row) for row in rows[:limit]]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A colleague: name and posts in force, nothing else."""

    id: UUID
    name: str
    posts: tuple[Holder, ...]


def page_posts(
    *,
    district_id: str,
    on: date,
    area_path: str = "",
    role: str = "",
    organisation_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Holder]:
    """List posts in force in an area and below, by id, from the one after a given id. 1 query."""
    found = _in_force(on).filter(district_id=district_id)
    if area_path:
        found = found.filter(Q(area__path=area_path) | Q(area__path__startswith=area_path + "/"))
    if role:
        found = found.filter(role_id=role)
    if organisation_id is not None:
        found = found.filter(organisation_id=organisation_id)
    if after is not None:
        found = found.filter(id__gt=after)
    return [Holder(*row) for row in found.order_by("id").values_list(*_HOLDER_COLUMNS)[:limit]]


def page_people(
    *, district_id: str, on: date, q: str = "", after: UUID | None = None, limit: int = 50
) -> list[PersonRow]:
    """List who holds a post that day, by id, from the one after a given id; q: a part of the name. 2 queries."""
    in_force = _in_force(on).filter(district_id=district_id)
    found = Person.objects.filter(district_id=district_id, id__in=in_force.values("person_id"))
    if q:
        found = found.filter(name__icontains=q)
    if after is not None:
        found = found.filter(id__gt=after)
    people = list(found.order_by("id").values_list("id", "name")[:limit])
    held: dict[UUID, list[Holder]] = {}
    posts = in_force.filter(person_id__in=[person_id for person_id, _ in people]).order_by("starts_on", "id")
    for row in posts.values_list(*_HOLDER_COLUMNS):
        holder = Holder(*row)
        held.setdefault(holder.person_id, []).append(holder)
    return [PersonRow(person_id, name, tuple(held.get(person_id, ()))) for person_id, name in people]


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person for the sheet of people; phone: in the clear, for whoever may write it."""

    id: UUID
    code: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class PostEntry:
    """A post by the codes of what it joins, ended ones too: for the sheet of posts."""

    id: UUID
    person_code: str
    role: str
    organisation_code: str
    area_code: str
    starts_on: date
    ends_on: date | None
    is_on_duty: bool


@dataclass(frozen=True, slots=True)
class RoleEntry:
    """A role as sheets name it; administrator: which of the three, "" for none."""

    code: str
    name: str
    administrator: str


def count_people(district_id: str) -> int:
    """Count a district's people. 1 query."""
    return Person.objects.filter(district_id=district_id).count()


def count_posts(district_id: str) -> int:
    """Count a district's posts, ended ones too. 1 query."""
    return Post.objects.filter(district_id=district_id).count()


def list_person_entries(district_id: str) -> list[PersonEntry]:
    """List all of a district's people by code, phones decrypted: whoever calls has asked the right to. 1 query."""
    found = Person.objects.filter(district_id=district_id).order_by("code")
    return [
        PersonEntry(*row[:3], decrypt(row[3], purpose="person.work_phone"))
        for row in found.values_list("id", "code", "name", "work_phone")
    ]


def list_post_entries(district_id: str) -> list[PostEntry]:
    """List all of a district's posts, by area, role and person. 1 query."""
    found = Post.objects.filter(district_id=district_id)
    ordered = found.order_by("area__path", "role_id", "person__code", "starts_on", "id")
    columns = ("id", "person__code", "role_id", "organisation__code", "area__code", "starts_on", "ends_on",
               "is_on_duty")  # fmt: skip
    return [PostEntry(*row) for row in ordered.values_list(*columns)]


def list_roles() -> list[RoleEntry]:
    """List all roles by code. 1 query."""
    return [RoleEntry(*row) for row in Role.objects.order_by("code").values_list("code", "name", "administrator")]
