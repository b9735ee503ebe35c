"""Inserting rows of several tables in one statement, without Django's way through save() and its signals."""

from collections.abc import Callable
from functools import cache
from itertools import count
from operator import attrgetter
from typing import Any

from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED
from psycopg.types.json import Jsonb

from linli.kernel.db.prepared import prepared_cursor


def insert(*rows: models.Model) -> None:
    """Insert unsaved rows, those that others point to first. 1 query, however many rows and tables.

    Values go to the driver as they are, so each has to be of its column's own type: UUIDs, not their text; no
    expressions. Columns with a default of the database's own are left to it, and not read back. Fires no signal.
    Raises IntegrityError: then none is written.
    """
    statement = _statement(tuple(type(row) for row in rows))
    values = [value for row in rows for value in _reader(type(row))(row)]
    with prepared_cursor() as cursor:
        cursor.execute(statement, values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@cache
def _statement(tables: tuple[type[models.Model], ...]) -> str:
    """Write the statement for rows of these tables; by the schema, so the same as long as a process runs."""
    quote, number = connection.ops.quote_name, count(1)
    parts = []
    for table in tables:
        columns = [quote(str(field.column)) for field in _written(table)]
        places = ", ".join(f"${next(number)}" for _ in columns)
        name = quote(table._meta.db_table)
        parts.append(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})")  # noqa: S608 - names of the schema
    *others, last = parts
    ahead = ", ".join(f"part{place} AS ({part})" for place, part in enumerate(others))
    return f"WITH {ahead} {last}" if ahead else last


@cache
def _reader(table: type[models.Model]) -> Callable[[models.Model], list[Any]]:
    """Give what reads a row's values in the order of its columns."""
    fields = _written(table)
    values_of = attrgetter(*(field.attname for field in fields))
    documents = [place for place, field in enumerate(fields) if isinstance(field, models.JSONField)]

    def read(row: models.Model) -> list[Any]:
        values: list[Any] = list(values_of(row))
        for place in documents:
            values[place] = None if values[place] is None else Jsonb(values[place])
        return values

    return read


@cache
def _written(table: type[models.Model]) -> list["models.Field[Any, Any]"]:
    return [field for field in table._meta.concrete_fields if field.db_default is NOT_PROVIDED and not field.generated]
