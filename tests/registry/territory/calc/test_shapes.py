"""Cutting and joining polygons: nothing is lost, nothing is held twice, and no slivers come about."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from linli.kernel.errors import InvalidInput
from linli.registry.territory.calc.shapes import area_m2, cut, gaps, join, minus, patches, plus

SQUARE = shapely.box(123.30, 41.70, 123.31, 41.71)
EAST = shapely.box(123.31, 41.70, 123.32, 41.71)
SHAPE_OF_A_U = shapely.Polygon([(0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3)])


def line(*points: tuple[float, float]) -> BaseGeometry:
    return shapely.LineString(points)


@given(west=st.floats(0.05, 0.95), east=st.floats(0.05, 0.95), corner=st.floats(0.2, 0.8))
def test_cut_loses_nothing_and_holds_nothing_twice(west: float, east: float, corner: float) -> None:
    drawn = line((123.299, 41.70 + west / 100), (123.305, 41.70 + corner / 100), (123.311, 41.70 + east / 100))

    larger, smaller = cut(SQUARE, drawn)

    assert larger.area > smaller.area - 1e-12
    assert shapely.union(larger, smaller).symmetric_difference(SQUARE).area < 1e-14
    assert patches(larger.intersection(smaller)) == ()


@pytest.mark.parametrize("short", [0.0, 1e-9, 0.00005, 0.00019])
def test_line_that_ends_at_the_border_or_just_before_it_cuts_all_the_same(short: float) -> None:
    larger, smaller = cut(SQUARE, line((123.30 + short, 41.704), (123.31 - short, 41.704)))

    assert (round(larger.area * 1e6), round(smaller.area * 1e6)) == (60, 40)


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        (line((123.302, 41.704), (123.308, 41.704)), "line_does_not_cut"),
        (line((123.40, 41.70), (123.41, 41.70)), "line_does_not_cut"),
        (line((123.305, 41.705), (123.305, 41.705)), "line_does_not_cut"),
        (line((123.299, 41.7000001), (123.311, 41.7000001)), "line_does_not_cut"),
        (line((123.299, 41.704), (123.311, 41.704), (123.311, 41.707), (123.299, 41.707)), "line_cuts_many"),
    ],
)
def test_cut_refuses_a_line_that_does_not_make_two_parts(drawn: BaseGeometry, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        cut(SQUARE, drawn)

    assert refusal.value.code == code


def test_line_across_both_arms_of_a_u_makes_three_parts_and_is_refused() -> None:
    with pytest.raises(InvalidInput) as refusal:
        cut(SHAPE_OF_A_U, line((-1, 2), (4, 2)))

    assert refusal.value.code == "line_cuts_many"


def test_piece_apart_stays_with_the_part_it_is_nearer_to() -> None:
    island = shapely.box(123.325, 41.70, 123.326, 41.701)
    whole = shapely.MultiPolygon([SQUARE, island])

    larger, smaller = cut(whole, line((123.306, 41.69), (123.306, 41.72)))

    assert (len(shapely.get_parts(larger)), len(shapely.get_parts(smaller))) == (1, 2)
    assert smaller.covers(island)


def test_join_of_neighbours_is_one_piece_even_over_a_sliver() -> None:
    drawn_twice = shapely.box(123.31002, 41.70, 123.32, 41.71)

    assert len(shapely.get_parts(join([SQUARE, EAST]))) == 1
    assert len(shapely.get_parts(join([SQUARE, drawn_twice]))) == 1


def test_join_refuses_shapes_apart_and_shapes_that_meet_in_a_corner() -> None:
    for other in (shapely.box(123.33, 41.70, 123.34, 41.71), shapely.box(123.31, 41.71, 123.32, 41.72)):
        with pytest.raises(InvalidInput) as refusal:
            join([SQUARE, other])
        assert refusal.value.code == "not_neighbours"


def test_minus_and_plus_undo_each_other_and_leave_no_sliver() -> None:
    both = plus(SQUARE, EAST)

    assert minus(both, EAST) == SQUARE.normalize() or minus(both, EAST).equals(SQUARE)  # type: ignore[union-attr]
    assert minus(SQUARE, SQUARE) is None
    assert minus(shapely.union(SQUARE, shapely.box(123.31, 41.70, 123.31001, 41.71)), SQUARE) is None


def test_size_is_in_square_metres() -> None:
    hectare = shapely.box(123.3, 41.7, 123.3 + 100 / 83_000, 41.7 + 100 / 111_195)

    assert 9_950 < area_m2(hectare) < 10_050
    assert area_m2(shapely.Polygon()) == 0


def test_patches_leave_out_slivers_and_come_by_size() -> None:
    left = gaps(SQUARE, [shapely.box(123.30, 41.70, 123.304, 41.71), shapely.box(123.30401, 41.701, 123.31, 41.71)])

    found = patches(left)

    assert [round(patch.area_m2, -3) for patch in found] == [56_000]
    assert found[0].shape.covers(shapely.Point(found[0].lng, found[0].lat))
