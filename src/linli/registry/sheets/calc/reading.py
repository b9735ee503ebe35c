"""From the cells of a sheet to rows with values, compared with what is kept."""

from collections.abc import Mapping
from datetime import date

from linli.kernel.errors import InvalidInput
from linli.kernel.ids import new_id
from linli.registry.sheets.calc.cells import read_cell
from linli.registry.sheets.calc.descriptions import REMARK, Column, SheetDescription, Value, match_columns
from linli.registry.sheets.calc.plans import Entry, Fault, Key, PlannedRow, PlannedSheet, SentSheet


def read_rows(described: SheetDescription, sent: SentSheet, kept: Mapping[Key, Entry], *, today: date) -> PlannedSheet:
    """Read a sheet's rows. A column that is not there stays as it is; a cell left empty becomes empty.

    Faults of cells, and those between the rows of this one sheet, are with the rows; what has to fit other sheets is
    looked at later.
    """
    places = match_columns(described, sent.columns)
    known = set(places.values())
    unknown = tuple(name for place, name in enumerate(sent.columns) if name and place not in known and name != REMARK)
    missing = [described.columns[described.place(key)].header for key in described.identity if key not in places]
    if missing and sent.rows:
        fault = Fault("", "sheet_columns_missing", {"columns": "、".join(missing)})
        return PlannedSheet(described.kind, sent.title, [], unknown, [fault])
    reader = _Reader(described, places, kept, today)
    return PlannedSheet(described.kind, sent.title, [reader.read(*row) for row in sent.rows], unknown)


class _Reader:
    def __init__(
        self, described: SheetDescription, places: Mapping[str, int], kept: Mapping[Key, Entry], today: date
    ) -> None:
        self._columns = described.columns
        self._read = [(at, column, places[column.key]) for at, column in enumerate(self._columns)
                      if column.key in places]  # fmt: skip
        self._identity = [described.place(key) for key in described.identity]
        self._absent = [column for column in self._columns if column.is_needed and column.key not in places]
        self._blank = [today if column.is_day_of_import else column.default for column in self._columns]
        self._kept, self._today = kept, today
        self._seen: dict[Key, int] = {}

    def read(self, number: int, cells: tuple[str, ...]) -> PlannedRow:
        faults: list[Fault] = []
        read = {at: self._cell(column, cells[place], faults) for at, column, place in self._read}
        wrong = {fault.field for fault in faults}
        if any(self._columns[at].key in wrong for at in self._identity):
            return PlannedRow(
                new_id(), number, (), tuple(read.get(at) for at in range(len(self._columns))), None, faults
            )
        key = tuple(read[at] for at in self._identity)
        before = self._kept.get(key)
        values = list(before.values if before else self._blank)
        for at, value in read.items():
            if value is not None or not self._columns[at].is_day_of_import:
                values[at] = value
        row = PlannedRow(before.id if before else new_id(), number, key, tuple(values), before, faults)
        self._compare(row, wrong)
        return row

    def _compare(self, row: PlannedRow, wrong: set[str]) -> None:
        first = self._seen.setdefault(row.key, row.number)
        if first != row.number:
            row.faults.append(Fault(self._columns[self._identity[0]].key, "sheet_row_twice", {"row": first}))
        if row.before is None:
            row.faults += [Fault("", "sheet_column_needed", {"column": column.header}) for column in self._absent]
            return
        for column, old, new in zip(self._columns, row.before.values, row.values, strict=True):
            if column.is_fixed and old != new and column.key not in wrong:
                row.faults.append(Fault(column.key, "sheet_cell_fixed", {}))

    @staticmethod
    def _cell(column: Column, text: str, faults: list[Fault]) -> Value:
        try:
            return read_cell(column, text)
        except InvalidInput as error:
            faults.append(Fault(column.key, error.code, error.params))
            return text
