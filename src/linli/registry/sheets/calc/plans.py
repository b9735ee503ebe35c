"""What a file holds, what it would change, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from linli.registry.sheets.calc.descriptions import Value
from linli.registry.sheets.choices import RowStatus, SheetKind

Key = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class SentSheet:
    """A sheet as it was sent. columns: their names; rows: (number on the screen, cells as trimmed text)."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that is kept; values: in the order of the description's columns, as sheets say them."""

    id: UUID
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong. field: the column's key, "" for the whole row or sheet; code: worded at the edge."""

    field: str
    code: str
    params: Mapping[str, str | int]


@dataclass(slots=True)
class PlannedRow:
    """A row of a file as it would be.

    id: of what is kept, or of what would be new; number: on the screen; before: what is kept, None if it is new.
    """

    id: UUID
    number: int
    key: Key
    values: tuple[Value, ...]
    before: Entry | None = None
    faults: list[Fault] = field(default_factory=list)

    @property
    def status(self) -> RowStatus:
        """Tell what the row would do."""
        if self.faults:
            return RowStatus.FAULTY
        if self.before is None:
            return RowStatus.NEW
        return RowStatus.UNCHANGED if self.values == self.before.values else RowStatus.CHANGED


@dataclass(slots=True)
class PlannedSheet:
    """A sheet of a file as it would be. unknown: names of columns that are not read; faults: of the whole sheet."""

    kind: SheetKind
    title: str
    rows: list[PlannedRow]
    unknown: tuple[str, ...] = ()
    faults: list[Fault] = field(default_factory=list)

    def count(self, status: RowStatus) -> int:
        """Count the rows that would do that."""
        return sum(row.status is status for row in self.rows)

    def of(self, status: RowStatus) -> list[PlannedRow]:
        """List the rows that would do that."""
        return [row for row in self.rows if row.status is status]

    @property
    def changing(self) -> list[PlannedRow]:
        """List the rows that are new or changed."""
        return [row for row in self.rows if row.status in {RowStatus.NEW, RowStatus.CHANGED}]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would change. unknown, not_yours: titles of sheets left aside, none of ours or another's to send."""

    sheets: tuple[PlannedSheet, ...]
    unknown: tuple[str, ...] = ()
    not_yours: tuple[str, ...] = ()

    @property
    def faulty(self) -> int:
        """Count what stands in the way: faulty rows and faults of whole sheets."""
        return sum(sheet.count(RowStatus.FAULTY) + len(sheet.faults) for sheet in self.sheets)

    @property
    def changing(self) -> int:
        """Count the rows that are new or changed."""
        return sum(sheet.count(RowStatus.NEW) + sheet.count(RowStatus.CHANGED) for sheet in self.sheets)
