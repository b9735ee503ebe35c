"""The table of what was learned from a district's own closed cases."""

from typing import ClassVar

from django.db import models

from linli.kernel.db.models import DistrictModel, PersonalData


class LearnedModel(DistrictModel):
    """A model that suggests categories, learned from closed cases at `made_at`; former ones are deleted.

    No text and no word: weights of hashed pieces of texts whose numbers were hidden before. What is erased from the
    cases is forgotten with the next one, at most a week later. figures: how it does on later cases that it had not
    seen, and in "likest" how well closed cases are found alike. accepted, declined: how often staff took the first
    suggestion, of all of them together. Read by nobody; the figures by who runs jobs, those in "likest" by staff.
    Holds no personal data.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    made_at = models.DateTimeField()
    categories = models.JSONField(default=list)
    weights = models.BinaryField(default=b"")
    figures = models.JSONField(default=dict)
    accepted = models.IntegerField(default=0)
    declined = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "made_at"], name="learned_once"),
        ]
