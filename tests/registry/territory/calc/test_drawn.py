"""Reading what somebody drew, typed or sent: taken in its system, or refused in words, whatever it is."""

import json
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.errors import InvalidInput
from linli.registry.territory.calc.coordinates import gcj02_from_wgs84
from linli.registry.territory.calc.drawn import LONGEST, read_drawing, write_drawing
from linli.registry.territory.choices import Crs

SQUARE = shapely.box(123.3, 41.7, 123.4, 41.8)
LINE = shapely.LineString([(123.3, 41.7), (123.4, 41.8)])
POLYGON = json.loads(shapely.to_geojson(SQUARE))
_json = st.recursive(
    st.none() | st.booleans() | st.floats(-200, 200) | st.sampled_from(["Polygon", "LineString", "Feature", "code"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "features", "geometry", "properties", "code"]), inner)
    ),
    max_leaves=20,
)


def read(said: Any, *, is_line: bool = False, crs: Crs = Crs.GCJ_02) -> Any:
    return read_drawing(said if isinstance(said, str) else json.dumps(said), crs, is_line=is_line)


def test_pairs_of_numbers_are_a_line_or_the_corners_of_a_polygon() -> None:
    assert read("123.3,41.7 123.4,41.8", is_line=True).lines == (LINE,)
    assert read("123.3 41.7\n123.4，41.7; 123.4,41.8 123.3,41.8").polygons[0][1].equals(SQUARE)


def test_geometry_feature_and_collection_are_read_alike() -> None:
    feature = {"type": "Feature", "properties": {"code": "210106"}, "geometry": POLYGON}

    assert [code for code, shape in read(POLYGON).polygons if shape.equals(SQUARE)] == [""]
    assert [code for code, shape in read(feature).polygons if shape.equals(SQUARE)] == ["210106"]
    assert read({"type": "FeatureCollection", "features": [feature, POLYGON]}).polygons[1][1].equals(SQUARE)


def test_what_is_written_is_read_back_exactly() -> None:
    shapes = [("1", SQUARE), ("", shapely.Polygon([(0.1, 0.2), (1 / 3, 0.2), (0.3, 2 / 3)]))]

    found = read(write_drawing(shapes)).polygons

    assert [code for code, _shape in found] == ["1", ""]
    assert all(shape.equals_exact(wanted, 0) for (_, shape), (_, wanted) in zip(found, shapes, strict=True))


def test_line_in_wgs84_is_moved() -> None:
    (line,) = read(json.loads(shapely.to_geojson(LINE)), is_line=True, crs=Crs.WGS_84).lines

    assert line.equals_exact(shapely.LineString([gcj02_from_wgs84(*point) for point in LINE.coords]), 1e-9)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("abc", "geometry_unreadable"),
        ("123.3,41.7", "geometry_unreadable"),
        ("123.3,41.7 123.4,41.8", "geometry_unreadable"),
        ("{", "geometry_unreadable"),
        ("[" * 100_000, "geometry_unreadable"),
        ("[]", "geometry_unreadable"),
        ('{"type": "FeatureCollection", "features": 3}', "geometry_unreadable"),
        ('{"type": "FeatureCollection", "features": [3]}', "geometry_unreadable"),
        ('{"type": "LineString", "coordinates": [[1]]}', "geometry_unreadable"),
        ('{"type": "LineString", "coordinates": []}', "geometry_empty"),
        ('{"type": "LineString", "coordinates": [[1, 2], [300, 2]]}', "coordinates_out_of_range"),
        ('{"type": "Feature", "geometry": null}', "geometry_no_polygon"),
        ("1" * (LONGEST + 1), "geometry_too_large"),
    ],
)
def test_what_cannot_be_read_is_refused(said: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read(said)

    assert refusal.value.code == code


@given(said=_json, is_line=st.booleans())
def test_whatever_is_sent_is_read_or_refused(said: Any, *, is_line: bool) -> None:
    try:
        read(said, is_line=is_line)
    except InvalidInput:
        return
