"""A register as an Excel workbook: XlsxWriter makes all that stands around the rows, the rows are streamed into it."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

from linli.support.documents.calc.blocks import BLOCK_BYTES, blocks
from linli.support.documents.calc.registers import Register, Row
from linli.support.documents.calc.sheet_rows import MAX_SHEET_ROWS, sheet_rows

_MAX_FOOTER_CHARACTERS = 200  # Excel refuses a footer of more than 255, its codes counted
_MAX_CHOICES_CHARACTERS = 255  # of a list that stands in the sheet itself
_A4 = 9
_TYPES, _SHEET = "[Content_Types].xml", "xl/worksheets/sheet{}.xml"
_ROWS_END = "</sheetData>"
# A third of the time of the usual 6, and files a fifth larger.
_COMPRESSION = 3

_FORMATS: dict[str, dict[str, object]] = {
    "text": {"num_format": "@"},
    # With the quote prefix the text stays text even after somebody edits the cell.
    "guarded": {"num_format": "@", "quote_prefix": True},
    "number": {"num_format": "General"},
    "date": {"num_format": "yyyy-mm-dd"},
    "datetime": {"num_format": "yyyy-mm-dd hh:mm:ss"},
}
_HEAD_FORMATS: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 14},
    "note": {"font_color": "#666666"},
    "hint": {"font_color": "#666666", "text_wrap": True, "valign": "top", "font_size": 9},
    "head": {"bold": True, "bg_color": "#F2F2F2", "bottom": 1, "text_wrap": True, "valign": "vcenter"},
}


class _Outlet(io.RawIOBase):
    """Where the archive is written: bytes wait here until they are handed on."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []
        self._size = 0

    def write(self, data: Any) -> int:
        """Take bytes."""
        self._waiting.append(bytes(data))
        self._size += len(data)
        return len(data)

    def taken(self, *, from_bytes: int) -> Iterator[bytes]:
        """Give what waits, if it is that much."""
        if self._size >= from_bytes:
            yield b"".join(self._waiting)
            self._waiting, self._size = [], 0


def workbook_blocks(sheets: Sequence[tuple[Register, Iterable[Row]]]) -> Iterator[bytes]:
    """Write the workbook as rows come, sheet after sheet; no more than a block of it is held."""
    outlet, registers = _Outlet(), [register for register, _rows in sheets]
    lasts = [_head_row(register) for register in registers]
    shell = _shell(registers, lasts)
    with ZipFile(outlet, "w", ZIP_DEFLATED, compresslevel=_COMPRESSION) as archive:
        archive.writestr(_TYPES, shell[_TYPES])
        for place, (register, rows) in enumerate(sheets):
            name, counted = _SHEET.format(place + 1), _Counted(rows)
            before, styles = _opened(shell[name].decode(), lasts[place])
            with archive.open(name, "w") as sheet:
                sheet.write(before.encode())
                for block in blocks(sheet_rows(register, counted, styles=styles, first=lasts[place] + 2)):
                    sheet.write(block)
                    yield from outlet.taken(from_bytes=BLOCK_BYTES)
                lasts[place] += counted.count
                shell = _shell(registers, lasts)
                sheet.write((_ROWS_END + shell[name].decode().partition(_ROWS_END)[2]).encode())
        written = {_TYPES, *(_SHEET.format(place + 1) for place in range(len(registers)))}
        for name, part in shell.items():
            if name not in written:
                archive.writestr(name, part)
    yield from outlet.taken(from_bytes=1)


class _Counted:
    """Rows on their way through, and how many there were."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.count += 1
            yield row


def _shell(registers: Sequence[Register], lasts: Sequence[int]) -> dict[str, bytes]:
    """Make the workbook with its heads and a row of a blank cell in each format; lasts: their last rows, from 0."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": registers[0].title, "created": registers[0].at.astimezone(UTC)})
        heads = {name: workbook.add_format(look) for name, look in _HEAD_FORMATS.items()}
        bodies = {name: workbook.add_format(look) for name, look in _FORMATS.items()}
        for register, last in zip(registers, lasts, strict=True):
            sheet = workbook.add_worksheet(_sheet_name(register.title))
            head = _head_row(register)
            _write_head(sheet, register, heads)
            for place, body in enumerate(bodies.values()):
                sheet.write_blank(head + 1, place, None, body)
            _prepare_cells(sheet, register, bodies)
            sheet.autofilter(head, 0, last, len(register.columns) - 1)
            _set_printing(sheet, register)
    with ZipFile(made) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _opened(sheet: str, head: int) -> tuple[str, dict[str, int]]:
    """Give the sheet up to where its rows go on, and the number of each format, read off the blank cells.

    Its size is left out: it stands before the rows, and nobody knows it there.
    """
    before = re.sub(r"<dimension [^>]*/>", "", sheet.partition(_ROWS_END)[0])
    start, blank = before.split(f'<row r="{head + 2}"')
    return start, dict(zip(_FORMATS, map(int, re.findall(r' s="(\d+)"', blank)), strict=True))


def _head_row(register: Register) -> int:
    return bool(register.title) + len(register.notes) + _has_hints(register)


def _has_hints(register: Register) -> bool:
    return any(column.hint for column in register.columns)


def _write_head(sheet: Any, register: Register, formats: dict[str, Any]) -> None:
    for index, column in enumerate(register.columns):
        sheet.set_column(index, index, column.width)
    head = _head_row(register)
    sheet.freeze_panes(head + 1, 0)
    if register.title:
        sheet.write_string(0, 0, register.title, formats["title"])
    for index, note in enumerate(register.notes, start=bool(register.title)):
        sheet.write_string(index, 0, note, formats["note"])
    if _has_hints(register):
        for index, column in enumerate(register.columns):
            sheet.write_string(head - 1, index, column.hint, formats["hint"])
    for index, column in enumerate(register.columns):
        sheet.write_string(head, index, column.title, formats["head"])


def _prepare_cells(sheet: Any, register: Register, bodies: dict[str, Any]) -> None:
    """Keep a sheet that is to be filled in from taking digits for numbers, and offer choices where there are some."""
    if not _has_hints(register):
        return
    for index, column in enumerate(register.columns):
        sheet.set_column(index, index, column.width, bodies[column.kind])
        if column.choices and len(",".join(column.choices)) <= _MAX_CHOICES_CHARACTERS:
            offered = {"validate": "list", "source": list(column.choices), "error_type": "warning"}
            sheet.data_validation(_head_row(register) + 1, index, MAX_SHEET_ROWS - 1, index, offered)


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
