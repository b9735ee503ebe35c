"""Places found by name, within the areas that are asked for."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.territory import FOREIGN, LAOMO, SIDE, SOUTH, WEST, Made

from linli.registry.territory.queries.searching import FoundPlace, search_places

NAMES = ("工人村街道", "劳模社区")


def found(made: Made, text: str, *within: str) -> list[FoundPlace]:
    return search_places(text, district_id="210106", within=within or ("210106",), at=made.at)


def test_building_is_found_by_compound_and_number(made: Made) -> None:
    [place] = found(made, "花园小区 12号楼")

    assert (place.name, place.area_names, place.area_code) == ("花园小区12号楼", NAMES, "2101060030060101")
    assert (place.lng, place.lat) == (pytest.approx(WEST + 0.06 * SIDE), pytest.approx(SOUTH + 0.06 * SIDE))


def test_compound_stands_in_the_middle_of_its_buildings(made: Made) -> None:
    [place] = found(made, "花园二期")

    assert (place.name, place.area_code) == ("花园二期", "210106003006")
    assert (place.lng, place.lat) == (pytest.approx(WEST + 0.12 * SIDE), pytest.approx(SOUTH + 0.12 * SIDE))


def test_unknown_number_gives_the_compound(made: Made) -> None:
    assert [place.name for place in found(made, "花园小区99号楼")] == ["花园小区"]


def test_several_are_given_when_the_words_leave_it_open(made: Made) -> None:
    assert [place.name for place in found(made, "花园")] == ["花园小区", "花园二期"]


def test_places_beyond_the_areas_asked_for_are_not_found(made: Made) -> None:
    assert found(made, "花园小区", "210106/210106003/210106003007") == []
    assert found(made, "花园小区", FOREIGN) == []
    assert len(found(made, "花园小区", LAOMO)) == 1
    assert search_places("花园小区", district_id="210106", within=(), at=made.at) == []


def test_queries_of_searching(made: Made) -> None:
    found(made, "花园")

    with CaptureQueriesContext(connection) as captured:
        found(made, "花园小区12号楼")
    assert len(captured) == 1
