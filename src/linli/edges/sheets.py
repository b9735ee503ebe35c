"""Workbooks of the registry: read as sheets that the room understands, and written with everything it says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from linli.edges.words.sheets import say_faults
from linli.registry.sheets.calc.descriptions import DESCRIPTIONS, REMARK, SheetDescription, is_head, kind_of
from linli.registry.sheets.calc.plans import Fault, SentSheet
from linli.registry.sheets.calc.reports import Report
from linli.registry.sheets.choices import CellKind, SheetKind
from linli.registry.sheets.queries.writing_out import WrittenSheet
from linli.support.documents.actions import read_workbook, write_workbook
from linli.support.documents.calc.registers import Column, Register, Row
from linli.support.documents.choices import ColumnKind

MOST_ROWS = 200_000
_REMARK_WIDTH = 48
_OF_NO_KIND = "未识别"
_KINDS = {
    CellKind.DAY: ColumnKind.DATE, CellKind.COUNT: ColumnKind.NUMBER, CellKind.DEGREES: ColumnKind.NUMBER,
}  # fmt: skip


def read_sent(data: bytes) -> tuple[SentSheet, ...]:
    """Read a workbook that somebody filled in. Raises InvalidInput, as `read_workbook`."""
    found = read_workbook(data, most_rows=MOST_ROWS, is_head=is_head)
    return tuple(
        SentSheet(title, sheet.columns, tuple((row.number, row.cells) for row in sheet.rows))
        for title, sheet in found.items()
    )


def write_out(sheets: Iterable[WrittenSheet], *, notes: Sequence[str], at: datetime) -> Iterator[bytes]:
    """Write sheets so that they can be sent again as they are: notes and hints stand above the names of the columns."""
    return write_workbook([
        (Register(_columns(sheet.description), sheet.description.title, tuple(notes), at), sheet.rows)
        for sheet in sheets
    ])  # fmt: skip


def write_faults(
    sent: Sequence[SentSheet], report: Report, described: Mapping[SheetKind, SheetDescription], *, at: datetime
) -> Iterator[bytes]:
    """Write what was sent with what is wrong in a column of its own, faulty rows first: to mend and to send again.

    It is the whole file, since nothing of it was taken in; sheets of no kind of ours only where there is no other.
    """
    faults = {sheet.kind: {row.number: row.faults for row in sheet.rows if row.faults} for sheet in report.sheets}
    whole = {sheet.kind: sheet.faults for sheet in report.sheets}
    written: list[tuple[Register, Iterable[Row]]] = []
    named = [sheet for sheet in sent if any(sheet.columns)]
    kinds = {sheet.title: kind_of(sheet.title, sheet.columns) for sheet in named}
    for sheet in [each for each in named if kinds[each.title]] or named:
        kind = kinds[sheet.title]
        kept = [place for place, name in enumerate(sheet.columns) if name and name != REMARK]
        headers = {column.key: column.header for column in described[kind].columns} if kind else {}
        columns = (
            Column("remark", REMARK, _REMARK_WIDTH),
            *(Column(str(place), sheet.columns[place], 18) for place in kept),
        )
        notes = tuple(say_faults((fault,), headers) for fault in whole.get(kind, ())) if kind else ()
        rows = _remarked(sheet, kept, faults.get(kind, {}) if kind else {}, headers)
        title = sheet.title or (DESCRIPTIONS[kind].title if kind else _OF_NO_KIND)
        written.append((Register(columns, title, notes, at), rows))
    return write_workbook(written)


def _remarked(
    sheet: SentSheet, kept: Sequence[int], faults: Mapping[int, tuple[Fault, ...]], headers: Mapping[str, str]
) -> list[Row]:
    rows = sorted(sheet.rows, key=lambda row: row[0] not in faults)
    return [(say_faults(faults.get(number, ()), headers), *(cells[place] for place in kept)) for number, cells in rows]


def _columns(described: SheetDescription) -> tuple[Column, ...]:
    return tuple(
        Column(
            column.key, column.header, column.width, _KINDS.get(column.kind, ColumnKind.TEXT), column.hint,
            tuple(word for _code, word in column.choices) if column.kind is CellKind.CHOICE
            else ("是", "否") if column.kind is CellKind.YES_NO else (),
        )
        for column in described.columns
    )  # fmt: skip
