"""Whatever is sent, by nobody and by a clerk, the answer is one that the description promises."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import schemathesis
from django.test.client import ClientHandler
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.edges.api.calling import Calling

from linli.edges.api.program import api

DESCRIPTION: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="api/v1/"), default=str))
OPERATIONS = [(path, method) for path, methods in DESCRIPTION["paths"].items() for method in methods]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
BOUNDED = settings(
    max_examples=5, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def within_the_tests_transaction(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    """Speak WSGI as Django's own test client does, which leaves the database connection open."""
    response = ClientHandler()(environ)
    start(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [b"".join(response)]


@pytest.mark.slow
@pytest.mark.parametrize("caller", ["nobody", "clerk"])
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_answers_are_those_described(calling: Calling, path: str, method: str, caller: str) -> None:
    schema = schemathesis.openapi.from_dict(DESCRIPTION)
    schema.config.generation.with_security_parameters = False
    schema.app = within_the_tests_transaction
    operation = schema[path][method.upper()]
    case_id = str(calling.district.open_case_in().id)
    headers = {"Accept-Encoding": "identity"}  # it reads bytes as they come
    if caller == "clerk":
        headers["Authorization"] = f"Bearer {calling.token('community_clerk')}"
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]

    @BOUNDED
    @given(data=st.data(), mode=st.sampled_from(modes))
    def talk(data: st.DataObject, mode: GenerationMode) -> None:
        case = data.draw(operation.as_strategy(mode))
        if "case_id" in (case.path_parameters or {}):
            case.path_parameters["case_id"] = case_id
        case.validate_response(case.call(headers=headers), checks=CHECKS)

    talk()
