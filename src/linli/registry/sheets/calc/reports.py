"""A plan as what is kept of it until somebody has read it: counts, faults, and what the first rows change."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from linli.kernel.masking import masked_phone
from linli.registry.sheets.calc.cells import written
from linli.registry.sheets.calc.descriptions import Column, SheetDescription, Value
from linli.registry.sheets.calc.plans import Fault, Plan, PlannedRow, PlannedSheet
from linli.registry.sheets.calc.world import Registry
from linli.registry.sheets.choices import CellKind, RowStatus, SheetKind

SHOWN = 100  # rows of a sheet that are shown one by one


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row; name: what it is called, after its code; changes: (column, before, after); faults: in the file's order."""

    number: int
    status: RowStatus
    code: str
    name: str
    changes: tuple[tuple[str, str, str], ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """A sheet; rows: every faulty one, and the first of those that are new or changed; columns: names by key."""

    kind: SheetKind
    title: str
    counts: dict[RowStatus, int]
    unknown: tuple[str, ...]
    faults: tuple[Fault, ...]
    rows: tuple[ReportRow, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a file would do."""

    sheets: tuple[ReportSheet, ...]
    unknown: tuple[str, ...] = ()
    not_yours: tuple[str, ...] = ()

    @property
    def faulty(self) -> int:
        """Count what stands in the way."""
        return sum(sheet.counts[RowStatus.FAULTY] + len(sheet.faults) for sheet in self.sheets)

    @property
    def changing(self) -> int:
        """Count the rows that are new or changed."""
        return sum(sheet.counts[RowStatus.NEW] + sheet.counts[RowStatus.CHANGED] for sheet in self.sheets)


def report_on(plan: Plan, registry: Registry) -> Report:
    """Make the report on a plan; telephone numbers are masked in it."""
    return Report(
        tuple(_sheet(sheet, registry.descriptions[sheet.kind]) for sheet in plan.sheets), plan.unknown, plan.not_yours
    )


def to_plain(report: Report) -> dict[str, Any]:
    """Turn a report into what JSON can say."""
    return {
        "unknown": report.unknown,
        "not_yours": report.not_yours,
        "sheets": [
            {
                "kind": sheet.kind, "title": sheet.title, "counts": sheet.counts, "unknown": sheet.unknown,
                "faults": [_fault_to_plain(fault) for fault in sheet.faults],
                "rows": [
                    [row.number, row.status, row.code, row.name, row.changes, [*map(_fault_to_plain, row.faults)]]
                    for row in sheet.rows
                ],
            }
            for sheet in report.sheets
        ],
    }  # fmt: skip


def from_plain(plain: dict[str, Any]) -> Report:
    """Read what `to_plain` made."""
    return Report(
        tuple(
            ReportSheet(
                SheetKind(sheet["kind"]), sheet["title"],
                {RowStatus(status): number for status, number in sheet["counts"].items()}, tuple(sheet["unknown"]),
                tuple(Fault(*fault) for fault in sheet["faults"]),
                tuple(
                    ReportRow(number, RowStatus(status), code, name, tuple(map(tuple, changes)),
                              tuple(Fault(*fault) for fault in faults))
                    for number, status, code, name, changes, faults in sheet["rows"]
                ),
            )
            for sheet in plain["sheets"]
        ),
        tuple(plain["unknown"]), tuple(plain["not_yours"]),
    )  # fmt: skip


def _fault_to_plain(fault: Fault) -> list[Any]:
    return [fault.field, fault.code, dict(fault.params)]


def _sheet(sheet: PlannedSheet, described: SheetDescription) -> ReportSheet:
    rows = [*sheet.of(RowStatus.FAULTY), *sheet.changing[:SHOWN]]
    return ReportSheet(
        sheet.kind, sheet.title, {status: sheet.count(status) for status in RowStatus}, sheet.unknown,
        tuple(sheet.faults), tuple(_row(row, described) for row in rows),
    )  # fmt: skip


def _row(row: PlannedRow, described: SheetDescription) -> ReportRow:
    said = {column.key: _said(column, value) for column, value in zip(described.columns, row.values, strict=True)}
    before = row.before.values if row.before and not row.faults else ()
    changes = tuple(
        (column.header, _said(column, old), said[column.key])
        for column, old, new in zip(described.columns, before, row.values, strict=False)
        if old != new
    )
    code = " · ".join(said[key] for key in described.identity)
    return ReportRow(row.number, row.status, code, said.get("name", ""), changes, tuple(row.faults))


def _said(column: Column, value: Value) -> str:
    if value is None:
        return ""
    if column.kind is CellKind.PHONE:
        return masked_phone(str(value))
    word = written(column, value)
    return word.isoformat() if isinstance(word, date) else str(word)
