"""Functions to and from plain JSON: what somebody has to be responsible for, at which places, held by which roles."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from linli.registry.coverage.choices import PlaceKind
from linli.registry.coverage.errors import FunctionsHaveFaults

Content = dict[str, Any]
LONGEST_CODE, LONGEST_NAME, MOST = 20, 20, 20


@dataclass(frozen=True, slots=True)
class Function:
    """What somebody has to be responsible for.

    places: kinds of place that need it (`choices.PlaceKind`). level: a post counts for an area of this level or below
    it, never for one above: whoever looks after a whole street is nobody's neighbour. roles: whose holders are
    responsible, the first named first.
    """

    code: str
    name: str
    places: tuple[str, ...]
    level: str
    roles: tuple[str, ...]


def write_functions(functions: Sequence[Function]) -> Content:
    """Give the document of some functions."""
    return {"functions": [asdict(function) for function in functions]}


def read_functions(content: Content) -> tuple[Function, ...]:
    """Read the functions of a document, in its order. Raises KeyError, TypeError on a document of another shape."""
    rows = content["functions"]
    return tuple(Function(**{**row, "places": tuple(row["places"]), "roles": tuple(row["roles"])}) for row in rows)


def require_no_faults(functions: Sequence[Function], *, levels: Collection[str], roles: Collection[str]) -> None:
    """Raise FunctionsHaveFaults with the first fault, naming the function by its code and the field."""
    if not 0 < len(functions) <= MOST:
        raise FunctionsHaveFaults("functions_number", field="functions", params={"most": MOST})
    codes = [function.code for function in functions]
    for place, function in enumerate(functions):
        is_twice = function.code in codes[:place]
        for code, field in [("function_twice", "code")] if is_twice else _faults(function, levels, roles):
            raise FunctionsHaveFaults(code, field=field, params={"function": function.code})


def _faults(function: Function, levels: Collection[str], roles: Collection[str]) -> Iterator[tuple[str, str]]:
    code = function.code
    if not 0 < len(code) <= LONGEST_CODE or not code.isascii() or not code.replace("_", "").isalnum():
        yield "function_code", "code"
    if not 0 < len(function.name.strip()) <= LONGEST_NAME:
        yield "function_name", "name"
    if not function.places or not set(function.places) <= set(PlaceKind):
        yield "function_places", "places"
    if function.level not in levels:
        yield "function_level", "level"
    if not function.roles or not set(function.roles) <= set(roles):
        yield "function_roles", "roles"
