"""What each kind of process answers: residents' pages, staff's pages, or both; asked in processes of their own."""

import json
import os
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from linli.edges.api.openapi import OPEN
from linli.ledger.commands.models import Tries

pytestmark = pytest.mark.django_db  # or there is no test database if these tests are run alone

_ASK = """
import json, django
django.setup()
from django.test import Client
from django.urls import get_resolver
from linli.edges.api.program import api
paths = api.get_openapi_schema(path_prefix="api/v1/")["paths"]
client = Client(SERVER_NAME="127.0.0.1")
print(json.dumps({
    "names": sorted(name for name in get_resolver().reverse_dict if isinstance(name, str)),
    "operations": sorted(found["operationId"] for methods in paths.values() for found in methods.values()),
    "answers": {path: client.get(path).status_code for path in (
        "/healthz", "/metrics", "/desk/", "/desk/login/", "/cockpit/", "/map/", "/api/v1/events", "/api/v1/people",
        "/privacy/", "/open311/v2/discovery.json",
    )},
}))
"""
Asked = dict[str, dict[str, Any]]
_PORTAL = {
    "home",
    "report",
    "follow",
    "follow_verify",
    "follow_part",
    "follow_data",
    "board",
    "feedback",
    "privacy",
    "consent",
}
_STAFF = {
    "desk",
    "desk_case",
    "desk_batch",
    "cockpit",
    "map",
    "map_cases",
    "register_export",
    "rules",
    "sign_in",
    "tokens",
}


@pytest.fixture(scope="module")
def asked(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Asked:
    """Ask a process of each kind, on the empty test database."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    known = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "linli.config.settings.test"}
    told = {edges: _ask(known | {"LINLI_EDGES": edges}) for edges in ("portal", "desk", "all")}
    with django_db_blocker.unblock():
        Tries.objects.all().delete()  # open addresses count who asks, and those processes wrote it down for good
    return told


def _ask(known: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-c", _ASK], env=known, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    answered: dict[str, Any] = json.loads(done.stdout)
    return answered


def test_portal_has_no_address_of_staff(asked: Asked) -> None:
    names = set(asked["portal"]["names"])
    assert names >= _PORTAL
    assert names & _STAFF == set()
    assert not [name for name in names if name.startswith(("desk", "register", "rule", "calendar", "token"))]


def test_portal_answers_nothing_that_is_for_staff(asked: Asked) -> None:
    answers = dict(asked["portal"]["answers"])
    assert [answers.pop(path) for path in ("/healthz", "/privacy/", "/open311/v2/discovery.json")] == [200] * 3
    assert set(answers.values()) == {404}, answers


def test_portal_offers_the_open_part_of_the_api_alone(asked: Asked) -> None:
    assert set(asked["portal"]["operations"]) == OPEN


def test_what_is_kept_about_people_is_told_everywhere(asked: Asked) -> None:
    assert {edges: asked[edges]["answers"]["/privacy/"] for edges in asked} == dict.fromkeys(asked, 200)


def test_desk_has_no_page_of_residents(asked: Asked) -> None:
    names = set(asked["desk"]["names"])
    assert names >= _STAFF
    assert names & _PORTAL == {
        "home",
        "feedback",
        "privacy",
    }  # the way to the workbench, and what every page links to: complaints, and what is kept about people


@pytest.mark.parametrize("edges", ["desk", "all"])
def test_staff_is_asked_to_sign_in_where_it_is_served(asked: Asked, edges: str) -> None:
    answers = asked[edges]["answers"]
    assert {path: answers[path] for path in ("/desk/", "/desk/login/", "/api/v1/people")} == {
        "/desk/": 302, "/desk/login/": 200, "/api/v1/people": 401,
    }  # fmt: skip


def test_all_serves_both(asked: Asked) -> None:
    both = asked["all"]
    assert set(both["names"]) == set(asked["portal"]["names"]) | set(asked["desk"]["names"])
    assert both["operations"] == asked["desk"]["operations"]
