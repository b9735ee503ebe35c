"""Areas below follow a redrawn boundary where they have its corners, and nowhere else."""

import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from linli.registry.territory.calc.following import follow

# Two grids side by side; the western one has two subgrids, one above the other.
WEST = shapely.Polygon([(0, 0), (4, 0), (4, 2), (4, 4), (0, 4), (0, 2)])
EAST = shapely.box(4, 0, 8, 4)
NORTH, SOUTH = shapely.box(0, 2, 4, 4), shapely.box(0, 0, 4, 2)
CELLS = {"d/w": WEST, "d/e": EAST, "d/w/n": NORTH, "d/w/s": SOUTH}
BELOW = ("d/w/n", "d/w/s")


def west(*corners: tuple[float, float]) -> BaseGeometry:
    return shapely.Polygon(corners)


def test_moved_corner_moves_in_every_area_below_that_has_it() -> None:
    redrawn = west((0, 0), (4, 0), (5, 2), (4, 4), (0, 4), (0, 2))

    found = follow({"d/w": redrawn}, CELLS, BELOW)

    assert {path: shape.normalize() for path, shape in found.items()} == {
        "d/w/n": west((0, 2), (5, 2), (4, 4), (0, 4)).normalize(),
        "d/w/s": west((0, 0), (4, 0), (5, 2), (0, 2)).normalize(),
    }


def test_corner_that_is_put_in_is_put_in_below_too() -> None:
    redrawn = west((0, 0), (4, 0), (5, 1), (4, 2), (4, 4), (0, 4), (0, 2))

    found = follow({"d/w": redrawn}, CELLS, BELOW)

    assert {path: shape.normalize() for path, shape in found.items()} == {
        "d/w/s": west((0, 0), (4, 0), (5, 1), (4, 2), (0, 2)).normalize()
    }


def test_wherever_a_ring_begins_and_runs_it_is_the_same() -> None:
    redrawn = west((4, 4), (0, 4), (0, 2), (0, 0), (4, 0), (5, 2))

    assert set(follow({"d/w": redrawn}, CELLS, BELOW)) == {"d/w/n", "d/w/s"}


def test_quite_another_polygon_moves_nothing_below() -> None:
    assert follow({"d/w": shapely.box(10, 10, 12, 12)}, CELLS, BELOW) == {}
    assert follow({"d/w": WEST}, CELLS, BELOW) == {}
    assert follow({"d/new": WEST}, CELLS, BELOW) == {}


@given(east=st.floats(-1.5, 1.5), north=st.floats(-0.9, 0.9))
def test_areas_below_fill_the_redrawn_one_without_gap_or_overlap(east: float, north: float) -> None:
    redrawn = west((0, 0), (4, 0), (4 + east, 2 + north), (4, 4), (0, 4), (0, 2))

    found = CELLS | follow({"d/w": redrawn}, CELLS, BELOW)

    assert shapely.union(found["d/w/n"], found["d/w/s"]).symmetric_difference(redrawn).area < 1e-9
    assert found["d/w/n"].intersection(found["d/w/s"]).area < 1e-9
