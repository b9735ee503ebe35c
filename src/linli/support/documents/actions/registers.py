"""Writing a register in the format asked for."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from linli.kernel.errors import InvalidInput
from linli.support.documents.actions.workbooks import workbook_blocks
from linli.support.documents.calc.blocks import blocks
from linli.support.documents.calc.csv_lines import csv_lines
from linli.support.documents.calc.json_lines import json_lines
from linli.support.documents.calc.registers import Column, Register, Row
from linli.support.documents.choices import RegisterFormat


def write_register(
    *, columns: Sequence[Column], rows: Iterable[Row], file_format: str, title: str, notes: str, at: datetime
) -> Iterator[bytes]:
    """Write a register as blocks of bytes, taking rows only as blocks are asked for.

    rows: sequences in the order of the columns, or dataclasses. notes: lines said above the table: the mark of demo
    data, who wrote it out and when. at: aware. Raises InvalidInput("unknown_format") at once; while rows are taken,
    TypeError or ValueError for values of the wrong kind, and for xlsx InvalidInput("register_too_long").
    Memory does not grow with the rows, and nothing is written to disk. No queries, no facts, no audit line.
    """
    if file_format not in RegisterFormat.__members__.values():
        raise InvalidInput("unknown_format", field="format", params={"format": file_format})
    register = Register(tuple(columns), title, tuple(notes.splitlines()), at)
    match RegisterFormat(file_format):
        case RegisterFormat.XLSX:
            return workbook_blocks([(register, rows)])
        case RegisterFormat.CSV:
            return blocks(csv_lines(register, rows))
        case RegisterFormat.JSON:
            return blocks(json_lines(register, rows))


def write_workbook(sheets: Sequence[tuple[Register, Iterable[Row]]]) -> Iterator[bytes]:
    """Write several registers as the sheets of one workbook, named by their titles, as blocks of bytes.

    Rows, memory and errors as in `write_register` with xlsx.
    """
    return workbook_blocks(sheets)
