"""A cursor whose statements PostgreSQL plans once a connection: for the few that never change."""

from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import RawCursor


def prepared_cursor() -> CursorWrapper:
    """Give a cursor that prepares its statements; see `DatabaseWrapper.get_connection_params`.

    Places are written $1, $2, …, and values go apart from the statement, so their types have to follow from it.
    Planning a join of five tables takes PostgreSQL ten times as long as carrying it out. An old plan is never a wrong
    one: PostgreSQL plans anew itself when a table, an index or its statistics change.
    """
    wrapper: Any = connection
    wrapper.ensure_connection()
    with wrapper.wrap_database_errors:
        cursor: CursorWrapper = wrapper._prepare_cursor(RawCursor(wrapper.connection))  # noqa: SLF001 - as cursor() does
    return cursor
