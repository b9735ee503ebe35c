"""Residents report and follow: without script, in large print, in English, with what goes wrong."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect
from tests.journeys import steps
from tests.journeys.looking import faults_of
from tests.journeys.steps import AT_BUILDING_12, SECRETARY, WORKER, Kept

pytestmark = pytest.mark.browser


def test_a_report_without_script_carries_photo_and_community(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360, java_script_enabled=False)
    steps.write(page, "新喜小区12号楼楼道里堆满了旧家具，过不去人")
    page.set_input_files("input[name=photos]", [_photo()])
    steps.go_on(page)
    page.select_option("#area", steps.COMMUNITY)
    page.fill("#address", "新喜小区12号楼3单元")
    steps.go_on(page)
    told = steps.send(page)

    staff = open_page(user=SECRETARY)
    steps.find_case(staff, told.number, box="cases/")
    expect(staff.locator(".facts")).to_contain_text("新喜社区")
    image = staff.locator("#files img")
    expect(image).to_have_count(1)
    address = image.get_attribute("src") or ""
    assert staff.request.get(address).headers["content-type"].startswith("image/")


def test_large_print_and_english_are_one_press_away_and_stay(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360)
    page.goto("/")
    small = _size(page)
    page.click(".top .mode")
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    steps.turn(page, ".foot-choices button[name=language]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/report/")
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    expect(page.locator("h1")).to_have_text("What is it?")
    assert _size(page) >= 18 > small
    steps.turn(page, ".foot-choices button[name=language]")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_a_wrong_code_is_refused_in_words_and_the_number_stays(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360)
    told = steps.report_by_list(open_page(java_script_enabled=False), "新喜小区门口路灯不亮")
    steps.follow(page, Kept(told.number, "000000"))
    expect(page.locator(".error")).to_be_visible()
    expect(page.locator("#number")).to_have_value(told.number)
    expect(page.locator(".station")).to_have_count(0)


def test_what_was_typed_is_offered_again_after_the_page_was_lost(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360)
    steps.write(page, "楼下井盖松了，车一过就响")
    page.wait_for_function("() => localStorage.length > 0")  # it is kept a moment after the last key
    page.goto("/report/")
    expect(page.locator("[data-draft]")).to_contain_text("井盖松了")
    expect(page.locator("#text")).to_have_value("")
    page.click("[data-draft-take]")
    expect(page.locator("#text")).to_have_value("楼下井盖松了，车一过就响")


def test_without_a_network_what_was_typed_stays_and_is_sent_later(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360)
    steps.write(page, "楼下井盖松了，车一过就响")
    page.context.set_offline(True)
    page.click(steps.PRIMARY)
    expect(page.locator("[data-no-line]")).to_contain_text("没有发出去")
    expect(page.locator("#text")).to_have_value("楼下井盖松了，车一过就响")

    page.context.set_offline(False)
    expect(page.locator("[data-no-line]")).to_be_hidden()
    steps.go_on(page)
    expect(page.locator("[data-pin-map]")).to_be_visible()


def test_a_photo_that_did_not_get_through_is_not_left_out_unsaid(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360)
    page.route("**/api/v1/files", lambda route: route.abort())
    steps.write(page, "楼下井盖松了，车一过就响")
    page.set_input_files("input[name=photos]", [_photo()])
    expect(page.locator(".state.failed")).to_be_visible()
    page.click(steps.PRIMARY)
    expect(page.locator("[data-photos-left]")).to_contain_text("没传上去")

    page.unroute("**/api/v1/files")
    page.click(".state.failed")
    expect(page.locator("[data-file]")).to_have_count(1)
    steps.go_on(page)
    expect(page.locator("input[name=file_ids]")).to_have_count(1)
    expect(page.locator("[data-pin-map]")).to_be_visible()


def test_what_was_done_before_the_scripts_came_is_not_lost(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360)
    held: list[Route] | None = []

    def hold(route: Route) -> None:
        if held is None:
            route.continue_()
        else:
            held.append(route)

    page.route("**/built/*.js", hold)
    page.goto("/report/", wait_until="commit")
    page.fill("#text", "楼下水管爆裂，水一直往外冒")
    page.set_input_files("input[name=photos]", [_photo()])
    expect(page.locator(".thumb .with-js")).to_be_hidden()

    slow, held = held, None
    for route in slow:
        route.continue_()
    expect(page.locator("[data-file]")).to_have_count(1)
    expect(page.locator("#category")).to_have_value("water_burst")
    expect(page.locator(".thumb .with-js")).to_be_visible()


def test_files_are_chosen_under_words_of_our_own(open_page: Callable[..., Page]) -> None:
    page = open_page(user=WORKER)
    page.goto("/desk/cases/new/")
    said = page.locator("[data-pick-said]")
    expect(said).to_have_text("还没选")
    page.set_input_files("#photos", [_photo(), _photo()])
    expect(said).to_have_text("已选 2 个")
    page.set_input_files("#photos", [_photo()])
    expect(said).to_have_text("楼道.jpg")


def test_joining_what_was_reported_makes_no_second_case(open_page: Callable[..., Page]) -> None:
    text = "新喜小区12号楼电表箱冒烟，有焦糊味"
    first = _report_by_pin(open_page(width=360, here=AT_BUILDING_12), text)
    page = open_page(width=360, here=AT_BUILDING_12)
    steps.write(page, text)
    expect(page.locator("#category")).not_to_have_value("")
    steps.go_on(page)
    steps.turn(page, page.locator("[data-similar] button[name=join]").first)
    joined = steps.send(page, name="李叔")

    assert (joined.number, len(joined.code), len(first.code)) == (first.number, 8, 6)
    staff = open_page(user=WORKER)
    steps.find_case(staff, first.number)
    expect(staff.locator("#contacts")).to_contain_text("李")
    steps.take(staff, "accept")
    steps.follow(page, joined)
    expect(page.locator(".line")).to_contain_text("已受理")
    expect(page.locator("main")).not_to_contain_text(first.code)
    assert faults_of(page) == []


def test_a_button_that_is_swapped_out_while_the_line_is_asked_still_counts(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360, here=AT_BUILDING_12)
    steps.write(page, "新喜小区12号楼楼道灯不亮")
    page.evaluate("""() => window.addEventListener(
        "submit", event => setTimeout(() => event.submitter.remove()), {capture: true, once: true},
    )""")
    steps.go_on(page)
    expect(page.locator("[data-pin-map]")).to_be_visible()


def test_a_dissatisfied_reporter_opens_the_case_one_level_up(open_page: Callable[..., Page]) -> None:
    told = _report_by_pin(open_page(width=360, here=AT_BUILDING_12), "新喜小区12号楼下水堵了，一楼返脏水")
    worker = open_page(user=WORKER)
    steps.find_case(worker, told.number)
    steps.take(worker, "handle")
    steps.take(worker, "report-back", note="已疏通。")
    page = open_page(width=360)
    steps.follow(page, told)
    steps.answer(page, result="unsolved", rating="dissatisfied", comment="又堵上了")
    expect(page.locator(".note.ok")).to_be_visible()

    steps.find_case(open_page(user=SECRETARY), told.number)


def _report_by_pin(page: Page, text: str) -> Kept:
    steps.write(page, text)
    expect(page.locator("#category")).not_to_have_value("")
    steps.go_on(page)
    expect(page.locator("[data-place-name]")).to_contain_text("新喜小区 12号楼")
    steps.go_on(page)
    return steps.send(page)


def _size(page: Page) -> float:
    return float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)"))


def _photo() -> dict[str, object]:
    """Make a photo of 640 by 480."""
    bytes_ = BytesIO()
    Image.new("RGB", (640, 480), (120, 140, 90)).save(bytes_, "JPEG")
    return {"name": "楼道.jpg", "mimeType": "image/jpeg", "buffer": bytes_.getvalue()}
