"""Who is above a case: the persons who are named, one after the other, when it is not done in time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from linli.cases.queries.rulebooks import Rulebooks
from linli.registry.people.choices import Verb
from linli.registry.people.queries import Holder, deputies_on, list_colleagues, list_holders_over

_MOST_HEADS = 2000


class Placed(Protocol):
    """What is asked of a case: where it lies and who has it."""

    @property
    def area_path(self) -> str:
        """Where it lies."""

    @property
    def level(self) -> str:
        """At which level."""

    @property
    def organisation_id(self) -> UUID | None:
        """Which organisation has it."""

    @property
    def post_id(self) -> UUID | None:
        """Which post has it."""


@dataclass(frozen=True, slots=True)
class Named:
    """A person above a case; person_id: the deputy where the holder of the post is away. is_deputy: so it is."""

    post_id: UUID
    person_id: UUID
    person_name: str
    role_name: str
    organisation_id: UUID
    organisation_name: str
    level: str
    is_deputy: bool


class Above:
    """Who is above each of some cases, read for all of them at once. 3 queries, however many."""

    def __init__(self, cases: Iterable[Placed], *, district_id: str, books: Rulebooks, on: date) -> None:
        found = list(cases)
        self._levels = books.dispatch.levels
        self._names = [level for level, _ in self._levels]
        self._wanted = books.dispatch.levels_above
        self._leader = books.deadlines.leader_role
        roles = sorted({*(role for _, role in self._levels), self._leader})
        paths = {case.area_path for case in found} or {district_id}
        self._holders = list_holders_over(district_id=district_id, area_paths=paths, roles=roles, on=on)
        self._heads = list_colleagues(
            district_id=district_id, area_paths=[], verb=Verb.DISPATCH, on=on, limit=_MOST_HEADS,
            organisation_ids=sorted({case.organisation_id for case in found if case.organisation_id is not None}),
        )  # fmt: skip
        self._deputies = deputies_on(district_id=district_id, on=on)

    def chain(self, case: Placed) -> list[Named]:
        """List who is above a case, the next one first; a level whose post nobody holds is passed over. No query."""
        named: dict[UUID, Named] = {}
        for holder, level in self._posts(case):
            named.setdefault(holder.post_id, self._named(holder, level))
        return list(named.values())

    def step(self, case: Placed, step: int) -> Named | None:
        """Tell who is so many steps above, from 1; at the top whoever is the last; None where nobody is. No query."""
        chain = self.chain(case)
        return chain[min(step, len(chain)) - 1] if chain and step else None

    def _posts(self, case: Placed) -> Iterator[tuple[Holder, str]]:
        """Give the head of a department, then a holder at each level above, then the leader."""
        level_roles = {role for _, role in self._levels}
        if case.level not in self._names[:-1]:
            yield from (
                (head, case.level)
                for head in self._heads
                if head.organisation_id == case.organisation_id and head.post_id != case.post_id
                and head.role not in level_roles
            )  # fmt: skip
        for level, role in (*self._wanted(case.level), (self._names[-1] if self._names else "", self._leader)):
            held = [holder for holder in self._holders if holder.role == role and _contains(holder, case)]
            if held and case.post_id not in {holder.post_id for holder in held}:
                yield held[0], level

    def _named(self, holder: Holder, level: str) -> Named:
        deputy = self._deputies.get(holder.post_id)
        return Named(
            holder.post_id, deputy.person_id if deputy else holder.person_id,
            deputy.name if deputy else holder.person_name, holder.role_name, holder.organisation_id,
            holder.organisation_name, level, deputy is not None,
        )  # fmt: skip


def _contains(holder: Holder, case: Placed) -> bool:
    return case.area_path == holder.area_path or case.area_path.startswith(f"{holder.area_path}/")
