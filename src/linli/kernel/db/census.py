"""What a database holds, table by table: for a backup that can be compared with what came out of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg import sql
from psycopg.conninfo import make_conninfo

_TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
ORDER BY relname
"""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend'
AND application_name <> current_setting('application_name')
"""


def connection_string() -> str:
    """Spell how PostgreSQL's own programs reach the database that Django is set up for; holds its password."""
    said = connection.settings_dict
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return make_conninfo("", **{name: said[ours] for name, ours in named.items() if said[ours]})


@contextmanager
def one_moment() -> Iterator[str]:
    """See the database as it is now until the end, changing nothing. Gives the snapshot's name for other sessions."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield str(cursor.fetchone()[0])


def count_rows() -> dict[str, int]:
    """Count the rows of every table. 1 query, and 1 a table."""
    with connection.cursor() as cursor:
        counts = {}
        for table in list_tables():
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            counts[table] = int(cursor.fetchone()[0])
        return counts


def list_tables() -> list[str]:
    """List the tables of the schema we work in. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return [row[0] for row in cursor.fetchall()]


def list_migrations() -> list[str]:
    """List the migrations that were applied, as "app.name". 1 query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def known_migrations() -> set[str]:
    """List the migrations that this program brings, as "app.name". No query."""
    return {".".join(key) for key in MigrationLoader(None).disk_migrations}


def count_other_sessions() -> int:
    """Count the sessions on this database besides those of this program, which bear one name. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS)
        return int(cursor.fetchone()[0])


def size_of_database() -> int:
    """Tell how many bytes it takes on the disk. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def clock_of_database() -> datetime:
    """Ask what time it is there. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now


def check_counts(counts: Mapping[str, int]) -> str:
    """Write SQL that raises unless every table has that many rows."""
    return "".join(
        _raising(
            sql.SQL("(SELECT count(*) FROM {})").format(sql.Identifier(table)), sql.Literal(count), f"rows of {table}"
        )
        for table, count in counts.items()
    )


def check_equal(found: sql.Composable, expected: str | int, what: str) -> str:
    """Write SQL that raises unless what is found is that."""
    return _raising(found, sql.Literal(expected), what)


def _raising(found: sql.Composable, expected: sql.Composable, what: str) -> str:
    body = sql.SQL(
        "BEGIN IF {found} IS DISTINCT FROM {expected}"
        " THEN RAISE EXCEPTION '% differ from the backup', {what}; END IF; END"
    ).format(found=found, expected=expected, what=sql.Literal(what))
    return sql.SQL("DO {};\n").format(sql.Literal(body.as_string(None))).as_string(None)
