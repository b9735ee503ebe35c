"""Writing many rows at once by COPY: some five times as fast as INSERT, with every constraint checked all the same."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from django.db import connection, models
from psycopg.types.json import Jsonb


def copy_in(model: type[models.Model], rows: Iterable[models.Model]) -> int:
    """Write unsaved rows of one model, all columns, in the present transaction. Returns how many. 1 COPY.

    Values go to the driver as they are, so each has to be of its column's own type: UUIDs, not their text. Raises
    IntegrityError as INSERT does; nothing is written then.
    """
    fields = model._meta.concrete_fields
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    values_of = attrgetter(*(field.attname for field in fields))
    documents = [place for place, field in enumerate(fields) if isinstance(field, models.JSONField)]
    count = 0
    with connection.wrap_database_errors, connection.cursor() as cursor:
        statement = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({names}) FROM STDIN"
        with cursor.copy(statement) as copy:
            for row in rows:
                values: list[Any] = list(values_of(row))
                for place in documents:
                    values[place] = Jsonb(values[place])
                copy.write_row(values)
                count += 1
    return count
