"""A sheet as somebody filled it in: names of columns, and rows with the number they have on the screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row; number: counted from 1 as the spreadsheet does; cells: trimmed, as many as there are columns."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet; columns: their names, "" where one has none."""

    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def sheet_of(rows: Iterable[Sequence[str]]) -> Sheet:
    """Take the first row that holds anything as the names of the columns, and leave empty rows out."""
    filled = [
        SheetRow(number, tuple(_cell(value) for value in row))
        for number, row in enumerate(rows, start=1)
        if any(_cell(value) for value in row)
    ]
    if not filled:
        return Sheet((), ())
    columns = filled[0].cells
    return Sheet(columns, tuple(SheetRow(row.number, _wide(row.cells, len(columns))) for row in filled[1:]))


def _wide(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells, *("" for _ in range(width - len(cells))))[:width]


def _cell(value: str) -> str:
    """Trim a cell, and leave out what PostgreSQL can't keep; an apostrophe that protects a text goes too."""
    text = value.replace("\0", "").strip()
    return text[1:] if text.startswith("'") and text[1:2] in {"=", "+", "-", "@"} else text
