"""The table that ties cases to the holes in coverage that they tell of."""

from typing import ClassVar

from django.db import models

from linli.cases.models.case import Case
from linli.kernel.db.models import DistrictForeignKey, DistrictModel, PersonalData


class HoleCase(DistrictModel):
    """Which case tells of which hole: one hole may have several, one after the other, and never two open ones.

    Seen by whoever sees the case. Holds no personal data.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    hole = DistrictForeignKey("coverage.Hole", related_name="+")
    case = DistrictForeignKey(Case, on_delete=models.CASCADE, related_name="holes")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "hole", "case"], name="hole_case_once"),
            models.UniqueConstraint(fields=["district", "case"], name="case_of_one_hole"),
        ]
