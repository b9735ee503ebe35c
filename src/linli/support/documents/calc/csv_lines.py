"""A register as the lines of a csv file."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from linli.support.documents.calc.cells import Cell, cell, neutral
from linli.support.documents.calc.registers import Register, Row, row_values

# Without it Excel reads the file in the machine's old code page and Chinese comes out as noise.
_BYTE_ORDER_MARK = "\ufeff"


def csv_lines(register: Register, rows: Iterable[Row]) -> Iterator[str]:
    """Spell title and notes, the columns' titles, then the rows; lines end with CR LF. Source: RFC 4180.

    Text that a spreadsheet might run gets an apostrophe; moments are written without zone, in Asia/Shanghai.
    """
    above = [register.title, *register.notes] if register.title else register.notes
    yield _BYTE_ORDER_MARK + "".join(_line([neutral(text)]) for text in above)
    yield _line([neutral(column.title) for column in register.columns])
    kinds = [column.kind for column in register.columns]
    for row in rows:
        values = row_values(register.columns, row)
        yield _line([_spelled(cell(kind, value)) for kind, value in zip(kinds, values, strict=True)])


def _spelled(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _line(values: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(values)
    return line.getvalue()
