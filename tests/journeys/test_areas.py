"""An administrator splits a grid on the map, sees a gap, mends it, and saves; cases follow from then on."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import shapely
from playwright.sync_api import Page, expect
from shapely.geometry import shape
from tests.journeys import steps
from tests.journeys.looking import faults_of
from tests.journeys.steps import ADMIN, LEADER

from linli.registry.territory.calc.coordinates import wgs84_from_gcj02

pytestmark = pytest.mark.browser

# A subgrid that no other journey reports from.
_CODE = "2101060030090201"
_PAGE = f"/desk/registry/areas/{_CODE}/"
_TEXT = "[data-drawing]"


@dataclass(frozen=True, slots=True)
class Ground:
    """The subgrid, a line from beyond one side of it to beyond the other, and a spot in the smaller part."""

    whole: Any
    line: tuple[tuple[float, float], tuple[float, float]]
    spot: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """How the drawing lies on the screen: pixels from degrees, within an area as small as a subgrid."""

    east: tuple[float, float]
    north: tuple[float, float]

    def place(self, lng: float, lat: float) -> tuple[float, float]:
        """Tell where a point is on the screen."""
        return self.east[0] + self.east[1] * lng, self.north[0] + self.north[1] * lat


def ground_of(page: Page) -> Ground:
    near = page.request.get(f"{_PAGE}shapes.json").json()["features"]
    whole = next(shape(each["geometry"]) for each in near if each["properties"]["role"] == "self")
    west, south, east, north = whole.bounds
    cut = west + 0.7 * (east - west)
    line = ((cut, south - 0.1 * (north - south)), (cut, north + 0.1 * (north - south)))
    right = whole.intersection(shapely.box(cut, south, east, north))
    spot = right.representative_point()
    return Ground(whole, line, (spot.x, spot.y))


def drawn(page: Page) -> Any:
    return json.loads(page.input_value(_TEXT))


def scale_of(page: Page) -> Scale:
    """Click two places, see which these are, and take both back."""
    box = page.locator("[data-canvas]").bounding_box()
    assert box is not None
    places = [(box["x"] + 40, box["y"] + 40), (box["x"] + box["width"] - 120, box["y"] + box["height"] - 120)]
    for x, y in places:
        page.mouse.click(x, y)
    (lng1, lat1), (lng2, lat2) = drawn(page)["coordinates"]
    for _ in places:
        page.click("[data-undo]")
    assert page.input_value(_TEXT) == ""
    (x1, y1), (x2, y2) = places
    across, along = (x2 - x1) / (lng2 - lng1), (y2 - y1) / (lat2 - lat1)
    return Scale((x1 - across * lng1, across), (y1 - along * lat1, along))


def draw_inward(page: Page, *, toward: tuple[float, float]) -> None:
    """Drag the easternmost corner half of the way to a place."""
    boxes = [box for each in page.locator(".corner-handle").all() if (box := each.bounding_box())]
    east = max(boxes, key=lambda box: box["x"])
    x, y = east["x"] + east["width"] / 2, east["y"] + east["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for share in (0.2, 0.4, 0.5):
        page.mouse.move(x + share * (toward[0] - x), y + share * (toward[1] - y))
    page.mouse.up()


def report_at(open_page: Callable[..., Page], spot: tuple[float, float], text: str) -> str:
    """Report as a resident who stands there; gives the number."""
    lng, lat = wgs84_from_gcj02(*spot)
    page = open_page(here={"longitude": lng, "latitude": lat})
    steps.write(page, text)
    steps.go_on(page)
    expect(page.locator("[data-place-path] li").nth(3)).to_be_visible()
    steps.go_on(page)
    return steps.send(page).number


def area_of(page: Page, number: str) -> str:
    """Read off its page where a case lies."""
    steps.find_case(page, number, box="cases/")
    return page.locator(".facts").inner_text()


def test_grid_is_split_on_the_map_a_gap_is_mended_and_new_cases_fall_into_the_new_grid(
    open_page: Callable[..., Page],
) -> None:
    page, leader = open_page(user=ADMIN), open_page(user=LEADER)
    page.goto(f"{_PAGE}split/")
    ground = ground_of(page)
    before = report_at(open_page, ground.spot, "分组以前:楼前路灯不亮")

    expect(page.locator(".area-edit[data-drawn]")).to_be_visible()
    scale = scale_of(page)
    for point in ground.line:
        page.mouse.click(*scale.place(*point))
    page.fill("#name", "新分小组")
    page.fill("#reason", "试行:小组一分为二")
    steps.turn(page, page.get_by_role("button", name="看看结果").last)
    expect(page.locator("#look")).to_contain_text("没有重叠，也没有空隙")

    # A corner of the new part is drawn inward: ground that nobody would hold.
    expect(page.locator(".corner-handle").first).to_be_visible()
    draw_inward(page, toward=scale.place(*ground.spot))
    steps.turn(page, page.get_by_role("button", name="再看一次"))
    expect(page.locator("[data-gaps] li")).to_have_count(1)
    expect(page.locator("[data-gaps] li")).to_contain_text(re.compile(r"平方米"))
    expect(page.locator(".area-edit .fault-line.gap")).to_have_count(1)
    steps.turn(page, page.get_by_role("button", name="保存"))
    expect(page.locator("main .note.warn").first).to_contain_text("空隙")

    # Drawn anew from the start it has none.
    expect(page.locator(".corner-handle").first).to_be_visible()
    page.click("[data-afresh]")
    scale = scale_of(page)
    for point in ground.line:
        page.mouse.click(*scale.place(*point))
    steps.turn(page, page.get_by_role("button", name="再看一次"))
    expect(page.locator("#look")).to_contain_text("没有重叠，也没有空隙")
    steps.turn(page, page.get_by_role("button", name="保存"))
    assert page.url.endswith(_PAGE)
    expect(page.locator(".area-history")).to_contain_text("试行:小组一分为二")

    after = report_at(open_page, ground.spot, "分组以后:楼前路灯不亮")
    assert "新分小组" not in area_of(leader, before)
    assert "新分小组" in area_of(leader, after)

    page.goto(_PAGE)
    steps.turn(page, page.locator(".area-history a[href*='/changes/']").first)
    expect(page.locator("[data-stands] li")).to_have_count(1)  # the case that lies there since
    assert faults_of(page) == []


def test_line_is_drawn_by_keyboard_alone(open_page: Callable[..., Page]) -> None:
    page = open_page(user=ADMIN)
    page.goto(f"{_PAGE}split/")
    expect(page.locator(".area-edit[data-drawn]")).to_be_visible()
    page.focus("[data-canvas]")
    for key in ("ArrowUp", "Enter", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
        expect(page.locator(".leaflet-pan-anim")).to_have_count(0)  # while the map slides it takes no other key
    (lng, north), (_, south) = drawn(page)["coordinates"]
    assert north > south

    page.locator(".corner-handle").first.focus()
    page.keyboard.press("ArrowRight")
    assert drawn(page)["coordinates"][0][0] > lng
    page.keyboard.press("Delete")
    assert page.input_value(_TEXT) == ""


def test_areas_are_looked_at_and_redrawn_without_script_on_a_phone(open_page: Callable[..., Page]) -> None:
    page = open_page(user=ADMIN, width=360, java_script_enabled=False)
    page.goto(_PAGE)
    expect(page.locator("svg.area-picture")).to_be_visible()
    ground = ground_of(page)
    page.goto(f"{_PAGE}split/")
    page.locator(".area-text summary").click()
    page.fill("#drawing", " ".join(f"{lng},{lat}" for lng, lat in ground.line))
    page.fill("#name", "新分小组")
    page.fill("#reason", "试行")
    steps.turn(page, page.get_by_role("button", name="看看结果").last)
    expect(page.locator("svg.area-picture path.begun")).to_have_count(1)
    expect(page.locator("#look")).to_contain_text("没有重叠，也没有空隙")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
