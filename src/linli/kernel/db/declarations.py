"""What the models declare about personal data, gathered: for the pages that say it and for whoever changes keys."""

from dataclasses import dataclass

from django.apps import apps
from django.db import models

from linli.kernel.db.models import Table
from linli.kernel.personal_data import PersonalData


@dataclass(frozen=True, slots=True)
class Declared:
    """A field that holds personal data. table: "cases.Reporter"."""

    table: str
    field: str
    data: PersonalData
    model: type[models.Model]

    @property
    def name(self) -> str:
        """Name the field in full: "cases.Reporter.phone"."""
        return f"{self.table}.{self.field}"


def list_declared() -> list[Declared]:
    """List every field of every table of ours that holds personal data, by table and field. No query."""
    tables = sorted((model._meta.label, model) for model in apps.get_models() if issubclass(model, Table))
    return [
        Declared(label, field, data, model) for label, model in tables for field, data in model.personal_data.items()
    ]
