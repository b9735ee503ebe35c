"""A register as an Excel workbook, by XlsxWriter in its mode of constant memory."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from linli.kernel.errors import InvalidInput
from linli.support.documents.calc.blocks import BLOCK_BYTES
from linli.support.documents.calc.cells import Cell, cell, is_formula_like
from linli.support.documents.calc.registers import Register, Row, row_values

MAX_SHEET_ROWS = 1_048_576  # of Excel 2007 and later
_MAX_SAFE_NUMBER = 10**15  # a sheet's numbers are doubles shown with 15 digits
_MAX_FOOTER_CHARACTERS = 200  # Excel refuses a footer of more than 255, its codes counted
_A4 = 9

_FORMATS: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 14},
    "note": {"font_color": "#666666"},
    "head": {"bold": True, "bg_color": "#F2F2F2", "bottom": 1, "text_wrap": True, "valign": "vcenter"},
    "text": {"num_format": "@"},
    # With the quote prefix the text stays text even after somebody edits the cell.
    "guarded": {"num_format": "@", "quote_prefix": True},
    "number": {"num_format": "General"},
    "date": {"num_format": "yyyy-mm-dd"},
    "datetime": {"num_format": "yyyy-mm-dd hh:mm:ss"},
}


def workbook_blocks(register: Register, rows: Iterable[Row]) -> Iterator[bytes]:
    """Write the workbook to a temporary file, then hand it out in blocks."""
    with TemporaryDirectory(prefix="linli-register-") as folder:
        path = Path(folder) / "register.xlsx"
        _write(path, register, rows)
        with path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                yield block


def _write(path: Path, register: Register, rows: Iterable[Row]) -> None:
    options = {"constant_memory": True, "tmpdir": str(path.parent)}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"title": register.title, "created": register.at.astimezone(UTC)})
        formats = {name: workbook.add_format(look) for name, look in _FORMATS.items()}
        sheet = workbook.add_worksheet(_sheet_name(register.title))
        _write_head(sheet, register, formats)
        head = _head_row(register)
        last = head
        for last, row in enumerate(rows, start=head + 1):
            _write_row(sheet, last, register, row, formats)
        sheet.autofilter(head, 0, last, len(register.columns) - 1)
        _set_printing(sheet, register)


def _head_row(register: Register) -> int:
    return bool(register.title) + len(register.notes)


def _write_head(sheet: Any, register: Register, formats: dict[str, Any]) -> None:
    for index, column in enumerate(register.columns):
        sheet.set_column(index, index, column.width)
    head = _head_row(register)
    sheet.freeze_panes(head + 1, 0)
    if register.title:
        sheet.write_string(0, 0, register.title, formats["title"])
    for index, note in enumerate(register.notes, start=head - len(register.notes)):
        sheet.write_string(index, 0, note, formats["note"])
    for index, column in enumerate(register.columns):
        sheet.write_string(head, index, column.title, formats["head"])


def _write_row(sheet: Any, index: int, register: Register, row: Row, formats: dict[str, Any]) -> None:
    if index >= MAX_SHEET_ROWS:
        raise InvalidInput("register_too_long", field="format", params={"max_rows": MAX_SHEET_ROWS})
    for place, value in enumerate(row_values(register.columns, row)):
        _write_cell(sheet, (index, place), cell(register.columns[place].kind, value), formats)


def _write_cell(sheet: Any, at: tuple[int, int], value: Cell, formats: dict[str, Any]) -> None:
    if value is None or not str(value):  # an empty text would be a cell of its own to filters
        return
    if isinstance(value, date):
        _write_date(sheet, at, value, formats)
    elif isinstance(value, str):
        sheet.write_string(*at, value, formats["guarded" if is_formula_like(value) else "text"])
    elif -_MAX_SAFE_NUMBER < value < _MAX_SAFE_NUMBER:
        sheet.write_number(*at, value, formats["number"])
    else:
        sheet.write_string(*at, str(value), formats["text"])


def _write_date(sheet: Any, at: tuple[int, int], value: date, formats: dict[str, Any]) -> None:
    if value.year <= 1900:  # noqa: PLR2004 - a sheet's days count from 1900, and its leap year there is wrong
        sheet.write_string(*at, value.isoformat(), formats["text"])
    elif isinstance(value, datetime):
        sheet.write_datetime(*at, value.replace(tzinfo=None), formats["datetime"])
    else:
        sheet.write_datetime(*at, value, formats["date"])


def _set_printing(sheet: Any, register: Register) -> None:
    """Carry the notes to paper too: on each page's foot, with its number; the columns' titles on each page's head."""
    said = " · ".join([register.title, *register.notes])[:_MAX_FOOTER_CHARACTERS].replace("&", "&&")
    sheet.set_footer(f"&L{said}&R&P/&N")
    sheet.repeat_rows(_head_row(register))
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)


def _sheet_name(title: str) -> str:
    """Make a name Excel takes: 31 characters, none of those it keeps for references, not empty."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip("' ") or "1"
