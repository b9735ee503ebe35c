"""The column that says which district a row is of. Apart from the models, since Django loads backends before them."""

from typing import Any

from django.db import models

DISTRICT_COLUMN = "district_id"


def district_field(model: type[models.Model]) -> "models.Field[Any, Any] | None":
    """Find the field whose column says which district a row is of, or None; works on migrations' models too."""
    return next((field for field in model._meta.local_fields if field.column == DISTRICT_COLUMN), None)


def has_district_key(model: type[models.Model]) -> bool:
    """Whether the table's primary key names the district: every table with the column, save the districts' own."""
    return district_field(model) is not None and model._meta.pk.column != DISTRICT_COLUMN
