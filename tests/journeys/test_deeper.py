"""What a case may need beside its steps: offices called to it, a dispute, being merged, more time, supervision."""

import re
from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.journeys import steps
from tests.journeys.looking import faults_of
from tests.journeys.steps import LEADER, SECRETARY

pytestmark = pytest.mark.browser

_WATER, _HEATING, _COMMAND = "tiexi.water", "tiexi.heating", "tiexi.district_dispatcher"
# The offices where the first two work.
_WATER_OFFICE, _HEATING_OFFICE = "铁西区供水抢修队", "铁西区供热办"
# Unfold every part, as `faults_of` looks at what is open. Those of one name are open one at a time.
_UNFOLD = "document.querySelectorAll('details').forEach(each => { each.removeAttribute('name'); each.open = true; })"


def test_offices_called_to_a_case_report_in_and_say_their_part_and_the_leader_counts_them(
    open_page: Callable[..., Page],
) -> None:
    opinions = {_WATER: "已关支管阀门，明早开挖。", _HEATING: "热力管接口松动，已经紧固。"}
    offices = {_WATER: _WATER_OFFICE, _HEATING: _HEATING_OFFICE}
    told = steps.report_by_list(open_page(java_script_enabled=False), "新喜小区花坛边地面下陷，下面有水声也冒热气")
    leader = open_page(user=LEADER)
    before = _whistled(leader, offices.values())

    secretary = open_page(user=SECRETARY)
    steps.find_case(secretary, told.number)
    form = _form(secretary, "beside/whistle")
    form.locator("#lead").select_option(label=_WATER_OFFICE)
    form.get_by_label(_HEATING_OFFICE, exact=True).check()
    form.locator("[name=note]").fill("一家管水，一家管热，请到场一起看。")
    _send(secretary, form)

    for user, words in opinions.items():
        office = open_page(user=user)
        steps.find_case(office, told.number, box="called/")
        _send(office, _form(office, "beside/report-in"))
        form = _form(office, "beside/opinion")
        form.locator("[name=note]").fill(words)
        _send(office, form)

    secretary.reload()
    said = secretary.locator("#calls blockquote p:first-child")
    assert sorted(said.all_inner_texts()) == sorted(opinions.values())
    call = secretary.locator("#calls .call", has_text=_WATER_OFFICE)
    form = _form(call, "beside/evaluate")
    for field, mark in (("speed", "quick"), ("result", "solved")):
        form.locator(f"[name={field}][value={mark}]").check()
    _send(secretary, form)
    expect(call).to_contain_text("评价：报到迅速 · 已解决")
    secretary.evaluate(_UNFOLD)
    assert faults_of(secretary) == []

    after = _whistled(leader, offices.values())
    more = {name: {figure: after[name][figure] - number for figure, number in before[name].items()} for name in after}
    came = {"吹哨次数": 1, "按时报到": 1, "未报到": 0, "反馈意见": 1}
    assert more == {_WATER_OFFICE: came | {"已评价": 1}, _HEATING_OFFICE: came | {"已评价": 0}}
    steps.turn(leader, leader.locator("tr[data-line]", has_text=_WATER_OFFICE).locator("[data-label='已评价'] a"))
    expect(leader.locator("main")).to_contain_text(told.number)


def test_a_disputed_case_goes_where_the_office_above_decides(open_page: Callable[..., Page]) -> None:
    told = steps.report_by_list(open_page(java_script_enabled=False), "新喜小区12号楼门前水管爆裂，冒的是热水")
    water = open_page(user=_WATER)
    steps.find_case(water, told.number)
    form = _form(water, "beside/dispute")
    form.locator("[name=reason]").select_option(label="需要别的单位一起办")
    form.locator("[name=wanted]").select_option(label=_HEATING_OFFICE)
    form.locator("[name=note]").fill("开挖后看到是供热支管，不是自来水管。")
    _send(water, form)
    expect(water.locator("#disputes")).to_contain_text("待裁定")
    expect(water.locator(".facts")).to_contain_text(_WATER_OFFICE)

    above = open_page(user=_COMMAND)
    steps.find_case(above, told.number, box="disputes/")
    form = _form(above, "beside/uphold")
    expect(form.locator("[name=to] option:checked")).to_have_text(_HEATING_OFFICE)
    form.locator("[name=note]").fill("现场照片看得清楚，归供热。")
    above.evaluate(_UNFOLD)
    assert faults_of(above) == []
    _send(above, form)

    heating = open_page(user=_HEATING)
    steps.find_case(heating, told.number)
    expect(heating.locator(".facts")).to_contain_text(_HEATING_OFFICE)
    for words in ("开挖后看到是供热支管，不是自来水管。", "现场照片看得清楚，归供热。"):
        expect(heating.locator(".time")).to_contain_text(words)
    steps.take(heating, "accept")
    water.goto(f"/desk/?q={told.number}")
    expect(water.locator(".row[data-id]")).to_have_count(0)


def test_two_cases_are_told_of_one_step_while_merged_and_apart_afterwards(open_page: Callable[..., Page]) -> None:
    resident = open_page(java_script_enabled=False)
    leading = steps.report_by_list(resident, "新喜小区12号楼后面空地堆满旧家具")
    second = steps.report_by_list(resident, "新喜小区12号楼后面旧沙发没人清")
    page = open_page(user=SECRETARY)
    steps.find_case(page, second.number)
    stood = page.locator(".bar-top .tag").nth(1).inner_text()
    form = _form(page, "merge").last
    form.locator("[name=number]").fill(leading.number)
    _send(page, form)
    expect(page.locator("main")).to_contain_text(f"{leading.number} ")
    merged = page.url

    steps.find_case(page, leading.number)
    led = page.url
    expect(page.locator("#together")).to_contain_text(second.number)
    page.evaluate(_UNFOLD)
    assert faults_of(page) == []
    for action, note in (("accept", ""), ("handle", ""), ("report-back", "旧家具和沙发一车拉走了。")):
        steps.take(page, action, note=note)
    for told in (leading, second):
        steps.follow(resident, told)
        expect(resident.locator("main")).to_contain_text("旧家具和沙发一车拉走了。")

    page.goto(merged)
    _send(page, _form(page, "unmerge"))
    expect(page.locator(".bar-top")).to_contain_text(stood)
    page.goto(led)
    expect(page.locator("#together")).to_have_count(0)


def test_an_office_is_given_more_time_and_answers_who_watches_over_it(open_page: Callable[..., Page]) -> None:
    told = steps.report_by_list(open_page(java_script_enabled=False), "新喜小区12号楼前水管漏水要挖路")
    water = open_page(user=_WATER)
    case_id = steps.find_case(water, told.number)
    address = f"/desk/cases/{case_id}/oversight/"
    water.goto(address)
    due = _due(water)
    form = _form(water, "oversight/ask")
    form.locator("[name=days]").fill("5")
    form.locator("[name=reason]").select_option(label="等别的单位配合")
    form.locator("[name=note]").fill("等挖掘许可。")
    _send(water, form)
    assert _due(water) == due

    above = open_page(user=_COMMAND)
    above.goto(address)
    above.locator("[name=note]").first.fill("许可办下来就动手。")
    steps.turn(above, above.locator("button[value=grant]"))
    expect(above.locator("main")).to_contain_text("已同意")
    assert _due(above) != due

    leader = open_page(user=LEADER)
    leader.goto(address)
    form = _form(leader, "oversight/supervise")
    form.locator("[name=reason]").select_option(label="事关重要")
    form.locator("[name=text]").fill("一楼有老人，三天内报进展。")
    _send(leader, form)
    assert faults_of(leader) == []

    water.goto(address)
    expect(water.locator("main")).to_contain_text("一楼有老人，三天内报进展。")
    form = _form(water, "oversight/answer")
    form.locator("[name=text]").fill("已接临时水管，每天上门看一次。")
    _send(water, form)
    leader.goto("/desk/supervision/")
    expect(leader.locator("main")).to_contain_text("新喜小区12号楼前水管漏水要挖路")
    leader.goto(address)
    expect(leader.locator("main")).to_contain_text("已接临时水管，每天上门看一次。")
    leader.locator("form[action$='/oversight/end/'] [name=text]").fill("进展清楚。")
    steps.turn(leader, leader.locator("button[value=close]"))
    steps.find_case(leader, told.number, box="cases/")
    for words in ("等挖掘许可。", "许可办下来就动手。"):
        expect(leader.locator(".time")).to_contain_text(words)


def _form(within: Page | Locator, ends: str) -> Locator:
    """Find the form of a deed and unfold what it lies in."""
    form = within.locator(f"form[action$='/{ends}/']")
    folds = form.last.locator("xpath=ancestor::details")
    for n in range(folds.count()):
        if folds.nth(n).get_attribute("open") is None:
            folds.nth(n).locator("> summary").click()
    return form


def _send(page: Page, form: Locator) -> None:
    """Press the form's first button, and see that the page that answers says no error."""
    steps.turn(page, form.locator(".go button, button").first)
    expect(page.locator(".error, .note[role=alert]").filter(visible=True)).to_have_count(0)


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
    return found[1]
