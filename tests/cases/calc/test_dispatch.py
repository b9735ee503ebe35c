from uuid import UUID

import pytest

from linli.cases.calc.default_dispatch import DEFAULT_DISPATCH
from linli.cases.calc.dispatch import Candidate, Chosen, DispatchRule, choose

GRID = DispatchRule("R1", "*", "anywhere", "grid_worker")
WATER = DispatchRule("R2", "water_burst", "open", "department_handler", "water_repair")
FALLBACK = ("community_secretary", "district_dispatcher")


def post(number: int, role: str, organisation: str = "committee", *, is_on_duty: bool = True) -> Candidate:
    return Candidate(UUID(int=number), role, UUID(int=1000), organisation, is_on_duty)


WORKER, ILL_WORKER = post(1, "grid_worker"), post(2, "grid_worker", is_on_duty=False)
SECRETARY, TOP = post(3, "community_secretary"), post(4, "district_dispatcher")
WATERMAN, GASMAN = post(5, "department_handler", "water_repair"), post(6, "department_handler", "gas")


@pytest.mark.parametrize(
    ("rule", "candidates", "chosen", "reason"),
    [
        (GRID, [WORKER, SECRETARY], WORKER, "first_on_duty"),
        (GRID, [ILL_WORKER, WORKER], WORKER, "first_on_duty"),
        (GRID, [WORKER, post(7, "grid_worker")], WORKER, "first_on_duty"),
        (GRID, [ILL_WORKER, SECRETARY, TOP], SECRETARY, "fallback"),
        (GRID, [TOP, SECRETARY], SECRETARY, "fallback"),
        (GRID, [post(8, "community_secretary", is_on_duty=False), SECRETARY], SECRETARY, "fallback"),
        (GRID, [TOP], TOP, "fallback"),
        (GRID, [GASMAN], None, "nobody"),
        (GRID, [], None, "nobody"),
        (WATER, [GASMAN, WATERMAN], WATERMAN, "first_on_duty"),
        (WATER, [GASMAN, WORKER, SECRETARY], SECRETARY, "fallback"),
        (None, [WORKER, SECRETARY], SECRETARY, "fallback"),
    ],
)  # fmt: skip
def test_choice(rule: DispatchRule | None, candidates: list[Candidate], chosen: Candidate | None, reason: str) -> None:
    found = choose(rule, candidates, FALLBACK)

    assert found == Chosen(chosen.post_id if chosen else None, chosen.organisation_id if chosen else None, reason)
    assert found.is_hole == (reason != "first_on_duty")


@pytest.mark.parametrize(
    ("category", "is_in_compound", "rule"),
    [
        ("water_burst", True, "D01"), ("water_burst", False, "D02"),
        ("heating", True, "D05"), ("heating", False, "D05"),
        ("snow_ice", True, "D99"), ("snow_ice", False, "D13"), ("feedback", True, "D26"), ("other", False, "D99"),
    ],
)  # fmt: skip
def test_line_of_the_default_catalogue(category: str, is_in_compound: bool, rule: str) -> None:  # noqa: FBT001
    found = DEFAULT_DISPATCH.rule_for(category, is_in_compound=is_in_compound)

    assert found is not None
    assert found.id == rule


@pytest.mark.parametrize(
    ("level", "above"),
    [
        ("grid", ["community", "subdistrict", "district"]), ("subgrid", ["community", "subdistrict", "district"]),
        ("community", ["subdistrict", "district"]), ("subdistrict", ["district"]), ("district", ["district"]),
    ],
)  # fmt: skip
def test_levels_above(level: str, above: list[str]) -> None:
    assert [name for name, _ in DEFAULT_DISPATCH.levels_above(level)] == above
