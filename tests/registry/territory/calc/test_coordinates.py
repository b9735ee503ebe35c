"""GCJ-02 against a known offset, round trips, distances."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.errors import InvalidInput
from linli.registry.territory.calc.coordinates import (
    degrees_around,
    distance_m,
    gcj02_from_wgs84,
    to_gcj02,
    wgs84_from_gcj02,
)
from linli.registry.territory.choices import Crs

SHENYANG = (123.4315, 41.8057)


def test_offset_at_shenyang_is_the_known_one() -> None:
    lng, lat = gcj02_from_wgs84(*SHENYANG)

    assert (round(lng - SHENYANG[0], 4), round(lat - SHENYANG[1], 4)) == (0.0061, 0.0024)


@given(st.floats(73.5, 135), st.floats(18.2, 53.5))
def test_round_trip_comes_back_within_a_centimetre(lng: float, lat: float) -> None:
    back_lng, back_lat = wgs84_from_gcj02(*gcj02_from_wgs84(lng, lat))

    assert abs(back_lng - lng) < 1e-7
    assert abs(back_lat - lat) < 1e-7


@pytest.mark.parametrize("point", [(2.35, 48.85), (-74.0, 40.7), (151.2, -33.9), (72.0, 30.0), (110.0, 0.8)])
def test_point_outside_china_stays(point: tuple[float, float]) -> None:
    assert (gcj02_from_wgs84(*point), wgs84_from_gcj02(*point)) == (point, point)


def test_to_gcj02_takes_each_system() -> None:
    moved = gcj02_from_wgs84(*SHENYANG)

    assert [to_gcj02(*SHENYANG, crs) for crs in Crs] == [SHENYANG, moved, moved]


@pytest.mark.parametrize("point", [(181.0, 0.0), (0.0, 90.1), (float("nan"), 41.0), (123.0, float("inf"))])
def test_to_gcj02_refuses_what_is_not_on_the_globe(point: tuple[float, float]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        to_gcj02(*point, Crs.GCJ_02)

    assert (refusal.value.code, refusal.value.field) == ("coordinates_out_of_range", "point")


def test_distance_of_a_degree_on_the_equator_and_at_shenyang() -> None:
    assert round(distance_m(0, 0, 1, 0)) == 111195
    assert round(distance_m(123, 41.8, 124, 41.8)) == 82893
    assert round(distance_m(0, 0, 180, 0)) == 20015114


@given(st.floats(-80, 80), st.floats(1, 5000))
def test_degrees_around_reach_as_far_as_the_radius(lat: float, radius_m: float) -> None:
    east, north = degrees_around(lat, radius_m)

    assert distance_m(10, lat, 10, lat + north) == pytest.approx(radius_m, rel=1e-5)
    assert distance_m(10, lat, 10 + east, lat) == pytest.approx(radius_m, rel=1e-3)
