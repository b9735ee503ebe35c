"""Pages that are reached by steps: visits, what comes back, alike cases, supervision, a change of areas taken back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.journeys import deeds, steps
from tests.journeys.deeds import UNFOLD
from tests.journeys.looking import faults_of
from tests.journeys.steps import ADMIN, LEADER, SECRETARY, WORKER

pytestmark = pytest.mark.browser

_AS_TYPED = "document.querySelectorAll('form').forEach(form => { form.noValidate = true; })"


def test_visits_have_no_barrier(open_page: Callable[..., Page]) -> None:
    page = open_page(user=SECRETARY)
    page.goto("/desk/visits/")
    steps.turn(page, page.locator("main tbody a").first)
    visits, found = page.url, {}
    page.evaluate(UNFOLD)
    found["visits"] = faults_of(page)
    page.goto("/desk/visits/new/")
    page.evaluate(_AS_TYPED)
    steps.turn(page, page.locator("main .go button"))
    expect(page.locator("main [role=alert]")).to_be_visible()
    found["refused"] = faults_of(page)
    worker = open_page(user=WORKER)
    worker.goto(f"{visits}places/")
    worker.evaluate(UNFOLD)
    found["places"] = faults_of(worker)
    steps.turn(worker, worker.locator("main tbody a").first)
    steps.turn(worker, worker.locator("button[value=visit]"))
    expect(worker.locator("#door[aria-invalid=true]")).to_be_visible()
    found["door"] = faults_of(worker)
    page.goto(worker.url)
    page.evaluate(UNFOLD)
    found["taking out"] = faults_of(page)
    assert {part: faults for part, faults in found.items() if faults} == {}


def test_what_comes_back_and_what_was_alike_have_no_barrier(open_page: Callable[..., Page]) -> None:
    page, found = open_page(user=SECRETARY), {}
    page.goto("/desk/recurring/")
    steps.turn(page, page.locator("main tbody a").first)
    found["recurring"] = faults_of(page)
    steps.turn(page, page.locator(".time a").first)
    page.goto(f"{page.url}alike/")
    expect(page.locator(".bar a[href*='/desk/cases/']")).to_be_visible()
    found["alike"] = faults_of(page)
    assert {part: faults for part, faults in found.items() if faults} == {}


def test_a_whistle_and_more_time_refused_in_words_have_no_barrier(open_page: Callable[..., Page]) -> None:
    told = steps.report_by_list(open_page(java_script_enabled=False), "新喜小区12号楼后面旧沙发没人清，下雨都泡烂了")
    page, found = open_page(user=SECRETARY), {}
    case_id = steps.find_case(page, told.number, box="cases/")
    steps.turn(page, deeds.form_of(page, "beside/whistle").locator(".go button"))
    expect(page.locator("#calls .error")).to_be_visible()
    found["whistle refused"] = faults_of(page)
    page.goto(f"/desk/cases/{case_id}/oversight/")
    steps.turn(page, deeds.form_of(page, "oversight/ask").locator(".go button"))
    expect(page.locator("main [role=alert]")).to_be_visible()
    found["time refused"] = faults_of(page)
    steps.turn(page, page.locator(f".bar a[href='/desk/cases/{case_id}/']"))
    assert page.url.endswith(f"/desk/cases/{case_id}/")
    assert {part: faults for part, faults in found.items() if faults} == {}


def test_a_card_has_no_barrier(open_page: Callable[..., Page]) -> None:
    page = open_page(user=LEADER)
    page.goto("/desk/supervision/")
    page.evaluate(UNFOLD)
    found = {"all": faults_of(page)}
    steps.turn(page, page.locator("details.few tbody a").first)
    expect(page.locator("form[action$='/oversight/rule/']").first).to_be_visible()
    found["card"] = faults_of(page)
    assert {part: faults for part, faults in found.items() if faults} == {}


def test_a_new_name_that_is_taken_back_has_no_barrier(open_page: Callable[..., Page]) -> None:
    page, area = open_page(user=ADMIN), f"/desk/registry/areas/{steps.COMMUNITY}06/"
    page.goto(f"{area}rename/")
    page.fill("#name", "河畔网格")
    page.fill("#reason", "居民都这么叫")
    steps.turn(page, page.get_by_role("button", name="看看结果").last)
    found = {"looked at": faults_of(page)}
    steps.turn(page, page.get_by_role("button", name="保存"))
    steps.turn(page, page.locator(".area-history a[href*='/changes/']").first)
    found["taking back"] = faults_of(page)
    page.fill("#reason", "先不改名")
    steps.turn(page, page.get_by_role("button", name="撤回"))
    expect(page.locator("main h2, h1").filter(has_text="河畔网格")).to_have_count(0)
    assert {part: faults for part, faults in found.items() if faults} == {}
