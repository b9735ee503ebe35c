"""By when: how much time each category and level is given."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from linli.cases.errors import Fault

ANY_CATEGORY = "*"
ANY_LEVEL = 0
LEVELS = (1, 2, 3, 4)
_LONGEST = 999
_MOST_RUNGS = 6
_TIMES = (
    ("approval_hours", 1, 80), ("most_extensions", 0, 9), ("extension_days", 1, 60), ("hold_days", 1, 366),
    ("remind_days", 0, 30),
)  # fmt: skip


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

    def covers(self, other: "DeadlineRule") -> bool:
        """Whether every case that the other line speaks of fits this one too."""
        return self.category in {ANY_CATEGORY, other.category} and self.level in {ANY_LEVEL, other.level}


@dataclass(frozen=True, slots=True)
class DeadlineTable:
    """The lines in order, and what stands beside them.

    amber_percent: share of the time left at which the light turns amber. warn_percents: shares of the time used at
    which whoever has a case is warned. up_after_hours: hours past the deadline, on its own clock, at which the next one
    up is named, one rung after the other. leader_role: who is above the levels of the dispatch catalogue. quiet_from,
    quiet_until: hours of the day between which messages of the ladder wait; the same: none. approval_hours: working
    hours in which a request for time is decided; most_extensions, extension_days: how often, and by how many working
    days each time; hold_days: how far ahead the day of review lies at most; remind_days: how long before it is told.
    """

    rules: tuple[DeadlineRule, ...]
    amber_percent: int
    warn_percents: tuple[int, ...] = (50, 80)
    up_after_hours: tuple[int, ...] = (0, 24, 72)
    leader_role: str = "district_leader"
    quiet_from: int = 21
    quiet_until: int = 8
    approval_hours: int = 8
    most_extensions: int = 2
    extension_days: int = 10
    hold_days: int = 90
    remind_days: int = 3

    def rule_for(self, category: str, level: int) -> DeadlineRule:
        """Find the first line that fits; a table that passed `faults` always has one."""
        return next(rule for rule in self.rules if rule.fits(category, level))


def faults(
    table: DeadlineTable, *, categories: Collection[str], timers: Collection[str], roles: Collection[str]
) -> list[Fault]:
    """List what makes a table unusable: a line that is none, one that never counts, a case without time, a bad ladder.

    roles: codes of the roles that may see cases.
    """
    found: list[Fault] = []
    for place, rule in enumerate(table.rules):
        if rule.id in [other.id for other in table.rules[:place]]:
            found.append(Fault("line_twice", place, "category", {"line": rule.id}))
        found += [Fault(code, place, field) for code, field in _faults_of(rule, categories, timers)]
        hiding = next((other for other in table.rules[:place] if other.covers(rule)), None)
        if hiding is not None:
            found.append(Fault("line_never_counts", place, "category", {"line": hiding.id}))
    found += _uncovered(table, categories)
    if not 0 < table.amber_percent < 100:  # noqa: PLR2004 - a share
        found.append(Fault("amber_share", field="amber_percent"))
    return [*found, *_faults_of_ladder(table, roles)]


def _faults_of_ladder(table: DeadlineTable, roles: Collection[str]) -> Iterator[Fault]:
    """Name rungs that are none or not in order, hours that are none, and a leader that nobody can be."""
    for name, rungs, least, most in (
        ("warn_percents", table.warn_percents, 1, 99), ("up_after_hours", table.up_after_hours, 0, _LONGEST)
    ):  # fmt: skip
        is_rising = all(before < after for before, after in pairwise(rungs))
        if len(rungs) > _MOST_RUNGS or not is_rising or not all(least <= rung <= most for rung in rungs):
            yield Fault("rungs", field=name, params={"least": least, "most": most, "rungs": _MOST_RUNGS})
    if table.leader_role not in roles:
        yield Fault("leader_role", field="leader_role")
    for name, least, most in _TIMES:
        if not least <= getattr(table, name) <= most:
            yield Fault("time_setting", field=name, params={"least": least, "most": most})
    for name in ("quiet_from", "quiet_until"):
        if not 0 <= getattr(table, name) < 24:  # noqa: PLR2004 - hours of a day
            yield Fault("quiet_hours", field=name)


def _faults_of(rule: DeadlineRule, categories: Collection[str], timers: Collection[str]) -> Iterator[tuple[str, str]]:
    if rule.category not in {*categories, ANY_CATEGORY}:
        yield "unknown_category_line", "category"
    if rule.level not in {ANY_LEVEL, *LEVELS}:
        yield "level_out_of_range", "level"
    for name, allowance in (("response", rule.response), ("solution", rule.solution)):
        if allowance.timer not in timers or not 1 <= allowance.amount <= _LONGEST:
            yield "no_time", name


def _uncovered(table: DeadlineTable, categories: Collection[str]) -> Iterator[Fault]:
    """Name the levels that no line speaks of, else the category and level."""
    for level in LEVELS:
        missing = [code for code in sorted(categories) if not any(rule.fits(code, level) for rule in table.rules)]
        if missing and len(missing) == len(categories):
            yield Fault("no_time_for_level", params={"level": level})
        else:
            yield from (Fault("no_time_for_category", params={"category": code, "level": level}) for code in missing)
