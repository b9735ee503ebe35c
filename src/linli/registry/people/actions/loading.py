"""Loading roles, people, posts and logins, many at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from linli.kernel.crypto import encrypt
from linli.kernel.errors import InvalidInput
from linli.kernel.ids import new_id
from linli.registry.people.calc.default_roles import DEFAULT_ROLES
from linli.registry.people.choices import AdministratorKind
from linli.registry.people.errors import AdministratorsAreSeparate
from linli.registry.people.models import Login, Person, Post, PostArea, Role

BATCH = 1000


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be loaded; phone: the work phone, encrypted when kept."""

    id: UUID
    code: str
    name: str
    phone: str = ""
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to be loaded. further_ids: of further areas it reaches, where its role's reach is of chosen ones."""

    id: UUID
    person_id: UUID
    role: str
    organisation_id: UUID
    area_id: UUID
    starts_on: date
    ends_on: date | None = None
    is_on_duty: bool = True
    further_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class NewLogin:
    """A login to be made; must_change: its password is only good for the first time."""

    username: str
    person_id: UUID
    password: str
    is_demo: bool = False
    must_change: bool = True


@transaction.atomic
def install_default_roles() -> None:
    """Write the roles that come with the program; roles that are there stay as they are. 1 query."""
    Role.objects.bulk_create(
        [
            Role(
                code=role.code,
                name=role.name,
                verbs=sorted(role.verbs),
                reach=role.reach,
                administrator=role.administrator,
                wanted_at=role.wanted_at,
            )
            for role in DEFAULT_ROLES
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def load_people(*, district_id: str, rows: Iterable[NewPerson]) -> int:
    """Load people, all or nothing. Returns how many. 1 query per 1,000."""
    new = [
        Person(
            id=row.id,
            district_id=district_id,
            code=row.code,
            name=row.name,
            work_phone=encrypt(row.phone, purpose="person.work_phone"),
            is_synthetic=row.is_synthetic,
        )
        for row in rows
    ]
    Person.objects.bulk_create(new, batch_size=BATCH)
    return len(new)


@transaction.atomic
def load_posts(*, district_id: str, rows: Iterable[NewPost]) -> int:
    """Load posts, all or nothing. Returns how many. 2 queries and 1 per 1,000.

    Raises InvalidInput for an unknown role, AdministratorsAreSeparate if a person would hold two of the three
    administrators' posts.
    """
    new = list(rows)
    roles = {role.code: role for role in Role.objects.all()}
    unknown = next((row.role for row in new if row.role not in roles), None)
    if unknown is not None:
        raise InvalidInput("unknown_role", field="role", params={"role": unknown})
    _check_administrators(district_id, new, roles)
    Post.objects.bulk_create(
        [
            Post(
                id=row.id,
                district_id=district_id,
                person_id=row.person_id,
                role_id=row.role,
                organisation_id=row.organisation_id,
                area_id=row.area_id,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                is_on_duty=row.is_on_duty,
            )
            for row in new
        ],
        batch_size=BATCH,
    )
    write_further(district_id=district_id, further={row.id: row.further_ids for row in new})
    return len(new)


def write_further(*, district_id: str, further: Mapping[UUID, Sequence[UUID]]) -> None:
    """Write the further areas of posts that have none yet. 1 query per 1,000, none for none."""
    rows = [
        PostArea(id=new_id(), district_id=district_id, post_id=post_id, area_id=area_id)
        for post_id, areas in further.items() for area_id in areas
    ]  # fmt: skip
    if rows:
        PostArea.objects.bulk_create(rows, batch_size=BATCH)


@transaction.atomic
def make_logins(*, district_id: str, rows: Iterable[NewLogin], at: datetime) -> int:
    """Make logins; who gets none can't sign in. Returns how many. 1 query.

    A hash takes some 0.1 s on purpose: rows with the same password share one, which only a demo has.
    """
    hashes: dict[str, str] = defaultdict(str)
    new = []
    for row in rows:
        hashes[row.password] = hashes[row.password] or make_password(row.password)
        new.append(
            Login(
                id=new_id(),
                username=row.username,
                district_code=district_id,
                person_id=row.person_id,
                password=hashes[row.password],
                is_demo=row.is_demo,
                must_change_password=row.must_change,
                password_changed_at=at,
            )
        )
    Login.objects.bulk_create(new)
    return len(new)


def _check_administrators(district_id: str, new: list[NewPost], roles: dict[str, Role]) -> None:
    kinds: dict[UUID, set[str]] = defaultdict(set)
    people = {row.person_id for row in new if roles[row.role].administrator != AdministratorKind.NONE}
    if not people:
        return
    first = min(row.starts_on for row in new)
    held = Post.objects.filter(district_id=district_id, person_id__in=people).exclude(ends_on__lt=first)
    for person_id, kind in held.values_list("person_id", "role__administrator"):
        kinds[person_id].add(kind)
    for row in new:
        kinds[row.person_id].add(roles[row.role].administrator)
    for person_id in people:
        if len(kinds[person_id] - {AdministratorKind.NONE.value}) > 1:
            raise AdministratorsAreSeparate("administrators_are_separate", params={"person": str(person_id)})
