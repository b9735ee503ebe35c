"""The form of a change of the tree: read into an operation, and what there is to choose from."""

from collections.abc import Mapping
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from shapely.geometry.base import BaseGeometry

from linli.edges.web.people.picking import Picked, pick_area
from linli.kernel.errors import InvalidInput
from linli.registry.territory.calc.drawn import LONGEST, Drawing, read_drawing
from linli.registry.territory.calc.operations import Add, Close, Merge, Move, NewPart, Operation, Redraw, Rename, Split
from linli.registry.territory.choices import ChangeKind, Crs

DRAWN = frozenset({ChangeKind.SPLIT, ChangeKind.REDRAW, ChangeKind.ADD})
MOST_OTHERS = 40


def read_text(sent: QueryDict, files: "MultiValueDict[str, UploadedFile]") -> str:
    """Give what was drawn, as text: the file if one was sent, else the field. Raises InvalidInput."""
    file = files.get("drawing_file")
    if file is None or not file.size:
        return sent.get("drawing", "")
    if file.size > LONGEST:
        raise InvalidInput("geometry_too_large", field="drawing")
    try:
        return str(file.read(), "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput("geometry_unreadable", field="drawing") from error


def read_operation(kind: ChangeKind, code: str, sent: QueryDict, text: str, parent: Picked) -> Operation:
    """Read what is asked. Raises InvalidInput."""
    drawing = read_drawing(text, _crs(sent), is_line=kind is ChangeKind.SPLIT) if kind in DRAWN else Drawing()
    part = NewPart(sent.get("name", ""), sent.get("new_code", "").strip())
    match kind:
        case ChangeKind.SPLIT:
            return _split(code, part, drawing, swap=sent.get("swap") == "on")
        case ChangeKind.MERGE:
            return Merge(code, tuple(sent.getlist("others")[:MOST_OTHERS]))
        case ChangeKind.MOVE:
            return Move(code, parent.value, part.code)
        case ChangeKind.REDRAW:
            return Redraw(code, _shapes(code, drawing), carries=sent.get("carries") == "on",
                          lifts=sent.get("lifts") == "on")  # fmt: skip
        case ChangeKind.ADD:
            shape = drawing.polygons[0][1] if drawing.polygons else None
            return Add(code, sent.get("level", ""), part, shape)
        case ChangeKind.RENAME:
            return Rename(code, part.name)
        case ChangeKind.CLOSE:
            return Close(code)


def pick_parent(sent: QueryDict, *, district_id: str, on: date) -> Picked:
    """Read under which area it is to be put."""
    return pick_area(sent, "parent", district_id=district_id, on=on)


def _split(code: str, part: NewPart, drawing: Drawing, *, swap: bool) -> Split:
    if drawing.polygons:
        shapes = tuple(shape for _code, shape in drawing.polygons)
        return Split(code, part, shapes=shapes[::-1] if swap else shapes)
    line = drawing.lines[0] if drawing.lines else None
    return Split(code, part, line=line, keeps_smaller=swap)


def _shapes(code: str, drawing: Drawing) -> Mapping[str, BaseGeometry]:
    return {named or code: shape for named, shape in drawing.polygons}


def _crs(sent: QueryDict) -> Crs:
    said = sent.get("crs", Crs.GCJ_02.value)
    if said not in Crs.__members__.values():
        raise InvalidInput("unknown_crs", field="crs", params={"crs": said})
    return Crs(said)
