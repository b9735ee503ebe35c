"""Every GET route as every role in a foreign community and as nobody: nothing of a case leaks."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from tests.edges.api.calling import Calling
from tests.factories.district import BLIND, DEPARTMENT, FOREIGN, DemoDistrict

from linli.cases.choices import Action
from linli.edges.api.openapi import OPEN
from linli.edges.api.program import api

DESCRIPTION: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="api/v1/"), default=str))
ROUTES = {path: methods["get"] for path, methods in DESCRIPTION["paths"].items() if "get" in methods}
PUBLIC = {path for path, operation in ROUTES.items() if operation["operationId"] in OPEN}
SECRET = "绝密水管三号院"


def _secret_case(district: DemoDistrict) -> dict[str, str]:
    """Open and handle a case in community 1 whose every word and id could show."""
    case = district.open_case_in("open", category="noise", text=f"{SECRET}漏了", address=SECRET)
    by = district.actor("district_dispatcher")
    case = district.take(case, Action.DISPATCH, by=by, to_post=district.post_of("grid_worker"), note=SECRET)
    return {"id": str(case.id), "number": case.number, "text": SECRET}


def _asked(path: str, case: dict[str, str]) -> list[str]:
    """Fill a route's path, and ask it plainly and in the way that would find the case."""
    filled = re.sub(r"\{[a-z_]+\}", case["id"], path)
    known = {each["name"] for each in ROUTES[path].get("parameters", []) if each["in"] == "query"}
    needed = {"lng": "123.315", "lat": "41.73", "text": "x"}
    asked = needed | {"q": SECRET, "subject": case["id"], "period": "year"}
    return [
        f"{filled}?{urlencode({name: value for name, value in said.items() if name in known})}"
        for said in (needed, asked)
    ]  # fmt: skip


@pytest.mark.parametrize("role", [*FOREIGN, *BLIND, "nobody", "away-community_secretary"])
def test_no_route_tells_of_a_case_out_of_reach(calling: Calling, role: str) -> None:
    case = _secret_case(calling.district)
    client = Client() if role == "nobody" else calling.as_(role, community=2)
    for path in ROUTES:
        for address in _asked(path, case):
            answer = client.get(address)
            said = answer.content.decode()
            assert answer.status_code < 500, address
            leaks = [name for name, value in case.items() if value in said]
            if path == "/api/v1/cases/similar":
                leaks = [name for name in leaks if name != "id"]  # by which one joins it
            assert leaks == [], (role, address)


@pytest.mark.parametrize("role", ["grid_worker", "community_clerk", "district_dispatcher", "leader_in_charge"])
def test_the_same_routes_tell_those_in_reach(calling: Calling, role: str) -> None:
    case = _secret_case(calling.district)
    client = calling.as_(role)
    for path in ("/api/v1/cases", "/api/v1/cases/{case_id}", "/api/v1/cases/{case_id}/history", "/api/v1/facts"):
        said = client.get(_asked(path, case)[1]).content.decode()
        assert SECRET in said or case["id"] in said, path


def test_routes_without_a_token_are_those_listed(nobody: Client, calling: Calling) -> None:
    case = _secret_case(calling.district)
    closed = {path for path in ROUTES if nobody.get(_asked(path, case)[0]).status_code == 401}
    assert closed == set(ROUTES) - PUBLIC


def test_people_are_told_by_name_and_post_alone(calling: Calling) -> None:
    client = calling.as_("grid_worker")
    found = client.get("/api/v1/people", {"limit": 100}).json()["items"]
    assert {name for person in found for name in person} == {"id", "name", "posts"}
    assert "000-0000" not in json.dumps(found)
    assert DEPARTMENT[1] in {organisation["code"] for organisation in
                             client.get("/api/v1/organisations").json()["items"]}  # fmt: skip
    assert not any("邻近" in post["organisation_name"] for person in found for post in person["posts"])


def test_indicators_count_only_what_the_posts_reach(calling: Calling) -> None:
    _secret_case(calling.district)
    near = calling.as_("community_secretary").get("/api/v1/indicators", {"period": "year"}).json()
    far = calling.as_("community_secretary", community=2).get("/api/v1/indicators", {"period": "year"}).json()
    assert {each["name"]: each["value"] for each in near["figures"]}["opened"] == 1
    assert {each["name"]: each["value"] for each in far["figures"]}["opened"] == 0
    refused = calling.as_("grid_worker").get("/api/v1/indicators")
    assert (refused.status_code, refused.json()["code"]) == (403, "no_post_allows")
