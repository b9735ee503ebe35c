"""Locating points: inside, on borders, where nobody owns, outside; and the nearest point."""

import shapely
from hypothesis import given
from hypothesis import strategies as st

from linli.registry.territory.calc.index import OUTSIDE, AreaIndex, Located, PointIndex, merge
from linli.registry.territory.calc.polygons import Cell
from linli.registry.territory.choices import PlaceReason

DISTRICT = Cell("210106", 1, shapely.box(0, 0, 10, 10))
SUBDISTRICT = Cell("210106/210106003", 2, shapely.box(0, 0, 8, 8))
WEST = Cell("210106/210106003/210106003007", 3, shapely.box(0, 0, 4, 4))
EAST = Cell("210106/210106003/210106003008", 3, shapely.box(4, 0, 8, 4))
WEST_LOW = Cell(f"{WEST.path}/21010600300701", 4, shapely.box(0, 0, 4, 2))
WEST_HIGH = Cell(f"{WEST.path}/21010600300702", 4, shapely.box(0, 2, 4, 3))
INDEX = AreaIndex([DISTRICT, SUBDISTRICT, WEST, EAST, WEST_LOW, WEST_HIGH])


def test_point_inside_goes_to_the_lowest_area() -> None:
    assert INDEX.locate(1, 1) == Located(WEST_LOW.path, PlaceReason.INSIDE, (WEST_LOW.path,))


def test_point_in_no_grid_goes_to_its_community() -> None:
    assert INDEX.locate(1, 3.5) == Located(WEST.path, PlaceReason.INSIDE, (WEST.path,))


def test_point_on_a_border_goes_to_the_area_above_both() -> None:
    assert INDEX.locate(1, 2) == Located(WEST.path, PlaceReason.ON_BORDER, (WEST_LOW.path, WEST_HIGH.path))


def test_border_of_areas_of_different_depth_goes_to_the_area_above_both() -> None:
    assert INDEX.locate(4, 1) == Located(SUBDISTRICT.path, PlaceReason.ON_BORDER, (WEST_LOW.path, EAST.path))


def test_point_within_a_centimetre_of_a_border_is_on_it() -> None:
    assert INDEX.locate(1, 2 - 5e-8).reason is PlaceReason.ON_BORDER
    assert INDEX.locate(1, 2 - 5e-7).reason is PlaceReason.INSIDE


def test_point_in_the_district_but_in_no_community_is_owned_by_nobody() -> None:
    assert INDEX.locate(1, 6) == Located(SUBDISTRICT.path, PlaceReason.NOBODY_OWNS, (SUBDISTRICT.path,))
    assert INDEX.locate(9, 9) == Located(DISTRICT.path, PlaceReason.NOBODY_OWNS, (DISTRICT.path,))


def test_point_in_no_district_is_outside() -> None:
    assert INDEX.locate(11, 1) == OUTSIDE
    assert AreaIndex([]).locate(1, 1) == OUTSIDE


def test_overlapping_drawings_are_contested_and_none_is_chosen() -> None:
    index = AreaIndex([DISTRICT, SUBDISTRICT, WEST, Cell(EAST.path, 3, shapely.box(3, 0, 8, 4))])

    assert index.locate(3.5, 1) == Located(SUBDISTRICT.path, PlaceReason.ON_BORDER, (WEST.path, EAST.path))


def test_merge_of_districts_makes_a_shared_border_contested() -> None:
    north = AreaIndex([Cell("210105", 1, shapely.box(0, 10, 10, 20))])
    answers = [INDEX.locate(9, 10), north.locate(9, 10)]

    assert merge(answers) == Located("", PlaceReason.ON_BORDER, ("210105", "210106"))
    assert merge([INDEX.locate(1, 1), north.locate(1, 1)]) == INDEX.locate(1, 1)
    assert merge([OUTSIDE]) == OUTSIDE


CELLS = [DISTRICT] + [
    Cell(f"210106/21010600{x}/21010600{x}00{y}", 3, shapely.box(x, y, x + 1, y + 1))
    for x in range(10)
    for y in range(9)
]
GRID = AreaIndex(CELLS)


@given(st.sampled_from(CELLS[1:]), st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_every_point_inside_a_cell_is_located_in_it(cell: Cell, east: float, north: float) -> None:
    west, south, _, _ = cell.polygon.bounds

    assert GRID.locate(west + east, south + north) == Located(cell.path, PlaceReason.INSIDE, (cell.path,))


def test_nearest_point_counts_metres_and_not_degrees() -> None:
    index = PointIndex([(123.4007, 41.8), (123.4, 41.8006)])

    found = index.nearest(123.4, 41.8, within_m=60)

    assert found is not None
    assert (found[0], round(found[1])) == (0, 58)


def test_nearest_point_too_far_is_none() -> None:
    assert PointIndex([(123.4008, 41.8)]).nearest(123.4, 41.8, within_m=60) is None
    assert PointIndex([]).nearest(123.4, 41.8, within_m=60) is None
