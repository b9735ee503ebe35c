"""Tickets, who is due, kept slots: what disputes are decided by."""

import pytest

from linli.oversight.reviews.calc.tickets import (
    COOLDOWN,
    COOLING,
    FLOOR,
    TICKETS,
    UNIFORM,
    Held,
    Member,
    PastDraw,
    Rule,
    count_tickets,
)

FOUR = tuple(Member(each, "s") for each in "abcd")


def held(past: list[PastDraw], members: tuple[Member, ...] = FOUR, rule: Rule | None = None, **more: int) -> list[Held]:
    counted = count_tickets(
        members, past, rule=rule or Rule(), year=more.get("year", 2026), take={"s": 1}, draws_left=more.get("left", 9)
    )
    return list(counted.pool)


def drawn(*ids: str, year: int = 2026, pool: tuple[Member, ...] = FOUR) -> PastDraw:
    return PastDraw(year, pool, frozenset(ids))


def test_first_draw_gives_everybody_one_ticket() -> None:
    assert held([]) == [Held(each, "s", 1, is_due=True) for each in "abcd"]


def test_each_draw_waited_adds_a_ticket_up_to_the_cap() -> None:
    past = [drawn("a"), *[drawn("b")] * 7]
    assert [(one.id, one.tickets, one.is_due) for one in held(past)] == [
        ("a", 6, False), ("b", 1, False), ("c", 6, True), ("d", 6, True),
    ]  # fmt: skip


def test_who_was_drawn_last_year_is_due_again() -> None:
    assert [one.is_due for one in held([drawn("a", year=2025)])] == [True] * 4


def test_new_one_starts_at_the_median_and_merged_one_inherits_the_larger() -> None:
    past = [drawn("a"), drawn("b"), drawn("c")]  # waited: a 2, b 1, c 0, d 3
    members = (Member("a", "s"), Member("n", "s"), Member("m", "s", merged_from=("b", "d", "gone")))
    assert [(one.id, one.tickets) for one in held(past, members)] == [("a", 3), ("n", 3), ("m", 4)]


def test_excused_waits_on_and_has_no_ticket() -> None:
    members = (Member("a", "s", excused="disaster"), *FOUR[1:])
    assert held([drawn("b")], members)[0] == Held("a", "s", 0, is_due=True, excused="disaster")
    assert held([drawn("b"), drawn("c", pool=members)])[0].tickets == 3


@pytest.mark.parametrize(("cooldown", "expected"), [(1, [1, 1, 0]), (2, [1, 0, 0]), (0, [1, 1, 1])])
def test_cooldown_leaves_out_the_last_ones(cooldown: int, expected: list[int]) -> None:
    rule = Rule(COOLDOWN, cooldown=cooldown)
    found = held([drawn("a"), drawn("b"), drawn("c")], FOUR[:3], rule)
    assert [one.tickets for one in found] == expected
    assert [one.excused for one in found] == ["" if each else COOLING for each in expected]


@pytest.mark.parametrize("kind", [UNIFORM, FLOOR])
def test_uniform_rules_give_one_ticket(kind: str) -> None:
    assert [one.tickets for one in held([drawn("a")] * 3, rule=Rule(kind))] == [1] * 4


@pytest.mark.parametrize(("kind", "left", "floor"), [
    (TICKETS, 3, 0), (TICKETS, 2, 1), (TICKETS, 0, 1), (FLOOR, 2, 1), (UNIFORM, 0, 0),
])  # fmt: skip
def test_floor_keeps_slots_only_when_the_year_runs_out(kind: str, left: int, floor: int) -> None:
    counted = count_tickets(FOUR, [drawn("a")], rule=Rule(kind), year=2026, take={"s": 1}, draws_left=left)
    assert counted.floors == {"s": floor}


def test_floor_is_never_more_than_those_who_have_a_ticket() -> None:
    members = (*FOUR[:2], *(Member(each, "s", excused="vacant") for each in "cd"))
    counted = count_tickets(members, [drawn("a", "b")], rule=Rule(), year=2026, take={"s": 2}, draws_left=0)
    assert counted.floors == {"s": 0}
