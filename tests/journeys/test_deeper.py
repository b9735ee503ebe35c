"""What a case may need beside its steps: offices called to it, being passed on, disputed, merged, time, supervision."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils.translation import override
from playwright.sync_api import Page, expect
from tests.journeys import deeds, steps
from tests.journeys.deeds import (
    ABOVE,
    CLEANING,
    CLEANING_OFFICE,
    HEATING,
    HEATING_OFFICE,
    UNFOLD,
    WATER,
    WATER_OFFICE,
)
from tests.journeys.looking import faults_of
from tests.journeys.steps import AT_BUILDING_12, LEADER, SECRETARY, WORKER, Kept

from linli.edges.words.times import say_moment
from linli.support import calendar
from linli.support.calendar.calc import DEFAULT_HOURS, SHANGHAI, Budget, Segment, WorkingCalendar, deadline, read_table
from linli.support.calendar.choices import Timer

pytestmark = pytest.mark.browser


def test_offices_called_to_a_case_report_in_and_say_their_part_and_the_leader_counts_them(
    open_page: Callable[..., Page],
) -> None:
    told = steps.report_by_list(open_page(java_script_enabled=False), "新喜小区花坛边地面下陷，下面有水声也冒热气")
    leader = open_page(user=LEADER)
    before = _whistled(leader, (WATER_OFFICE, HEATING_OFFICE))

    secretary = open_page(user=SECRETARY)
    steps.find_case(secretary, told.number)
    deeds.whistle(secretary, lead=WATER_OFFICE, others=[HEATING_OFFICE], note="一家管水，一家管热，请到场一起看。")
    opinions = {WATER: "已关支管阀门，明早开挖。", HEATING: "热力管接口松动，已经紧固。"}
    for user, words in opinions.items():
        deeds.report_in(open_page(user=user), told, words)

    secretary.reload()
    said = secretary.locator("#calls blockquote p:first-child")
    assert sorted(said.all_inner_texts()) == sorted(opinions.values())
    expect(deeds.evaluate(secretary, WATER_OFFICE)).to_contain_text("评价：报到迅速 · 已解决")
    secretary.evaluate(UNFOLD)
    assert faults_of(secretary) == []

    after = _whistled(leader, before)
    more = {name: {figure: after[name][figure] - number for figure, number in before[name].items()} for name in after}
    came = {"吹哨次数": 1, "按时报到": 1, "未报到": 0, "反馈意见": 1}
    assert more == {WATER_OFFICE: came | {"已评价": 1}, HEATING_OFFICE: came | {"已评价": 0}}
    steps.turn(leader, leader.locator("tr[data-line]", has_text=WATER_OFFICE).locator("[data-label='已评价'] a"))
    expect(leader.locator("main")).to_contain_text(told.number)


@pytest.mark.usefixtures("one_day")
def test_one_case_passes_four_organisations_and_is_due_when_the_calendar_says(open_page: Callable[..., Page]) -> None:
    told = _report_in_front(open_page(width=360, here=AT_BUILDING_12), "新喜小区12号楼前满地污水，没人清扫")
    worker = open_page(user=WORKER)
    case_id = steps.find_case(worker, told.number)
    expect(worker.locator(".facts")).to_contain_text("居委会")
    steps.take(worker, "return", reason="beyond_power", note="要出清扫车，社区没有。")

    cleaning, above = open_page(user=CLEANING), open_page(user=ABOVE)
    steps.find_case(cleaning, told.number)
    deeds.dispute(cleaning, wanted=WATER_OFFICE, note="水是从管子里冒出来的，修好才扫得净。")
    expect(cleaning.locator("#disputes")).to_contain_text("待裁定")
    expect(cleaning.locator(".facts")).to_contain_text(CLEANING_OFFICE)
    _uphold(above, told, wanted=WATER_OFFICE)
    cleaning.goto(f"/desk/?q={told.number}")
    expect(cleaning.locator(".row[data-id]")).to_have_count(0)

    water = open_page(user=WATER)
    steps.find_case(water, told.number)
    for words in ("水是从管子里冒出来的，修好才扫得净。", "现场照片看得清楚，先修管。"):
        expect(water.locator(".time")).to_contain_text(words)
    steps.take(water, "accept")
    _is_given_time(water, above, case_id)
    steps.take(water, "transfer", to=HEATING_OFFICE, note="挖开是供热支管，阀门已关。")

    heating = open_page(user=HEATING)
    steps.find_case(heating, told.number)
    for action, note in (("handle", ""), ("report-back", "支管换好，地面冲洗干净。")):
        steps.take(heating, action, note=note)
    resident = open_page(java_script_enabled=False)
    steps.follow(resident, told)
    steps.answer(resident, result="solved", rating="satisfied")
    secretary = open_page(user=SECRETARY)
    steps.find_case(secretary, told.number, box="verify/")
    steps.take(secretary, "close")
    steps.follow(resident, told)
    expect(resident.locator("main")).to_contain_text("已办结")


def test_two_cases_are_told_of_one_step_while_merged_and_apart_afterwards(open_page: Callable[..., Page]) -> None:
    resident = open_page(java_script_enabled=False)
    leading = steps.report_by_list(resident, "新喜小区12号楼后面空地堆满旧家具")
    second = steps.report_by_list(resident, "新喜小区12号楼后面旧沙发没人清")
    page = open_page(user=SECRETARY)
    steps.find_case(page, second.number)
    stood = page.locator(".bar-top .tag").nth(1).inner_text()
    deeds.merge(page, leading)
    expect(page.locator("main")).to_contain_text(f"{leading.number} ")
    merged = page.url
    assert faults_of(page) == []

    steps.find_case(page, leading.number)
    led = page.url
    expect(page.locator("#together")).to_contain_text(second.number)
    page.evaluate(UNFOLD)
    assert faults_of(page) == []
    for action, note in (("handle", ""), ("report-back", "旧家具和沙发一车拉走了。")):
        steps.take(page, action, note=note)
    for told in (leading, second):
        steps.follow(resident, told)
        expect(resident.locator("main")).to_contain_text("旧家具和沙发一车拉走了。")

    page.goto(merged)
    deeds.send(page, deeds.form_of(page, "unmerge"))
    expect(page.locator(".bar-top")).to_contain_text(stood)
    page.goto(led)
    expect(page.locator("#together")).to_have_count(0)


def test_an_office_is_given_more_time_and_answers_who_watches_over_it(open_page: Callable[..., Page]) -> None:
    told = steps.report_by_list(open_page(java_script_enabled=False), "新喜小区12号楼前水管漏水要挖路")
    water = open_page(user=WATER)
    address = f"/desk/cases/{steps.find_case(water, told.number)}/oversight/"
    water.goto(address)
    deeds.ask_for_days(water, 5)
    deeds.grant(open_page(user=ABOVE), address)

    leader = open_page(user=LEADER)
    leader.goto(address)
    deeds.supervise(leader, "一楼有老人，三天内报进展。")
    assert faults_of(leader) == []

    water.goto(address)
    expect(water.locator("main")).to_contain_text("一楼有老人，三天内报进展。")
    deeds.answer(water, "已接临时水管，每天上门看一次。")
    leader.goto("/desk/supervision/")
    expect(leader.locator("main")).to_contain_text("新喜小区12号楼前水管漏水要挖路")
    leader.goto(address)
    expect(leader.locator("main")).to_contain_text("已接临时水管，每天上门看一次。")
    leader.locator("form[action$='/oversight/end/'] [name=text]").fill("进展清楚。")
    steps.turn(leader, leader.locator("button[value=close]"))
    steps.find_case(leader, told.number, box="cases/")
    for words in ("等挖掘许可。", "许可办下来就动手。"):
        expect(leader.locator(".time")).to_contain_text(words)


def _report_in_front(page: Page, text: str) -> Kept:
    """Report with the pin where one stands: in a compound, so that the community has it first."""
    steps.write(page, text)
    page.select_option("#category", "sanitation")
    steps.go_on(page)
    expect(page.locator("[data-place-name]")).to_contain_text("12号楼")
    steps.go_on(page)
    return steps.send(page)


def _uphold(page: Page, told: Kept, *, wanted: str) -> None:
    """Decide as the office above that the case is the other office's."""
    steps.find_case(page, told.number, box="disputes/")
    form = deeds.form_of(page, "beside/uphold")
    expect(form.locator("[name=to] option:checked")).to_have_text(wanted)
    form.locator("[name=note]").fill("现场照片看得清楚，先修管。")
    page.evaluate(UNFOLD)
    assert faults_of(page) == []
    deeds.send(page, form)


def _is_given_time(office: Page, above: Page, case_id: str) -> None:
    """Ask for five days and hold the case for a moment; when it is due stands on the page as it is counted here."""
    case, oversight = f"/desk/cases/{case_id}/", f"/desk/cases/{case_id}/oversight/"
    begun, allowed = _moments(office)["上报"], re.search(r"(\d+) 个工作日内办好", office.locator(".whys").inner_text())
    assert allowed is not None
    usual, longer = Budget(Timer.WORK_DAY, int(allowed[1])), Budget(Timer.WORK_DAY, int(allowed[1]), extra_days=5)
    office.goto(oversight)
    assert _due(office) == _counted(usual, Segment(begun, None, ""))
    deeds.ask_for_days(office, 5)
    assert _due(office) == _counted(usual, Segment(begun, None, ""))
    deeds.grant(above, oversight)
    assert _due(above) == _counted(longer, Segment(begun, None, ""))

    office.goto(case)
    review = (datetime.now(SHANGHAI) + timedelta(days=3)).date().isoformat()
    steps.form_of(office, "suspend").locator("[name=review_on]").fill(review)
    steps.take(office, "suspend", reason="waits_for_project", note="等管件。")
    steps.take(office, "resume")
    at = _moments(office)
    office.goto(oversight)
    assert _due(office) == _counted(longer, Segment(begun, at["挂起"], ""), Segment(at["恢复办理"], None, ""))
    office.goto(case)


def _moments(page: Page) -> dict[str, datetime]:
    """Read off the page of a case when each deed was done, by its word."""
    moments = {}
    for line in page.locator(".time li").all():
        deed = line.locator("b").inner_text().split()[-1]
        moments[deed] = datetime.fromisoformat(line.locator("time").get_attribute("datetime") or "")
    return moments


def _counted(given: Budget, *ran: Segment) -> str:
    """Count by the program's own calendar when the time given is over, as a page says it."""
    table = read_table((Path(calendar.__path__[0]) / "data" / "cn_workdays.csv").read_text(encoding="utf-8"))
    known = WorkingCalendar(
        version=1, hours=DEFAULT_HOURS, exceptions={each.date: each.is_workday for each in table},
        published_years=frozenset(each.date.year for each in table),
    )  # fmt: skip
    due_at = deadline(known, given, ran)
    assert due_at is not None
    with override("zh-hans"):
        return say_moment(due_at, datetime.now(SHANGHAI))


def _whistled(page: Page, offices: Iterable[str]) -> dict[str, dict[str, int]]:
    """Read what the leaders' page counts of calls to offices, by the words over the columns; 0 where none came."""
    page.goto("/desk/whistles/")
    counted = {}
    for office in offices:
        counted[office] = dict.fromkeys(("吹哨次数", "按时报到", "未报到", "反馈意见", "已评价"), 0)
        line = page.locator("tr[data-line]", has_text=office)
        for figure in counted[office] if line.count() else ():
            counted[office][figure] = int(line.locator(f"[data-label='{figure}'] a").inner_text())
    return counted


def _due(page: Page) -> str:
    """Read until when the case is to be solved."""
    found = re.search(r"解决时限：(.+)", page.locator("main").inner_text())
    assert found is not None
    return found[1].strip()
