"""Empty tables without indexes and foreign keys while a large load runs, and the very same ones put back after it.

Keeping an index in order row by row costs several times what building it at the end does. All of it happens in the
load's transaction: if anything fails, the tables are as they were.
"""

from collections.abc import Callable, Sequence

from django.db import connection, models
from django.db.transaction import TransactionManagementError
from psycopg import sql

from linli.kernel.db.statistics import count_for_planner
from linli.kernel.errors import Conflict

_BUILD_MEMORY = "SET LOCAL maintenance_work_mem = '256MB'"
_HAS_ROWS = "SELECT EXISTS (SELECT FROM {})"
_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype = 'f' FROM pg_constraint
WHERE contype IN ('p', 'u') AND conrelid = ANY(%(tables)s::regclass[])
   OR contype = 'f' AND (conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[]))
ORDER BY contype = 'f', conrelid::regclass::text, conname
"""
_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%(tables)s::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
ORDER BY indrelid::regclass::text, indexrelid::regclass::text
"""


def strip_tables(tables: Sequence[type[models.Model]]) -> list[str]:
    """Take keys, indexes and foreign keys off empty tables, in the present transaction; checks of single rows stay.

    Returns the statements that put them back, for `restore_tables`. Only the tables' owner can do this. Locks the
    tables until the end of the transaction. Raises Conflict("table_not_empty").
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("Stripped tables must come back whole, whatever happens.")
    names = [model._meta.db_table for model in tables]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("LOCK TABLE {}").format(_list(names)))
        for name in names:
            cursor.execute(sql.SQL(_HAS_ROWS).format(sql.Identifier(name)))
            if cursor.fetchone()[0]:
                raise Conflict("table_not_empty", params={"table": name})
        cursor.execute(_CONSTRAINTS, {"tables": names})
        constraints = cursor.fetchall()
        cursor.execute(_INDEXES, {"tables": names})
        indexes = cursor.fetchall()
        for table, name, _definition, _is_foreign in reversed(constraints):
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        # What was emptied in this transaction takes rows that need no clean-up later, see `copy_text`.
        cursor.execute(sql.SQL("TRUNCATE {}").format(_list(names)))
    adding = [
        (f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}', is_foreign)
        for table, name, text, is_foreign in constraints
    ]
    keys = [statement for statement, is_foreign in adding if not is_foreign]
    return [*keys, *(text for _name, text in indexes), *(statement for statement, is_foreign in adding if is_foreign)]


def restore_tables(statements: Sequence[str], done: Callable[[int], None]) -> None:
    """Build keys and indexes and check foreign keys, telling `done` of each; then count what the planner needs.

    Raises IntegrityError for rows that break one of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BUILD_MEMORY)
        for statement in statements:
            cursor.execute(statement)
            done(1)
    count_for_planner()
    done(1)


def _list(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
