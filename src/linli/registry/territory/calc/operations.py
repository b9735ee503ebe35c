"""What can be asked of the tree of areas. Polygons and lines are in GCJ-02; codes name areas in force on the day."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256

from shapely.geometry.base import BaseGeometry

from linli.registry.territory.choices import ChangeKind


@dataclass(frozen=True, slots=True)
class NewPart:
    """A new area. code: "" for the next free one."""

    name: str
    code: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """Cut an area in two: along a line, or into the two polygons given, the first of which keeps the area's code.

    keeps_smaller: of a line's two parts the smaller one keeps the code. Areas below go with the part that they lie in.
    """

    code: str
    part: NewPart
    line: BaseGeometry | None = None
    shapes: tuple[BaseGeometry, ...] = ()
    keeps_smaller: bool = False
    operation: ChangeKind = field(default=ChangeKind.SPLIT, init=False)


@dataclass(frozen=True, slots=True)
class Merge:
    """Make one area of neighbours with the same parent: the first keeps its code, the others end and are part of it."""

    code: str
    others: tuple[str, ...]
    operation: ChangeKind = field(default=ChangeKind.MERGE, init=False)


@dataclass(frozen=True, slots=True)
class Move:
    """Put an area with all below it under another parent: it goes on with new codes, and borders above follow it."""

    code: str
    parent_code: str
    new_code: str = ""
    operation: ChangeKind = field(default=ChangeKind.MOVE, init=False)


@dataclass(frozen=True, slots=True)
class Redraw:
    """Draw areas anew, each by its code. carries: areas below follow where they have the corners that move.

    lifts: areas above follow where their border is that of what is redrawn, the district itself never.
    """

    code: str
    shapes: Mapping[str, BaseGeometry]
    carries: bool = True
    lifts: bool = False
    operation: ChangeKind = field(default=ChangeKind.REDRAW, init=False)


@dataclass(frozen=True, slots=True)
class Add:
    """Begin a new area under another one."""

    code: str
    level: str
    part: NewPart
    shape: BaseGeometry | None = None
    operation: ChangeKind = field(default=ChangeKind.ADD, init=False)


@dataclass(frozen=True, slots=True)
class Rename:
    """Give an area another name."""

    code: str
    name: str
    operation: ChangeKind = field(default=ChangeKind.RENAME, init=False)


@dataclass(frozen=True, slots=True)
class Close:
    """End an area that has none below it; its ground goes back to the area above."""

    code: str
    operation: ChangeKind = field(default=ChangeKind.CLOSE, init=False)


Operation = Split | Merge | Move | Redraw | Add | Rename | Close


def digest(operation: Operation) -> str:
    """Tell two operations apart: the hexadecimal SHA-256 of all that one says."""
    return sha256(json.dumps(asdict(operation), default=str, sort_keys=True).encode()).hexdigest()
