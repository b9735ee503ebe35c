"""Reading who holds which post, for giving work and for lists of colleagues."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, UUIDField
from django.db.models.functions import Coalesce

from linli.kernel.db.sounding import StandingNames, sounding
from linli.kernel.db.standing import Given, StandingQuery
from linli.kernel.pinyin import BETWEEN, names_like
from linli.registry.orgs.queries import ids_by_code
from linli.registry.people.choices import Reach, Verb
from linli.registry.people.models import Absence, Person, Post, PostArea, Role, in_force, running
from linli.registry.territory.models import Area

_MOST_FOUND = 100


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


def posts_by_id(*, district_id: str, post_ids: Sequence[UUID]) -> dict[UUID, Holder]:
    """Read posts by their ids, whether held, ended or to come. 1 query."""
    rows = Post.objects.filter(district_id=district_id, id__in=post_ids).order_by("id").values_list(*_HOLDER_COLUMNS)
    return {holder.post_id: holder for holder in (Holder(*row) for row in rows)}


def list_holders_above(*, district_id: str, area_path: str, roles: Sequence[str], on: date) -> list[Holder]:
    """List who holds one of the roles in an area or one that contains it, lowest area first. 1 query."""
    return list_holders_over(district_id=district_id, area_paths=[area_path], roles=roles, on=on)


def list_holders_over(
    *, district_id: str, area_paths: Iterable[str], roles: Sequence[str], on: date
) -> list[Holder]:  # fmt: skip
    """List who holds one of the roles in one of the areas or one that contains it, lowest area first. 1 query."""
    split = [path.split("/") for path in area_paths]
    paths = {"/".join(codes[: depth + 1]) for codes in split for depth in range(len(codes))}
    rows = (
        _in_force(on)
        .filter(district_id=district_id, area__path__in=paths, role_id__in=roles)
        .order_by("-area__level__depth", "-is_on_duty", "starts_on", "id")
        .values_list(*_HOLDER_COLUMNS)
    )
    return [Holder(*row) for row in rows]


def list_colleagues(
    *, district_id: str, area_paths: Sequence[str], organisation_ids: Sequence[UUID], verb: Verb, on: date, limit: int
) -> list[Holder]:
    """List who may do that in one of the areas or organisations that day, the same area first. 1 query."""
    here = Q(area__path__in=area_paths or [""])  # for an empty list Django would answer without asking: nobody
    near = _in_force(on).filter(
        here | Q(organisation_id__in=organisation_ids), district_id=district_id, role__verbs__contains=[verb.value]
    )
    nearest = near.annotate(is_here=ExpressionWrapper(here, output_field=BooleanField()))
    rows = nearest.order_by("-is_here", "role_id", "id").values_list(*_HOLDER_COLUMNS)
    return [Holder(*row) for row in rows[:limit]]


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


def list_role_posts(*, district_id: str, roles: Sequence[str], area_path: str, on: date) -> list[Holder]:
    """List who holds one of the roles in an area, above it or below it, in the order of giving work. 1 query."""
    codes = area_path.split("/")
    above = ["/".join(codes[: depth + 1]) for depth in range(len(codes))]
    around = Q(area__path__in=above) | Q(area__path__startswith=area_path + "/")
    found = _in_force(on).filter(around, district_id=district_id, role_id__in=roles)
    ordered = found.order_by("-area__level__depth", "-is_on_duty", "starts_on", "id")
    return [Holder(*row) for row in ordered.values_list(*_HOLDER_COLUMNS)]


def list_responsible_posts(*, district_id: str, roles: Sequence[str], area_path: str, on: date) -> list[Holder]:
    """List as `list_role_posts` does, but a post of chosen areas once for each of its areas there. 1 query."""
    codes = area_path.split("/")
    above = ["/".join(codes[: depth + 1]) for depth in range(len(codes))]
    around = Q(area__path__in=above) | Q(area__path__startswith=area_path + "/")
    held = _in_force(on).filter(around, district_id=district_id, role_id__in=roles).order_by()
    further = PostArea.objects.filter(
        around, Q(post__ends_on__isnull=True) | Q(post__ends_on__gte=on), district_id=district_id,
        post__role_id__in=roles, post__role__reach=Reach.CUSTOM.value, post__starts_on__lte=on,
    ).order_by()  # fmt: skip
    order = ("area__level__depth", "is_on_duty", "starts_on")
    columns = [name if name.startswith("area") else f"post__{name}" for name in (*_HOLDER_COLUMNS, *order)]
    columns[0] = "post_id"
    found = held.values_list(*_HOLDER_COLUMNS, *order).union(further.values_list(*columns), all=True)
    ordered = sorted(found, key=lambda row: (-row[-3], not row[-2], row[-1], row[0], row[9]))
    return [Holder(*row[: -len(order)]) for row in ordered]


def presenters_of(
    *, district_id: str, organisation_ids: Sequence[UUID], roles: Sequence[str], on: date
) -> dict[UUID, UUID]:
    """Say who speaks for each organisation that day: the person in the first of the roles that is held. 1 query."""
    held = _in_force(on).filter(district_id=district_id, organisation_id__in=organisation_ids, role_id__in=roles)
    rows = held.order_by("starts_on", "id").values_list("organisation_id", "role_id", "person_id")
    found: dict[UUID, UUID] = {}
    for organisation, _role, person in sorted(rows, key=lambda row: roles.index(row[1])):
        found.setdefault(organisation, person)
    return found


def posts_in(*, district_id: str, organisation_ids: Sequence[UUID], on: date) -> list[tuple[UUID, UUID]]:
    """List who holds a post in the organisations that day and is there: pairs of organisation and person. 1 query."""
    away = Absence.objects.filter(running(on), district_id=district_id, post_id=OuterRef("pk"))
    held = _in_force(on).filter(~Exists(away), district_id=district_id, organisation_id__in=organisation_ids)
    return list(held.order_by("id").values_list("organisation_id", "person_id"))


def people_of(*, district_id: str, post_id: UUID | None, organisation_id: UUID | None, on: date) -> list[UUID]:
    """List who stands behind a post, or behind an organisation where no post is named; deputies for who is away.

    1 query; none for neither.
    """
    held = _in_force(on).filter(district_id=district_id)
    if post_id is not None:
        held = held.filter(id=post_id)
    elif organisation_id is not None:
        held = held.filter(organisation_id=organisation_id)
    else:
        return []
    away = Absence.objects.filter(running(on), district_id=district_id, post_id=OuterRef("pk"))
    behind = Coalesce(Subquery(away.order_by("id").values("deputy_id")[:1]), "person_id", output_field=UUIDField())
    return list(held.annotate(behind=behind).order_by("behind").values_list("behind", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Deputy:
    """Who stands in for a post's holder; until: the last day."""

    person_id: UUID
    name: str
    until: date


def people_named(*, district_id: str, text: str, limit: int = 50) -> list[UUID]:
    """Find people whose name holds the text, whether they hold a post or not. 1 query."""
    found = Person.objects.filter(district_id=district_id, name__contains=text).order_by("id")
    return list(found.values_list("id", flat=True)[:limit])


def deputy_of(*, district_id: str, post_id: UUID, on: date) -> Deputy | None:
    """Read who stands in for a post that day; None for nobody. 1 query."""
    found = Absence.objects.filter(running(on), district_id=district_id, post_id=post_id).order_by("id")
    row = found.values_list("deputy_id", "deputy__name", "ends_on").first()
    return Deputy(*row) if row else None


def deputies_on(*, district_id: str, on: date) -> dict[UUID, Deputy]:
    """Read who stands in for which post of a district that day. 1 query."""
    found = Absence.objects.filter(running(on), district_id=district_id).order_by("post_id", "id")
    rows = found.values_list("post_id", "deputy_id", "deputy__name", "ends_on")
    return {row[0]: Deputy(*row[1:]) for row in rows}


def role_codes(verb: Verb | None = None) -> set[str]:
    """Read the codes of all roles, or of those that may do one thing. 1 query."""
    return set(_roles(verb).values_list("code", flat=True))


def role_names(verb: Verb | None = None) -> dict[str, str]:
    """Read the names of all roles by code, or of those that may do one thing. 1 query."""
    return dict(_roles(verb).order_by("code").values_list("code", "name"))


def _roles(verb: Verb | None) -> QuerySet[Role]:
    return Role.objects.filter(verbs__contains=[verb.value]) if verb else Role.objects.all()


def names_of(*, district_id: str, person_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Read the names of several people. 1 query."""
    return dict(Person.objects.filter(district_id=district_id, id__in=person_ids).values_list("id", "name"))


def _in_force(on: date | Given) -> QuerySet[Post]:
    return Post.objects.filter(in_force(on))


def _holders() -> QuerySet[Any, Any]:
    """Ask by ids on both sides of the "or": through a join it would read every post of the district."""
    named = ids_by_code(Given("district_id"), Given("codes"))
    found = _in_force(Given("on")).filter(
        Q(area_id__among=Given("areas")) | Q(organisation_id__among=ArraySubquery(named)),
        district_id=Given("district_id"), role_id__among=Given("roles"),
    )  # fmt: skip
    return found.order_by("-area__level__depth", "-is_on_duty", "starts_on", "id").values_list(*_HOLDER_COLUMNS)


_HOLDERS = StandingQuery(_holders)


def search_holders(*, district_id: str, text: str, within: Sequence[str], on: date, limit: int = 30) -> list[Holder]:
    """Find posts whose person, role or area has the text in its name or sounds like it, highest area first.

    5 queries, 3 if nothing is called so. within: paths of the areas whose posts may be found; none for none. limit: at
    most 100.
    """
    wanted = text.strip()
    if not wanted or not within:
        return []
    of_roles = role_names()
    called = set(names_like(wanted, BETWEEN.join(of_roles.values())))
    named: dict[str, list[str]] = {
        "people": _PEOPLE.like(wanted, district_id=district_id),
        "areas": _AREAS.like(wanted, district_id=district_id),
        "roles": [code for code, name in of_roles.items() if name in called],
    }
    if not any(named.values()):
        return []
    below = [f"{path}/%" for path in within]
    found = _CALLED.rows(district_id=district_id, within=list(within), below=below, on=on, **named)
    ids = [post_id for (post_id,) in found[:limit]]
    rows = {row[0]: Holder(*row) for row in _BY_IDS.rows(ids=ids)} if ids else {}
    return [rows[post_id] for post_id in ids if post_id in rows]


def _called() -> QuerySet[Any, Any]:
    """Look for names where they stand, not through posts with all their joins."""
    people, areas = (
        model.objects.filter(name__among_texts=Given(names), district_id=Given("district_id")).values("id")
        for model, names in ((Person, "people"), (Area, "areas"))
    )
    found = _in_force(Given("on")).filter(
        Q(person_id__in=people) | Q(area_id__in=areas) | Q(role_id__among=Given("roles")),
        Q(area__path__among=Given("within")) | Q(area__path__like_any=Given("below")),
        district_id=Given("district_id"),
    )
    return found.order_by("area__level__depth", "area__path", "role_id", "id").values_list("id")[:_MOST_FOUND]


_CALLED = StandingQuery(_called)
_BY_IDS = StandingQuery(lambda: Post.objects.filter(id__among=Given("ids")).values_list(*_HOLDER_COLUMNS))
_PEOPLE = StandingNames(lambda: Person.objects.filter(district_id=Given("district_id")))
_AREAS = StandingNames(lambda: Area.objects.filter(district_id=Given("district_id")))


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
    """List who holds a post that day, by id, from the one after a given id; q: a part of the name.

    2 queries, 3 for a q that can be pinyin.
    """
    in_force = _in_force(on).filter(district_id=district_id)
    found = Person.objects.filter(district_id=district_id, id__in=in_force.values("person_id"))
    if q:
        found = found.filter(Q(name__icontains=q) | sounding(found, q))
    if after is not None:
        found = found.filter(id__gt=after)
    people = list(found.order_by("id").values_list("id", "name")[:limit])
    held: dict[UUID, list[Holder]] = {}
    posts = in_force.filter(person_id__in=[person_id for person_id, _ in people]).order_by("starts_on", "id")
    for row in posts.values_list(*_HOLDER_COLUMNS):
        holder = Holder(*row)
        held.setdefault(holder.person_id, []).append(holder)
    return [PersonRow(person_id, name, tuple(held.get(person_id, ()))) for person_id, name in people]
