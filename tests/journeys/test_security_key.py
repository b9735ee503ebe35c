"""A security key in a real browser, with the key that Chromium brings for tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.journeys.conftest import Town, new_context, watch
from tests.journeys.looking import faults_of
from tests.journeys.steps import enter, turn

pytestmark = pytest.mark.browser

USER = "tiexi.heating"


def with_key(page: Page) -> None:
    """Plug a key into the browser: it is touched by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": False,
        "isUserVerified": False, "automaticPresenceSimulation": True}})  # fmt: skip


@pytest.fixture
def page(browser: Browser, town: Town) -> Iterator[Page]:
    """Open the site under a name: a key signs for none that is a number."""
    url = town.url.replace("127.0.0.1", "localhost")
    context = new_context(browser, url)
    page, faults = context.new_page(), list[str]()
    watch(page, url, faults)
    yield page
    context.close()
    assert faults == []


def test_security_key_is_added_signs_in_and_is_taken_away(page: Page, town: Town) -> None:
    with_key(page)
    sign_in(page, town.password)
    page.goto("/desk/second-factor/")
    page.get_by_text("添加安全密钥").click()
    page.fill("#key_password", town.password)
    turn(page, "button[value=key_begin]")
    page.fill("#name", "蓝色钥匙")
    faults = {"adding": faults_of(page)}
    turn(page, page.get_by_role("button", name="触碰安全密钥"))
    expect(page.locator("[data-recovery-codes] code")).to_have_count(10)

    sign_in(page, town.password)
    assert page.url.endswith("/login/code/")
    faults["asked"] = faults_of(page)
    turn(page, page.get_by_role("button", name="使用安全密钥"))
    assert page.url.endswith("/desk/")

    page.goto("/desk/second-factor/")
    faults["set up"] = faults_of(page)
    row = page.get_by_role("row", name="蓝色钥匙")
    row.get_by_text("停用").first.click()
    row.locator("input[type=password]").fill(town.password)
    turn(page, row.locator("button"))
    expect(page.get_by_role("status").first).to_be_visible()
    assert {where: found for where, found in faults.items() if found} == {}


def sign_in(page: Page, password: str) -> None:
    page.goto("/desk/login/")
    page.fill("#username", USER)
    page.fill("#password", password)
    enter(page)
    assert not page.url.endswith("/login/")
