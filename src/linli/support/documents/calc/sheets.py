"""A sheet as somebody filled it in: names of columns, and rows with the number they have on the screen."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

MOST_NOTES = 20  # rows above the names of the columns


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


def sheet_of(rows: Iterable[Sequence[str]], is_head: Callable[[Sequence[str]], bool] | None = None) -> Sheet:
    """Take the first row that holds anything as the names of the columns, and leave empty rows out.

    is_head: tells the row of the names where notes may stand above it; where there is none, the first row it is.
    """
    filled = [
        SheetRow(number, tuple(_cell(value) for value in row))
        for number, row in enumerate(rows, start=1)
        if any(_cell(value) for value in row)
    ]
    if not filled:
        return Sheet((), ())
    found = (place for place, row in enumerate(filled[:MOST_NOTES]) if is_head is not None and is_head(row.cells))
    head = next(found, 0)
    columns = filled[head].cells
    return Sheet(columns, tuple(SheetRow(row.number, _wide(row.cells, len(columns))) for row in filled[head + 1 :]))


def _wide(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells, *("" for _ in range(width - len(cells))))[:width]


def _cell(value: str) -> str:
    """Trim a cell, and leave out what PostgreSQL can't keep; an apostrophe that protects a text goes too."""
    text = value.replace("\0", "").strip()
    return text[1:] if text.startswith("'") and text[1:2] in {"=", "+", "-", "@"} else text
