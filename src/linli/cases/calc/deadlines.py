"""By when: how much time each category and level is given."""

from collections.abc import Iterable
from dataclasses import dataclass

ANY_CATEGORY = "*"
ANY_LEVEL = 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """Time given. timer: a code of the calendar room (urgent_hour, work_hour, work_day, natural_day); amount: of it."""

    timer: str
    amount: int


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """One line; the first that fits counts. level: 1 to 4, or 0 for any."""

    id: str
    category: str
    level: int
    response: Allowance
    solution: Allowance

    def fits(self, category: str, level: int) -> bool:
        """Whether the line speaks of such a case."""
        return self.category in {ANY_CATEGORY, category} and self.level in {ANY_LEVEL, level}


@dataclass(frozen=True, slots=True)
class DeadlineTable:
    """The lines in order; amber_percent: share of the time left at which the light turns amber."""

    rules: tuple[DeadlineRule, ...]
    amber_percent: int

    def rule_for(self, category: str, level: int) -> DeadlineRule:
        """Find the first line that fits; a table that passed `faults` always has one."""
        return next(rule for rule in self.rules if rule.fits(category, level))


def faults(table: DeadlineTable, *, categories: Iterable[str], timers: Iterable[str]) -> list[str]:
    """List what makes a table unusable."""
    known_timers = set(timers)
    known = {*categories, ANY_CATEGORY}
    found = [f"{rule.id}: unknown category {rule.category}" for rule in table.rules if rule.category not in known]
    for rule in table.rules:
        for allowance in (rule.response, rule.solution):
            if allowance.timer not in known_timers or allowance.amount < 1:
                found += [f"{rule.id}: {allowance.amount} {allowance.timer} is no time"]
    answered = {level for level in (1, 2, 3, 4) if any(rule.fits(ANY_CATEGORY, level) for rule in table.rules)}
    found += [f"no line for level {level}" for level in (1, 2, 3, 4) if level not in answered]
    if not 0 < table.amber_percent < 100:  # noqa: PLR2004 - a share
        found.append("amber_percent is no share")
    return found
