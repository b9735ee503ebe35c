"""The API's pages: its description as JSON, and the same as one page of our own, with nothing from another host."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.template import Context, Engine
from django.utils.translation import get_language

from linli.edges.api.openapi import known_problems
from linli.edges.api.problems import MEDIA_TYPE
from linli.edges.api.program import api
from linli.edges.api.request import ApiRequest

_HERE = Path(__file__).parent
_ENGINE = Engine(dirs=[str(_HERE)], autoescape=True, libraries={"i18n": "django.templatetags.i18n"})
_METHODS = ("get", "post")


def description(request: ApiRequest) -> HttpResponseBase:
    """Answer the OpenAPI document."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    return HttpResponse(_document(), content_type="application/json", headers={"Cache-Control": "public, max-age=300"})


def page(request: ApiRequest) -> HttpResponseBase:
    """Show every address with what it takes and answers."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    schema = json.loads(_document())
    context = {"info": schema["info"], "groups": _groups(schema), "problems": known_problems(),
               "language": get_language() or "zh-hans"}  # fmt: skip
    return HttpResponse(_ENGINE.get_template("docs.html").render(Context(context)))


def style(_request: ApiRequest) -> HttpResponseBase:
    """Give the page its style."""
    return HttpResponse((_HERE / "docs.css").read_text(encoding="utf-8"), content_type="text/css",
                        headers={"Cache-Control": "public, max-age=3600"})  # fmt: skip


@cache
def _document() -> str:
    return json.dumps(api.get_openapi_schema(path_prefix="api/v1/"), ensure_ascii=False, default=str)


def _groups(schema: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Lay the operations out by tag, in the order in which they are declared."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method in _METHODS:
            if method in methods:
                operation = methods[method]
                groups.setdefault(operation["tags"][0], []).append(_operation(schema, path, method, operation))
    return list(groups.items())


def _operation(schema: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {})
    kind, content = _first(body)
    return {
        "id": operation["operationId"], "method": method.upper(), "path": path,
        "text": operation.get("description", ""), "is_open": {} in operation["security"],
        "parameters": [
            {"name": each["name"], "in": each["in"], "is_required": each["required"],
             "type": _type(each["schema"]), "text": each.get("description", each["schema"].get("description", ""))}
            for each in operation.get("parameters", [])
        ],
        "body_kind": kind, "body": _fields(schema, content.get("schema", {})),
        "body_example": _json(content.get("example")),
        "answers": [_answer(status, said) for status, said in operation["responses"].items()],
    }  # fmt: skip


def _first(content: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Give the first kind of content with what is said of it."""
    return next(((kind, said) for kind, said in content.items()), ("", {}))


def _answer(status: str, said: dict[str, Any]) -> dict[str, Any]:
    content = said.get("content", {})
    kind, found = _first(content)
    codes = list(found.get("examples", {})) if kind == MEDIA_TYPE else []
    return {"status": status, "text": said["description"], "kind": kind, "codes": codes,
            "example": _json(found.get("example")), "headers": list(said.get("headers", {}))}  # fmt: skip


def _fields(schema: dict[str, Any], found: dict[str, Any]) -> list[dict[str, Any]]:
    """List a body's fields, one level deep."""
    found = _resolved(schema, found)
    required = set(found.get("required", ()))
    return [
        {"name": name, "type": _type(_resolved(schema, each)), "is_required": name in required,
         "text": each.get("description", "")}
        for name, each in found.get("properties", {}).items()
    ]  # fmt: skip


def _resolved(schema: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in found:
        resolved: dict[str, Any] = schema["components"]["schemas"][found["$ref"].rsplit("/", 1)[-1]]
        return resolved
    return found


def _type(found: dict[str, Any]) -> str:
    if "anyOf" in found:
        return " | ".join(_type(each) for each in found["anyOf"])
    if "enum" in found:
        return " | ".join(json.dumps(value) for value in found["enum"])
    name = str(found.get("format") or found.get("type") or found.get("$ref", "").rsplit("/", 1)[-1])
    return f"{_type(found['items'])}[]" if name == "array" and "items" in found else name


def _json(example: Any) -> str:
    return "" if example is None else json.dumps(example, ensure_ascii=False, indent=2)
