"""A program of its own: reads the writing on pictures and tells which numbers are there and where, never what it read.

    python -m linli.support.files.calc.looking PATH ...

Prints a line of JSON for each: {"kinds": [...], "boxes": [[left, top, right, bottom], ...]}, or null if it could not be
read. On its own since the reader takes some 500 MB, which are given back with its end.
"""

import json
import os
import sys
from importlib import import_module
from typing import Any

from linli.support.files.calc.numbers import Piece, find_on_picture
from linli.support.files.calc.pictures import MAX_SIDE

_SETTINGS = {
    "Global.log_level": "error",
    "Global.max_side_len": MAX_SIDE,
    "Global.use_cls": True,
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
}


def look(reader: Any, path: str) -> dict[str, Any] | None:
    """Read one picture; None if it could not be."""
    try:
        read = reader(path)
        corners = [] if read.boxes is None else read.boxes.tolist()
        pieces = [_piece(text, points) for text, points in zip(read.txts or (), corners, strict=True)]
    except Exception:  # noqa: BLE001 - whatever a reader stumbles over, the picture stays hidden
        return None
    kinds, found = find_on_picture(pieces)
    return {"kinds": kinds, "boxes": [[each.left, each.top, each.right, each.bottom] for each in found]}


def _piece(text: str, points: list[list[float]]) -> Piece:
    across, down = [point[0] for point in points], [point[1] for point in points]
    return Piece(text, min(across), min(down), max(across), max(down))


def main(paths: list[str]) -> None:
    """Look at all of them."""
    os.nice(10)
    reader = import_module("rapidocr").RapidOCR(params=_SETTINGS)
    for path in paths:
        sys.stdout.write(json.dumps(look(reader, path)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
