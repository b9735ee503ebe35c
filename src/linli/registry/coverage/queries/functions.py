"""Reading the functions in force."""

from collections.abc import Sequence

from linli.registry.coverage.calc.default_functions import DEFAULT_FUNCTIONS
from linli.registry.coverage.calc.functions import Function, read_functions
from linli.registry.coverage.models import FunctionBook


def current_functions(district_id: str) -> tuple[int, Sequence[Function]]:
    """Read a district's functions in force: (number, functions); those of the program, as 0, without any. 1 query."""
    found = FunctionBook.objects.filter(district_id=district_id).order_by("-number")
    row = found.values_list("number", "content").first()
    return (row[0], read_functions(row[1])) if row else (0, DEFAULT_FUNCTIONS)
