"""The committees of a community are chosen anew: prepared, looked at, kept, and undone before its day."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.journeys import steps
from tests.journeys.steps import SECURITY
from tests.journeys.test_posts import press

pytestmark = pytest.mark.browser

# 新苑社区, where no other journey goes.
NAME, OLD = "新苑社区", "社区书记·新苑"


@pytest.mark.parametrize("width", [1280, 360])
def test_a_change_of_committees_is_looked_at_kept_and_undone(open_page: Callable[..., Page], width: int) -> None:
    page = open_page(user=SECURITY, width=width, java_script_enabled=False)
    page.goto("/desk/people/elections/")
    page.fill("#area", NAME)
    press(page, "准备换届")
    page.get_by_label(f"社区书记 {OLD}").check()
    # Whichever of its staff holds a post: the demo leaves some vacant.
    new = page.locator("label", has_text="社区干部").first.inner_text().split()[-1]
    page.fill("#who_0", new)
    page.select_option("#role-0", label="社区书记")
    page.select_option("#organisation-0", label=f"{NAME}居委会")
    page.fill("#reason", "第十二届两委换届")
    assert not steps.has_sideways_scroll(page)
    press(page, "先看一看")

    leaves = page.locator(".panel", has=page.get_by_role("heading", name="离任"))
    expect(leaves).to_contain_text(OLD)
    expect(page.locator(".panel", has=page.get_by_role("heading", name="新任"))).to_contain_text(new)
    assert not steps.has_sideways_scroll(page)
    press(page, "确定换届")

    line = page.locator("tbody tr").first
    expect(line).to_contain_text(f"{new}（社区书记）")
    expect(line).to_contain_text("待生效")
    assert not steps.has_sideways_scroll(page)
    press(page, "撤销这次换届")
    expect(page.locator("tbody tr").first).to_contain_text("已撤销")
