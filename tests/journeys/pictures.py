"""Takes the pictures of the user guide from a running demo: `python -m tests.journeys.pictures`.

Starts a small demo of its own and writes docs/user/pictures/*.png, each below 150 KB.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import cast

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.journeys import deeds, steps
from tests.journeys.conftest import (
    CHROMIUM,
    FLAGS,
    REPOSITORY,
    Town,
    environment_of,
    free_port,
    new_context,
    session_of,
    start_up,
)
from tests.journeys.deeds import ABOVE, HEATING, HEATING_OFFICE, WATER, WATER_OFFICE
from tests.journeys.steps import ADMIN, AT_BUILDING_12, LEADER, REVIEWS, SECRETARY, WORKER

FOLDER = REPOSITORY / "docs" / "user" / "pictures"
MOST_BYTES = 150_000
_NARROW, _WIDE, _STAGE = 360, 1280, 1920
_COLOURS = (256, 128, 64, 32)
_BURST = "新喜小区12号楼门前水管爆裂，水一直往外冒，老人出不去门"
_OTHERS = (
    "新喜小区12号楼下水堵了，一楼返脏水两天了",
    "新喜小区院里路灯不亮，晚上看不清路",
    "新喜小区12号楼楼道里堆满旧家具",
)
_DEEPER = (
    "新喜小区花坛边地面下陷，下面有水声也冒热气",
    "新喜小区12号楼门前水管爆裂，冒的是热水",
    "新喜小区12号楼后面空地堆满旧家具",
    "新喜小区12号楼后面旧沙发没人清",
)
_SHEET = f"""反映内容,社区或网格,地点
{_BURST},新喜社区 02网格,新喜小区12号楼
路灯不亮,没有的社区,
楼道里堆满旧家具,新喜社区,新喜小区3号楼
"""


def take_all(browser: Browser, town: Town) -> None:
    """Walk the main journey and take a picture wherever the guide shows one."""
    for text in _OTHERS:
        _report(_page(browser, town, _NARROW, here=True), text, lambda _name: None)
    resident = _page(browser, town, _NARROW, here=True)
    resident.goto("/")
    _shoot(resident, "home-360")
    told = _report(resident, _BURST, lambda name: _shoot(resident, f"report-{name}-360"))

    worker = _page(browser, town, _WIDE, user=WORKER)
    worker.goto("/desk/")
    expect(worker.locator("#detail .bar-top")).to_contain_text(told.number)
    _shoot(worker, "workbench-1280")
    narrow = _page(browser, town, _NARROW, user=WORKER)
    narrow.goto("/desk/")
    _shoot(narrow, "workbench-360")
    steps.find_case(narrow, told.number)
    _shoot(narrow, "case-360")
    case_url = f"/desk/cases/{steps.find_case(worker, told.number)}/"
    steps.take(worker, "accept")
    _shoot(worker, "case-1280")
    steps.take(worker, "handle")
    steps.take(worker, "report-back", note="关阀换管，已恢复供水。")
    _follow(resident, told)
    _staff(browser, town, case_url)


def _follow(page: Page, told: steps.Kept) -> None:
    steps.follow(page, told)
    _shoot(page, "follow-360")
    steps.answer(page, result="solved", rating="satisfied", comment="师傅来得很快")


def _staff(browser: Browser, town: Town, case_url: str) -> None:
    secretary = _page(browser, town, _WIDE, user=SECRETARY)
    secretary.goto("/desk/verify/")
    expect(secretary.locator("#detail .bar-top, #detail .empty").first).to_be_visible()
    _shoot(secretary, "verify-1280")
    secretary.goto("/desk/registers/cases/?since=2020-01-01")
    _shoot(secretary, "register-1280")
    _desk(browser, town)
    secretary.goto(case_url)
    steps.take(secretary, "close")
    for width in (_NARROW, _WIDE):
        leader = _page(browser, town, width, user=LEADER)
        leader.goto("/cockpit/?period=year")
        _shoot(leader, f"cockpit-{width}")
        with leader.expect_response("**/map/cases.json*"):
            leader.goto("/map/")
        leader.wait_for_load_state("networkidle")  # the lines of the grids come last
        leader.wait_for_timeout(800)
        _shoot(leader, f"map-{width}")
    leader.goto("/cockpit/rows/closed/?period=today")
    _shoot(leader, "rows-1280")
    admin = _page(browser, town, _WIDE, user=ADMIN)
    admin.goto("/desk/rules/priority/edit/")
    _shoot(admin, "weights-1280")
    _beside(browser, town)
    _month(browser, town)
    _hall(browser, town)


def _beside(browser: Browser, town: Town) -> None:
    """Take what a case may need beside its steps, and visits from door to door."""
    resident = _page(browser, town, _NARROW, has_script=False)
    sunk, burst, heap, sofa = (steps.report_by_list(resident, text) for text in _DEEPER)
    secretary, leader, above, water, heating = (
        _page(browser, town, _WIDE, user=user) for user in (SECRETARY, LEADER, ABOVE, WATER, HEATING)
    )
    steps.find_case(secretary, sunk.number)
    deeds.whistle(secretary, lead=WATER_OFFICE, others=[HEATING_OFFICE], note="一家管水，一家管热，请到场一起看。")
    deeds.report_in(water, sunk, "已关支管阀门，明早开挖。")
    deeds.report_in(heating, sunk)
    secretary.reload()
    deeds.evaluate(secretary, WATER_OFFICE)
    _shoot_part(secretary, "#calls", "whistle-1280")
    leader.goto("/desk/whistles/?since=2020-01-01")
    _shoot(leader, "whistles-1280")

    case_id = steps.find_case(water, burst.number)
    deeds.dispute(water, wanted=HEATING_OFFICE, note="开挖后看到是供热支管，不是自来水管。")
    steps.find_case(above, burst.number, box="disputes/")
    _shoot_part(above, "#disputes", "dispute-1280")
    address = f"/desk/cases/{case_id}/oversight/"
    water.goto(address)
    deeds.ask_for_days(water, 5)
    deeds.grant(above, address)
    leader.goto(address)
    deeds.supervise(leader, "一楼有老人，三天内报进展。")
    water.goto(address)
    deeds.answer(water, "已接临时水管，每天上门看一次。")
    leader.goto(address)
    _shoot(leader, "supervision-1280")

    steps.find_case(secretary, sofa.number)
    deeds.merge(secretary, heap)
    steps.find_case(secretary, heap.number)
    _shoot_part(secretary, "#together", "merge-1280")
    secretary.goto("/desk/visits/")
    steps.turn(secretary, secretary.locator("main tbody a").first)
    _shoot(secretary, "visits-1280")


def _month(browser: Browser, town: Town) -> None:
    """Take a month of reviews: its year, the draw before and after the throw, the session that was held."""
    office = _page(browser, town, _WIDE, user=REVIEWS)
    office.goto("/desk/reviews/")
    steps.turn(office, office.locator("main tbody a", has_text="区月述月评"))
    _shoot(office, "review-year-1280")
    office.goto(f"{office.url}?year={steps.last_month().year}")
    month = office.locator("main tbody tr", has_text="散会").first
    addresses = {
        kind: month.locator(f"a[href*='/{kind}/']").first.get_attribute("href") or "" for kind in ("draws", "sessions")
    }
    screen = _page(browser, town, _STAGE, user=REVIEWS)
    screen.goto(addresses["draws"].replace("/desk/reviews/draws/", "/hall/draw/") + "screen")
    _shoot(screen, "review-draw-1920")
    office.goto(addresses["sessions"])
    _shoot(office, "review-session-1280")
    steps.turn(office, office.locator("main tbody a[href*='/turns/']").first)
    _shoot(office, "review-turn-1280")
    office.goto("/desk/reviews/")
    steps.turn(office, office.locator("main tbody a", has_text="区月述月评"))
    waiting = office.locator("main tbody a[href*='/draws/']")
    steps.turn(office, waiting.last)
    steps.turn(office, office.locator("form[action$='/commit/'] button"))
    screen.goto(office.url.replace("/desk/reviews/draws/", "/hall/draw/") + "screen")
    _shoot(screen, "review-frozen-1920")


def _hall(browser: Browser, town: Town) -> None:
    """Take a session while it runs: host, big screen, a juror's telephone, the first result."""
    done = subprocess.run([sys.executable, "-m", "tests.journeys.seating", str(town.data)], check=True, cwd=REPOSITORY,  # noqa: S603
                          capture_output=True, text=True, env=environment_of(town.data))  # fmt: skip
    ready = json.loads(done.stdout)
    hall = f"/hall/{ready['session']}"
    host, screen = _page(browser, town, _WIDE, user=REVIEWS), _page(browser, town, _STAGE, user=REVIEWS)
    for page, name in ((screen, "screen"), (host, "host")):
        page.goto(f"{hall}/{name}")
        page.click("[data-bell-test]")
    expect(host.locator(".dev .lit", has_text="铃可以响")).to_have_count(2, timeout=30_000)
    for command in ("bells", "open", "talk"):
        steps.turn(host, host.locator(f'.host button[value="{command}"]'))
    expect(screen.locator(".turn [data-clock]")).to_contain_text("07:")
    _shoot(screen, "review-talk-1920")
    jurors = [_page(browser, town, _NARROW) for _badge in ready["badges"]]
    for juror, badge in zip(jurors, ready["badges"], strict=True):
        juror.goto(f"{hall}/juror?badge={badge}")
        steps.turn(juror, juror.locator(".door .btn.primary"))
    clerk = _page(browser, town, _WIDE, user=REVIEWS)
    steps.turn(host, host.locator('.host button[value="comment"]'))
    clerk.goto(f"{hall}/clerk")
    clerk.locator("input[name=kind][value=comment]").first.check()
    clerk.locator("#new-text").fill("数字扎实，下次先讲没办成的事，讲清楚卡在哪里。")
    steps.turn(clerk, clerk.locator("form[action$='/remarks/'] button.primary"))
    steps.turn(clerk, clerk.locator("button[value=nod]").first)
    _shoot(clerk, "review-clerk-1280")
    expect(screen.locator(".said")).to_contain_text("数字扎实")
    _shoot(screen, "review-comment-1920")
    steps.turn(host, host.locator('.host button[value="score"]'))
    for juror, points in zip(jurors, ("18", "19", "17", "16", "18"), strict=False):
        for _part in range(5):
            juror.click(f'[data-points="{points}"]')
        expect(juror.locator("[data-send]")).to_have_attribute("aria-disabled", "false")
        if juror is jurors[0]:
            _shoot(juror, "review-juror-360")
        juror.click("[data-send]")
        expect(juror.locator('[data-view="got"]')).to_be_visible()
    _shoot(host, "review-host-1280")
    steps.turn(host, host.locator('.host button[value="show"]'))
    expect(screen.locator(".res .fig")).to_be_visible()
    _shoot(screen, "review-result-1920")


def _desk(browser: Browser, town: Town) -> None:
    """Take what those see who answer the telephone and who dispatch."""
    clerk = _page(browser, town, _WIDE, user="tiexi.clerk")
    clerk.goto("/desk/cases/new/")
    clerk.fill("#text", _BURST)
    clerk.locator("#place_q").press_sequentially("新喜小区12号楼")
    clerk.locator("#places button").first.click()
    expect(clerk.locator("[data-place-name]")).to_contain_text("12号楼")
    clerk.wait_for_timeout(800)  # the drawing comes in
    _shoot(clerk, "new-case-1280")
    clerk.goto("/desk/cases/import/")
    clerk.set_input_files("input[type=file]", {"name": "today.csv", "mimeType": "text/csv", "buffer": _SHEET.encode()})
    clerk.locator("main form button").first.click()
    expect(clerk.locator("main table")).to_be_visible()
    _shoot(clerk, "import-1280")
    dispatcher = _page(browser, town, _WIDE, user="tiexi.district_dispatcher")
    dispatcher.goto("/desk/queue/")
    dispatcher.wait_for_timeout(800)
    _shoot(dispatcher, "queue-1280")


def _report(page: Page, text: str, shoot: Callable[[str], None]) -> steps.Kept:
    steps.write(page, text)
    page.wait_for_timeout(1500)  # the kind is suggested
    shoot("what")
    steps.go_on(page)
    expect(page.locator("[data-place-name]")).to_contain_text("12号楼")
    page.wait_for_timeout(500)  # the drawing comes in
    shoot("where")
    steps.go_on(page)
    page.fill("#name", "王阿姨")
    shoot("contact")
    steps.go_on(page)
    told = steps.kept(page)
    shoot("done")
    return told


def _page(
    browser: Browser, town: Town, width: int, *, user: str = "", here: bool = False, has_script: bool = True
) -> Page:
    context = new_context(
        browser,
        town.url,
        viewport={"width": width, "height": 1080 if width == _STAGE else 800},
        color_scheme="light",
        storage_state=session_of(browser, town, user) if user else None,
        geolocation=AT_BUILDING_12 if here else None,
        permissions=["geolocation"] if here else [],
        java_script_enabled=has_script,
    )
    return context.new_page()


def _shoot_part(page: Page, part: str, name: str) -> None:
    """Take a page as it looks where a part of it begins."""
    page.locator(part).evaluate("part => scrollTo(0, part.getBoundingClientRect().top + scrollY - 72)")
    _shoot(page, name)


def _shoot(page: Page, name: str) -> None:
    """Write a picture, with fewer colours only where it would be too large: those that cover most stay as they are."""
    page.bring_to_front()  # Chromium does not always draw windows that lie behind others
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    for colours in (0, *_COLOURS):
        bytes_ = BytesIO()
        (_fewer(picture, colours) if colours else picture).save(bytes_, "PNG", optimize=True)
        if bytes_.tell() <= MOST_BYTES:
            break
    (FOLDER / f"{name}.png").write_bytes(bytes_.getvalue())


def _fewer(picture: Image.Image, colours: int) -> Image.Image:
    """Draw a picture with its commonest colours: paper stays paper, where averages would tint it.

    A quarter is left to what is farthest from all those taken, or a light of few pixels would turn into another light.
    """
    counted = sorted(picture.getcolors(picture.width * picture.height) or [], reverse=True)
    usual = [cast("tuple[int, int, int]", colour) for _count, colour in counted]
    taken, left = usual[: colours * 3 // 4], usual[colours * 3 // 4 :]
    apart = [min(_distance(colour, other) for other in taken) for colour in left]
    while left and len(taken) < colours:
        farthest = apart.index(max(apart))
        taken.append(left.pop(farthest))
        apart.pop(farthest)
        apart = [min(far, _distance(colour, taken[-1])) for far, colour in zip(apart, left, strict=True)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in taken for part in colour])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


def _distance(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def main() -> None:
    """Start a demo, or take the one that TOWN_URL and TOWN_DATA name, and take all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, "--lang=zh-CN"])
        if url := os.environ.get("TOWN_URL"):
            data = Path(os.environ["TOWN_DATA"])
            take_all(browser, Town(url, (data / "demo-password").read_text().strip(), data))
            return
        data = Path(folder) / "town"
        data.mkdir()
        running = start_up(data, port=free_port())
        try:
            take_all(browser, Town(running.url, (data / "demo-password").read_text().strip(), data))
        finally:
            browser.close()
            running.stop()


if __name__ == "__main__":
    main()
