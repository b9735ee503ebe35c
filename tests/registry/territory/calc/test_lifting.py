"""Areas above follow what is redrawn below them at their outer border, and stay where a gap opens inside."""

import shapely
from hypothesis import given
from hypothesis import strategies as st

from linli.registry.territory.calc.lifting import Lift, lift

# A street of two communities side by side; the western one is two grids, the eastern one is not divided.
STREET, WEST, EAST = "210106/210106003", "210106/210106003/210106003006", "210106/210106003/210106003007"
ONE, TWO = f"{WEST}/21010600300601", f"{WEST}/21010600300602"
BEFORE = {
    "210106": shapely.box(0, 0, 1, 1), STREET: shapely.box(0, 0, 0.4, 0.2), WEST: shapely.box(0, 0, 0.2, 0.2),
    EAST: shapely.box(0.2, 0, 0.4, 0.2), ONE: shapely.box(0, 0, 0.1, 0.2), TWO: shapely.box(0.1, 0, 0.2, 0.2),
}  # fmt: skip


def lifted(**redrawn: shapely.Geometry) -> list[Lift]:
    named = {"one": ONE, "two": TWO, "east": EAST, "west": WEST, "street": STREET}
    drawn = {named[name]: shape for name, shape in redrawn.items()}
    return lift(drawn.keys(), BEFORE, BEFORE | drawn)


def paths_of(found: list[Lift]) -> list[str]:
    return [each.path for each in found]


def test_outwards_and_inwards_the_areas_above_go_along_but_not_the_district() -> None:
    for grid in (shapely.box(-0.01, 0, 0.1, 0.2), shapely.box(0.01, 0, 0.1, 0.2), shapely.box(0, 0, 0.1, 0.21)):
        found = lifted(one=grid)

        assert paths_of(found) == [WEST, STREET]
        assert found[0].shape.equals(shapely.union(grid, BEFORE[TWO]))
        assert found[1].shape.equals(shapely.union_all([grid, BEFORE[TWO], BEFORE[EAST]]))


def test_line_between_two_grids_moves_nothing_above() -> None:
    assert lifted(one=shapely.box(0, 0, 0.12, 0.2), two=shapely.box(0.12, 0, 0.2, 0.2)) == []


def test_gap_between_two_grids_stays_a_gap() -> None:
    assert lifted(one=shapely.box(0, 0, 0.08, 0.2)) == []
    assert lifted(one=shapely.box(0, 0, 0.1, 0.2).difference(shapely.box(0.03, 0.05, 0.06, 0.1))) == []


def test_ground_that_goes_to_the_neighbour_leaves_the_street_as_it_is() -> None:
    found = lifted(two=shapely.box(0.1, 0, 0.18, 0.2), east=shapely.box(0.18, 0, 0.4, 0.2))

    assert paths_of(found) == [WEST]
    assert found[0].shape.equals(shapely.box(0, 0, 0.18, 0.2))
    assert (found[0].gained_m2, round(found[0].lost_m2 / 1e6)) == (0, 49)


def test_one_that_is_redrawn_itself_is_left_as_it_is_drawn() -> None:
    assert paths_of(lifted(one=shapely.box(-0.01, 0, 0.1, 0.2), west=shapely.box(-0.02, 0, 0.2, 0.2))) == [STREET]
    assert lifted(street=shapely.box(0, 0, 0.5, 0.2)) == []


def test_sliver_and_an_area_above_that_is_not_drawn_are_no_matter() -> None:
    assert lifted(one=shapely.box(-0.00001, 0, 0.1, 0.2)) == []
    alone = {path: shape for path, shape in BEFORE.items() if path not in {WEST, STREET}}
    assert lift([ONE], alone, alone | {ONE: shapely.box(-0.01, 0, 0.1, 0.2)}) == []


@given(st.tuples(*[st.integers(-20, 20)] * 3))
def test_where_grids_fill_a_community_it_stays_their_union(moves: tuple[int, int, int]) -> None:
    west, south, north = (each / 1000 for each in moves)
    grid = shapely.box(west, south, 0.1, 0.2 + north)

    found = {each.path: each.shape for each in lifted(one=grid)}

    whole = shapely.union(grid, BEFORE[TWO])
    assert found.get(WEST, BEFORE[WEST]).symmetric_difference(whole).area < 1e-9
