"""Clusters of the map: as far apart as the screen asks, and no case lost."""

from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.calc.clusters import Cluster, cell_size, merge_near

LNG, LAT = 123.4, 41.8
PLACES = st.lists(st.tuples(st.floats(123.0, 124.0), st.floats(41.5, 42.0), st.integers(1, 500)), max_size=60)


def single(lng: float, lat: float, *, worst: int = 1, one: str = "a") -> Cluster:
    return Cluster(lng, lat, 1, worst, one)


def test_square_of_the_screen_is_less_north_than_east() -> None:
    east, north = cell_size(zoom=8, lat=60, side_px=256)

    assert (east, north) == (pytest.approx(360 / 256), pytest.approx(360 / 256 * cos(radians(60))))


def test_near_ones_become_one_that_has_the_worst_light() -> None:
    near = merge_near([single(LNG, LAT, worst=1), Cluster(LNG + 0.001, LAT, 4, 3, "")], zoom=12, apart_px=54)

    assert near == [Cluster(LNG + 0.001, LAT, 5, 3, "")]


def test_the_same_two_come_apart_nearer_by() -> None:
    both = [single(LNG, LAT, one="a"), single(LNG + 0.001, LAT, one="b")]

    assert merge_near(both, zoom=17, apart_px=54) == both


@given(PLACES, st.floats(8, 18))
def test_no_case_is_lost_and_none_touch(places: list[tuple[float, float, int]], zoom: float) -> None:
    clusters = [Cluster(lng, lat, count, 1, "") for lng, lat, count in places]

    merged = merge_near(clusters, zoom=zoom, apart_px=54)

    assert sum(each.count for each in merged) == sum(each.count for each in clusters)
    assert merge_near(merged, zoom=zoom, apart_px=54) == merged
