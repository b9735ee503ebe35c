"""Rows of a register as SpreadsheetML, the language of a workbook's sheets. Source: ECMA-376 part 1, 18.3.

Written by hand, since libraries make an object of each cell: that took four times as long as reading the rows.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from html import escape

from linli.kernel.errors import InvalidInput
from linli.support.documents.calc.cells import SHANGHAI, Cell, cell, is_formula_like
from linli.support.documents.calc.registers import Register, Row, row_values
from linli.support.documents.choices import ColumnKind

MAX_SHEET_ROWS = 1_048_576  # of Excel 2007 and later
_MAX_SAFE_NUMBER = 10**15  # a sheet's numbers are doubles shown with 15 digits
_MAX_CHARACTERS = 32_767  # in one cell
_DAY_0 = date(1899, 12, 30).toordinal()  # of a sheet, for days after February 1900
_FIRST_YEAR = 1900  # up to its end days are written as text: the sheet's leap year there is wrong
_DAY_S = 86_400
# What XML can't hold is spelled _xHHHH_ (22.9.2.19), and so is text that looks like such a spelling.
_UNFIT = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
# The words of a register repeat; what does not is thrown out again.
_WORDS_KEPT = 4096

Spell = Callable[[object], str]


def sheet_rows(register: Register, rows: Iterable[Row], *, styles: Mapping[str, int], first: int) -> Iterator[str]:
    """Spell rows one by one. first: number of the first row on the sheet, from 1.

    styles: numbers of the formats text, guarded, number, date and datetime. Empty cells are left out. Raises
    InvalidInput("register_too_long") when it comes to a row that no sheet has.
    """
    spellers = _spellers(styles)
    columns = [(_letters(place), spellers[column.kind]) for place, column in enumerate(register.columns)]
    for number, row in enumerate(rows, start=first):
        if number > MAX_SHEET_ROWS:
            raise InvalidInput("register_too_long", field="format", params={"max_rows": MAX_SHEET_ROWS})
        cells = [
            f'<c r="{letters}{number}" {spelled}</c>'
            for (letters, spell), value in zip(columns, row_values(register.columns, row), strict=True)
            if value is not None and (spelled := spell(value))
        ]
        yield f'<row r="{number}">{"".join(cells)}</row>'


def _spellers(styles: Mapping[str, int]) -> dict[ColumnKind, Spell]:
    """Give what spells a value of each kind as the rest of its cell, "" for an empty one.

    An empty text would count as a value to a sheet's filters.
    """

    @lru_cache(_WORDS_KEPT)
    def text(value: str) -> str:
        style = styles["guarded" if is_formula_like(value) else "text"]
        return f's="{style}" t="inlineStr"><is>{_text(value[:_MAX_CHARACTERS])}</is>' if value else ""

    @lru_cache(_WORDS_KEPT, typed=True)
    def number(value: object) -> str:
        found = cell(ColumnKind.NUMBER, value)
        if isinstance(found, int | float | Decimal):
            if not -_MAX_SAFE_NUMBER < found < _MAX_SAFE_NUMBER:
                return text(str(found))
            return f's="{styles["number"]}"><v>{found if isinstance(found, int) else format(found, ".16G")}</v>'
        return ""

    def moment(value: object) -> str:
        # The usual case in one step: a register has six moments in each row.
        if isinstance(value, datetime) and value.tzinfo is not None and value.year > _FIRST_YEAR:
            return f's="{styles["datetime"]}"><v>{_day_number(value.astimezone(SHANGHAI))}</v>'
        return dated(cell(ColumnKind.DATETIME, value), styles["datetime"])

    def dated(value: Cell, style: int) -> str:
        if not isinstance(value, date):
            return ""
        return f's="{style}"><v>{_day_number(value)}</v>' if value.year > _FIRST_YEAR else text(value.isoformat())

    return {
        ColumnKind.TEXT: lambda value: text(str(value)),
        ColumnKind.NUMBER: number,
        ColumnKind.DATE: lambda value: dated(cell(ColumnKind.DATE, value), styles["date"]),
        ColumnKind.DATETIME: moment,
    }


def _text(value: str) -> str:
    if _UNFIT.search(value):
        value = escape(_UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", value), quote=False)
    is_kept = value[:1].isspace() or value[-1:].isspace() or "\n" in value
    return f'<t xml:space="preserve">{value}</t>' if is_kept else f"<t>{value}</t>"


def _day_number(value: date) -> str:
    """Count days since the sheet's day 0; a moment's time of day is the fraction, as its own clock shows it."""
    days = value.toordinal() - _DAY_0
    if not isinstance(value, datetime):
        return str(days)
    return f"{days + (value.hour * 3600 + value.minute * 60 + value.second) / _DAY_S:.16G}"


def _letters(place: int) -> str:
    """Name a column: A to Z, then AA and so on."""
    name = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
