"""One value of a register: made fit for its column, and safe to open in a spreadsheet."""

import math
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from linli.support.documents.choices import ColumnKind

SHANGHAI = ZoneInfo("Asia/Shanghai")

Cell = str | int | float | Decimal | date | datetime | None

# Excel, WPS and LibreOffice take a cell that begins so for a formula; full-width signs too under East Asian input.
# Source: OWASP, "CSV Injection".
_FORMULA_SIGNS = frozenset("=+-@＝＋－＠")
_LEADING_CONTROLS = frozenset("\t\r\n")


def cell(kind: ColumnKind, value: object) -> Cell:
    """Make a value fit for its column: None stays empty, moments become aware times in Asia/Shanghai.

    Numbers that are none (NaN, infinity) become empty. Raises TypeError for a value of another kind, ValueError for a
    moment without a time zone.
    """
    return None if value is None else _MAKERS[kind](value)


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet might run the text instead of showing it."""
    return text[:1] in _LEADING_CONTROLS or text.lstrip()[:1] in _FORMULA_SIGNS


def neutral(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet might run; other text stays as it is."""
    return f"'{text}" if is_formula_like(text) else text


def _number(value: object) -> int | float | Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise TypeError(f"A column of numbers got {type(value).__name__}.")
    return value if math.isfinite(value) else None


def _moment(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise TypeError(f"A column of moments got {type(value).__name__}.")
    if value.tzinfo is None:
        raise ValueError("A moment without a time zone.")
    return value.astimezone(SHANGHAI).replace(microsecond=0)


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return _moment(value).date()
    if not isinstance(value, date):
        raise TypeError(f"A column of dates got {type(value).__name__}.")
    return value


_MAKERS: dict[ColumnKind, Callable[[object], Cell]] = {
    ColumnKind.TEXT: str,
    ColumnKind.NUMBER: _number,
    ColumnKind.DATE: _day,
    ColumnKind.DATETIME: _moment,
}
