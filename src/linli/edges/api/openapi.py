"""What the generated OpenAPI needs beside the types: problems, examples, headers, ways to sign in."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from linli.edges.api.problems import MEDIA_TYPE, TYPES

Responses = dict[int, dict[str, Any]]

# Open to everybody; the rest needs a token or a session.
OPEN = frozenset({
    "open_case", "locate", "list_similar", "list_categories", "suggest_category", "follow_case", "rate_case",
    "send_file", "get_file", "list_areas", "draw_areas", "list_draws", "get_draw_record",
    "list_review_sessions", "get_review_publication",
})  # fmt: skip
# Status -> when it comes, and (code, field, detail) of examples.
_PROBLEMS: Mapping[int, tuple[str, tuple[tuple[str, str, str], ...]]] = {
    400: ("The body is not JSON that can be read.", (("body_unreadable", "", "请求正文不是可读的 JSON。"),)),
    401: ("No token and no session where one is needed, or a token that is unknown, revoked or expired.",
          (("not_signed_in", "", "请先登录。"), ("token_unknown", "", "令牌不存在、已撤销或已过期。"))),
    403: ("Not allowed by the caller's posts, or the token may only read, or a session's POST lacks X-CSRFToken.",
          (("step_is_others", "", "这一步由别人办，您的岗位不可以。"), ("token_reads_only", "", "此令牌只能读取。"),
           ("csrf_failed", "", "缺少 X-CSRFToken 或已过期。"))),
    404: ("There is none, or none that the caller may see: the two look alike on purpose.",
          (("no_such_case", "", "没有这个事项，或不在您的范围内。"),)),
    409: ("No such step from the present state, or evidence is missing, or the key was used for something else.",
          (("step_not_possible", "", "现在不能这样做：事项已办结。"),
           ("note_missing", "note", "请写明做了什么，一句话即可。"),
           ("idempotency_key_reused", "Idempotency-Key", "这个键已用于另一次提交。"))),
    412: ("Somebody was faster: the version in If-Match is not the present one. Read the case again and decide anew.",
          (("case_changed", "", "您填写时，别人已更新了这个事项。"),)),
    413: ("The body is larger than we take.", (("body_too_large", "", "请求正文过大。"),)),
    422: ("A value can't be taken; `field` names it, dotted where it lies within another.",
          (("missing", "text", "缺少此项。"), ("unknown_category", "category", "没有这个类别。"))),
    428: ("A change without If-Match.", (("if_match_missing", "If-Match", "请在 If-Match 中带上事项的 ETag。"),)),
    429: ("Too many calls without a token from one address, or too many wrong codes. Retry-After tells the seconds.",
          (("too_many_requests", "", "次数过多，请 60 秒后再试。"),)),
    503: ("More are watching than this process takes.", (("too_many_streams", "", "同时在看的人太多。"),)),
}  # fmt: skip
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details. `code` is for programs; `title`, `detail` are in the caller's language.",
    "required": ["type", "title", "status", "detail", "code", "field"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "field": {"type": ["string", "null"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail", "code"],
                "properties": {name: {"type": "string"} for name in ("field", "detail", "code")},
            },
        },
    },
}
_SECURITY = {
    "token": {"type": "http", "scheme": "bearer",
              "description": "Made in the workbench (令牌), scope read or write, with an end, revocable."},
    "session": {"type": "apiKey", "in": "cookie", "name": "sessionid",
                "description": "The workbench's own; a POST needs the header X-CSRFToken besides."},
}  # fmt: skip
_ETAG = {"ETag": {"description": "The case's version; send it back in If-Match.",
                  "schema": {"type": "string", "examples": ['"3"']}}}  # fmt: skip
_PARAMETERS = {
    "If-Match": "The ETag of the case as you saw it. Without it 428, with another than the present one 412.",
    "Idempotency-Key": "A word of yours, at most 200 characters, new for each command. Sent again with the same body "
                       "within 30 days it is the same command.",
}  # fmt: skip


def answers(examples: Mapping[int, Any]) -> Responses:
    """Give examples of answers by status."""
    return {status: {"content": {"application/json": {"example": example}}} for status, example in examples.items()}


def problems(*statuses: int) -> Responses:
    """Describe problems by status, with examples."""
    return {status: _problem(status) for status in statuses}


def known_problems() -> list[tuple[int, str, tuple[tuple[str, str, str], ...]]]:
    """List every status that is a problem: (status, when it comes, examples)."""
    return [(status, when, examples) for status, (when, examples) in _PROBLEMS.items()]


class LinliAPI(NinjaAPI):
    """Our API; its description is generated once a process."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        """Give the whole description. Takes a second the first time."""
        del path_params  # no address of ours has a part before the API's own
        return _whole(self, path_prefix)


@cache
def _whole(api: LinliAPI, path_prefix: str | None) -> OpenAPISchema:
    schema = NinjaAPI.get_openapi_schema(api, path_prefix=path_prefix)
    schema["components"]["schemas"]["Problem"] = _PROBLEM
    schema["components"]["securitySchemes"] = _SECURITY
    for path in schema["paths"].values():
        for method, operation in path.items():
            _finish(method, operation)
    return schema


def _finish(method: str, operation: dict[str, Any]) -> None:
    everywhere = (401, 403, 422) if method == "get" else (400, 401, 403, 413, 422)
    for status in everywhere:
        operation["responses"].setdefault(status, _problem(status))
    operation["responses"] = {str(status): said for status, said in sorted(operation["responses"].items())}
    ways: list[dict[str, list[str]]] = [{"token": []}, {"session": []}]
    operation["security"] = [{}, *ways] if operation["operationId"] in OPEN else ways
    for parameter in operation.get("parameters", []):
        _finish_parameter(parameter)
    if any(parameter["name"] == "If-Match" for parameter in operation.get("parameters", [])):
        operation["responses"]["200"]["headers"] = _ETAG
    if operation["operationId"] == "get_case":
        operation["responses"]["200"]["headers"] = _ETAG


def _finish_parameter(parameter: dict[str, Any]) -> None:
    name = parameter["name"]
    if name in _PARAMETERS:
        parameter["description"] = _PARAMETERS[name]
        parameter["required"] = name == "If-Match"
        parameter["schema"] = {"type": "string"}
        if name == "If-Match":
            parameter["example"] = '"3"'


def _problem(status: int) -> dict[str, Any]:
    when, found = _PROBLEMS[status]
    schema = {"$ref": "#/components/schemas/Problem"}
    said: dict[str, Any] = {
        "description": when, "content": {MEDIA_TYPE: {"schema": schema, "examples": _examples(status, found)}},
    }  # fmt: skip
    if status in {429, 503}:
        said["headers"] = {"Retry-After": {"description": "seconds", "schema": {"type": "integer"}}}
    return said


def _examples(status: int, found: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    return {
        code: {"value": {"type": f"{TYPES}{code}", "title": _TITLES[status], "status": status, "detail": detail,
                         "code": code, "field": field or None}}
        for code, field, detail in found
    }  # fmt: skip


_TITLES = {
    400: "请求无法读取", 401: "请登录或带上令牌", 403: "不允许", 404: "没有找到", 409: "按现在的情况不能这样做",
    412: "期间有人改动过", 413: "内容过大", 422: "有一项不能接受", 428: "请说明您看到的是哪一版", 429: "次数过多",
    503: "太忙",
}  # fmt: skip
