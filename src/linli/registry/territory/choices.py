"""The closed sets of words that the territory uses."""

from enum import StrEnum


class Crs(StrEnum):
    """Coordinate systems that we take.

    CGCS2000 is taken as WGS-84: they differ by centimetres to a few decimetres, a telephone's position by metres.
    """

    GCJ_02 = "GCJ-02"
    WGS_84 = "WGS-84"
    CGCS2000 = "CGCS2000"


class CompoundKind(StrEnum):
    """How a compound is managed: by a graded property company, an ungraded one, or by nobody (open)."""

    GRADED = "graded"
    NON_GRADED = "non_graded"
    OPEN = "open"


class PlaceReason(StrEnum):
    """Why a point lies where it does.

    INSIDE: one lowest area holds it. ON_BORDER: two or more lowest areas claim it; a person has to choose.
    NOBODY_OWNS: inside the district, but in no community. OUTSIDE: in no district of this installation. NAMED: there
    was no point, only the area's or building's code.
    """

    INSIDE = "inside"
    ON_BORDER = "on_border"
    NOBODY_OWNS = "nobody_owns"
    OUTSIDE = "outside"
    NAMED = "named"


class AreaMix(StrEnum):
    """What an area's communities are by the statistical list: all urban (社区), all villages (村), or some of both.

    PLAIN where the list names no kind, as of grids.
    """

    URBAN = "urban"
    VILLAGE = "village"
    BOTH = "both"
    PLAIN = "plain"


class ChangeKind(StrEnum):
    """What can be done to the tree of areas."""

    SPLIT = "split"
    MERGE = "merge"
    MOVE = "move"
    REDRAW = "redraw"
    ADD = "add"
    RENAME = "rename"
    CLOSE = "close"


class ChangePart(StrEnum):
    """What a change did to one area.

    KEPT: its line or what it holds changed, its code stays. BEGUN: it is new. ENDED: it is over, another may have its
    ground. MOVED: it is over, and goes on under another parent with a new code. REDRAWN: its line followed.
    RENAMED: it has another name. UNDONE: what a change did to it was taken back.
    """

    KEPT = "kept"
    BEGUN = "begun"
    ENDED = "ended"
    MOVED = "moved"
    REDRAWN = "redrawn"
    RENAMED = "renamed"
    UNDONE = "undone"
