"""A stranger checks a draw: on our page with the network off, on a page taken home, and by the program beside it."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.factories.draws import chain_of
from tests.factories.two_programs import compare, in_page, tampered, written_anyhow
from tests.journeys.conftest import Town
from tests.journeys.test_pages import NOT_ON_FAULTS, faults_of

pytestmark = pytest.mark.browser

FIRST, SECOND = (json.dumps(each, ensure_ascii=False) for each in chain_of(2))
VALID, INVALID = "有效：谁来算，名单和次序都一样。", "无效：有一项对不上，见下面标明的一行。"
_DROP = """([name, text]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name, {type: 'application/json'}));
  document.querySelector('#record').dispatchEvent(
    new DragEvent('drop', {dataTransfer: files, bubbles: true, cancelable: true}));
}"""


def test_both_programs_agree_in_a_browser_as_they_do_in_node(browser: Browser) -> None:
    chance, context = random.Random(21), browser.new_context()
    ask = in_page(context.new_page())
    valid, spoilt = compare(ask, written_anyhow(100, chance)), compare(ask, tampered(60, chance))
    context.close()
    assert (valid.asked, valid.valid, valid.differ) == (100, 100, [])
    assert (spoilt.accepted, spoilt.differ) == (0, [])


def test_pasted_record_is_checked_with_the_network_off(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360)
    page.add_init_script("delete Crypto.prototype.subtle")
    page.goto("/verify/draw")
    page.wait_for_function("window.checkDraw")
    page.context.set_offline(True)
    page.fill("#record", SECOND)
    page.click("summary")
    page.fill("#before", FIRST)
    page.click("form[data-verify] button.primary")

    expect(page.locator("[data-verdict]")).to_have_text(VALID)
    expect(page.locator("[data-lines] li")).to_have_count(8)
    expect(page.locator("[data-lines] .fails")).to_have_count(0)
    page.fill("#record", SECOND.replace('"tickets": 1', '"tickets": 2', 1))
    page.click("form[data-verify] button.primary")
    expect(page.locator("[data-verdict]")).to_have_text(INVALID)
    expect(page.locator("[data-lines] .fails").first).to_contain_text("校验码与冻结的内容相符")


def test_stranger_checks_the_record_of_a_month_that_was_held(open_page: Callable[..., Page]) -> None:
    office = open_page(user="tiexi.reviews").request
    draws = office.get("/api/v1/reviews/draws").json()["items"]
    record = office.get(draws[0]["record"]).text()
    stranger = open_page(width=360)
    stranger.goto("/verify/draw")
    stranger.wait_for_function("window.checkDraw")
    stranger.context.set_offline(True)
    stranger.fill("#record", record)
    stranger.click("form[data-verify] button.primary")

    expect(stranger.locator("[data-verdict]")).to_have_text(VALID)
    said = stranger.locator("[data-lines]").inner_text().replace(" ", "")
    assert (draws[0]["commit_hash"] in said, draws[0]["record_id"] in said) == (True, True)


def test_page_taken_home_opens_from_a_disk(open_page: Callable[..., Page], tmp_path: Path, town: Town) -> None:
    page = open_page(accept_downloads=True)
    page.goto("/verify/draw")
    with page.expect_download() as saved:
        page.click("a[href='/verify/draw.html']")
    alone = tmp_path / "verify-draw.html"
    saved.value.save_as(alone)
    page.context.set_offline(True)
    home = page.context.new_page()
    home.goto(alone.as_uri())
    home.evaluate(_DROP, ["record.json", SECOND])

    expect(home.locator("[data-verdict]")).to_have_text(VALID)
    home.set_input_files("#before-file", {"name": "x.json", "mimeType": "", "buffer": SECOND.encode()})
    expect(home.locator("[data-verdict]")).to_have_text(INVALID)
    expect(home.locator("[data-lines] .fails")).to_have_attribute("data-code", "chain")


def test_checked_page_has_no_barrier(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/verify/draw")
    page.wait_for_function("window.checkDraw")
    page.set_input_files("#record-file", {"name": "x.json", "mimeType": "", "buffer": SECOND.encode()})
    expect(page.locator("[data-verdict]")).to_have_text(VALID)
    page.click("summary")
    assert [each for each in faults_of(page) if each not in NOT_ON_FAULTS and "foreign words" not in each] == []
