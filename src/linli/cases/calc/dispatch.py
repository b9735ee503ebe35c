"""Who a case goes to: rules by category and place, then the first holder on duty, walking up from the lowest area."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from linli.cases.errors import Fault

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

    def covers(self, other: "DispatchRule") -> bool:
        """Whether every case that the other line speaks of fits this one too."""
        return self.category in {ANY_CATEGORY, other.category} and self.place in {ANYWHERE, other.place}

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

    def owner_of(self, category: str, *, is_in_compound: bool) -> DispatchRule | None:
        """Find the line that names the department a category belongs to, there, else anywhere; None for none."""
        there = self.rule_for(category, is_in_compound=is_in_compound)
        if there is not None and there.organisation_code:
            return there
        return next((rule for rule in self.rules if rule.category == category and rule.organisation_code), None)

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
    """Who has the case, and why: `reason` is first_on_duty, fallback (a hole: nobody holds the role) or nobody.

    post_above, rights_keeper: of a case that tells of a hole itself, see `actions/holes.py`. named_by_leaders: the
    organisation was named; named_without_staff: so it was, and nobody there works on cases (`actions/assigning.py`).
    """

    post_id: UUID | None
    organisation_id: UUID | None
    reason: str

    @property
    def is_hole(self) -> bool:
        """Whether the wanted role has no holder on duty there."""
        return self.reason not in {"first_on_duty", "post_above", "rights_keeper", "named_by_leaders"}


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


def faults(
    catalogue: DispatchCatalogue, *, categories: Collection[str], roles: Collection[str],
    organisations: Collection[str],
) -> list[Fault]:  # fmt: skip
    """List what makes a catalogue unusable: a line that is none, one that never counts, a category nobody answers for.

    organisations: codes that a line may name; "" always may stand for the grass roots.
    """
    found: list[Fault] = []
    for place, rule in enumerate(catalogue.rules):
        if rule.id in [other.id for other in catalogue.rules[:place]]:
            found.append(Fault("line_twice", place, "category", {"line": rule.id}))
        found += [
            Fault(code, place, field) for code, field in _faults_of(rule, categories, roles, {"", *organisations})
        ]
        hiding = next((other for other in catalogue.rules[:place] if other.covers(rule)), None)
        if hiding is not None:
            found.append(Fault("line_never_counts", place, "category", {"line": hiding.id}))
    found += _unanswered(catalogue, categories)
    if not catalogue.fallback_roles or not set(catalogue.fallback_roles) <= set(roles):
        found.append(Fault("fallback_roles", field="fallback_roles"))
    if not catalogue.levels or not {role for _, role in catalogue.levels} <= set(roles):
        found.append(Fault("level_roles", field="levels"))
    return found


def _faults_of(
    rule: DispatchRule, categories: Collection[str], roles: Collection[str], organisations: Collection[str]
) -> Iterator[tuple[str, str]]:
    if rule.category not in {*categories, ANY_CATEGORY}:
        yield "unknown_category_line", "category"
    if rule.role not in roles:
        yield "unknown_role_line", "role"
    if rule.place not in {ANYWHERE, IN_COMPOUND, OUTSIDE_COMPOUNDS}:
        yield "unknown_place_line", "place"
    if rule.organisation_code not in organisations:
        yield "unknown_organisation_line", "organisation_code"


def _unanswered(catalogue: DispatchCatalogue, categories: Collection[str]) -> Iterator[Fault]:
    for is_in_compound, place in ((True, IN_COMPOUND), (False, OUTSIDE_COMPOUNDS)):
        missing = [
            code for code in sorted(categories) if catalogue.rule_for(code, is_in_compound=is_in_compound) is None
        ]
        if missing and len(missing) == len(categories):
            yield Fault("nobody_answers", params={"place": place})
        else:
            yield from (Fault("nobody_answers_for", params={"category": code, "place": place}) for code in missing)
