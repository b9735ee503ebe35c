"""Bulk loads: all or nothing, and each refusal names row and field."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories.territory import NOW, Made, building, square

from linli.kernel.errors import InvalidInput
from linli.kernel.ids import new_id
from linli.registry.territory.actions import (
    NewArea,
    NewBoundary,
    NewCompound,
    NewDistrict,
    load_areas,
    load_boundaries,
    load_buildings,
    load_compounds,
    load_districts,
)
from linli.registry.territory.models import Area, Building
from linli.registry.territory.queries import get_area_by_code, list_compounds, list_levels

GOOD = NewArea(
    code="210106003008", name="新苑社区", level="community", parent_code="210106003", starts_on=date(2026, 1, 1)
)
COMPOUND = NewCompound(code="c", name="小区", kind="graded", area_code="210106003006")
BUILDING = building(99, 0.1, 0.1, "garden")


def refused(load: Callable[[Iterable[Any]], object], rows: list[Any]) -> tuple[str, str, int]:
    with pytest.raises(InvalidInput) as refusal:
        load(rows)
    return refusal.value.code, refusal.value.field, int(refusal.value.params["row"])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"level": "planet"}, ("level_unknown", "level", 2)),
        ({"code": "2101060030"}, ("code_wrong_length", "code", 2)),
        ({"code": "210105001008"}, ("code_not_under_parent", "code", 2)),
        ({"code": "210106003006"}, ("code_taken", "code", 2)),
        ({"code": "210106009008", "parent_code": "210106009"}, ("parent_unknown", "parent_code", 2)),
        ({"parent_code": ""}, ("parent_missing", "parent_code", 2)),
        (
            {"level": "subdistrict", "code": "210106011", "parent_code": "210106011"},
            ("parent_unknown", "parent_code", 2),
        ),
        ({"name": " "}, ("name_missing", "name", 2)),
        ({"name": "x" * 81}, ("name_too_long", "name", 2)),
        ({"ends_on": date(2025, 1, 1)}, ("ends_before_start", "ends_on", 2)),
    ],
)
def test_load_areas_names_row_and_field(made: Made, change: dict[str, Any], expected: tuple[str, str, int]) -> None:
    other = replace(GOOD, id=new_id(), code="210106003009")

    assert refused(load_areas, [other, replace(GOOD, **change)]) == expected
    assert Area.objects.filter(code="210106003009").count() == 0


def test_district_lies_under_nothing(made: Made) -> None:
    load_districts([NewDistrict(code="210107", name="某区")])

    under_another = replace(GOOD, code="210107", level="district", parent_code="210106")
    assert refused(load_areas, [under_another]) == ("parent_not_above", "parent_code", 1)


def test_load_areas_takes_children_before_parents(made: Made) -> None:
    grid = replace(GOOD, id=new_id(), code="21010600300801", level="grid", parent_code="210106003008")

    ids = load_areas([grid, GOOD])

    assert get_area_by_code("21010600300801").path == "210106/210106003/210106003008/21010600300801"
    assert get_area_by_code("21010600300801").id == ids["21010600300801"]


def test_grid_right_under_a_subdistrict_is_taken(made: Made) -> None:
    load_areas([replace(GOOD, code="21010600300990", level="grid", parent_code="210106003")])

    area = get_area_by_code("21010600300990")
    assert (area.path, area.depth) == ("210106/210106003/21010600300990", 4)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"kind": "castle"}, ("kind_unknown", "kind", 1)),
        ({"area_code": "210106009009"}, ("area_unknown", "area_code", 1)),
        ({"parent_code": "nowhere"}, ("parent_unknown", "parent_code", 1)),
        ({"code": "garden"}, ("code_taken", "code", 1)),
        ({"code": ""}, ("code_missing", "code", 1)),
        ({"crs": "BD-09"}, ("unknown_crs", "crs", 1)),
        ({"households": -1}, ("households_negative", "households", 1)),
        ({"boundary": {"type": "Point"}}, ("geometry_no_polygon", "geometry", 1)),
    ],
)
def test_load_compounds_names_row_and_field(made: Made, change: dict[str, Any], expected: tuple[str, str, int]) -> None:
    assert refused(load_compounds, [replace(COMPOUND, **change)]) == expected


def test_compound_cannot_be_a_part_of_a_foreign_one(made: Made) -> None:
    foreign = replace(COMPOUND, area_code="210105001006", parent_code="garden-2")

    assert refused(load_compounds, [COMPOUND, foreign]) == ("parent_unknown", "parent_code", 2)
    assert [row.code for row in list_compounds("210106")] == ["garden", "garden-2"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"code": "2101060030060099"}, ("code_wrong_length", "code", 1)),
        ({"code": "21010600300700099"}, ("code_not_under_parent", "code", 1)),
        ({"code": "21010600300600012"}, ("code_taken", "code", 1)),
        ({"subgrid_code": "2101060030060199"}, ("subgrid_unknown", "subgrid_code", 1)),
        ({"subgrid_code": "210106003006"}, ("subgrid_too_high", "subgrid_code", 1)),
        ({"compound_code": "nowhere"}, ("compound_unknown", "compound_code", 1)),
        ({"crs": "BD-09"}, ("unknown_crs", "crs", 1)),
        ({"households": -1}, ("households_negative", "households", 1)),
        ({"lat": 91.0}, ("coordinates_out_of_range", "point", 1)),
    ],
)
def test_load_buildings_names_row_and_field(made: Made, change: dict[str, Any], expected: tuple[str, str, int]) -> None:
    assert refused(load_buildings, [replace(BUILDING, **change)]) == expected


@pytest.mark.parametrize(
    ("geometry", "code"),
    [({"type": "Point"}, "geometry_no_polygon"), (square(0.7, 0, 0.2), "outside_parent")],
)
def test_load_boundaries_is_all_or_nothing(made: Made, geometry: dict[str, Any], code: str) -> None:
    rows = [
        NewBoundary(area_code="210106003007", geometry=square(0.4, 0, 0.3, 0.4)),
        NewBoundary(area_code="210106003006", geometry=geometry),
    ]
    with pytest.raises(InvalidInput) as refusal:
        load_boundaries(rows, valid_from=NOW, reason="second", by=None, at=NOW)

    assert (refusal.value.code, refusal.value.params["row"]) == (code, 2)


def test_area_drawn_twice_in_one_load_is_refused(made: Made) -> None:
    rows = [NewBoundary(area_code="210106003007", geometry=square(0.4, 0, 0.3, 0.4))] * 2
    with pytest.raises(InvalidInput) as refusal:
        load_boundaries(rows, valid_from=NOW, reason="second", by=None, at=NOW)

    assert (refusal.value.code, refusal.value.params) == ("area_twice", {"area": "210106003007", "row": 2})


def test_load_into_an_unknown_district_is_refused(db: None) -> None:
    assert refused(load_districts, [NewDistrict(code="21010A", name="区")]) == ("code_not_digits", "code", 1)
    assert refused(load_compounds, [COMPOUND]) == ("district_unknown", "code", 1)


def test_levels_are_data_with_two_names(made: Made) -> None:
    assert [(level.code, level.name_zh, level.name_en) for level in list_levels()][:3] == [
        ("district", "区", "district"),
        ("subdistrict", "街道", "subdistrict"),
        ("community", "社区", "community"),
    ]


def test_database_refuses_a_building_in_a_foreign_subgrid(made: Made) -> None:
    row = Building.objects.order_by("code")[0]

    with pytest.raises(IntegrityError), transaction.atomic():
        Building.objects.filter(id=row.id).update(subgrid_id=made.areas["210105001006"])
