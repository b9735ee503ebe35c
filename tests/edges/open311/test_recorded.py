"""Asked as public servers were asked, Linli answers in the shape that those did, or it is said why not."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone
from tests.edges.open311.test_open311 import V2, form, lived, served
from tests.factories.district import DemoDistrict

from linli.cases.models import Case

__all__ = ["lived", "served"]
EXCHANGES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "recorded" / "exchanges.json").read_text())
FORM = "application/x-www-form-urlencoded"
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})")
DECIMAL = re.compile(r"-?\d+\.\d+")

# What a server had that Linli has not, by the end of the path, and why.
MISSING = {
    "services@is_array": "a mark of that server's framework; the specification has no attributes",
    "service_definition/attributes/attribute": "no category asks for more than a report has",
    "external_status_code": "an extension of the adapter: codes of the system behind it",
    "service_requests/request/token": "the number is told at once, so there is no token to ask by",
}
# What is of another kind in Linli, and why: the kind it has.
OTHERWISE = {
    "agency_responsible": ("empty", "who has a case is told to its reporter alone"),
    "address_id": ("empty", "addresses have no number that is public"),
    "lat": ("empty", "the place of a case is told to its reporter alone"),
    "long": ("empty", "the place of a case is told to its reporter alone"),
    "updated_datetime": ("moment", "Linli always knows it"),
    "keywords": ("text", "Linli has some for most categories"),
    "[]/address": ("text", "the subdistrict's name, empty where that could tell whose it is"),
    "changeset": ("moment", "a moment as well; Boston wrote it without a zone"),
}
# What Linli has besides: the specification names it, that server left it out.
BESIDES = {
    "group", "address_id", "description", "expected_datetime", "media_url", "service_notice", "zipcode", "account_id",
    "service_request_id", "attributes",
}  # fmt: skip


def kind_of(value: object) -> str:
    if value is None or value == "":
        return "empty"
    if isinstance(value, bool) or value in ("true", "false"):
        return "boolean"
    if isinstance(value, float) or DECIMAL.fullmatch(str(value)):
        return "decimal"
    return "moment" if MOMENT.fullmatch(str(value)) else "text"


def told_in_xml(element: ET.Element, path: str = "") -> Iterator[tuple[str, str]]:
    here = f"{path}/{element.tag}".lstrip("/")
    yield from ((f"{here}@{name}", kind_of(value)) for name, value in element.attrib.items())
    if not len(element):
        yield here, kind_of((element.text or "").strip())
    for inner in element:
        yield from told_in_xml(inner, here)


def told_in_json(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from told_in_json(inner, f"{path}/{name}".lstrip("/"))
    elif isinstance(value, list):
        for inner in value:
            yield from told_in_json(inner, f"{path}[]")
    else:
        yield path, kind_of(value)


def shape_of(content: bytes, *, is_xml: bool) -> dict[str, set[str]]:
    """Tell the paths of an answer, and of what kinds their values are."""
    shape: dict[str, set[str]] = {}
    told = told_in_xml(ET.fromstring(content)) if is_xml else told_in_json(json.loads(content))  # noqa: S314 - our own
    for path, kind in told:
        shape.setdefault(path, set()).add(kind)
    return shape


def matching(path: str, known: Any) -> str | None:
    """Find the entry of a list of differences that speaks of a path: its end, or all that lies under it."""
    return next((end for end in known if path.endswith(end) or path.startswith(f"{end}/")), None)


@pytest.fixture
def said(lived: DemoDistrict) -> dict[str, str]:
    """Give what a recording says in its own words as Linli has it."""
    now, numbers = timezone.now(), list(Case.objects.filter(category="noise").values_list("number", flat=True))
    report = form(lived)
    return {
        "district": lived.id, "service_code": "noise", "number": numbers[0], "other_number": numbers[1],
        "lat": report["lat"], "long": report["long"],
        "since": f"{now - timedelta(days=2):%Y-%m-%dT%H:%M:%S}Z", "until": f"{now:%Y-%m-%dT%H:%M:%S}Z",
    }  # fmt: skip


def ask(client: Client, exchange: dict[str, Any], said: dict[str, str]) -> Any:
    method, path = exchange["ask"].format(**said).split(" ")
    sent = {
        name: [each.format(**said) for each in value] if isinstance(value, list) else value.format(**said)
        for name, value in (exchange.get("query") or exchange.get("form") or {}).items()
    }
    if method == "POST":
        return client.post(f"{V2}/{path}", urlencode(sent, doseq=True), content_type=FORM)
    return client.get(f"{V2}/{path}", sent)


@pytest.mark.parametrize("exchange", EXCHANGES, ids=[each["name"] for each in EXCHANGES])
def test_answer_has_the_shape_of_the_recorded_one(
    client: Client, said: dict[str, str], exchange: dict[str, Any]
) -> None:
    answer, recorded = ask(client, exchange, said), exchange["paths"]
    shape = shape_of(answer.content, is_xml=exchange["type"] == "text/xml")

    assert (answer.status_code, answer.headers["Content-Type"]) == (
        exchange["status"], f"{exchange['type']}; charset=utf-8"
    )  # fmt: skip
    assert [path for path in recorded.keys() - shape.keys() if not matching(path, MISSING)] == []
    assert [path for path in shape.keys() - recorded.keys() if path.rpartition("/")[2] not in BESIDES] == []
    for path in recorded.keys() & shape.keys():
        end = matching(path, OTHERWISE)
        allowed = {*recorded[path], *((OTHERWISE[end][0],) if end else ())}
        assert shape[path] <= allowed, path


@pytest.mark.parametrize("known", [*MISSING, *OTHERWISE])
def test_each_difference_speaks_of_something_recorded(known: str) -> None:
    assert any(matching(path, [known]) for exchange in EXCHANGES for path in exchange["paths"])


def test_report_of_an_existing_client_becomes_a_case(client: Client, said: dict[str, str]) -> None:
    exchange = next(each for each in EXCHANGES if each["name"] == "report taken, Boston")
    number = ET.fromstring(ask(client, exchange, said).content).findtext("request/service_request_id")  # noqa: S314

    case = Case.objects.get(number=number)
    assert (case.category, case.text, case.lng is not None) == ("noise", "路灯不亮", True)
