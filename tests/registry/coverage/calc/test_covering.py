"""Who covers a place: the nearest post that counts; made-up posts, against an answer that asks leaf by leaf."""

from collections.abc import Mapping
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.registry.coverage.calc.covering import Cover, HeldPost, Hole, Place, Tally, causes_of, tally
from linli.registry.coverage.calc.default_functions import DEFAULT_FUNCTIONS
from linli.registry.coverage.calc.functions import (
    Function,
    read_functions,
    require_no_faults,
    write_functions,
)
from linli.registry.coverage.errors import FunctionsHaveFaults

LEVELS = {"district": 1, "community": 2, "grid": 3, "subgrid": 4}
DEPTHS = {"d": 1, "d/c": 2, "d/c/g1": 3, "d/c/g2": 3, "d/c/g1/s1": 4, "d/c/g1/s2": 4, "d/e": 2}
FIRE = Function("fire", "消防", ("compound", "village"), "grid", ("worker", "head"))
LEAD = Function("lead", "统筹", ("compound",), "community", ("secretary",))


def place(*spots: str, kind: str = "compound", number: int = 1, area: str = "d/c") -> Place:
    return Place(UUID(int=number), kind, f"C{number}", f"第{number}小区", area, spots)


def post(role: str, area: str, number: int = 1) -> HeldPost:
    return HeldPost(UUID(int=number), role, area)


def cover(*posts: HeldPost, depths: Mapping[str, int] = DEPTHS) -> Cover:
    return Cover(depths=depths, levels=LEVELS, posts=posts)


@pytest.mark.parametrize(("held", "lacking"), [
    ([], ("d/c/g1",)),
    ([("worker", "d/c/g1")], ()),
    ([("head", "d/c/g1/s1")], ()),
    ([("worker", "d/c/g2")], ("d/c/g1",)),
    ([("worker", "d/c")], ("d/c/g1",)),
    ([("secretary", "d/c/g1")], ("d/c/g1",)),
    ([("worker", "d/c/g1/s2")], ("d/c/g1",)),
])  # fmt: skip
def test_post_counts_from_the_level_down(held: list[tuple[str, str]], lacking: tuple[str, ...]) -> None:
    posts = [post(role, area, number) for number, (role, area) in enumerate(held)]

    assert cover(*posts).lacking(place("d/c/g1/s1"), FIRE) == lacking


def test_nearest_wins_then_the_role_named_first() -> None:
    near, head, far = post("head", "d/c/g1/s1", 1), post("head", "d/c/g1", 2), post("worker", "d/c/g1", 3)
    covered = cover(near, head, far)

    assert covered.responsible(place("d/c/g1/s1"), FIRE) == (near,)
    assert covered.responsible(place("d/c/g1/s2"), FIRE) == (far,)


def test_place_on_two_grids_needs_somebody_on_both() -> None:
    across = place("d/c/g1/s1", "d/c/g2")

    assert cover(post("worker", "d/c/g1")).lacking(across, FIRE) == ("d/c/g2",)
    assert cover(post("worker", "d/c/g1"), post("worker", "d/c/g2", 2)).lacking(across, FIRE) == ()


def test_place_above_the_level_asks_everything_below() -> None:
    village = place("d/c", kind="village")

    assert cover(post("worker", "d/c/g1")).lacking(village, FIRE) == ("d/c/g2",)
    assert cover(post("worker", "d/c/g2"), post("head", "d/c/g1/s1", 2)).lacking(village, FIRE) == ("d/c/g1",)
    assert cover().lacking(place("d/e", kind="village"), FIRE) == ("d/e",)
    assert cover(post("worker", "d/e")).lacking(place("d/e", kind="village"), FIRE) == ()


def test_function_that_the_kind_does_not_need_is_no_hole() -> None:
    assert cover().lacking(place("d/c", kind="village"), LEAD) == ()
    assert cover(post("secretary", "d/c")).responsible(place("d/c", kind="village"), LEAD) == ()


def test_one_empty_post_is_one_cause_however_many_places_and_functions() -> None:
    forty = [place("d/c/g1/s1", number=number) for number in range(40)]
    safety = Function("safety", "治安", ("compound",), "grid", ("head", "worker"))

    causes = causes_of(cover(post("secretary", "d/c")).holes(forty, [LEAD, FIRE, safety]))

    assert [(cause.area_path, cause.roles, [each.code for each in cause.functions], len(cause.places))
            for cause in causes] == [("d/c/g1", ("head", "worker"), ["fire", "safety"], 40)]  # fmt: skip


def test_shares_are_rounded_down() -> None:
    assert [Tally(2000, 1999).tenths, Tally(3, 3).tenths, Tally(0, 0).tenths, Tally(3, 1).lacking] == [
        999, 1000, None, 2]  # fmt: skip


_AREAS = st.sampled_from(sorted(DEPTHS))
_POSTS = st.lists(st.tuples(st.sampled_from(["worker", "head", "secretary"]), _AREAS), max_size=8)
_PLACES = st.lists(st.lists(_AREAS, min_size=1, max_size=3, unique=True), max_size=6)


@given(_POSTS, _PLACES, st.sampled_from(sorted(LEVELS)))
def test_holes_are_what_no_post_reaches(posts: list[tuple[str, str]], places: list[list[str]], level: str) -> None:
    function = Function("f", "某项", ("compound",), level, ("worker", "head"))
    held = [post(role, area, number) for number, (role, area) in enumerate(posts)]
    made = [place(*spots, number=number) for number, spots in enumerate(places)]
    covered = cover(*held)

    holes = covered.holes(made, [function])

    assert [hole.place for hole in holes] == [each for each in made if not _is_held(each, function, posts)]
    assert all(DEPTHS[area] >= min(LEVELS[level], _deepest(area)) for hole in holes for area in hole.areas)
    counted = tally(made, [function], holes, groups={"d/c": "all"})
    assert counted.get(("all", "f"), Tally()) == Tally(len(made), len(made) - len(holes))
    for each in made:
        found = covered.responsible(each, function)
        assert bool(found) or any(hole.place == each for hole in holes)
        assert len({one.id for one in found}) == len(found)


@given(_POSTS, _PLACES, _POSTS)
def test_one_more_post_opens_no_hole(
    posts: list[tuple[str, str]], places: list[list[str]], more: list[tuple[str, str]]
) -> None:
    made = [place(*spots, number=number) for number, spots in enumerate(places)]
    before = cover(*(post(role, area, n) for n, (role, area) in enumerate(posts))).holes(made, [FIRE, LEAD])
    after = cover(*(post(role, area, n) for n, (role, area) in enumerate([*posts, *more]))).holes(made, [FIRE, LEAD])

    assert _units(after) <= _units(before)


def _units(holes: list[Hole]) -> set[tuple[str, str]]:
    return {(hole.place.code, hole.function.code) for hole in holes}


def _deepest(area: str) -> int:
    return max(depth for path, depth in DEPTHS.items() if path == area or path.startswith(area + "/"))


def _is_held(each: Place, function: Function, posts: list[tuple[str, str]]) -> bool:
    """Ask every lowest area that the place may be in, the slow way."""
    least = LEVELS[function.level]
    for spot in each.spots:
        lows = [spot]
        if DEPTHS[spot] < least:
            below = [path for path in DEPTHS if path.startswith(spot + "/")]
            lows = [path for path in below if not any(o.startswith(path + "/") for o in DEPTHS)] or [spot]
        for low in lows:
            floor = min(least, DEPTHS[low])
            reach = [path for path in DEPTHS if (low == path or low.startswith(path + "/")) and DEPTHS[path] >= floor]
            if not any(role in function.roles and area in reach for role, area in posts):
                return False
    return True


def test_functions_go_to_plain_values_and_back() -> None:
    assert read_functions(write_functions(DEFAULT_FUNCTIONS)) == DEFAULT_FUNCTIONS


@pytest.mark.parametrize(("changed", "expected"), [
    ({"code": "x y"}, ("function_code", "code")), ({"name": " "}, ("function_name", "name")),
    ({"places": ()}, ("function_places", "places")), ({"places": ("moon",)}, ("function_places", "places")),
    ({"level": "moon"}, ("function_level", "level")), ({"roles": ("moon",)}, ("function_roles", "roles")),
    ({"code": "lead"}, ("function_twice", "code")),
])  # fmt: skip
def test_fault_of_functions_is_named(changed: dict[str, object], expected: tuple[str, str]) -> None:
    values = {"code": "fire", "name": "消防", "places": ("compound",), "level": "grid", "roles": ("worker",)} | changed
    rows = (LEAD, Function(**values))  # type: ignore[arg-type]

    with pytest.raises(FunctionsHaveFaults) as caught:
        require_no_faults(rows, levels=LEVELS, roles={"worker", "secretary"})

    assert (caught.value.code, caught.value.field) == expected
