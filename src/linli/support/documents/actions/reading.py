"""Reading a sheet that somebody filled in: xlsx, xls, ods or csv, as text."""

import csv
from datetime import date, datetime, time
from io import BytesIO, StringIO
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from linli.kernel.errors import InvalidInput
from linli.support.documents.calc.sheets import Sheet, sheet_of

LARGEST_BYTES = 1_000_000
_MOST_UNPACKED_BYTES = 50_000_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_CSV_ENCODINGS = ("utf-8-sig", "gb18030")

Value = str | float | bool | date | datetime | time | object


def read_sheet(data: bytes, *, most_rows: int) -> Sheet:
    """Read the first sheet: its first row that holds anything names the columns, empty rows are left out.

    Formulas give the value that was stored with them. Nothing is written to disk. No queries.
    Raises InvalidInput, field "sheet": sheet_empty, sheet_too_large, sheet_locked, sheet_unreadable, sheet_too_long.
    """
    if len(data) > LARGEST_BYTES:
        raise InvalidInput("sheet_too_large", field="sheet", params={"most_mb": LARGEST_BYTES // 1_000_000})
    rows = _workbook_rows(data) if data.startswith((_ZIP, _OLE)) else _csv_rows(data)
    sheet = sheet_of(rows)
    if not sheet.rows:
        raise InvalidInput("sheet_empty", field="sheet")
    if len(sheet.rows) > most_rows:
        raise InvalidInput("sheet_too_long", field="sheet", params={"most": most_rows, "found": len(sheet.rows)})
    return sheet


def _workbook_rows(data: bytes) -> list[list[str]]:
    _check_unpacked_size(data)
    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            found = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except PasswordError as error:
        raise InvalidInput("sheet_locked", field="sheet") from error
    except (CalamineError, IndexError, ValueError) as error:
        raise InvalidInput("sheet_unreadable", field="sheet") from error
    return [[_words(value) for value in row] for row in found]


def _check_unpacked_size(data: bytes) -> None:
    """Refuse a small file that unpacks to a huge one, by what its table of contents says."""
    if not data.startswith(_ZIP):
        return
    try:
        with ZipFile(BytesIO(data)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except BadZipFile as error:
        raise InvalidInput("sheet_unreadable", field="sheet") from error
    if unpacked > _MOST_UNPACKED_BYTES:
        raise InvalidInput("sheet_too_large", field="sheet", params={"most_mb": LARGEST_BYTES // 1_000_000})


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
    """Say a cell as it is shown: a whole number without its .0, a moment as 2026-11-23 08:30."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return str(value)
