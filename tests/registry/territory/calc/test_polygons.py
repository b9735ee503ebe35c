"""Reading polygons and finding faults among them."""

from typing import Any

import pytest
import shapely

from linli.kernel.errors import InvalidInput
from linli.registry.territory.calc.coordinates import gcj02_from_wgs84
from linli.registry.territory.calc.polygons import Cell, Fault, as_geojson, find_faults, read_polygon, read_stored
from linli.registry.territory.choices import Crs

SQUARE = as_geojson(shapely.box(123.3, 41.7, 123.4, 41.8))
BOW_TIE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


def test_read_polygon_moves_wgs84_into_gcj02() -> None:
    expected = shapely.Polygon([gcj02_from_wgs84(*point) for point in SQUARE["coordinates"][0]])

    assert read_polygon(SQUARE, Crs.WGS_84).equals_exact(expected, 1e-12)
    assert read_polygon(SQUARE, Crs.GCJ_02) == shapely.box(123.3, 41.7, 123.4, 41.8)


def test_read_stored_reads_each_in_its_own_system() -> None:
    text = shapely.to_geojson(shapely.box(123.3, 41.7, 123.4, 41.8))

    assert read_stored([text, text], ["GCJ-02", "WGS-84"]) == [
        read_polygon(SQUARE, Crs.GCJ_02),
        read_polygon(SQUARE, Crs.WGS_84),
    ]
    assert read_stored([], []) == []


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({"type": "Point", "coordinates": [1, 2]}, "geometry_no_polygon"),
        ({}, "geometry_no_polygon"),
        ("POLYGON", "geometry_no_polygon"),
        ({"type": "Polygon", "coordinates": []}, "geometry_empty"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, "geometry_unreadable"),
        ({"type": "Polygon", "coordinates": "here"}, "geometry_unreadable"),
        ({"type": "Polygon"}, "geometry_unreadable"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [200, 0], [0, 1], [0, 0]]]}, "geometry_out_of_range"),
        (BOW_TIE, "geometry_invalid"),
    ],
)
def test_read_polygon_says_what_is_wrong(geometry: Any, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_polygon(geometry, Crs.GCJ_02)

    assert (refusal.value.code, refusal.value.field) == (code, "geometry")


PARENT = Cell("1", 1, shapely.box(0, 0, 1, 1))
LEFT = Cell("1/11", 2, shapely.box(0, 0, 0.5, 1))
RIGHT = Cell("1/12", 2, shapely.box(0.5, 0, 1, 1))


def changed(*paths: str) -> frozenset[str]:
    return frozenset(paths)


def test_cells_that_share_a_border_have_no_faults() -> None:
    assert find_faults([PARENT, LEFT, RIGHT], changed("1", "1/11", "1/12")) == []


def test_cell_may_leave_its_parent_by_thirty_metres_only() -> None:
    little, much = (Cell("1/12", 2, shapely.box(0.5, 0, 1 + out, 1)) for out in (0.00029, 0.00031))

    assert find_faults([PARENT, LEFT, little], changed("1/12")) == []
    assert find_faults([PARENT, LEFT, much], changed("1/12")) == [Fault("1/12", "outside_parent", "1")]


def test_shrunk_parent_names_the_child_that_no_longer_fits() -> None:
    smaller = Cell("1", 1, shapely.box(0, 0, 0.8, 1))

    assert find_faults([smaller, LEFT, RIGHT], changed("1")) == [Fault("1", "child_outside", "1/12")]


def test_overlap_is_found_once_and_slivers_pass() -> None:
    sliver, wide = (Cell("1/12", 2, shapely.box(0.5 - over, 0, 1, 1)) for over in (0.00004, 0.0001))

    assert find_faults([PARENT, LEFT, sliver], changed("1/11", "1/12")) == []
    assert find_faults([PARENT, LEFT, wide], changed("1/11", "1/12")) == [Fault("1/11", "overlaps_sibling", "1/12")]


def test_faults_that_were_there_before_are_not_blamed_on_another_change() -> None:
    outside = Cell("1/12", 2, shapely.box(0.5, 0, 2, 1))

    assert find_faults([PARENT, LEFT, outside], changed("1/11")) == []
