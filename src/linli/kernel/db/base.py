"""Django's connection to PostgreSQL, with our schema editor and the terms that a database has to meet."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base, features, operations

from linli.kernel.db.district import has_district_key
from linli.kernel.db.schema import SchemaEditor

_CHARACTER_TYPE = "SELECT datctype, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"


class DatabaseFeatures(features.DatabaseFeatures):
    """What Django may count on."""

    minimum_database_version = (15,)

    def allows_group_by_selected_pks_on_model(self, model: type[models.Model]) -> bool:
        """Group by every column of a row of a district: its id alone is no primary key that PostgreSQL could follow."""
        allows: bool = super().allows_group_by_selected_pks_on_model(model)
        return allows and not has_district_key(model)


class DatabaseOperations(operations.DatabaseOperations):
    """How Django spells things for PostgreSQL."""

    def deferrable_sql(self) -> str:
        """Check foreign keys at once: an action sees IntegrityError where it happens, on Citus too.

        Deferrable nevertheless, so that a load of fixtures can wait for rows that come later.
        """
        return " DEFERRABLE INITIALLY IMMEDIATE"

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """Tell a statement for the log of queries: with its places where values went apart from it."""
        return str(super().last_executed_query(cursor, sql, params) or sql)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to a PostgreSQL of 15 or newer that knows Chinese letters as letters."""

    display_name = "PostgreSQL for Linli"
    SchemaEditorClass = SchemaEditor
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations

    def check_database_version_supported(self) -> None:
        """Check version and character type, once a process. Raises NotSupportedError, ImproperlyConfigured. 1 query."""
        super().check_database_version_supported()
        if self.alias != NO_DB_ALIAS:
            with self.connection.cursor() as cursor:
                refuse_other_than_utf8(*cursor.execute(_CHARACTER_TYPE).fetchone())

    def get_connection_params(self) -> dict[str, Any]:
        """Let statements of `prepared.py` be prepared at their second use; Django's own cursors never prepare."""
        params: dict[str, Any] = super().get_connection_params()
        if params.get("prepare_threshold") is None:
            params["prepare_threshold"] = 2
        return params

    def disable_constraint_checking(self) -> bool:
        """Let foreign keys wait till `check_constraints`, within this transaction: loads of fixtures ask for it."""
        if not self.in_atomic_block:
            return False
        with self.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        return True

    def enable_constraint_checking(self) -> None:
        """Do nothing: the loads that asked call `check_constraints` next, and an aborted transaction takes no more."""

    def check_constraints(self, table_names: Any = None) -> None:  # noqa: ARG002 - Django's signature
        """Check now whatever waited, and leave foreign keys checked at once. 1 query."""
        with self.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refuse_other_than_utf8(character_type: str, encoding: str) -> None:
    """Raise ImproperlyConfigured unless both are UTF-8.

    With the character type C, PostgreSQL takes Chinese for punctuation: trigrams and case folding lose it silently.
    Source: docs/decisions/0003-composite-keys.md; PostgreSQL manual, Locale Support.
    """
    spelled = character_type.lower().replace("-", "")
    if encoding != "UTF8" or not spelled.endswith("utf8"):
        raise ImproperlyConfigured(
            f"The database has encoding {encoding} and character type {character_type}; Chinese text needs UTF-8 in "
            "both. Make it anew: CREATE DATABASE linli TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'."
        )
