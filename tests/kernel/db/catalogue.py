"""What PostgreSQL itself says of a table."""

from django.db import connection


def constraints(table: str, kind: str) -> list[str]:
    """Read the definitions of a table's constraints; kind: p, f or u."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = %s ORDER BY 1",
            [table, kind],
        )
        return [row[0] for row in cursor.fetchall()]
