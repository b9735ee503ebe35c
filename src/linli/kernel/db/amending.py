"""Changing fields of many rows at once, each row to values of its own: one statement, however many rows."""

from collections.abc import Sequence

from django.db import connection, models


def amend(
    model: type[models.Model], *, district_id: str, fields: Sequence[str], rows: Sequence[Sequence[object]]
) -> int:
    """Set fields of many rows of one district, in the present transaction. Returns how many were there. 1 query.

    district_id: "" for a table that is the same for all districts.

    fields: names of fields; rows: id first, then the values in the order of the fields, each of its column's own type.
    A row that is not there is passed over. Raises IntegrityError as any UPDATE does; nothing is changed then.
    """
    if not rows:
        return 0
    quote = connection.ops.quote_name
    by_name = {field.name: field for field in model._meta.concrete_fields}
    found = [by_name[name] for name in ("id", *fields)]
    columns = [quote(str(field.column)) for field in found]
    arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in found)
    changes = ", ".join(f"{column} = new.{column}" for column in columns[1:])
    table = quote(model._meta.db_table)
    statement = (
        f"UPDATE {table} SET {changes} FROM unnest({arrays}) AS new ({', '.join(columns)}) "  # noqa: S608 - our own names
        f"WHERE {table}.id = new.id{f' AND {table}.district_id = %s' if district_id else ''}"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [*(list(values) for values in zip(*rows, strict=True)), *([district_id] if district_id else [])],
        )
        return int(cursor.rowcount)
