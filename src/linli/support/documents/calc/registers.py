"""What a register is before it is written: its columns and what is said above them."""

from collections.abc import Sequence
from dataclasses import Field, dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

from linli.support.documents.choices import ColumnKind


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a register.

    key: the attribute of a row, and its name in json; width: in characters of a spreadsheet, a Chinese one counts two.
    hint: what to write, said above the title in a workbook; choices: what a workbook offers for its cells.
    """

    key: str
    title: str
    width: int = 16
    kind: ColumnKind = ColumnKind.TEXT
    hint: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """What is written around the rows; notes: one line each; at: when it is written out, aware."""

    columns: tuple[Column, ...]
    title: str
    notes: tuple[str, ...]
    at: datetime


class DataclassRow(Protocol):
    """Any instance of a dataclass, such as the rows that queries return."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


Row = Sequence[object] | DataclassRow


def row_values(columns: Sequence[Column], row: Row) -> Sequence[object]:
    """Take a row's values in the order of the columns: a sequence as it stands, a dataclass by the columns' keys.

    Raises ValueError if a sequence is longer or shorter than the columns.
    """
    if not isinstance(row, Sequence):
        return [getattr(row, column.key) for column in columns]
    if len(row) != len(columns):
        raise ValueError(f"A row has {len(row)} values for {len(columns)} columns.")
    return row
