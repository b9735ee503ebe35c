"""A secretary goes on leave and comes back; another one leaves for good, and her open work goes to her successor."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.journeys import steps
from tests.journeys.steps import SECRETARY, SECURITY, Kept

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("one_day")]

CLERK, CLERK_NAME = "tiexi.clerk", "值班员·新喜"
# 劳模社区: none of its people has a demo account.
ELSEWHERE, LEAVES, FOLLOWS = "210106003006", "社区书记·劳模", "值班员·劳模"


def press(page: Page, name: str) -> None:
    """Press a button or link by its words and wait for the page that answers."""
    main = page.locator("main")
    button, link = main.get_by_role("button", name=name), main.get_by_role("link", name=name, exact=True)
    steps.turn(page, button.or_(link).first)


def todo(page: Page, told: Kept) -> int:
    """Count the lines of 待办 that a number finds."""
    page.goto(f"/desk/?q={told.number}")
    return page.locator(".row a").count()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_secretary_on_leave_is_stood_in_for_and_gets_her_work_back(
    open_page: Callable[..., Page], width: int
) -> None:
    told = steps.report_by_list(open_page(java_script_enabled=False), f"新喜社区公告栏玻璃松了{width}")
    secretary, clerk = open_page(user=SECRETARY, width=width), open_page(user=CLERK, width=width)
    assert (todo(secretary, told), todo(clerk, told)) == (1, 0)

    secretary.goto("/desk/account/")
    press(secretary, "安排代理人")
    secretary.fill("#deputy", CLERK_NAME)
    today = secretary.locator("#starts_on").input_value()
    secretary.fill("#ends_on", today)
    press(secretary, "确定代理人")
    expect(secretary.locator("main")).to_contain_text(f"由{CLERK_NAME}代理")

    assert todo(clerk, told) == 1
    steps.find_case(clerk, told.number)
    expect(clerk.locator(".facts")).to_contain_text(f"由{CLERK_NAME}代理")
    steps.take(clerk, "accept")
    expect(clerk.locator(".time")).to_contain_text(f"{CLERK_NAME}（代社区书记·新喜）")

    secretary.goto("/desk/account/")
    press(secretary, "提前返岗")
    expect(secretary.locator("main")).not_to_contain_text(f"由{CLERK_NAME}代理")
    assert (todo(secretary, told), todo(clerk, told)) == (1, 0)
    assert not steps.has_sideways_scroll(secretary)


def test_what_a_leaving_secretary_had_goes_to_her_successor(open_page: Callable[..., Page]) -> None:
    told = steps.report_by_list(
        open_page(java_script_enabled=False), "劳模社区门前台阶破损", community=ELSEWHERE, address="社区门口"
    )
    security = open_page(user=SECURITY)
    security.goto(f"/desk/people/?q={LEAVES}")
    press(security, LEAVES)
    press(security, "任职截止日")
    press(security, "保存截止日")
    assert security.url.endswith("/hand-over/")
    security.locator("label", has_text=FOLLOWS).locator("input").check()
    press(security, "移交")
    expect(security.locator(".note.ok").last).to_contain_text("已移交")

    security.goto(f"/desk/people/?q={FOLLOWS}")
    press(security, FOLLOWS)
    security.fill("#username", "tiexi.laomo")
    press(security, "开通账号")
    code = security.locator("[data-one-time-code]").inner_text()
    assert told.number not in security.content()

    successor = open_page()
    successor.goto("/desk/login/")
    successor.fill("[name=username]", "tiexi.laomo")
    successor.fill("[name=password]", code)
    steps.turn(successor, "form:has([name=password]) .btn.primary")
    assert successor.url.endswith("/desk/password/")
    for field, word in (("old", code), ("new", "wo-zi-ji-de-2026"), ("again", "wo-zi-ji-de-2026")):
        successor.fill(f"#{field}", word)
    steps.turn(successor, "form:has(#old) .btn.primary")
    assert todo(successor, told) == 1
    steps.find_case(successor, told.number)
    expect(successor.locator(".time")).to_contain_text("随岗位移交")
