"""An app on the telephone: set up, asked for at the next signing in, taken away; also on a small screen."""

from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Town
from tests.journeys.looking import faults_of
from tests.journeys.steps import enter, set_up_app, turn

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "user"), [(1280, "tiexi.call_back"), (320, "tiexi.water")])
def test_code_of_an_app_signs_in(open_page: Callable[..., Page], town: Town, width: int, user: str) -> None:
    page = open_page(width=width)
    sign_in(page, user, town.password)
    page.goto("/desk/second-factor/")
    secret, paper = set_up_app(page, town.password)
    faults = {"recovery codes": faults_of(page)}
    turn(page, page.get_by_role("link", name="我已保存"))

    # Elsewhere the password is not enough any more; a code from the paper is.
    other = open_page(width=width)
    sign_in(other, user, town.password)
    assert other.url.endswith("/login/code/")
    faults["code"] = faults_of(other)
    other.fill("#code", "000000")
    enter(other)
    expect(other.get_by_role("alert")).to_be_visible()
    other.fill("#code", paper[0])
    enter(other)
    assert other.url.endswith("/desk/")

    other.goto("/desk/second-factor/")
    faults["set up"] = faults_of(other)
    expect(other.locator("main")).to_contain_text("还剩 9 个恢复码")
    other.get_by_text("停用动态口令应用").first.click()
    other.fill("#end_password", town.password)
    turn(other, "button[value=end]")
    expect(other.get_by_role("status").first).to_be_visible()
    assert len(pyotp.TOTP(secret).now()) == 6
    assert {where: found for where, found in faults.items() if found} == {}


def sign_in(page: Page, user: str, password: str) -> None:
    page.goto("/desk/login/")
    page.fill("#username", user)
    page.fill("#password", password)
    enter(page)
    assert not page.url.endswith("/login/")
