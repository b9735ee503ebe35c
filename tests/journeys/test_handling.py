"""Staff handle cases: return, collide, act on several, work by keyboard, and see no more than is theirs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.journeys import steps
from tests.journeys.steps import SECRETARY, WORKER, Kept

pytestmark = pytest.mark.browser

_GRID_02 = "21010600300702"
# Holds the next grid's post: sees nothing of 02网格.
_NEIGHBOUR = "tiexi.grid_worker2"


@pytest.fixture
def report(open_page: Callable[..., Page]) -> Callable[..., Kept]:
    """Report something in 02网格 as staff write it down: over the desk, by the worker."""

    def report_(text: str, *, area: str = _GRID_02, user: str = WORKER) -> Kept:
        page = open_page(user=user)
        page.goto("/desk/cases/new/")
        page.fill("#text", text)
        page.select_option("#area", area)
        steps.turn(page, ".go .btn.primary")
        assert "/desk/cases/new/" not in page.url
        number = page.locator("h1").inner_text().split()[-1]
        return Kept("".join(c for c in number if c.isdigit() or c == "-"), page.url)

    return report_


def test_what_a_worker_returns_goes_to_the_secretary(
    open_page: Callable[..., Page], report: Callable[..., Kept]
) -> None:
    told = report("新喜小区楼间绿地要重新铺砖")
    worker = open_page(user=WORKER)
    steps.find_case(worker, told.number)
    steps.take(worker, "return", reason="needs_others", note="超出网格权限，请社区研究。")

    secretary = open_page(user=SECRETARY)
    steps.find_case(secretary, told.number)
    expect(secretary.locator(".time")).to_contain_text("超出网格权限")
    expect(secretary.locator(".facts")).to_contain_text("社区书记")


def test_two_who_press_at_once_get_one_clear_message_and_keep_their_words(
    open_page: Callable[..., Page], report: Callable[..., Kept]
) -> None:
    told = report("新喜小区活动室空调不制冷")
    first, second = open_page(user=WORKER), open_page(user=WORKER)
    for page in (first, second):
        steps.find_case(page, told.number)
        steps.form_of(page, "note").locator("[name=note]").fill(f"电话已联系，{id(page)}")
    steps.take(first, "accept")
    steps.take(second, "note", note="先打了电话，约好下午去看。")

    expect(second.locator("#refused")).to_have_count(1)
    expect(second.locator("#refused q")).to_have_text("先打了电话，约好下午去看。")
    expect(second.locator("form[action$='/note/'] [name=note]")).to_have_value("先打了电话，约好下午去看。")


def test_a_secretary_takes_several_on_at_once(open_page: Callable[..., Page], report: Callable[..., Kept]) -> None:
    numbers = [report(f"新喜社区活动安排咨询{n}", area=steps.COMMUNITY, user=SECRETARY).number for n in range(2)]
    page = open_page(user=SECRETARY)
    page.goto("/desk/open/?q=新喜社区活动安排咨询")
    for number in range(2):
        page.locator(".row input.tick").nth(number).check()
    expect(page.locator("[data-batch-count]").first).to_have_text("2")
    steps.turn(page, "[data-batch] button[value=accept]")
    outcomes = page.locator(".outcomes li")
    expect(outcomes).to_have_count(2)
    assert all(any(number in text for text in outcomes.all_inner_texts()) for number in numbers)
    expect(page.locator(".outcomes .tag.ok")).to_have_count(2)


def test_a_neighbouring_worker_finds_nothing_of_it(open_page: Callable[..., Page], report: Callable[..., Kept]) -> None:
    told = report("新喜小区12号楼窗外晾衣架松动")
    page = open_page(user=_NEIGHBOUR)
    for box in ("", "open/", "cases/"):
        page.goto(f"/desk/{box}?q={told.number}")
        expect(page.locator(".row[data-id]")).to_have_count(0)
    answer = page.goto(told.code)
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("main")).not_to_contain_text("晾衣架")


def test_an_auditor_sees_no_cases(open_page: Callable[..., Page], report: Callable[..., Kept]) -> None:
    told = report("新喜小区单元门禁坏了")
    page = open_page(user="tiexi.auditor")
    answer = page.goto(told.code)
    assert answer is not None
    assert answer.status in {403, 404}
    page.goto("/desk/cases/")
    expect(page.locator(".row[data-id]")).to_have_count(0)
    expect(page.locator("body")).not_to_contain_text("门禁坏了")


def test_the_list_is_worked_by_keyboard_alone(open_page: Callable[..., Page], report: Callable[..., Kept]) -> None:
    for n in range(2):
        report(f"新喜小区键盘走一遍{n}")
    page = open_page(user=WORKER)
    page.goto("/desk/?q=键盘走一遍")
    expect(page.locator("#detail .bar-top")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    row = page.locator(".row:focus-within")
    title = row.locator("a").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#detail h2").first).to_have_text(title)
    page.locator("#detail .step .btn.primary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#detail .note[role=status]")).to_be_visible()


def test_a_worker_takes_a_case_to_its_end_by_keyboard_alone(
    open_page: Callable[..., Page], report: Callable[..., Kept]
) -> None:
    told = report("新喜小区只用键盘办的一件")
    page = open_page(user=WORKER)
    page.goto("/desk/open/")
    expect(page.locator("#detail .bar-top")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type(told.number)
    steps.enter(page)
    assert page.url.endswith(f"q={told.number}")
    expect(page.locator("#detail .bar-top")).to_contain_text(told.number)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#detail")).to_be_focused()
    for state in ("已受理", "办理中"):
        page.keyboard.press("n")
        page.keyboard.press("Enter")
        expect(page.locator("#detail .bar-top")).to_contain_text(state)
        expect(page.locator("#detail")).to_be_focused()
    page.keyboard.press("n")
    page.keyboard.type("到场看过，已经弄好。")
    for _field in range(2):  # past the photos, to the button
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#detail .time")).to_contain_text("到场看过，已经弄好。")
    expect(page.locator("#detail")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".row:focus-within")).to_have_count(1)


def test_a_tab_of_ones_own_is_made_used_and_deleted(
    open_page: Callable[..., Page], report: Callable[..., Kept]
) -> None:
    report("新喜小区页签走一遍")
    page = open_page(user=WORKER)
    page.goto("/desk/open/?q=页签走一遍")
    page.click(".add > summary")
    page.fill("#view-name", "走一遍的")
    steps.enter(page)
    tab = page.locator(".views a", has_text="走一遍的")
    expect(tab).to_have_attribute("aria-current", "page")
    expect(tab.locator("b")).to_have_text("1")
    page.goto("/desk/open/")
    steps.turn(page, tab)
    expect(page.locator(".row[data-id]")).to_have_count(1)
    page.click(".add > summary")
    steps.turn(page, ".sheet.keep .link")
    line = page.locator(".kept-views li", has_text="走一遍的")
    line.get_by_text("删掉", exact=True).click()
    steps.turn(page, line.locator("button[value=delete]"))
    expect(page.locator(".note[role=status]")).to_be_visible()
    page.goto("/desk/open/")
    expect(tab).to_have_count(0)


def test_signing_in_needs_no_mouse(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/desk/login/?username=tiexi.grid_worker")
    expect(page.locator("#password")).to_be_focused()
    page.keyboard.type("wrong-password")
    steps.enter(page)
    expect(page.locator("[role=alert]").first).to_be_visible()
    expect(page.locator("#username")).to_have_value("tiexi.grid_worker")


def test_the_map_and_its_list_say_the_same(open_page: Callable[..., Page], report: Callable[..., Kept]) -> None:
    page = open_page(user=SECRETARY)
    with page.expect_response("**/map/cases.json*") as answered:
        page.goto("/map/")
    count = answered.value.json()["count"]
    expect(page.locator("[data-map-count]")).to_have_text(str(count))
    expect(page.locator("[data-map-list] li[data-id]")).to_have_count(min(count, 200))
    expect(page.locator(".cluster, .spot").first).to_be_visible()
    steps.settles(lambda: _on_the_map(page), count)


def _on_the_map(page: Page) -> int:
    """Count the lights on the map and what the clusters say they hold."""
    clusters, lights = page.evaluate("""[
      [...document.querySelectorAll(".cluster")].map(each => Number(each.innerText)),
      document.querySelectorAll(".spot").length]""")
    return int(sum(clusters) + lights)
