"""The description: whole, with examples that fit it, and shown by a page that loads nothing from elsewhere."""

import json
import re
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client
from tests.edges.api.calling import Calling

from linli.edges.api.program import api

DESCRIPTION: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="api/v1/"), default=str))
OPERATIONS = {
    operation["operationId"]: operation for methods in DESCRIPTION["paths"].values() for operation in methods.values()
}
STEPS = ("accept", "reject", "dispatch", "handle", "report_back", "verify", "close", "return", "reopen", "transfer",
         "suspend", "resume")  # fmt: skip


def _check(schema: dict[str, Any], value: Any) -> None:
    jsonschema_rs.Draft202012Validator({**schema, "components": DESCRIPTION["components"]}).validate(value)


@pytest.mark.parametrize("name", [*(f"{step}_case" for step in STEPS), "add_note_to_case"])
def test_every_step_says_what_it_takes_and_how_it_can_fail(name: str) -> None:
    operation = OPERATIONS[name]
    assert {"200", "401", "403", "404", "409", "412", "422", "428"} <= set(operation["responses"])
    parameters = {each["name"]: each["required"] for each in operation["parameters"]}
    assert parameters == {"case_id": True, "If-Match": True, "Idempotency-Key": False}
    assert "ETag" in operation["responses"]["200"]["headers"]
    assert operation["security"] == [{"token": []}, {"session": []}]


def test_every_example_fits_its_schema() -> None:
    checked = 0
    for operation in OPERATIONS.values():
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in (each for body in bodies for each in body.get("content", {}).values()):
            examples = [content["example"]] if "example" in content else []
            examples += [each["value"] for each in content.get("examples", {}).values()]
            for example in examples:
                _check(content["schema"], example)
                checked += 1
    assert checked > 300


def test_reporting_can_be_limited_and_following_too() -> None:
    for name in ("open_case", "follow_case", "rate_case", "send_file", "locate"):
        assert "429" in OPERATIONS[name]["responses"]
        assert {} in OPERATIONS[name]["security"]


def test_description_is_served_as_openapi_3_1(calling: Calling, nobody: Client) -> None:
    served = nobody.get("/api/v1/openapi.json")
    assert served.headers["Content-Type"] == "application/json"
    assert served.json() == DESCRIPTION
    assert served.json()["openapi"] == "3.1.0"


def test_page_shows_every_operation_and_loads_nothing_from_elsewhere(calling: Calling, nobody: Client) -> None:
    page = nobody.get("/api/v1/docs")
    said = page.content.decode()
    assert all(f'id="{name}"' in said for name in OPERATIONS)
    loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]*)"', said)
    assert loaded == ["/api/v1/docs.css"]
    assert "<script" not in said
    assert "style=" not in said
    assert nobody.get("/api/v1/docs.css").headers["Content-Type"] == "text/css"
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]


def test_problem_types_are_anchors_of_the_page(calling: Calling, nobody: Client) -> None:
    kind = nobody.get("/api/v1/cases").json()["type"]
    assert f'id="{kind.split("#")[1]}"' in nobody.get("/api/v1/docs").content.decode()
