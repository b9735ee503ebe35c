"""What the application's role may do: read and write everywhere, but only add to what is append-only.

The role that owns the tables migrates and then calls `grant_application_role`; the application runs as the other.
Source: docs/decisions/0003-composite-keys.md; architecture, decisions 2 and 4.
"""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from linli.kernel.db.models import Table

_ROLE = "SELECT rolsuper OR pg_has_role(oid, current_user::regrole, 'MEMBER') FROM pg_roles WHERE rolname = %s"
_OURS = (
    "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
    " AND relkind = ANY(%s) AND pg_has_role(relowner, 'USAGE') ORDER BY relname"
)
_TABLES, _SEQUENCES = ["r", "p", "v", "m"], ["S"]
_LACKS_CONNECT = "SELECT current_database() WHERE NOT has_database_privilege(%s, current_database(), 'CONNECT')"
_LACKS_USAGE = "SELECT current_schema() WHERE NOT has_schema_privilege(%s, current_schema(), 'USAGE')"


def append_only_tables() -> list[str]:
    """List the tables of all models that declare themselves append-only."""
    return [model._meta.db_table for model in apps.get_models() if issubclass(model, Table) and model.is_append_only]


def changeable_tables(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> list[str]:
    """List those of the tables that the connection's role could change or delete from. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(quote_ident(name)) IS NOT NULL"
            " AND has_table_privilege(quote_ident(name), 'UPDATE, DELETE, TRUNCATE') ORDER BY name",
            [list(tables)],
        )
        return [row[0] for row in cursor.fetchall()]


def grant_application_role(
    connection: BaseDatabaseWrapper, role: str = "linli", *, append_only: Iterable[str] | None = None
) -> None:
    """Give the role its rights, after migrations; the same again changes nothing.

    connection: of the role that owns the tables. append_only: tables, by default those of all models; the role keeps
    SELECT and INSERT there, which leaves out `SELECT ... FOR UPDATE` too. Functions and types need nothing, since
    PUBLIC may use them. Raises ImproperlyConfigured if there is no such role or if rights can't bind it.
    Some ten statements, one an execute, as Citus asks.
    """
    with connection.cursor() as cursor:
        _refuse_role_without_bounds(cursor, role)
        for statement in _grants(cursor, role):
            cursor.execute(statement)
        for table in append_only_tables() if append_only is None else append_only:
            revoke = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}")
            cursor.execute(revoke.format(sql.Identifier(table), sql.Identifier(role)))


def _refuse_role_without_bounds(cursor: CursorWrapper, role: str) -> None:
    cursor.execute(_ROLE, [role])
    found = cursor.fetchone()
    if found is None:
        raise ImproperlyConfigured(f"There is no role {role} in this database: CREATE ROLE {role} LOGIN.")
    if found[0]:
        raise ImproperlyConfigured(
            f"The role {role} is a superuser or owns the tables, so it could change what is append-only. "
            "Let DATABASE_URL and DATABASE_OWNER_URL name two roles."
        )


def _grants(cursor: CursorWrapper, role: str) -> Iterator[sql.Composed]:
    """Yield the statements for what is there and for what later migrations make.

    Only what the owner may hand on: views of extensions in the same schema belong to somebody else.
    """
    to = sql.Identifier(role)
    yield from _grant_on(cursor, _LACKS_CONNECT, [role], "CONNECT ON DATABASE", to)
    yield from _grant_on(cursor, _LACKS_USAGE, [role], "USAGE ON SCHEMA", to)
    yield from _grant_on(cursor, _OURS, [_TABLES], "SELECT, INSERT, UPDATE, DELETE ON TABLE", to)
    yield from _grant_on(cursor, _OURS, [_SEQUENCES], "USAGE, SELECT ON SEQUENCE", to)
    later = sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT {} TO {}")
    cursor.execute("SELECT current_schema()")
    schema = sql.Identifier(cursor.fetchone()[0])
    for rights in ("SELECT, INSERT, UPDATE, DELETE ON TABLES", "USAGE, SELECT ON SEQUENCES"):
        yield later.format(schema, sql.SQL(rights), to)


def _grant_on(
    cursor: CursorWrapper, query: str, params: list[str | list[str]], rights: str, to: sql.Identifier
) -> Iterator[sql.Composed]:
    """Yield one grant for all names that the query finds, none if it finds none."""
    cursor.execute(query, params)
    names = [sql.Identifier(row[0]) for row in cursor.fetchall()]
    if names:
        yield sql.SQL("GRANT {} {} TO {}").format(sql.SQL(rights), sql.SQL(", ").join(names), to)
