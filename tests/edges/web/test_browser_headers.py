"""Every answer, page or not, says the same to browsers; and no page has anything in it that the policy forbids."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.factories.district import DemoDistrict

from linli.edges.browsers import HEADERS, POLICY
from linli.edges.live.app import _HEADERS

KINDS = {"uuidstr": str(UUID(int=7)), "uuid": str(UUID(int=7)), "int": "1", "slug": "priority", "str": "x", "path": "x"}
ROLES = ("", "district_dispatcher", "system_admin", "security_admin", "auditor", "community_clerk")
# Stricter than the rest: a photo may run nothing at all.
STRICTER = {"default-src 'none'; sandbox"}


def routes(patterns: list[Any], before: str = "") -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, before + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: KINDS[found[1] or "str"], before + str(each.pattern))


ROUTES = sorted(
    {route for route in routes(get_resolver().url_patterns) if "^" not in route} | {"/nowhere/", "/api/v1/x"}
)


@pytest.fixture
def clients(district: DemoDistrict) -> dict[str, Client]:
    return {role: district.login(Client(raise_request_exception=False), role) if role else Client() for role in ROLES}


def missing(headers: Any) -> dict[str, str]:
    lacking = {name: headers.get(name, "") for name, value in HEADERS.items() if headers.get(name) != value}
    if lacking.get("Content-Security-Policy") in STRICTER:
        lacking.pop("Content-Security-Policy")
    return lacking


class Forbidden(HTMLParser):
    """Collects what runs or looks from within a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        names = dict(attrs)
        if tag == "style" or (tag == "script" and not names.get("src")):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name == "style" or name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"<{tag} {name}={value}>")
            if name in {"src", "href", "action", "formaction"} and re.match(r"(?:https?:)?//", value or ""):
                self.found.append(f"<{tag} {name}={value}>")


def test_map_of_routes_is_whole() -> None:
    assert len(ROUTES) > 60
    assert {"/", "/desk/", "/cockpit/", "/api/v1/cases", "/metrics", f"/desk/cases/{UUID(int=7)}/"} <= set(ROUTES)


def is_page(answer: Any) -> bool:
    """Whether it is shown here; what is saved is opened from a disk."""
    is_saved = "attachment" in answer.headers.get("Content-Disposition", "")
    return answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming and not is_saved


def forbidden_in(page: Any) -> list[str]:
    found = Forbidden()
    found.feed(page.content.decode())
    return found.found


@pytest.mark.parametrize("role", ROLES)
def test_every_route_answers_with_all_headers_and_no_page_has_style_or_script_within(
    clients: dict[str, Client], role: str
) -> None:
    pages = 0
    for route in ROUTES:
        answer = clients[role].get(route)
        assert missing(answer.headers) == {}, f"get {route} {answer.status_code}"
        if is_page(answer):
            pages += answer.status_code == 200
            assert forbidden_in(answer) == [], route
    assert pages >= 6
    for route in ROUTES:
        answer = clients[role].post(route)
        assert missing(answer.headers) == {}, f"post {route} {answer.status_code}"


def test_case_page_has_no_style_or_script_within(district: DemoDistrict) -> None:
    case = district.open_case_in()
    answer = district.login(Client(), "grid_worker").get(f"/desk/cases/{case.id}/")

    assert (answer.status_code, forbidden_in(answer)) == (200, [])


def test_static_files_and_faults_bear_them_too(db: None) -> None:
    static = Client().get("/static/built/css/linli.css")
    assert b"".join(static.streaming_content)  # type: ignore[attr-defined]
    assert (static.status_code, missing(static.headers)) == (200, {})
    assert missing(Client().get("/healthz", headers={"Host": "elsewhere.example.org"}).headers) == {}


def test_streams_bear_them_too() -> None:
    sent = {name.decode(): value.decode() for name, value in _HEADERS}

    assert {name: sent.get(name.lower()) for name in HEADERS} == dict(HEADERS)


def test_policy_allows_nothing_from_within_a_page_nor_from_elsewhere() -> None:
    assert not [word for word in ("unsafe", "http", "*", "data:") if word in POLICY]
    for directive in ("script-src 'self'", "style-src 'self'", "object-src 'none'", "frame-ancestors 'none'"):
        assert directive in POLICY


def test_tls_is_remembered_where_it_is_there(db: None, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.TRUSTED_PROXIES = frozenset({"127.0.0.1"})
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    over_tls = Client().get("/healthz", headers={"X-Forwarded-Proto": "https"})
    assert over_tls.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in Client().get("/healthz").headers
