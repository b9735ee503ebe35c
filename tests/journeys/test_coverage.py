"""A secretary leaves and the hole closes: a case opens in somebody's hands, somebody is appointed, the case closes."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.journeys import steps
from tests.journeys.steps import SECURITY
from tests.journeys.test_posts import press

pytestmark = pytest.mark.browser

DISPATCHER = "tiexi.dispatcher"
COVERAGE = "/desk/people/coverage"


def holes(page: Page, community: str) -> int:
    """Read how many holes the community's board tells of, and that the rows behind it are as many."""
    page.goto(f"{COVERAGE}/?area={community}")
    link = page.locator("[data-holes]")
    if not link.count():
        return 0
    told = int(link.inner_text().split()[0])
    page.goto(f"{COVERAGE}/holes/?area={community}")
    assert page.locator("main tbody tr").count() == told
    return told


# Two communities in the street of the demo accounts where no other journey goes.
@pytest.mark.parametrize(
    ("width", "name", "community"), [(1280, "功勋", "210106003016"), (360, "园西", "210106003017")]
)
def test_a_secretary_leaves_and_the_hole_closes(
    open_page: Callable[..., Page], width: int, name: str, community: str
) -> None:
    security, dispatcher = open_page(user=SECURITY, width=width), open_page(user=DISPATCHER, width=width)
    assert holes(security, community) == 0

    security.goto(f"/desk/people/?q=社区书记·{name}")
    press(security, f"社区书记·{name}")
    press(security, "任职截止日")
    today = date.fromisoformat(security.locator("#ends_on").input_value())
    security.fill("#ends_on", (today - timedelta(days=1)).isoformat())
    press(security, "保存截止日")

    found = holes(security, community)
    assert found > 0
    dispatcher.goto(f"/desk/cases/?q={name}社区无人负责")
    case = dispatcher.locator(".row a").first
    expect(case).to_contain_text("统筹负责")
    dispatcher.goto(case.get_attribute("href") or "")
    expect(dispatcher.locator("main")).to_contain_text(f"涉及{found}处")
    expect(dispatcher.locator(".facts")).to_contain_text("街道值班员")
    assert not steps.has_sideways_scroll(dispatcher)
    address = dispatcher.url

    security.goto(f"{COVERAGE}/holes/?area={community}")
    assert not steps.has_sideways_scroll(security)
    steps.turn(security, security.get_by_role("link", name="安排人员").first)
    security.fill("#who", f"值班员·{name}")
    security.fill("#organisation", f"{name}社区居委会")
    press(security, "确定安排")

    assert holes(security, community) == 0
    dispatcher.goto(address)
    expect(dispatcher.locator(".time")).to_contain_text("已有人负责")
    expect(dispatcher.locator("main")).to_contain_text("已办结")
