"""Reading who is looking, and the ways in: sessions, logins, tokens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Greatest

from linli.kernel.db.standing import Given, StandingQuery
from linli.registry.orgs.queries import Below
from linli.registry.people.choices import Reach
from linli.registry.people.models import Absence, Login, Person, Post, PostArea, Token, in_force, running
from linli.registry.people.rules import NOBODY, HeldPost, Viewer


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A demo account as the sign-in page lists it."""

    username: str
    person_name: str
    role_name: str
    area_name: str


def session_viewer(*, login_id: UUID, password_changed_at: str, on: date) -> Viewer:
    """Read whose session it is; NOBODY once the password was changed or sessions were ended since. 1 query.

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


def viewer_of_person(*, district_id: str, person_id: UUID, on: date) -> Viewer:
    """Read what a person would see and do that day, with a login or without. 1 query; NOBODY without a post."""
    rows = _POSTS_OF_PERSON.rows(district_id=district_id, person_id=person_id, on=on)
    return replace(_viewer_with(rows, person_id), login_id=None) if rows else NOBODY


def viewer_of_token(
    *, token: str, at: datetime, on: date, scopes: Sequence[str] = ("read", "write")
) -> tuple[Viewer, str] | None:
    """Read whose token this is with the posts in force that day, and its scope. 1 query.

    None if it is unknown, revoked or expired, of another scope, or its login is shut or without a post. A calendar's
    secret address is of a scope of its own and opens nothing else.
    """
    rows = _POSTS_OF_TOKEN.rows(digest=_digest(token), at=at, on=on)
    if not rows:
        return None
    login_id, scope = rows[0][-2:]
    if scope not in scopes:
        return None
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


def _digest(token: str) -> bytes:
    return sha256(token.encode(errors="replace")).digest()


def _live_tokens(digest: bytes | Given, at: datetime | Given) -> QuerySet[Token]:
    return Token.objects.filter(digest=digest, expires_at__gt=at, revoked_at=None, login__is_active=True)


_VIEWER_COLUMNS = ("viewer_id", "district_id", "viewer_name")
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
    "person_id",
    "person__name",
    "deputy_until",
    "role__administrator",
    "below",
    "further_paths",
    "further_names",
)


def _viewer_with(rows: Sequence[tuple[Any, ...]], login_id: UUID) -> Viewer:
    """Make a viewer of rows of _VIEWER_COLUMNS, _HELD_COLUMNS and whatever follows."""
    ours = len(_VIEWER_COLUMNS)
    person_id, district_id, name = rows[0][:ours]
    held = (dict(zip(_HELD_COLUMNS, row[ours : ours + len(_HELD_COLUMNS)], strict=True)) for row in rows)
    posts = tuple(post for values in held for post in _posts_of(values))
    return Viewer(person_id, login_id, district_id, name, posts)


def _posts_of(values: dict[str, Any]) -> Iterator[HeldPost]:
    """Give a post as rights see it; one of chosen areas as many, each reaching an area and all below."""
    post = _held(values)
    if post.reach != Reach.CUSTOM:
        yield post
        return
    yield replace(post, reach=Reach.AREA)
    for path, name in zip(values["further_paths"], values["further_names"], strict=True):
        yield replace(post, reach=Reach.AREA, area_path=path, area_name=name)


def _held(values: dict[str, Any]) -> HeldPost:
    return HeldPost(
        post_id=values["id"], role=values["role_id"], role_name=values["role__name"],
        verbs=frozenset(values["role__verbs"]), reach=values["role__reach"],
        organisation_id=values["organisation_id"], organisation_name=values["organisation__name"],
        area_path=values["area__path"], area_name=values["area__name"], holder_id=values["person_id"],
        holder_name=values["person__name"], deputy_until=values["deputy_until"],
        administrator=values["role__administrator"],
        below=tuple(values["below"] or ()),
    )  # fmt: skip


def _posts_in_hand(person: QuerySet[Any, Any], district: QuerySet[Any, Any]) -> QuerySet[Post]:
    """Ask for a person's own posts, then those of absent people that the person is deputy for.

    person, district: one value each. Ids on both sides of the "or": through a join it would read the whole district.
    """
    on = Given("on")
    deputised = Absence.objects.filter(running(on), district_id=district, deputy_id=person)
    until = Absence.objects.filter(running(on), district_id=OuterRef("district_id"), post_id=OuterRef("pk"),
                                   deputy_id=person)  # fmt: skip
    named = Person.objects.filter(district_id=district, id=person)
    found = Post.objects.filter(
        Q(person_id=person) | Q(id__among=ArraySubquery(deputised.order_by("post_id").values("post_id"))),
        in_force(on), district_id=district,
    )  # fmt: skip
    told = found.annotate(
        viewer_id=Subquery(person), viewer_name=Subquery(named.values("name")[:1]),
        deputy_until=Subquery(until.order_by("id").values("ends_on")[:1]),
        further_paths=further_areas("area__path"), further_names=further_areas("area__name"),
        below=Case(When(role__reach=Reach.BRANCH.value, then=Below("district_id", "organisation_id"))),
    )  # fmt: skip
    return told.order_by(F("deputy_until").asc(nulls_first=True), "starts_on", "id")


def further_areas(column: str) -> ArraySubquery:
    """Ask for something of a post's further areas, in one order always."""
    found = PostArea.objects.filter(district_id=OuterRef("district_id"), post_id=OuterRef("pk"))
    return ArraySubquery(found.order_by("area__path", "id").values(column))


def _posts_of_login() -> QuerySet[Any, Any]:
    login = Login.objects.filter(id=Given("login_id"), is_active=True)
    mine = _posts_in_hand(login.values("person_id")[:1], login.values("district_code")[:1])
    stamp = login.annotate(stamp=Greatest("password_changed_at", "sessions_ended_at")).values("stamp")
    stamped: QuerySet[Any, Any] = mine.annotate(changed_at=Subquery(stamp[:1]))
    return stamped.values_list(*_VIEWER_COLUMNS, *_HELD_COLUMNS, "changed_at")


def _posts_of_token() -> QuerySet[Any, Any]:
    live = _live_tokens(Given("digest"), Given("at"))
    mine = _posts_in_hand(live.values("login__person_id")[:1], live.values("login__district_code")[:1])
    with_token: QuerySet[Any, Any] = mine.annotate(
        token_login=Subquery(live.values("login_id")[:1]), token_scope=Subquery(live.values("scope")[:1])
    )
    return with_token.values_list(*_VIEWER_COLUMNS, *_HELD_COLUMNS, "token_login", "token_scope")


def _posts_of_person() -> QuerySet[Any, Any]:
    person = Person.objects.filter(id=Given("person_id"), district_id=Given("district_id"))
    mine: QuerySet[Any, Any] = _posts_in_hand(person.values("id")[:1], person.values("district_id")[:1])
    return mine.values_list(*_VIEWER_COLUMNS, *_HELD_COLUMNS)


_POSTS_OF_LOGIN, _POSTS_OF_TOKEN = StandingQuery(_posts_of_login), StandingQuery(_posts_of_token)
_POSTS_OF_PERSON = StandingQuery(_posts_of_person)
