"""A grid worker's day on a phone of 360 px, and a concern reporter's three taps; networks cut, batteries dead."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tests.edges.api.calling import photo
from tests.journeys import steps
from tests.journeys.conftest import Town, new_context, session_of
from tests.journeys.looking import faults_of
from tests.journeys.steps import WORKER

pytestmark = pytest.mark.browser

_REPORTER = "tiexi.reporter"
_KEPT = """async () => {
  const cache = await caches.keys();
  const { lang, dataset } = document.documentElement;
  return cache.some((name) => name.startsWith('linli-phone-')) && Boolean(navigator.serviceWorker.controller)
    && Boolean(await caches.match(`/phone/?${lang}-${dataset.theme}-${dataset.mode}`, { ignoreVary: true }));
}"""
_ROWS = """(store) => new Promise((resolve, reject) => {
  const asked = indexedDB.open('linli-phone');
  asked.onerror = reject;
  asked.onsuccess = () => {
    const counted = asked.result.transaction(store).objectStore(store).count();
    counted.onsuccess = () => { asked.result.close(); resolve(counted.result); };
  };
})"""
_AGE = """(hours) => new Promise((resolve) => {
  const asked = indexedDB.open('linli-phone');
  asked.onsuccess = () => {
    const rows = asked.result.transaction('kept', 'readwrite').objectStore('kept');
    const got = rows.get('pocket');
    got.onsuccess = () => {
      rows.put({ ...got.result, at: got.result.at - hours * 3600000 }, 'pocket');
      rows.transaction.oncomplete = () => { asked.result.close(); resolve(); };
    };
  };
})"""

_LONG_AGO = """() => new Promise((resolve) => {
  const asked = indexedDB.open('linli-phone');
  asked.onsuccess = () => {
    const rows = asked.result.transaction('deeds', 'readwrite').objectStore('deeds');
    const got = rows.getAll();
    got.onsuccess = () => {
      for (const deed of got.result) rows.put({ ...deed, done_at: '2015-01-01T00:00:00.000Z' });
      rows.transaction.oncomplete = () => { asked.result.close(); resolve(); };
    };
  };
})"""
_FULL = """() => {
  IDBObjectStore.prototype.put = () => { throw new DOMException('no room', 'QuotaExceededError'); };
}"""


_WEIGHT = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce(
  (sum, each) => sum + each.transferSize, 0)"""


def picture() -> dict[str, Any]:
    return {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": photo().read()}


def phone(open_page: Callable[..., Page], user: str) -> Page:
    """Open the phone's page and wait until it would open without a network too."""
    page = open_page(width=360, user=user, has_touch=True, is_mobile=True)
    page.goto("/phone/")
    expect(page.locator("[data-view=home] h1")).not_to_be_empty()
    steps.settles(lambda: page.evaluate(_KEPT), expected=True)
    return page


def cut(page: Page, *, is_cut: bool) -> None:
    page.context.set_offline(is_cut)
    line = "没有网络" if is_cut else "已连网"
    expect(page.locator("[data-line]")).to_have_text(line)


def unlike(text: str) -> str:
    """Make words that no other report has."""
    return f"{text}{time.time_ns() % 1_000_000}"


def report(page: Page, text: str) -> None:
    page.locator("a", has_text="不拍照").tap()
    page.fill("#text", text)
    page.locator("#report-form .thumb button").tap()


def case_row(page: Page, title: str) -> Any:
    return page.locator(".rows li", has_text=title)


def test_three_taps_report_with_a_photo_and_the_worker_of_the_grid_has_it_within_two_seconds(
    open_page: Callable[..., Page],
) -> None:
    desk = open_page(user=WORKER)
    desk.goto("/desk/?sort=newest")
    expect(desk.locator("[data-live-status]")).to_contain_text("已连上")
    before = int(desk.locator("[data-count=todo]").inner_text() or 0)
    reporter = phone(open_page, _REPORTER)
    with reporter.expect_file_chooser() as chooser:
        reporter.locator("label[for=shoot]").tap()  # 1
    chooser.value.set_files(files=[picture()])
    reporter.locator(".chips label", has_text="楼道堆物").tap()  # 2
    began = time.monotonic()
    reporter.locator("#report-form .thumb button").tap()  # 3
    expect(desk.locator("[data-count=todo]")).to_have_text(str(before + 1))
    assert time.monotonic() - began < 2
    expect(case_row(reporter, "楼道堆物").first).to_be_visible()


def test_a_day_on_the_phone_with_the_network_cut_twice(open_page: Callable[..., Page]) -> None:
    page, furniture, title = phone(open_page, WORKER), unlike("2单元楼道堆了旧家具"), unlike("3单元门关不上")
    report(page, title)
    first = case_row(page, title)
    expect(first).to_contain_text("已上报")
    expect(page.locator("[data-unsent]")).to_be_hidden()
    cut(page, is_cut=True)  # in the stairwell

    first.locator("a").tap()
    page.locator("[data-acts] button", has_text="受理").tap()
    expect(case_row(page, title)).to_contain_text("已受理，待发送")
    case_row(page, title).locator("a").first.tap()
    page.locator("[data-acts] button", has_text="开始办理").tap()
    page.locator("a", has_text="不拍照").tap()
    page.fill("#text", furniture)
    page.goto("about:blank")  # the battery is dead
    page.goto("/phone/")
    page.locator("a", has_text="不拍照").tap()
    expect(page.locator("#text")).to_have_value(furniture)
    page.locator("#report-form .thumb button").tap()
    expect(page.locator("[data-unsent-words]")).to_have_text("3 条待发送")
    cut(page, is_cut=False)
    expect(page.locator("[data-unsent]")).to_be_hidden()
    expect(case_row(page, title)).to_contain_text("办理中")
    expect(case_row(page, furniture)).to_have_count(1)

    cut(page, is_cut=True)  # in the cellar, while a colleague notes something down
    case_row(page, title).locator("a").first.tap()
    number = page.locator("[data-case-number]").inner_text().split(" ")[0]
    page.fill("#note", "已换门轴")
    page.locator("#proof").set_input_files(files=[picture()])
    expect(page.locator("#step-form [data-photos] canvas")).to_have_count(1)
    page.locator("[data-acts] button", has_text="已办好").tap()
    expect(page.locator("[data-said]")).to_contain_text("已记在手机上")
    assert faults_of(page) == []
    cut(page, is_cut=False)
    expect(page.locator("[data-unsent]")).to_be_hidden()
    desk = open_page(user=WORKER)
    steps.find_case(desk, number, box="done/")
    expect(desk.locator("ol.time, .time").first).to_contain_text("手机上")
    expect(desk.locator(".time").first).to_contain_text("已换门轴")


def test_what_others_did_meanwhile_is_shown_and_nothing_is_lost(open_page: Callable[..., Page]) -> None:
    page = phone(open_page, WORKER)
    fence = unlike("花坛护栏松动一处")
    report(page, fence)
    row = case_row(page, fence)
    expect(row).to_contain_text("已上报")
    expect(page.locator("[data-unsent]")).to_be_hidden()
    cut(page, is_cut=True)
    row.locator("a").tap()
    number = page.locator("[data-case-number]").inner_text().split(" ")[0]
    page.fill("#note", "我这就去看")
    page.locator("[data-acts] button", has_text="受理").tap()
    desk = open_page(user=WORKER)
    steps.find_case(desk, number)
    steps.take(desk, "handle")

    cut(page, is_cut=False)
    page.locator("[data-unsent]").tap()
    refused = page.locator("[data-rows=refused] li")
    expect(refused).to_contain_text("现在是“办理中”")
    expect(refused).to_contain_text("我这就去看")
    assert faults_of(page) == []
    refused.locator("button", has_text="改为备注").tap()
    expect(page.locator("[data-all-sent]")).to_be_visible()
    desk.reload()
    expect(desk.locator(".time").first).to_contain_text("我这就去看")


def test_phone_forgets_after_the_set_time_and_whatever_it_kept_on_signing_out(
    browser: Browser, town: Town, open_page: Callable[..., Page]
) -> None:
    page = phone(open_page, WORKER)
    cut(page, is_cut=True)
    page.reload()
    expect(page.locator("[data-view=home] h1")).not_to_be_empty()
    page.evaluate(_AGE, 73)
    page.reload()
    expect(page.locator("[data-no-data]")).to_be_visible()
    assert page.evaluate(_ROWS, "kept") == 0
    cut(page, is_cut=False)
    expect(page.locator("[data-view=home] h1")).not_to_be_empty()

    # The session ends elsewhere: what was read goes, what was not sent waits.
    page.context.clear_cookies()
    late = unlike("退出之后写的")
    report(page, late)
    expect(page.locator("[data-sign-in]")).to_be_visible()
    expect(page.locator("[data-sign-in]")).to_contain_text("还有 1 条没有发送")
    assert [page.evaluate(_ROWS, store) for store in ("kept", "deeds")] == [0, 1]
    page.context.add_cookies(session_of(browser, town, WORKER)["cookies"])
    page.reload()
    expect(case_row(page, late)).to_have_count(1)

    page.locator("[data-sign-out]").tap()
    # A session of its own would be ended for all other journeys: the answer stands in.
    page.route("**/desk/logout/", lambda route: route.fulfill(status=204))
    page.locator("#sure button[value=yes]").tap()
    page.wait_for_url("**/desk/**")
    assert [page.evaluate(_ROWS, store) for store in ("kept", "drafts", "deeds")] == [0, 0, 0]


def test_phone_forgets_when_the_session_ends_while_it_sends(open_page: Callable[..., Page]) -> None:
    page = phone(open_page, WORKER)

    def end_first(route: Route) -> None:
        page.context.clear_cookies()
        route.fulfill(status=401)

    page.context.route("**/phone/deeds/", end_first)
    report(page, unlike("发送时会话刚好结束"))
    expect(page.locator("[data-sign-in]")).to_be_visible()
    assert [page.evaluate(_ROWS, store) for store in ("kept", "deeds")] == [0, 1]


def test_phone_forgets_as_any_other_page_is_opened(open_page: Callable[..., Page]) -> None:
    page = phone(open_page, WORKER)
    page.locator("a", has_text="不拍照").tap()
    page.fill("#text", "写了一半")
    steps.settles(lambda: [page.evaluate(_ROWS, store) for store in ("kept", "drafts")], expected=[1, 1])
    page.evaluate(_AGE, 71)
    page.goto("/board/")
    assert page.evaluate(_ROWS, "kept") == 1
    page.evaluate(_AGE, 2)
    page.goto("/board/")
    steps.settles(lambda: [page.evaluate(_ROWS, store) for store in ("kept", "drafts")], expected=[0, 0])


def test_visit_without_a_network_is_sent_once_and_its_note_becomes_a_case(open_page: Callable[..., Page]) -> None:
    page, found = phone(open_page, WORKER), unlike("走访时看到门禁坏了")
    cut(page, is_cut=True)
    page.locator("[data-visiting] a").tap()
    page.locator("[data-rows=visits] li a", has_text="号楼").first.tap()
    page.fill("#visit-form [name=door]", "9-909")
    page.fill("#visit-note", found)
    page.locator("#visit-form button[value=case]").tap()
    steps.settles(lambda: page.evaluate(_ROWS, "deeds"), expected=1)
    page.goto("about:blank")
    page.goto("/phone/")
    expect(page.locator("[data-unsent-words]")).to_have_text("1 条待发送")
    cut(page, is_cut=False)
    expect(page.locator("[data-unsent]")).to_be_hidden()
    expect(case_row(page, found)).to_have_count(1)


def test_what_was_done_by_a_wrong_clock_is_sent_all_the_same(open_page: Callable[..., Page]) -> None:
    page, text = phone(open_page, WORKER), unlike("手机没电后时间不对")
    cut(page, is_cut=True)
    report(page, text)
    steps.settles(lambda: page.evaluate(_ROWS, "deeds"), expected=1)
    page.evaluate(_LONG_AGO)
    cut(page, is_cut=False)
    expect(case_row(page, text)).to_have_count(1)
    expect(page.locator("[data-unsent]")).to_be_hidden()


@pytest.mark.parametrize(("status", "body", "waits"), [
    (500, "", "1 条待发送"), (413, "", "1 条需要您看一下"), (200, "<html>请先登录无线网</html>", "2 条待发送"),
])  # fmt: skip
def test_answer_to_one_deed_loses_neither_it_nor_the_next(
    browser: Browser, town: Town, status: int, body: str, waits: str
) -> None:
    def unwatched(*, width: int, user: str, **options: Any) -> Page:  # the fault is the very thing
        look = {"viewport": {"width": width, "height": 800}, "storage_state": session_of(browser, town, user)}
        return new_context(browser, town.url, **look, **options).new_page()

    page, first, second = phone(unwatched, WORKER), unlike("先报的一件"), unlike("后报的一件")
    cut(page, is_cut=True)
    report(page, first)
    steps.settles(lambda: page.evaluate(_ROWS, "deeds"), expected=1)
    report(page, second)
    steps.settles(lambda: page.evaluate(_ROWS, "deeds"), expected=2)

    def answer(route: Route) -> None:
        if first.encode() in (route.request.post_data_buffer or b""):
            route.fulfill(status=status, body=body)
        else:
            route.continue_()

    page.context.route("**/phone/deeds/", answer)
    page.context.set_offline(False)
    expect(page.locator("[data-unsent-words]")).to_have_text(waits)
    page.context.unroute("**/phone/deeds/")
    page.reload()
    expect(case_row(page, second)).to_have_count(1)
    if status == 413:
        page.locator("[data-unsent]").tap()
        expect(page.locator("[data-rows=refused] li")).to_contain_text("太大")
    else:
        expect(case_row(page, first)).to_have_count(1)
    page.context.close()


def test_drafts_of_two_who_share_a_phone_stay_apart(
    browser: Browser, town: Town, open_page: Callable[..., Page]
) -> None:
    page = phone(open_page, WORKER)
    drafts = {WORKER: "网格员写了一半", _REPORTER: "民情员写了一半"}
    for user, kept in ((WORKER, ""), (_REPORTER, ""), (WORKER, drafts[WORKER])):
        page.context.clear_cookies()
        page.goto("/desk/login/")
        steps.settles(lambda: page.evaluate(_ROWS, "kept"), expected=0)
        page.context.add_cookies(session_of(browser, town, user)["cookies"])
        page.goto("/phone/")
        page.locator("a", has_text="不拍照").tap()
        expect(page.locator("#text")).to_have_value(kept)
        page.fill("#text", drafts[user])
        steps.settles(lambda: page.evaluate(_ROWS, "drafts"), expected=2 if kept or user == _REPORTER else 1)


def test_phone_without_room_says_so_and_sends_what_it_has(open_page: Callable[..., Page]) -> None:
    page, text = phone(open_page, WORKER), unlike("存储快满时报的")
    cut(page, is_cut=True)
    report(page, text)
    steps.settles(lambda: page.evaluate(_ROWS, "deeds"), expected=1)
    page.evaluate(_FULL)
    page.locator("a", has_text="不拍照").tap()
    page.fill("#text", "存不下的一件")
    page.locator("#report-form .thumb button").tap()
    expect(page.locator("#report-form [data-fault]")).to_contain_text("存储已满")
    expect(page.locator("#text")).to_have_value("存不下的一件")
    page.evaluate("window.location.hash = ''")
    page.context.set_offline(False)
    expect(case_row(page, text)).to_have_count(1)


def test_visit_by_a_wrong_clock_is_refused_and_made_again_as_it_was(open_page: Callable[..., Page]) -> None:
    page = phone(open_page, WORKER)
    cut(page, is_cut=True)
    page.locator("[data-visiting] a").tap()
    page.locator("[data-rows=visits] li a", has_text="号楼").first.tap()
    page.fill("#visit-form [name=door]", "8-808")
    page.locator("#visit-form button[value=visit]").tap()
    steps.settles(lambda: page.evaluate(_ROWS, "deeds"), expected=1)
    page.evaluate(_LONG_AGO)
    page.evaluate("window.location.hash = ''")
    cut(page, is_cut=False)
    page.locator("[data-unsent]").tap()
    page.locator("[data-rows=refused] li [data-do=again]").tap()
    expect(page.locator("#visit-form [name=door]")).to_have_value("8-808")
    page.locator("#visit-form button[value=visit]").tap()
    steps.settles(lambda: page.evaluate(_ROWS, "deeds"), expected=0)


def test_first_load_is_small_and_usable_on_a_slow_line(browser: Browser, town: Town) -> None:
    context = new_context(
        browser, town.url, storage_state=session_of(browser, town, WORKER), viewport={"width": 360, "height": 800}
    )
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8,
    })  # fmt: skip
    began = time.monotonic()
    page.goto("/phone/", wait_until="commit")
    page.locator("[data-rows=mine] li").first.wait_for()
    took_s = time.monotonic() - began
    page.wait_for_load_state("networkidle")
    weight = page.evaluate(_WEIGHT)
    context.close()
    assert (weight < 200_000, took_s < 3) == (True, True)
