"""The table of rulebooks: what a district's cases run by, each change a new version."""

from typing import ClassVar

from django.db import models

from linli.kernel.db.models import DistrictModel, PersonalData


class Rulebook(DistrictModel):
    """One version of one of the documents (`choices.RulebookKind`); never changed, only followed by a newer one.

    content: as `calc/rulebooks.py` reads it. made_by: the person who saved it, null for the first one.
    """

    is_append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, PersonalData]] = {}

    kind = models.CharField(max_length=16)
    number = models.IntegerField()
    content = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=200, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "kind", "number"], name="rulebook_number"),
        ]
