"""One cell of a sheet: read as the value that is kept, and written as it is read again."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation

from linli.kernel.errors import InvalidInput
from linli.registry.sheets.calc.descriptions import Column, Value
from linli.registry.sheets.choices import CellKind

DEGREE_DIGITS = 7  # a centimetre
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[ T]0{1,2}:00(?::00)?)?")
_COUNT = re.compile(r"\d{1,7}")
_PHONE = re.compile(r"[0-9+*#()（） ./、转-]*")
_YES, _NO = frozenset({"是", "1", "√", "有", "Y", "y"}), frozenset({"否", "0", "×", "无", "N", "n"})
_GUARDED = re.compile(r"'+(?=[=+\-@])")


def read_cell(column: Column, text: str) -> Value:
    """Read what stands in a cell, trimmed; an empty one gives the column's default.

    Raises InvalidInput naming the column: sheet_cell_empty, sheet_cell_too_long, sheet_code_rounded,
    sheet_phone_unreadable, sheet_day_unreadable, sheet_count_unreadable, sheet_degrees_unreadable,
    sheet_choice_unknown, sheet_yes_no_unreadable.
    """
    if not text:
        if column.is_needed:
            raise InvalidInput("sheet_cell_empty", field=column.key)
        return column.default
    value = _READERS[column.kind](column, text)
    if column.most and isinstance(value, str) and len(value) > column.most:
        raise InvalidInput("sheet_cell_too_long", field=column.key, params={"most": column.most})
    return value


def plain_value(column: Column, value: Value) -> Value:
    """Bring a value that is kept to the form in which it comes back from a sheet, so that both can be compared."""
    match column.kind:
        case CellKind.TEXT | CellKind.CODE | CellKind.PHONE:
            return _GUARDED.sub("", str(value).replace("\0", "").strip(), count=1)
        case CellKind.DEGREES:
            return None if value is None else round(float(value), DEGREE_DIGITS)  # type: ignore[arg-type]
        case _:
            return value


def written(column: Column, value: Value) -> Value:
    """Write a value as it stands in a cell: choices and yes or no by their words."""
    match column.kind:
        case CellKind.CHOICE:
            return dict(column.choices).get(str(value), str(value))
        case CellKind.YES_NO:
            return "是" if value else "否"
        case _:
            return value


def _text(_column: Column, text: str) -> str:
    return text


def _code(column: Column, text: str) -> str:
    if _ROUNDED.fullmatch(text):
        raise InvalidInput("sheet_code_rounded", field=column.key, params={"value": text})
    return text


def _phone(column: Column, text: str) -> str:
    if not _PHONE.fullmatch(text):
        raise InvalidInput("sheet_phone_unreadable", field=column.key)
    return text


def _day(column: Column, text: str) -> date:
    found = _DAY.fullmatch(text)
    with suppress(ValueError):
        if found is not None:
            return date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))
    raise InvalidInput("sheet_day_unreadable", field=column.key, params={"value": text})


def _count(column: Column, text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise InvalidInput("sheet_count_unreadable", field=column.key, params={"value": text})
    return int(text)


def _degrees(column: Column, text: str) -> float:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise InvalidInput("sheet_degrees_unreadable", field=column.key, params={"value": text}) from error
    if not value.is_finite():
        raise InvalidInput("sheet_degrees_unreadable", field=column.key, params={"value": text})
    return round(float(value), DEGREE_DIGITS)


def _choice(column: Column, text: str) -> str:
    for code, word in column.choices:
        if text in {word, code}:
            return str(code)
    words = "、".join(word for _code, word in column.choices)
    raise InvalidInput("sheet_choice_unknown", field=column.key, params={"value": text, "words": words})


def _yes_no(column: Column, text: str) -> bool:
    if text not in _YES | _NO:
        raise InvalidInput("sheet_yes_no_unreadable", field=column.key, params={"value": text})
    return text in _YES


_READERS: dict[CellKind, Callable[[Column, str], Value]] = {
    CellKind.TEXT: _text,
    CellKind.CODE: _code,
    CellKind.PHONE: _phone,
    CellKind.DAY: _day,
    CellKind.COUNT: _count,
    CellKind.DEGREES: _degrees,
    CellKind.CHOICE: _choice,
    CellKind.YES_NO: _yes_no,
}
