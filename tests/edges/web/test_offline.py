"""The page that browsers keep for when there is no network, and the worker that brings it."""

import json
import re

import pytest
from django.contrib.staticfiles.finders import find
from django.test import Client
from tests.factories.district import DemoDistrict


def kept_of(client: Client) -> list[str]:
    """Read what the worker is told to keep."""
    found = re.match(r'const KEPT = (\[.*?\]), VERSION = "[0-9a-f]{16}";\n', client.get("/worker.js").content.decode())
    assert found is not None
    kept: list[str] = json.loads(found[1])
    return kept


@pytest.mark.usefixtures("district")
def test_worker_answers_from_the_root_and_keeps_nothing_but_the_offline_page(client: Client) -> None:
    answer = client.get("/worker.js")
    page, *parts = kept_of(client)
    assert (answer.status_code, answer.headers["Content-Type"], page) == (200, "text/javascript", "/offline/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert [part for part in parts if not find(part.removeprefix("/static/").removesuffix("?offline"))] == []


@pytest.mark.usefixtures("district")
def test_offline_page_loads_nothing_but_what_is_kept(client: Client) -> None:
    page, *parts = kept_of(client)
    loaded = re.findall(r'<(?:link|script)[^>]*(?:href|src)="([^"]+)"', client.get(page).content.decode())
    assert sorted(loaded) == sorted(parts)


def test_offline_page_is_the_same_for_everybody(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(Client(), "grid_worker")
    for_staff = signed_in.get("/offline/").content.decode()
    assert district.viewer("grid_worker").name in signed_in.get("/desk/").content.decode()
    assert (for_staff, "csrf" in for_staff) == (client.get("/offline/").content.decode(), False)


@pytest.mark.usefixtures("district")
def test_offline_page_looks_as_pages_do(client: Client) -> None:
    client.cookies.load({"linli_mode": "elder", "linli_theme": "dark", "linli_language": "en"})
    assert '<html lang="en" data-theme="dark" data-mode="elder">' in client.get("/offline/").content.decode()
