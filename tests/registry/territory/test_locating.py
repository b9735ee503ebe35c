"""Where a report belongs: points, borders, codes; and that every edit counts from the next question on."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.factories.territory import FIRST, LAOMO, NOW, SECOND, START, XINXI, Made, point

from linli.kernel.errors import InvalidInput
from linli.registry.territory.calc.coordinates import wgs84_from_gcj02
from linli.registry.territory.queries import locate, place_by_code


def where(east: float, north: float) -> tuple[str, str, int]:
    located = locate(**point(east, north), at=NOW)
    return located.path, located.reason.value, located.boundary_number


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ((0.1, 0.3), (LAOMO, "inside", 1)),
        ((0.02, 0.02), (FIRST, "inside", 1)),
        ((0.2, 0.1), (f"{LAOMO}/21010600300601", "on_border", 1)),
        ((0.4, 0.3), ("210106/210106003", "on_border", 1)),
        ((0.1, 0.6), ("210106/210106003", "nobody_owns", 1)),
        ((0.9, 0.9), ("210106", "nobody_owns", 1)),
        ((0.3, 1), ("", "on_border", 0)),
        ((1.5, 0.5), ("", "outside", 0)),
    ],
)
def test_locate_says_where_and_why(made: Made, at: tuple[float, float], expected: tuple[str, str, int]) -> None:
    assert where(*at) == expected


def test_located_area_has_chain_compound_building_and_words(made: Made) -> None:
    located = locate(**point(0.1201, 0.1201), at=NOW)

    assert [step.name for step in located.chain] == ["铁西区", "工人村街道", "劳模社区", "劳模第一网格", "劳模一组"]
    assert (located.area_id, located.chain[-1].id) == (made.areas["2101060030060101"],) * 2
    assert (located.district_id, located.level, located.name) == ("210106", "subgrid", "劳模一组")
    assert (located.compound_id, located.building_id) == (
        made.compounds["210106", "garden-2"],
        made.buildings["21010600300600013"],
    )
    assert (located.households, located.place) == (65, "劳模社区 花园二期 13号楼")


def test_point_far_from_buildings_is_named_by_compound_or_community(made: Made) -> None:
    places = [locate(**point(*at), at=NOW) for at in ((0.14, 0.06), (0.3, 0.1), (0.1, 0.6))]

    assert [place.place for place in places] == ["劳模社区 花园小区", "劳模社区", "工人村街道"]
    assert [place.building_id for place in places] == [None, None, None]


def test_point_on_a_border_names_who_claims_it(made: Made) -> None:
    district_border = locate(**point(0.3, 1), at=NOW)

    assert [area.path for area in locate(**point(0.2, 0.1), at=NOW).claimed_by] == [FIRST, SECOND]
    assert (district_border.area_id, district_border.district_id) == (None, "")
    assert [area.name for area in district_border.claimed_by] == ["劳模社区", "铁西区"]


def test_point_in_wgs84_is_moved_before_it_is_located(made: Made) -> None:
    target = point(0.02, 0.02)
    lng, lat = wgs84_from_gcj02(target["lng"], target["lat"])

    located = [locate(lng=lng, lat=lat, crs=crs, at=NOW) for crs in ("WGS-84", "CGCS2000")]

    assert [area.path for area in located] == [FIRST, FIRST]
    assert (located[0].lng, located[0].lat) == pytest.approx((target["lng"], target["lat"]), abs=1e-7)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"lng": 1, "lat": 1, "crs": "EPSG:4326"}, "unknown_crs"),
        ({"lng": 999, "lat": 1, "crs": "WGS-84"}, "coordinates_out_of_range"),
    ],
)
def test_locate_refuses_what_is_no_place(db: None, words: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        locate(**words, at=NOW)

    assert refusal.value.code == code


def test_locate_before_the_first_version_is_outside(made: Made) -> None:
    before = START.replace(year=2025)

    assert locate(**point(0.1, 0.3), at=before).reason == "outside"


def test_locate_in_an_empty_installation_is_outside(db: None) -> None:
    assert where(0.1, 0.1) == ("", "outside", 0)


def test_locate_asks_the_database_once_when_warm(made: Made, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    where(0.1, 0.1)
    where(0.1, 1.1)

    with django_assert_num_queries(1):
        where(0.1, 0.1)


def test_place_by_code_of_an_area_has_no_point(made: Made) -> None:
    located = place_by_code(code="210106003007", at=NOW)

    assert (located.path, located.reason, located.boundary_number) == (XINXI, "named", 1)
    assert (located.lng, located.lat, located.place) == (None, None, "新喜社区")


def test_place_by_code_of_a_building_has_its_point_and_compound(made: Made) -> None:
    located = place_by_code(code="21010600300600012", at=NOW)

    assert (located.path, located.compound_id, located.households) == (FIRST, made.compounds["210106", "garden"], 60)
    assert (located.lng, located.lat) == (point(0.06, 0.06)["lng"], point(0.06, 0.06)["lat"])
    assert located.place == "劳模社区 花园小区 12号楼"


@pytest.mark.parametrize(
    ("code", "error"),
    [("", "place_missing"), ("210106999", "area_unknown"), ("999999", "area_unknown"), ("x", "area_unknown")],
)
def test_place_by_code_refuses_unknown_codes(made: Made, code: str, error: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        place_by_code(code=code, at=NOW)

    assert (refusal.value.code, refusal.value.field) == (error, "area_code")
