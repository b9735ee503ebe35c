"""A register as the lines of a json file."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from linli.support.documents.calc.cells import Cell, cell
from linli.support.documents.calc.registers import Register, Row, row_values


def json_lines(register: Register, rows: Iterable[Row]) -> Iterator[str]:
    """Spell `{"title", "notes", "rows": [object, …]}`, one object a line; the bare array if nothing is said above it.

    Moments carry +08:00, dates are ISO 8601, empty is null. Source: RFC 8259.
    """
    has_head = bool(register.title or register.notes)
    if has_head:
        yield f'{{"title":{_text(register.title)},"notes":{_text(register.notes)},"rows":'
    before = "[\n"
    for row in rows:
        yield before + _text(_object(register, row))
        before = ",\n"
    yield "[]" if before == "[\n" else "\n]"
    yield "}\n" if has_head else "\n"


def _object(register: Register, row: Row) -> dict[str, str | int | float | None]:
    values = row_values(register.columns, row)
    pairs = zip(register.columns, values, strict=True)
    return {column.key: _plain(cell(column.kind, value)) for column, value in pairs}


def _plain(value: Cell) -> str | int | float | None:
    if isinstance(value, date):  # a moment is a date too
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
