"""Administrators change rules with open eyes, programs get keys, registers leave as files, and unused sessions end."""

import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import psycopg
import pytest
from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Town
from tests.journeys.steps import ADMIN, SECRETARY, WORKER, turn, write

from linli.kernel import postgres

pytestmark = pytest.mark.browser

_SESSIONS = "django.contrib.sessions.SessionStore"
_TWO_HOURS_S = 7200


def test_weights_are_seen_at_work_before_they_count(open_page: Callable[..., Page]) -> None:
    page = open_page(user=ADMIN)
    page.goto("/desk/rules/priority/")
    before = page.locator("main h2").first.inner_text()
    page.goto("/desk/rules/priority/edit/")
    points = page.locator("input[name=points-danger]")
    points.fill(str(int(points.input_value()) - 1))
    page.fill("#reason", "试行：危险词少加一分")
    turn(page, ".go .btn.primary")
    expect(page.locator("input[name=seen]")).to_have_count(1)
    replay = page.url
    other = page.context.new_page()
    other.goto("/desk/rules/priority/")
    expect(other.locator("main h2").first).to_have_text(before)

    assert replay.endswith("/edit/")
    turn(page, ".go .btn.primary")
    assert page.url.endswith("/desk/rules/priority/")
    expect(page.locator("main h2").first).not_to_have_text(before)
    expect(page.locator("table").last).to_contain_text("试行：危险词少加一分")


def test_weights_without_a_reason_are_refused_and_kept(open_page: Callable[..., Page]) -> None:
    page = open_page(user=ADMIN)
    page.goto("/desk/rules/priority/edit/")
    page.fill("input[name=points-danger]", "7")
    turn(page, ".go .btn.primary")
    expect(page.locator("main .note.warn")).to_be_visible()
    expect(page.locator("input[name=points-danger]")).to_have_value("7")


def test_a_new_category_gets_a_deadline_and_a_route_and_is_suggested(open_page: Callable[..., Page]) -> None:
    page = open_page(user=ADMIN)
    _add_row(page, "categories", {"name": "共享单车乱停", "group": "秩序安全", "keywords": "共享单车、单车乱停"})
    _add_row(page, "dispatch", {"role": "网格员"}, category="共享单车乱停")
    _add_row(page, "deadlines", {"response_amount": "2", "solution_amount": "1"}, category="共享单车乱停")

    resident = open_page()
    write(resident, "楼下共享单车把路口堵死了，老人过不去")
    expect(resident.locator("select[name=category] option:checked")).to_have_text("共享单车乱停")


def test_a_state_cannot_lose_its_last_way_onward(open_page: Callable[..., Page]) -> None:
    page = open_page(user=ADMIN)
    page.goto("/desk/rules/workflow/edit/")
    rows = page.locator("#group-verified li")
    while rows.count():
        rows.first.locator("summary").click()
        turn(page, rows.first.locator("button[value^=delete]"))
    page.fill("#reason", "试试")
    turn(page, ".btn.primary[value=look]")
    expect(page.locator("main .note.warn")).to_contain_text("到不了办结")
    expect(page.locator("#reason")).to_have_value("试试")


def _add_row(page: Page, kind: str, typed: dict[str, str], *, category: str = "") -> None:
    """Add a row to a rulebook, look at what it changes, and put it in force."""
    page.goto(f"/desk/rules/{kind}/edit/")
    turn(page, "button[value='add:']")
    row = page.locator(".rule-rows details[open]")
    if category:
        row.locator("select[name$='-category']").select_option(label=category)
    for name, value in typed.items():
        field = row.locator(f"[name$='-{name}']")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    page.fill("#reason", "今年单车多")
    turn(page, ".btn.primary[value=look]")
    expect(page.locator(".rule-changes li")).to_have_count(1)
    turn(page, "button[value=publish]")
    assert page.url.endswith(f"/desk/rules/{kind}/")


def test_a_key_works_until_it_is_revoked(open_page: Callable[..., Page], town: Town) -> None:
    page = open_page(user=ADMIN)
    page.goto("/desk/tokens/")
    page.fill("#name", "对接试用")
    page.select_option("#scope", "read")
    turn(page, "form.in .btn.primary")
    key = page.locator(".note.ok code").inner_text()
    asked = {"headers": {"Authorization": f"Bearer {key}"}}
    alone = open_page().request  # without the session's cookies

    assert alone.get("/api/v1/me", **asked).ok
    assert alone.get("/api/v1/me").status == 401
    page.goto("/desk/tokens/")
    expect(page.locator("body")).not_to_contain_text(key)
    page.locator("tr", has_text="对接试用").locator("button").click()
    turn(page, "dialog#confirm button[value=yes]")
    expect(page.locator("tr", has_text="对接试用")).to_have_count(0)
    assert alone.get("/api/v1/me", **asked).status == 401


def test_a_register_leaves_as_a_workbook_that_says_it_is_a_demo(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page(user=SECRETARY)
    page.goto("/desk/registers/cases/?since=2020-01-01")
    shown = page.locator("tbody tr").count()
    with page.expect_download() as download:
        page.click("button[name=format][value=xlsx]")
    file = tmp_path / "register.xlsx"
    download.value.save_as(file)
    cells = [
        [str(cell) for cell in row if cell is not None]
        for sheet in openpyxl.load_workbook(file)
        for row in sheet.iter_rows(values_only=True)
    ]
    assert any("演示数据" in cell for row in cells for cell in row)
    assert len(cells) > shown > 0


def test_a_session_nobody_used_for_long_ends(open_page: Callable[..., Page], town: Town) -> None:
    page = open_page(user=WORKER)
    page.goto("/desk/")
    expect(page.locator(".who")).to_have_count(1)
    _age(town, page)
    page.goto("/desk/done/")
    expect(page.locator("#password")).to_be_visible()
    assert "next=%2Fdesk%2Fdone%2F" in page.url
    town.sessions.pop(WORKER)


def _age(town: Town, page: Page) -> None:
    """Put the session's last use two hours back, in the database."""
    key = next(each["value"] for each in page.context.cookies() if each["name"] == "sessionid")
    secret = (town.data / "keys" / "secret.key").read_text().strip()
    running = postgres.start(town.data / "postgres")
    with psycopg.connect(running.owner_url) as connection:
        row = connection.execute("SELECT session_data FROM django_session WHERE session_key = %s", [key]).fetchone()
        assert row is not None
        held = signing.loads(row[0], key=secret, salt=_SESSIONS, serializer=JSONSerializer)
        held["seen_at"] = int(time.time()) - _TWO_HOURS_S
        aged = signing.dumps(held, key=secret, salt=_SESSIONS, serializer=JSONSerializer, compress=True)
        connection.execute("UPDATE django_session SET session_data = %s WHERE session_key = %s", [aged, key])
