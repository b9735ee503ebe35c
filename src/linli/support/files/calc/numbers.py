"""Numbers that tell of a person, on a picture: which pieces of its writing hold one, and a copy with these covered."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from linli.kernel.personal_words import Found, find_personal
from linli.support.files.choices import OTHER_NUMBER, PictureType

_MARGIN = 0.15  # of a piece's height, on all sides: readers cut close
_WIDEST_GAP = 2.0  # heights between pieces of one line
_QUALITY = 85
# A reader mistakes single digits: what is as long as a telephone number is covered, whatever its check digit says.
_LONG = re.compile(r"\d(?:[ -]?\d){6,}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of writing; left, top, right, bottom: the upright box around it, in pixels."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """Give the height of the box."""
        return self.bottom - self.top


def find_on_picture(pieces: Sequence[Piece]) -> tuple[list[str], list[Piece]]:
    """Give the kinds of numbers, each once, and the pieces to cover: whole, whatever else is in them.

    Pieces beside each other are read as one as well: readers part a plate at its dot.
    """
    kinds: set[str] = set()
    hit: dict[Piece, None] = {}
    for line in [*([piece] for piece in pieces), *_lines(pieces)]:
        text, begins = "", []
        for piece in line:
            begins.append(len(text))
            text += piece.text.strip()
        for found in _numbers(text):
            kinds.add(found.kind)
            for piece, begin in zip(line, begins, strict=True):
                if found.begin < begin + len(piece.text.strip()) and begin < found.end:
                    hit[piece] = None
    return sorted(kinds), list(hit)


def covered_picture(data: bytes, content_type: str, boxes: Iterable[Sequence[float]]) -> bytes:
    """Give the picture with boxes blackened, encoded anew: what was there is gone. boxes: left, top, right, bottom."""
    kind = PictureType(content_type)
    with Image.open(io.BytesIO(data), formats=["JPEG" if kind is PictureType.JPEG else "WEBP"]) as image:
        seen = image.convert("RGB")
    draw = ImageDraw.Draw(seen)
    for left, top, right, bottom in boxes:
        margin = _MARGIN * (bottom - top)
        draw.rectangle((left - margin, top - margin, right + margin, bottom + margin), fill="black")
    written = io.BytesIO()
    seen.save(written, "JPEG" if kind is PictureType.JPEG else "WEBP", quality=_QUALITY)
    return written.getvalue()


@dataclass(frozen=True, slots=True)
class _Number:
    kind: str
    begin: int
    end: int


def _numbers(text: str) -> list[_Number | Found]:
    found = find_personal(text)
    return [*found, *(
        _Number(OTHER_NUMBER, *match.span()) for match in _LONG.finditer(text)
        if not any(match.start() < each.end and each.begin < match.end() for each in found)
    )]  # fmt: skip


def _lines(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Put pieces that stand beside each other into lines, left to right; only lines of several."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda each: each.left):
        for line in lines:
            last = line[-1]
            shared = min(last.bottom, piece.bottom) - max(last.top, piece.top)
            height = min(last.height, piece.height)
            if shared >= height / 2 and piece.left - last.right <= _WIDEST_GAP * height:
                line.append(piece)
                break
        else:
            lines.append([piece])
    return [line for line in lines if len(line) > 1]
