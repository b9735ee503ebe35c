"""The table of cases merged into another one."""

from typing import ClassVar

from django.db import models

from linli.cases.models.case import Case
from linli.kernel.db.models import DistrictForeignKey, DistrictModel, PersonalData


class Merging(DistrictModel):
    """That a case is dealt with together with a leading one, from `at` to `until`; null: it still is.

    state: where the case stood before, and stands again if it is taken out; repeats_alone: the repeats that the leading
    case was weighed with before the first one came to it. Who sees one of the two cases learns by this that there is
    another, nothing else of it. Holds no personal data.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    case = DistrictForeignKey(Case, related_name="mergings", on_delete=models.CASCADE)
    leading = DistrictForeignKey(Case, related_name="led", on_delete=models.CASCADE)
    state = models.CharField(max_length=16)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    repeats_alone = models.IntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["district", "case"], condition=models.Q(until__isnull=True), name="merging_once"
            ),
            models.CheckConstraint(condition=~models.Q(case=models.F("leading")), name="merging_of_two"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("at")), name="merging_order"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "leading", "at"], name="merging_led"),
        ]
