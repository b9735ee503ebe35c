"""Refusing a filter that there is none of: left unread, it would filter nothing, and everything would be shown."""

import re
from functools import cache

from linli.edges.api.program import api
from linli.edges.api.request import ApiRequest
from linli.kernel.errors import InvalidInput

_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_LONGEST_SAID = 40


def check_names(request: ApiRequest) -> None:
    """Refuse a GET that asks by a name which its address does not take. Raises InvalidInput, which lists those it does.

    Addresses that take none are left alone: there is nothing that could be widened.
    """
    if request.method != "GET" or request.resolver_match is None:
        return
    known = _known().get(_PART.sub(r"{\1}", request.resolver_match.route), frozenset())
    for name in request.GET:
        if known and name not in known:
            names = ", ".join(sorted(known))
            raise InvalidInput("unknown_parameter", field=name[:_LONGEST_SAID], params={"names": names})


@cache
def _known() -> dict[str, frozenset[str]]:
    """Tell by address which names a GET takes, where it takes any."""
    paths = api.get_openapi_schema(path_prefix="api/v1/")["paths"]
    asked = {path: methods["get"].get("parameters", []) for path, methods in paths.items() if "get" in methods}
    names = {path: frozenset(each["name"] for each in found if each["in"] == "query") for path, found in asked.items()}
    return {path.lstrip("/"): known for path, known in names.items() if known}
