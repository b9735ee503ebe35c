"""Cursor pages over rows that a query gives whole."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from linli.kernel.errors import InvalidInput

Row = TypeVar("Row")


def write_cursor(*values: str) -> str:
    """Write the place after a row as an opaque word."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def read_cursor(cursor: str, length: int) -> list[str]:
    """Read what `write_cursor` wrote. Raises InvalidInput (unknown_cursor)."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as error:
        raise InvalidInput("unknown_cursor", field="cursor") from error
    if not isinstance(values, list) or len(values) != length or not all(isinstance(v, str) for v in values):
        raise InvalidInput("unknown_cursor", field="cursor")
    return values


def read_id_cursor(cursor: str) -> UUID | None:
    """Read a cursor that holds an id; None for the first page. Raises InvalidInput."""
    if not cursor:
        return None
    try:
        return UUID(read_cursor(cursor, 1)[0])
    except ValueError as error:
        raise InvalidInput("unknown_cursor", field="cursor") from error


def read_moment_cursor(cursor: str) -> tuple[datetime, UUID] | None:
    """Read a cursor that holds an instant and an id; None for the first page. Raises InvalidInput."""
    if not cursor:
        return None
    moment, row_id = read_cursor(cursor, 2)
    try:
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None:
            raise InvalidInput("unknown_cursor", field="cursor")
        return at, UUID(row_id)
    except ValueError as error:
        raise InvalidInput("unknown_cursor", field="cursor") from error


def cut(rows: Iterable[Row], *, key: Callable[[Row], str], cursor: str, limit: int) -> tuple[list[Row], str]:
    """Cut a page out of rows that are sorted by a key: the rows, and the cursor of the next page or ""."""
    after = read_cursor(cursor, 1)[0] if cursor else ""
    found = [row for row in rows if key(row) > after]
    return found[:limit], write_cursor(key(found[limit - 1])) if len(found) > limit else ""
