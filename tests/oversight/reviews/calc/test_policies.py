"""What rules of choosing do: against the figures of a longer simulation, and refused where they can't be kept."""

import random
import time

import pytest
from tests.factories.chances import undrawn_in

from linli.oversight.reviews.calc.policies import (
    Group,
    Impossible,
    effect_of,
    longest_cooldown,
    rules_to_compare,
    why_impossible,
)
from linli.oversight.reviews.calc.tickets import COOLDOWN, FLOOR, TICKETS, UNIFORM, Rule

STREETS, DEPARTMENTS = Group("street", 12, 2), Group("dept", 60, 13)


@pytest.mark.parametrize(("rule", "streets", "departments"), [
    (Rule(UNIFORM), (0.114, 0.17, 0, 0.17), (0.051, 0.21, 0, 0.22)),
    (Rule(COOLDOWN, cooldown=1), (0.068, 0, 0.17, 0.20), (0.021, 0, 0.22, 0.28)),
    (Rule(COOLDOWN, cooldown=3), (0.015, 0, 0.50, 0.33), (0, 0, 0.65, 0.62)),
    (Rule(FLOOR), (0, 0.16, 0.037, 0.22), (0, 0.21, 0, 0.24)),
    (Rule(TICKETS), (0, 0.05, 0.008, 0.28), (0, 0.07, 0, 0.37)),
])  # fmt: skip
def test_effects_are_those_of_the_long_simulation(
    rule: Rule, streets: tuple[float, ...], departments: tuple[float, ...]
) -> None:
    for group, expected in ((STREETS, streets), (DEPARTMENTS, departments)):
        found = effect_of(rule, group)
        assert (found.never, found.repeat, found.safe, found.guess) == pytest.approx(expected, abs=0.025)


@pytest.mark.parametrize(("kind", "years"), [(TICKETS, 100), (FLOOR, 40)])
def test_floor_leaves_nobody_undrawn_in_any_year(kind: str, years: int) -> None:
    assert undrawn_in(years, Rule(kind), random.Random(8)) == 0


def test_without_a_floor_some_are_never_drawn_in_a_year() -> None:
    assert undrawn_in(10, Rule(UNIFORM), random.Random(8)) > 10


@pytest.mark.parametrize(("rule", "groups", "expected"), [
    (Rule(TICKETS), (STREETS, DEPARTMENTS), None),
    (Rule(COOLDOWN, cooldown=3), (STREETS, DEPARTMENTS), None),
    (Rule(COOLDOWN, cooldown=4), (STREETS, DEPARTMENTS), Impossible("dept", "cooldown_empties_pool", 3)),
    (Rule(COOLDOWN, cooldown=6), (STREETS,), Impossible("street", "cooldown_empties_pool", 5)),
    (Rule(UNIFORM), (Group("s", 3, 4),), Impossible("s", "more_than_there_are", 3)),
    (Rule(TICKETS), (Group("s", 60, 4),), Impossible("s", "floor_out_of_reach", 48)),
    (Rule(UNIFORM), (Group("s", 60, 4),), None),
    (Rule(TICKETS, ticket_cap=1), (STREETS,), Impossible("", "cap_out_of_range", 99)),
    (Rule("Z"), (STREETS,), Impossible("", "no_such_rule")),
])  # fmt: skip
def test_rule_that_can_not_be_kept_is_refused_with_the_reason(
    rule: Rule, groups: tuple[Group, ...], expected: Impossible | None
) -> None:
    assert why_impossible(rule, groups, draws_a_year=12) == expected


def test_longest_cooldown_is_a_rota() -> None:
    assert [longest_cooldown(group) for group in (STREETS, DEPARTMENTS)] == [5, 3]


def test_all_rules_of_a_settings_page_are_played_within_two_seconds() -> None:
    begun = time.process_time()
    rules = rules_to_compare((STREETS, DEPARTMENTS), ticket_cap=6)
    effects = [effect_of(rule, group) for rule in rules for group in (STREETS, DEPARTMENTS)]

    assert [(rule.kind, rule.cooldown) for rule in rules] == [
        ("A", 0), ("B", 1), ("B", 2), ("B", 3), ("E", 0), ("F", 0),
    ]  # fmt: skip
    assert len(effects) == 12
    assert time.process_time() - begun < 2
