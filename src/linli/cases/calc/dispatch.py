"""Who a case goes to: rules by category and place, then the first holder on duty, walking up from the lowest area."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

ANYWHERE, IN_COMPOUND, OUTSIDE_COMPOUNDS = "anywhere", "compound", "open"
ANY_CATEGORY = "*"


@dataclass(frozen=True, slots=True)
class DispatchRule:
    """One line of the dispatch catalogue.

    place: `anywhere`, `compound` or `open`; role: code of the people room, whose holder is responsible;
    organisation_code: the department the matter belongs to, "" for the grass roots; the first line that fits counts.
    """

    id: str
    category: str
    place: str
    role: str
    organisation_code: str = ""

    def fits(self, category: str, *, is_in_compound: bool) -> bool:
        """Whether the line speaks of such a case."""
        if self.category not in {ANY_CATEGORY, category}:
            return False
        return self.place == ANYWHERE or is_in_compound == (self.place == IN_COMPOUND)

    def wants(self, person: "Candidate") -> bool:
        """Whether that post is of the wanted role, in the wanted organisation."""
        return person.role == self.role and self.organisation_code in {"", person.organisation_code}


@dataclass(frozen=True, slots=True)
class DispatchCatalogue:
    """The lines in order; fallback_roles: who has a case when nobody holds the wanted role, first found first.

    levels: from the lowest level up, the role that takes a case which its level could not solve.
    """

    rules: tuple[DispatchRule, ...]
    fallback_roles: tuple[str, ...]
    levels: tuple[tuple[str, str], ...]

    def rule_for(self, category: str, *, is_in_compound: bool) -> DispatchRule | None:
        """Find the first line that fits."""
        return next((r for r in self.rules if r.fits(category, is_in_compound=is_in_compound)), None)

    def levels_above(self, level: str) -> tuple[tuple[str, str], ...]:
        """List the levels above one with their roles; the top one for itself, all but the lowest for an unknown one."""
        names = [name for name, _ in self.levels]
        place = names.index(level) + 1 if level in names else 1
        return self.levels[min(place, len(self.levels) - 1) :]

    def next_level(self, level: str) -> tuple[str, str] | None:
        """Tell the level above and the role that takes over there; None at the top."""
        names = [name for name, _ in self.levels]
        place = names.index(level) + 1 if level in names else 0
        return self.levels[place] if place < len(self.levels) else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could have a case: a post, its role and whether on duty."""

    post_id: UUID
    role: str
    organisation_id: UUID
    organisation_code: str
    is_on_duty: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who has the case, and why: `reason` is first_on_duty, fallback (a hole: nobody holds the role) or nobody."""

    post_id: UUID | None
    organisation_id: UUID | None
    reason: str

    @property
    def is_hole(self) -> bool:
        """Whether the wanted role has no holder on duty there."""
        return self.reason != "first_on_duty"


def choose(rule: DispatchRule | None, candidates: Sequence[Candidate], fallback_roles: Iterable[str]) -> Chosen:
    """Choose who has the case.

    candidates: lowest area first, as the registry lists them. The first on duty with the rule's role (and, if the
    rule names one, in its organisation) has it; else the first holder of a fallback role, and the hole is told.
    """
    for person in candidates:
        if rule and rule.wants(person) and person.is_on_duty:
            return Chosen(person.post_id, person.organisation_id, "first_on_duty")
    for role in fallback_roles:
        held = [person for person in candidates if person.role == role]
        held.sort(key=lambda person: not person.is_on_duty)
        if held:
            return Chosen(held[0].post_id, held[0].organisation_id, "fallback")
    return Chosen(None, None, "nobody")


def faults(catalogue: DispatchCatalogue, *, categories: Iterable[str], roles: Iterable[str]) -> list[str]:
    """List what makes a catalogue unusable: doubled ids, unknown categories or roles, a category nobody answers for."""
    known_categories, known_roles = {*categories, ANY_CATEGORY}, set(roles)
    found: list[str] = []
    ids = [rule.id for rule in catalogue.rules]
    found += [f"doubled id: {rule_id}" for rule_id in sorted(set(ids)) if ids.count(rule_id) > 1]
    for rule in catalogue.rules:
        if rule.category not in known_categories:
            found.append(f"{rule.id}: unknown category {rule.category}")
        if rule.role not in known_roles:
            found.append(f"{rule.id}: unknown role {rule.role}")
        if rule.place not in {ANYWHERE, IN_COMPOUND, OUTSIDE_COMPOUNDS}:
            found.append(f"{rule.id}: unknown place {rule.place}")
    for category in sorted(known_categories - {ANY_CATEGORY}):
        for is_in_compound in (True, False):
            if catalogue.rule_for(category, is_in_compound=is_in_compound) is None:
                found.append(f"no line for {category}")
    return found
