"""One thing that was looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; its words are in `edges/words/doctor.py` under the code.

    is_well: what is wrong only in operation is well where somebody just tries the program out, on this machine alone.
    """

    code: str
    is_well: bool
    params: Mapping[str, str | int] = field(default_factory=dict)


def looked_at(code: str, is_well: bool, **params: str | int) -> Finding:  # noqa: FBT001 - the answer to the code
    """Write down what was found."""
    return Finding(code, is_well, params)
