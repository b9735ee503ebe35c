"""Reading a sheet that somebody filled in: xlsx, xls, ods or csv, as text."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from struct import error as StructError  # noqa: N812 - a class in small letters
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from linli.kernel.errors import InvalidInput
from linli.support.documents.calc.sheets import Sheet, sheet_of

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MOST_EXACT = 1e15  # spreadsheets keep 15 digits of what is typed
# What a damaged table of contents raises: names that are no UTF-8, a version that nobody has, lengths beyond its end.
_BROKEN_ZIP = (BadZipFile, ValueError, NotImplementedError, OverflowError, StructError)
_CSV_ENCODINGS = ("utf-8-sig", "gb18030")


class _Limits(NamedTuple):
    """bytes: of the file; unpacked_bytes: of what its table of contents says it unpacks to."""

    bytes: int
    unpacked_bytes: int


_ONE_SHEET = _Limits(1_000_000, 50_000_000)
LARGEST_WORKBOOK_BYTES = 20_000_000
_WORKBOOK = _Limits(LARGEST_WORKBOOK_BYTES, 300_000_000)

IsHead = Callable[[Sequence[str]], bool]
Value = Any


def read_sheet(data: bytes, *, most_rows: int) -> Sheet:
    """Read the first sheet: its first row that holds anything names the columns, empty rows are left out.

    Formulas give the value that was stored with them. Nothing is written to disk. No queries.
    Raises InvalidInput, field "sheet": sheet_empty, sheet_too_large, sheet_locked, sheet_unreadable, sheet_too_long.
    """
    _check_size(data, _ONE_SHEET)
    rows = _workbook_rows(data) if data.startswith((_ZIP, _OLE)) else _csv_rows(data)
    sheet = sheet_of(rows)
    if not sheet.rows:
        raise InvalidInput("sheet_empty", field="sheet")
    _check_length(len(sheet.rows), most_rows)
    return sheet


def read_workbook(data: bytes, *, most_rows: int, is_head: IsHead) -> dict[str, Sheet]:
    """Read all sheets of a workbook by their names, those without a row too; a csv is one without a name.

    is_head: tells which row names the columns, for notes may stand above it. most_rows: in all sheets together.
    Nothing is written to disk. No queries. Raises as `read_sheet`.
    """
    _check_size(data, _WORKBOOK)
    if not data.startswith((_ZIP, _OLE)):
        sheets = {"": sheet_of(_csv_rows(data), is_head)}
    else:
        _check_unpacked_size(data, _WORKBOOK)
        sheets = {name: sheet_of(_words_of(rows), is_head) for name, rows in _all_rows(data)}
    _check_length(sum(len(sheet.rows) for sheet in sheets.values()), most_rows)
    if not any(sheet.rows for sheet in sheets.values()):
        raise InvalidInput("sheet_empty", field="sheet")
    return sheets


def _check_size(data: bytes, limits: _Limits) -> None:
    if len(data) > limits.bytes:
        raise InvalidInput("sheet_too_large", field="sheet", params={"most_mb": limits.bytes // 1_000_000})


def _check_length(found: int, most: int) -> None:
    if found > most:
        raise InvalidInput("sheet_too_long", field="sheet", params={"most": most, "found": found})


def _workbook_rows(data: bytes) -> Iterator[list[str]]:
    _check_unpacked_size(data, _ONE_SHEET)
    return _words_of(next(_all_rows(data))[1])


def _all_rows(data: bytes) -> Iterator[tuple[str, Iterable[list[Value]]]]:
    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            for place, name in enumerate(book.sheet_names):
                yield name, book.get_sheet_by_index(place).to_python(skip_empty_area=False)
            if not book.sheet_names:
                raise InvalidInput("sheet_empty", field="sheet")
    except PasswordError as error:
        raise InvalidInput("sheet_locked", field="sheet") from error
    except (CalamineError, IndexError, ValueError) as error:
        raise InvalidInput("sheet_unreadable", field="sheet") from error


def _words_of(rows: Iterable[list[Value]]) -> Iterator[list[str]]:
    return ([_words(value) for value in row] for row in rows)


def _check_unpacked_size(data: bytes, limits: _Limits) -> None:
    """Refuse a small file that unpacks to a huge one, by what its table of contents says."""
    if not data.startswith(_ZIP):
        return
    try:
        with ZipFile(BytesIO(data)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except _BROKEN_ZIP as error:
        raise InvalidInput("sheet_unreadable", field="sheet") from error
    if unpacked > limits.unpacked_bytes:
        raise InvalidInput("sheet_too_large", field="sheet", params={"most_mb": limits.bytes // 1_000_000})


def _csv_rows(data: bytes) -> list[list[str]]:
    text = _decoded(data)
    dialect = "excel-tab" if "\t" in text.partition("\n")[0] else "excel"
    try:
        return list(csv.reader(StringIO(text, newline=""), dialect=dialect, strict=True))
    except csv.Error as error:
        raise InvalidInput("sheet_unreadable", field="sheet") from error


def _decoded(data: bytes) -> str:
    """Decode as UTF-8, or as what Excel in China writes. Raises InvalidInput for what is no text."""
    for encoding in _CSV_ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InvalidInput("sheet_unreadable", field="sheet")


def _words(value: Value) -> str:
    """Say a cell as it is shown: a whole number without its .0, a moment as 2026-11-23 08:30.

    A number of 16 digits or more has lost the last ones in the spreadsheet; it is said as 2.10106003006010E+16, so that
    nobody takes it for the code that it was.
    """
    if isinstance(value, float) and value.is_integer():
        return str(int(value)) if abs(value) < _MOST_EXACT else f"{value:.14E}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return str(value)
