"""Areas drawn small: every name and number keeps its room, those far off get a frame of their own."""

from itertools import combinations
from typing import Any

import pytest

from linli.edges.web.desk.drawing import AreaCounts, Ground, Mark, Sheet, area_map, trend_path

SHEETS = (Sheet(520, 330, 13), Sheet(330, 400, 13), Sheet(520, 380, 18), Sheet(940, 640, 42, free=0.05))


def square(code: str, x: float, y: float, side: float) -> dict[str, Any]:
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return {
        "properties": {"code": code, "name": f"第{code}街道"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


# Nine small ones close together in the north-east, four large ones that lie far out in the south-west.
TOWN = [
    *(square(str(n), 123.40 + n % 3 * 0.03, 41.80 + n // 3 * 0.03, 0.03) for n in range(9)),
    *(square(str(n), 123.36 - (n - 8) * 0.12, 41.75 - (n - 8) * 0.1, 0.1) for n in range(9, 13)),
]
COUNTS = {str(n): AreaCounts(n * 10, n, 1, f"/{n}/") for n in range(13)}


def box(mark: Mark) -> tuple[float, float, float, float]:
    half = len(mark.short) * mark.type_px / 2
    if mark.is_plain:
        return (mark.x - half, mark.name_y - mark.type_px / 2, mark.x + half, mark.count_y + mark.type_px / 2)
    wide = max(half, mark.radius)
    return (mark.x - wide, mark.y - mark.radius, mark.x + wide, mark.name_y + mark.type_px / 2)


def is_apart(one: Mark, two: Mark) -> bool:
    a, b = box(one), box(two)
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


@pytest.mark.parametrize("sheet", SHEETS[:3])
def test_no_number_covers_a_name(sheet: Sheet) -> None:
    drawn = area_map(Ground((1,), TOWN), COUNTS, sheet)

    assert drawn is not None
    assert [(one.short, two.short) for one, two in combinations(drawn.marks, 2) if not is_apart(one, two)] == []


@pytest.mark.parametrize("sheet", SHEETS)
def test_all_lies_on_the_sheet_under_its_whole_name(sheet: Sheet) -> None:
    drawn = area_map(Ground((1,), TOWN), COUNTS, sheet)

    assert drawn is not None
    assert sorted(mark.name for mark in drawn.marks) == sorted(feature["properties"]["name"] for feature in TOWN)
    edges = [box(mark) for mark in drawn.marks]
    assert min(min(left, top) for left, top, _, _ in edges) >= 0
    assert all(right <= sheet.width and bottom <= sheet.height for _, _, right, bottom in edges)


def test_areas_far_off_have_a_frame_of_their_own() -> None:
    drawn = area_map(Ground((1,), TOWN), COUNTS, SHEETS[0])

    assert drawn is not None
    assert drawn.inset is not None
    assert sorted(mark.short for mark in drawn.marks if mark.is_plain) == ["第10", "第11", "第12", "第9"]


def test_few_areas_need_no_frame() -> None:
    drawn = area_map(Ground((2,), TOWN[:4]), COUNTS, SHEETS[0])

    assert drawn is not None
    assert (drawn.inset, [mark.is_plain for mark in drawn.marks]) == (None, [False] * 4)


def test_trend_leaves_out_days_without_a_value() -> None:
    assert trend_path([1, None, 3], lowest=1, highest=3) == "M0.0 30.0L120.0 2.0"
    assert trend_path([5]) == ""


def test_what_is_kept_of_a_drawing_shows_each_ones_counts() -> None:
    ground = Ground((3,), TOWN[:4])

    first, second = area_map(ground, COUNTS, SHEETS[0]), area_map(ground, {"2": AreaCounts(7, 1, 0, "/")}, SHEETS[0])

    assert first is not None
    assert second is not None
    assert {mark.code: mark.counts.open for mark in first.marks} == {"0": 0, "1": 10, "2": 20, "3": 30}
    assert {mark.code: mark.counts.open for mark in second.marks} == {"0": 0, "1": 0, "2": 7, "3": 0}
    assert first.outlines is second.outlines


def test_another_edition_is_drawn_anew() -> None:
    before, after = (area_map(Ground((4, n), [TOWN[n], *TOWN[2:4]]), COUNTS, SHEETS[0]) for n in (0, 1))

    assert before is not None
    assert after is not None
    assert before.outlines != after.outlines
