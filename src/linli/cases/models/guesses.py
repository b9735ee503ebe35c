"""Wrong codes that somebody tried for a case."""

from typing import ClassVar

from django.db import models

from linli.cases.models.case import Case
from linli.kernel.db.models import DistrictForeignKey, DistrictModel, PersonalData


class CodeGuesses(DistrictModel):
    """How many wrong codes were tried for a case since `began_at`; after an hour they are counted anew.

    Not who tried. Seen by nobody.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    case = DistrictForeignKey(Case, related_name="+", on_delete=models.CASCADE)
    began_at = models.DateTimeField()
    wrong = models.IntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "case"], name="code_guesses_once"),
        ]
