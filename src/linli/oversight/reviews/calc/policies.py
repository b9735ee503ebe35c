"""What each rule of choosing does to these very strata: refused where it can't be kept, simulated where it can.

Four figures each: never, the share of organisations not drawn in a year; repeat, drawn again at the next draw; safe,
the share of organisations and draws with no risk at all; guess, how many of the drawn somebody who knows the rule and
the past names rightly, as a share. The point of a draw is that nobody is safe and nobody is forgotten.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from linli.oversight.reviews.calc.tickets import COOLDOWN, FLOOR, TICKETS, UNIFORM, WITH_FLOOR, Rule

KINDS = (UNIFORM, COOLDOWN, FLOOR, TICKETS)
YEARS = 60
MONTHS = 12
LARGEST_CAP = 99
_EARLY_YEARS = 2  # the first ones know no past and are not counted


@dataclass(frozen=True, slots=True)
class Group:
    """A stratum by its numbers: how many organisations, how many of them drawn each time."""

    id: str
    size: int
    take: int


@dataclass(frozen=True, slots=True)
class Impossible:
    """Why a rule can't be kept. most: the largest number that could, where there is one."""

    group: str
    code: str
    most: int = 0


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule does to a stratum, each as a share from 0 to 1."""

    never: float
    repeat: float
    safe: float
    guess: float


def why_impossible(rule: Rule, groups: Iterable[Group], *, draws_a_year: int) -> Impossible | None:
    """Say why a rule can't be kept with these strata, or None if it can.

    Codes: no_such_rule, cap_out_of_range, more_than_there_are, cooldown_empties_pool, floor_out_of_reach.
    """
    if rule.kind not in KINDS or rule.cooldown < 0:
        return Impossible("", "no_such_rule")
    if rule.kind == TICKETS and not 1 < rule.ticket_cap <= LARGEST_CAP:
        return Impossible("", "cap_out_of_range", LARGEST_CAP)
    for group in groups:
        if group.take > group.size:
            return Impossible(group.id, "more_than_there_are", group.size)
        if rule.kind == COOLDOWN and rule.cooldown > longest_cooldown(group):
            return Impossible(group.id, "cooldown_empties_pool", longest_cooldown(group))
        if rule.kind in WITH_FLOOR and group.take * draws_a_year < group.size:
            return Impossible(group.id, "floor_out_of_reach", group.take * draws_a_year)
    return None


def longest_cooldown(group: Group) -> int:
    """Give the most draws that everybody drawn can be left out of before too few are left."""
    return (group.size - group.take) // group.take if group.take else 0


def effect_of(rule: Rule, group: Group, *, draws_a_year: int = MONTHS, years: int = YEARS, seed: int = 3797) -> Effect:
    """Play years of draws and count. The same seed gives the same figures; 60 years of 60 take about 0.1 s."""
    stratum = _Stratum(rule, group, draws_a_year, random.Random(seed))  # noqa: S311 - a simulation, nothing is decided
    for year in range(-_EARLY_YEARS, years):
        stratum.play_year(is_counted=year >= 0)
    return stratum.effect()


def rules_to_compare(groups: Sequence[Group], *, ticket_cap: int) -> list[Rule]:
    """List the rules that a settings page shows: A, each B(k) that some draw could keep up to 5, E, F."""
    longest = min((longest_cooldown(group) for group in groups), default=0)
    cooled = [Rule(COOLDOWN, ticket_cap, each) for each in range(1, min(longest, 5) + 1)]
    return [Rule(UNIFORM, ticket_cap), *cooled, Rule(FLOOR, ticket_cap), Rule(TICKETS, ticket_cap)]


class _Stratum:
    """A stratum through the years; the same counting as `calc/tickets.py`, in whole lists for speed."""

    def __init__(self, rule: Rule, group: Group, draws_a_year: int, chance: random.Random) -> None:
        self.rule, self.group, self.draws, self.chance = rule, group, draws_a_year, chance
        self.waited = [rule.cooldown] * group.size
        self.before: frozenset[int] = frozenset()
        self.never = self.years = self.repeated = self.followed = self.safe = self.guessed = self.played = 0

    def play_year(self, *, is_counted: bool) -> None:
        undrawn = set(range(self.group.size))
        for left in range(self.draws - 1, -1, -1):
            tickets = self._tickets()
            floor = max(0, min(len(undrawn) - self.group.take * left, self.group.take, len(undrawn)))
            floor = floor if self.rule.kind in WITH_FLOOR else 0
            drawn = self._draw(tickets, undrawn, floor)
            if is_counted:
                self._count(tickets, undrawn, floor, drawn)
            undrawn -= drawn
            self.waited = [0 if each in drawn else waited + 1 for each, waited in enumerate(self.waited)]
            self.before = drawn
        if is_counted:
            self.never += len(undrawn)
            self.years += 1

    def effect(self) -> Effect:
        members, drawn = self.years * self.group.size, self.played * self.group.take
        return Effect(
            never=self.never / members,
            repeat=self.repeated / drawn,
            safe=self.safe / (self.played * self.group.size),
            guess=self.guessed / drawn,
        )

    def _tickets(self) -> list[int]:
        if self.rule.kind == TICKETS:
            return [min(1 + waited, self.rule.ticket_cap) for waited in self.waited]
        if self.rule.kind == COOLDOWN:
            return [int(waited >= self.rule.cooldown) for waited in self.waited]
        return [1] * self.group.size

    def _draw(self, tickets: Sequence[int], undrawn: set[int], floor: int) -> frozenset[int]:
        """Draw by keys -log(u) / tickets: their order is that of the best of so many stamps."""
        roll = self.chance.random
        keys = sorted((-log(1 - roll()) / held, each) for each, held in enumerate(tickets) if held)
        return self._take([each for _, each in keys], undrawn, floor)

    def _take(self, ranked: Sequence[int], undrawn: set[int], floor: int) -> frozenset[int]:
        kept = [each for each in ranked if each in undrawn][:floor] if floor else []
        first = set(kept)
        return frozenset((kept + [each for each in ranked if each not in first])[: self.group.take])

    def _count(self, tickets: Sequence[int], undrawn: set[int], floor: int, drawn: frozenset[int]) -> None:
        chance = self.chance.random
        guessed = self._take(sorted(range(len(tickets)), key=lambda each: (-tickets[each], chance())), undrawn, floor)
        self.guessed += len(guessed & drawn)
        self.repeated += len(self.before & drawn)
        self.safe += tickets.count(0)
        if floor == self.group.take:
            self.safe += self.group.size - len(undrawn)
        self.played += 1
