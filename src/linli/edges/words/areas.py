"""Changes of the tree of areas in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from linli.registry.territory.choices import ChangeKind, ChangePart

_LARGE_M2 = 100_000
_TEN_THOUSAND = 10_000

# What is done, as a button says it, and what to know before.
KINDS: Mapping[ChangeKind, Any] = {
    ChangeKind.SPLIT: gettext_lazy("Split in two"),
    ChangeKind.MERGE: gettext_lazy("Merge neighbours into it"),
    ChangeKind.MOVE: gettext_lazy("Put under another area"),
    ChangeKind.REDRAW: gettext_lazy("Draw its boundary anew"),
    ChangeKind.ADD: gettext_lazy("Add an area below"),
    ChangeKind.RENAME: gettext_lazy("Rename"),
    ChangeKind.CLOSE: gettext_lazy("Close the area"),
}
HINTS: Mapping[ChangeKind, Any] = {
    ChangeKind.SPLIT: gettext_lazy(
        "Draw a line from border to border. The larger part keeps the code and its posts, the other one gets a code of its own. Areas below go with the part they lie in."
    ),
    ChangeKind.MERGE: gettext_lazy(
        "It keeps its code and its posts; those ticked end and are part of it. Areas below them go on under it with new codes."
    ),
    ChangeKind.MOVE: gettext_lazy(
        "It ends here and goes on there with a new code, all below it too. Borders above follow it, and so do the posts."
    ),
    ChangeKind.REDRAW: gettext_lazy(
        "Drag the corners. Neighbours' corners at the same place go along, unless you say that it is this area alone."
    ),
    ChangeKind.ADD: gettext_lazy(
        "Click the corners one after the other. Near a neighbour's corner the point jumps onto it."
    ),
    ChangeKind.RENAME: gettext_lazy("The new name counts at once; the old one stands in the history."),
    ChangeKind.CLOSE: gettext_lazy(
        "It ends, and its ground belongs to the area above. Areas below have to be moved or closed first."
    ),
}
PARTS: Mapping[ChangePart, Any] = {
    ChangePart.KEPT: gettext_lazy("keeps its code"),
    ChangePart.BEGUN: gettext_lazy("new"),
    ChangePart.ENDED: gettext_lazy("ends"),
    ChangePart.MOVED: gettext_lazy("ends here, goes on there"),
    ChangePart.REDRAWN: gettext_lazy("boundary redrawn"),
    ChangePart.RENAMED: gettext_lazy("renamed"),
    ChangePart.UNDONE: gettext_lazy("taken back"),
}
# What becomes of an area when a change is taken back, by what the change did to it.
BACK: Mapping[ChangePart, Any] = {
    ChangePart.KEPT: gettext_lazy("has its old boundary again"),
    ChangePart.BEGUN: gettext_lazy("never begins; its code is free again"),
    ChangePart.ENDED: gettext_lazy("goes on as before"),
    ChangePart.MOVED: gettext_lazy("goes on where it is"),
    ChangePart.REDRAWN: gettext_lazy("has its old boundary again"),
    ChangePart.RENAMED: gettext_lazy("has its old name again"),
}
# What was done, as a history says it.
DONE: Mapping[ChangeKind, Any] = {
    ChangeKind.SPLIT: gettext_lazy("Split"),
    ChangeKind.MERGE: gettext_lazy("Merged"),
    ChangeKind.MOVE: gettext_lazy("Put under another area"),
    ChangeKind.REDRAW: gettext_lazy("Boundary drawn anew"),
    ChangeKind.ADD: gettext_lazy("Begun"),
    ChangeKind.RENAME: gettext_lazy("Renamed"),
    ChangeKind.CLOSE: gettext_lazy("Area closed"),
}


def say_square(area_m2: float) -> str:
    """Say a size as people do: 920 m², 12.3 times ten thousand m²."""
    if area_m2 >= _LARGE_M2:
        return _("%(n)s ten thousand m²") % {"n": f"{area_m2 / _TEN_THOUSAND:,.1f}"}
    square = max(1, round(area_m2))
    return ngettext("%(n)s m²", "%(n)s m²", square) % {"n": f"{square:,}"}
