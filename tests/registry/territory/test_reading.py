"""Reading areas, compounds and buildings: whole values, fixed numbers of queries, and never a foreign district's."""

from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.factories.territory import FIRST, FOREIGN, LAOMO, NOW, TODAY, XINXI, Made, point, square

from linli.kernel.errors import NotFound
from linli.registry.territory.actions import NewArea, load_areas
from linli.registry.territory.queries import (
    AreaRow,
    BuildingRow,
    CompoundRow,
    area_chain,
    area_chains,
    areas_geojson,
    children_of,
    get_area_by_code,
    list_areas,
    list_buildings_of_area,
    list_buildings_of_compound,
    list_compounds,
    search_areas,
)

LAOMO_CODE = LAOMO[-12:]


def test_get_area_by_code_reads_the_whole_row(made: Made, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        area = get_area_by_code(LAOMO_CODE)

    assert area == AreaRow(
        made.areas[LAOMO_CODE], "210106", LAOMO_CODE, "劳模社区", "community", 3, LAOMO, "社区", is_pseudo=False,
        starts_on=date(2026, 1, 1), ends_on=None,
    )  # fmt: skip


def test_get_area_by_code_of_nothing_is_not_found(made: Made) -> None:
    with pytest.raises(NotFound) as refusal:
        get_area_by_code("210106003999")

    assert refusal.value.code == "area_unknown"


def test_children_of_an_area_leave_out_grandchildren_and_ended_ones(
    made: Made, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ended = NewArea(
        code="210106003099", name="旧社区", level="community", parent_code="210106003",
        starts_on=date(2020, 1, 1), ends_on=date(2025, 12, 31),
    )  # fmt: skip
    load_areas([ended])

    with django_assert_num_queries(1):
        now = children_of("210106/210106003", on=TODAY)

    assert [area.path for area in now] == [LAOMO, XINXI]
    assert [area.name for area in children_of("210106/210106003", on=date(2025, 12, 31))] == ["旧社区"]


def test_list_areas_keeps_to_path_and_levels(made: Made) -> None:
    assert [area.level for area in list_areas(LAOMO, on=TODAY)] == ["community", "grid", "subgrid", "subgrid"]
    assert [area.path for area in list_areas("210106", on=TODAY, levels=["community"])] == [LAOMO, XINXI]


def test_area_chains_of_two_districts_take_one_query(
    made: Made, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    area_chain(LAOMO, at=NOW)
    with django_assert_num_queries(1):
        chains = area_chains([LAOMO, FOREIGN, "999999/1"], at=NOW)

    assert {path: [area.name for area in chain] for path, chain in chains.items()} == {
        LAOMO: ["铁西区", "工人村街道", "劳模社区"],
        FOREIGN: ["皇姑区", "三台子街道", "劳模社区"],
        "999999/1": [],
    }


@pytest.mark.parametrize("text", ["劳模社", "LAOMO SH", "laomoshequ", "lmsq", "mosq"])
def test_search_finds_by_name_and_pinyin_within_the_viewers_areas_only(made: Made, text: str) -> None:
    assert [area.path for area in search_areas(text, within=["210106"], on=TODAY)] == [LAOMO]
    assert [area.path for area in search_areas(text, within=["210106", FOREIGN], on=TODAY)] == [FOREIGN, LAOMO]
    assert search_areas(text, within=[XINXI], on=TODAY) == []
    assert search_areas(text, within=[], on=TODAY) == []


def test_search_by_code_puts_higher_areas_first_and_keeps_the_limit(made: Made) -> None:
    found = search_areas("2101060030", within=["210106"], on=TODAY, limit=3)

    assert [area.code for area in found] == ["210106003006", "210106003007", "21010600300601"]
    assert search_areas("  ", within=["210106"], on=TODAY) == []


def test_search_takes_wildcards_for_letters(made: Made) -> None:
    assert search_areas("%", within=["210106"], on=TODAY) == []


def test_areas_geojson_draws_the_levels_named(made: Made, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        drawn = areas_geojson("210106/210106003", levels=["subdistrict", "community"], at=NOW)

    assert (drawn["boundary_number"], drawn["is_schematic"]) == (1, True)
    assert [feature["properties"]["path"] for feature in drawn["features"]] == ["210106/210106003", LAOMO, XINXI]
    first: dict[str, Any] = drawn["features"][1]
    assert first["properties"] == {
        "id": str(made.areas[LAOMO_CODE]), "code": LAOMO_CODE, "name": "劳模社区", "level": "community", "path": LAOMO,
        "is_schematic": True,
    }  # fmt: skip
    assert len(first["geometry"]["coordinates"][0]) == len(square(0, 0, 0.4)["coordinates"][0])


def test_areas_geojson_of_nothing_is_empty(db: None) -> None:
    assert areas_geojson("210106", levels=["community"], at=NOW) == {
        "type": "FeatureCollection", "boundary_number": 0, "is_schematic": False, "features": [],
    }  # fmt: skip


def test_list_compounds_keeps_to_its_district(made: Made, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    garden = made.compounds["210106", "garden"]
    with django_assert_num_queries(1):
        found = list_compounds(LAOMO)

    part = made.compounds["210106", "garden-2"]
    assert found == [
        CompoundRow(garden, "210106", "garden", "花园小区", "graded", LAOMO, None, 300),
        CompoundRow(part, "210106", "garden-2", "花园二期", "graded", LAOMO, garden, 80),
    ]
    assert [row.kind for row in list_compounds("210105")] == ["open"]


def test_list_buildings_by_area_and_by_compound(made: Made, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    garden, at = made.compounds["210106", "garden"], point(0.06, 0.06)
    code = "21010600300600012"
    expected = BuildingRow(
        made.buildings[code], "210106", code, "12号楼", FIRST, garden, "花园小区", at["lng"], at["lat"], 60
    )
    with django_assert_num_queries(2):
        of_area = list_buildings_of_area(LAOMO)
        of_compound = list_buildings_of_compound(district_id="210106", compound_id=garden)

    assert (of_area[0], [row.name for row in of_area], of_compound) == (expected, ["12号楼", "13号楼"], [expected])
    assert list_buildings_of_area("210105") == []
    assert list_buildings_of_compound(district_id="210105", compound_id=garden) == []
