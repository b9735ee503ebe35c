"""The schema editor that writes the district into primary and foreign keys.

Models and migrations stay plain Django with one UUID key. Whatever has a column `district_id` gets
PRIMARY KEY (id, district_id), and a foreign key between two such tables has two columns, so that a row can't point
into another district. The id comes first: it keeps look-ups by id alone on the index.
Source: docs/decisions/0003-composite-keys.md.
"""

from typing import Any

from django.db import models
from django.db.backends.ddl_references import Columns, Statement
from django.db.backends.postgresql.schema import DatabaseSchemaEditor

from linli.kernel.db.district import DISTRICT_COLUMN, has_district_key

_INLINE_KEY = "PRIMARY KEY"


class SchemaEditor(DatabaseSchemaEditor):
    """Django's editor for PostgreSQL, with the district in the keys of whatever belongs to one.

    It overrides private methods that the type stubs leave out, hence the ignored lines; the tests of this room are
    what tells of a change in Django.
    """

    # Inline foreign keys have one column; without the template Django adds each by a statement of its own.
    sql_create_column_inline_fk = None  # type: ignore[assignment]  # the base class of both allows None

    def create_model(self, model: type[models.Model]) -> None:
        """Make the table, then its key of two columns."""
        super().create_model(model)
        if has_district_key(model):
            self.execute(self._create_primary_key_sql(model, model._meta.pk))

    def add_field(self, model: type[models.Model], field: "models.Field[Any, Any]") -> None:
        """Add a column; if it is the district, write the primary key anew.

        The autodetector may split a new model into CreateModel and AddField(district), so this comes up in the very
        first migration. Fails if foreign keys already point to the table: they would have to name the district too.
        """
        super().add_field(model, field)
        if field.column == DISTRICT_COLUMN and has_district_key(field.model):
            self._delete_primary_key(model)  # type: ignore[attr-defined]
            self.execute(self._create_primary_key_sql(field.model, field.model._meta.pk))

    def _iter_column_sql(
        self,
        column_db_type: str,
        params: list[Any],
        model: type[models.Model],
        field: "models.Field[Any, Any]",
        *rest: Any,
    ) -> Any:
        for part in super()._iter_column_sql(column_db_type, params, model, field, *rest):  # type: ignore[misc]
            if part != _INLINE_KEY or not has_district_key(model):
                yield part

    def _create_primary_key_sql(self, model: type[models.Model], field: "models.Field[Any, Any]") -> Statement:
        statement: Statement = super()._create_primary_key_sql(model, field)  # type: ignore[misc]
        if has_district_key(model):
            statement.parts["columns"] = self._with_district(model, field)
        return statement

    def _create_fk_sql(self, model: type[models.Model], field: "models.ForeignKey[Any, Any]", suffix: str) -> Statement:
        statement: Statement = super()._create_fk_sql(model, field, suffix)  # type: ignore[misc]
        target = field.target_field
        if field.column != DISTRICT_COLUMN and has_district_key(model) and has_district_key(target.model):
            statement.parts["column"] = self._with_district(model, field)
            statement.parts["to_column"] = self._with_district(target.model, target)
        return statement

    def _constraint_names(
        self, model: type[models.Model], column_names: list[str] | None = None, **wanted: Any
    ) -> list[str]:
        """Find constraints by their columns; a foreign key is found by its own column with or without the district."""
        names: list[str] = super()._constraint_names(model, column_names, **wanted)  # type: ignore[misc]
        if wanted.get("foreign_key") and column_names and DISTRICT_COLUMN not in column_names:
            names += super()._constraint_names(model, [*column_names, DISTRICT_COLUMN], **wanted)  # type: ignore[misc]
        return names

    def _with_district(self, model: type[models.Model], field: "models.Field[Any, Any]") -> Columns:
        return Columns(model._meta.db_table, [field.column, DISTRICT_COLUMN], self.quote_name)
