"""The databases of a worker: its own with empty tables, one that holds the small district, one that all may copy."""

import fcntl
from pathlib import Path
from typing import TextIO

from django.apps import apps
from django.db import connection
from django.test import TransactionTestCase
from psycopg import sql

# What says which tables there are, and is the same after each test.
_OF_MIGRATIONS = {"django_migrations", "django_content_type", "auth_permission"}


def _turn_to(name: str) -> None:
    if connection.settings_dict["NAME"] != name:
        connection.close()
        connection.settings_dict["NAME"] = name


def _from_outside(*statements: str) -> None:
    """Make or drop databases, with the connection to none of them; it leads where it led afterwards."""
    name = connection.settings_dict["NAME"]
    _turn_to("postgres")
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    _turn_to(name)


def _copy(name: str, *, of: str) -> None:
    _from_outside(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {of}")


class Filled:
    """The database that holds the small district: the connection leads there or to the empty one."""

    def __init__(self) -> None:
        self._names: tuple[str, str] | None = None

    def make(self) -> None:
        """Copy the empty one, and turn to the copy."""
        empty = connection.settings_dict["NAME"]
        self._names = (empty, f"{empty}_filled")
        _copy(self._names[1], of=empty)
        self.turn(is_wanted=True)

    def turn(self, *, is_wanted: bool) -> None:
        """Let the connection lead there, or to the empty one, from now on."""
        if self._names is not None:
            _turn_to(self._names[is_wanted])

    def drop(self) -> None:
        """Take it away."""
        assert self._names is not None
        self.turn(is_wanted=False)
        _from_outside(f"DROP DATABASE {self._names[1]} WITH (FORCE)")
        self._names = None


class TablesOfAll:
    """Tables that one worker of a run makes and the others copy. run: a folder that all see; None for a lone worker."""

    def __init__(self, run: Path | None) -> None:
        self._held: TextIO | None = (run / "tables.lock").open("a+") if run else None

    def wait(self) -> None:
        """Wait for the tables that another worker makes; if there are none yet, hold up the others."""
        if self._held is None:
            return
        fcntl.flock(self._held, fcntl.LOCK_EX)
        self._held.seek(0)
        if made := self._held.read():
            connection.settings_dict["TEST"] |= {"TEMPLATE": made, "MIGRATE": False}

    def leave(self) -> None:
        """Leave a copy of the tables that were made, and let the others go on."""
        if self._held is None:
            return
        if connection.settings_dict["TEST"]["MIGRATE"]:
            made = f"{connection.settings_dict['NAME']}_of_all"
            _copy(made, of=connection.settings_dict["NAME"])
            self._held.write(made)
            self._held.flush()
        fcntl.flock(self._held, fcntl.LOCK_UN)

    def drop(self) -> None:
        """Take the copy away, so that whoever comes later makes tables anew."""
        if self._held is None:
            return
        with self._held as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            held.seek(0)
            if made := held.read():
                held.truncate(0)
                _from_outside(f"DROP DATABASE IF EXISTS {made}")


def empty_tables(_case: TransactionTestCase) -> None:
    """Empty the tables that a test filled for good. Where none is filled 2 queries, else 3."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        names = sorted({name for (name,) in cursor.fetchall()} - _OF_MIGRATIONS)
        asked = (
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, sql.Identifier(name)) for name in names
        )
        cursor.execute(sql.SQL(" UNION ALL ").join(asked))
        filled = [sql.Identifier(name) for (name,) in cursor.fetchall()]
        if filled:
            cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(filled)))


def copied_out() -> list[tuple[str, bytes]]:
    """Read all our tables, in the order in which they can be filled again."""
    ours = [model._meta.db_table for model in apps.get_models() if model.__module__.startswith("linli.")]
    tables = []
    with connection.cursor() as cursor:
        for table in ours:
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                rows = b"".join(copy)
            if rows:
                tables.append((table, rows))
    return tables


def copy_in(tables: list[tuple[str, bytes]]) -> None:
    """Fill empty tables with what was copied out."""
    with connection.cursor() as cursor:
        for table, rows in tables:
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                copy.write(rows)
