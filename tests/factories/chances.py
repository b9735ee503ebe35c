"""Draws by the thousand, thrown, counted and ranked by the functions that a real one uses."""

import math
import random
from collections import Counter
from dataclasses import dataclass

from linli.oversight.reviews.calc.drawing import Entrant, Quota, draw, draw_seed
from linli.oversight.reviews.calc.policies import MONTHS, Group, why_impossible
from linli.oversight.reviews.calc.tickets import Member, PastDraw, Rule, count_tickets

_COMMIT_HASH, _SECRET = "49" * 32, "80" * 32
_SIZE, _TAKE = 60, 13
_TICKETS = {"one": 1, "two": 2, "three": 3, "four": 4}
_POOL = [
    *(Entrant(f"D{number:02}", "equal", 1) for number in range(_SIZE)),
    *(Entrant(name, "unequal", held) for name, held in _TICKETS.items()),
]
_QUOTAS = (Quota("equal", _TAKE, 0), Quota("unequal", 1, 0))
_DISTRICT = (Group("street", 12, 2), Group("dept", 60, 13))
_FIRST_YEAR, _YEARS_AT_A_TIME = 2026, 2  # the second one knows the first


@dataclass(frozen=True, slots=True)
class Often:
    """How often each was drawn: thirteen of sixty with a ticket each, and one of four with one to four tickets."""

    draws: int
    equal: Counter[str]
    unequal: Counter[str]

    @property
    def inclusion_p(self) -> float:
        """Give the share of chance that is further from sixty equal counts than these are.

        The statistic is held to 59 degrees of freedom; thirteen are drawn without replacement, so that counts spread
        by 47/59 of what independent ones would.
        """
        expected = self.draws * _TAKE / _SIZE
        statistic = sum((self.equal[f"D{number:02}"] - expected) ** 2 / expected for number in range(_SIZE))
        return chi_square_p(statistic * (_SIZE - 1) / (_SIZE - _TAKE), _SIZE - 1)

    @property
    def off_proportion(self) -> float:
        """Give how far the worst of the four is from what its tickets promise, as a share of that."""
        total = sum(_TICKETS.values())
        return max(abs(self.unequal[name] * total / (self.draws * held) - 1) for name, held in _TICKETS.items())


def throw_often(draws: int) -> Often:
    """Draw so often, each time with the next number on the dice: the same in every run. About 0.2 ms a draw."""
    equal, unequal = Counter[str](), Counter[str]()
    for number in range(draws):
        result = draw(_POOL, _QUOTAS, draw_seed(_COMMIT_HASH, _SECRET, [("dice", f"{number:020}")]))
        equal.update(result["equal"]["drawn"])
        unequal.update(result["unequal"]["drawn"])
    return Often(draws, equal, unequal)


def proportion_bound(draws: int) -> float:
    """Give how far off the tickets' promise so many draws may be: 1 % for a million, three deviations of the worst."""
    return 0.01 * math.sqrt(1_000_000 / draws)


def undrawn_in(years: int, rule: Rule, chance: random.Random) -> int:
    """Play so many years of monthly draws and count who was never drawn in one. About 12 ms a year.

    Every other time the district's own 2 of 12 and 13 of 60, else two groups of any size that this rule may be saved
    with.
    """
    rounds = -(-years // _YEARS_AT_A_TIME)
    return sum(_play(rule, _DISTRICT if at % 2 == 0 else _any_groups(rule, chance), chance) for at in range(rounds))


def chi_square_p(statistic: float, freedom: int) -> float:
    """Give the share of chance beyond a chi-square statistic, by Wilson and Hilferty's cube root."""
    spread = 2 / (9 * freedom)
    return math.erfc(((statistic / freedom) ** (1 / 3) - 1 + spread) / math.sqrt(2 * spread)) / 2


def _any_groups(rule: Rule, chance: random.Random) -> tuple[Group, ...]:
    while True:
        groups = tuple(Group(name, chance.randint(1, 72), chance.randint(1, 8)) for name in "ab")
        if why_impossible(rule, groups, draws_a_year=MONTHS) is None:
            return groups


def _play(rule: Rule, groups: tuple[Group, ...], chance: random.Random) -> int:
    members = tuple(Member(f"{group.id}{number:02}", group.id) for group in groups for number in range(group.size))
    take = {group.id: group.take for group in groups}
    past: list[PastDraw] = []
    undrawn = 0
    for year in range(_FIRST_YEAR, _FIRST_YEAR + _YEARS_AT_A_TIME):
        for left in reversed(range(MONTHS)):
            counted = count_tickets(members, past, rule=rule, year=year, take=take, draws_left=left)
            pool = [Entrant(one.id, one.stratum, one.tickets, one.is_due) for one in counted.pool]
            quotas = [Quota(group.id, group.take, 0, counted.floors[group.id]) for group in groups]
            result = draw(pool, quotas, chance.randbytes(32).hex())
            past.append(PastDraw(year, members, frozenset(id_ for each in result.values() for id_ in each["drawn"])))
        undrawn += len({one.id for one in members}.difference(*(one.drawn for one in past if one.year == year)))
    return undrawn
