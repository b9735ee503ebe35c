"""Workbooks as a district sends them, and what it takes to send one."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils import timezone
from tests.factories.district import AT, HOME

from linli.edges.sheets import read_sent, write_out
from linli.registry.sheets.actions.putting_in_force import Sender, put_in_force
from linli.registry.sheets.calc.plans import Plan, SentSheet
from linli.registry.sheets.choices import RowStatus, SheetKind
from linli.registry.sheets.queries.planning import plan_import
from linli.registry.sheets.queries.writing_out import list_sheets

EVERYTHING = tuple(SheetKind)
BY_PROGRAM = Sender(None, EVERYTHING)


def sheet(title: str, columns: str, *rows: str) -> SentSheet:
    """Write a sheet as text: cells between bars."""
    cells = [tuple(cell.strip() for cell in row.split("|")) for row in rows]
    return SentSheet(title, tuple(columns.split("|")), tuple(enumerate(cells, start=2)))


def exported(district_id: str = HOME, kinds: Iterable[SheetKind] = EVERYTHING) -> bytes:
    """Write a district out."""
    sheets = list_sheets(district_id=district_id, kinds=tuple(kinds))
    return b"".join(write_out(sheets, notes=("演示数据",), at=AT))


def planned(*sent: SentSheet, allowed: Iterable[SheetKind] = EVERYTHING, district_id: str = HOME) -> Plan:
    """Compare sheets with what is there."""
    return plan_import(district_id=district_id, sent=sent, allowed=tuple(allowed), today=timezone.localdate(AT))


def taken_in(*sent: SentSheet, district_id: str = HOME) -> Plan:
    """Put sheets in force."""
    return put_in_force(district_id=district_id, sent=sent, by=BY_PROGRAM, at=AT)


def sent_again(data: bytes) -> tuple[SentSheet, ...]:
    """Read a workbook back."""
    return read_sent(data)


def statuses(plan: Plan) -> dict[str, dict[RowStatus, int]]:
    """Count rows by sheet and status, without noughts."""
    return {
        each.kind.value: {status: each.count(status) for status in RowStatus if each.count(status)}
        for each in plan.sheets
    }


def faults(plan: Plan) -> list[tuple[int, str, str]]:
    """List what is wrong: row, column, code."""
    return [(row.number, fault.field, fault.code) for each in plan.sheets for row in each.rows for fault in row.faults]


def content(data: bytes | Path) -> Any:
    """Give the cells of a workbook by sheet, to be compared."""
    data = data.read_bytes() if isinstance(data, Path) else data
    return {each.title: [each.columns, [cells for _number, cells in each.rows]] for each in read_sent(data)}
