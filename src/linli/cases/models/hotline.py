"""The table of the hotline's work orders."""

from typing import ClassVar

from django.db import models

from linli.cases.models.case import Case
from linli.kernel.db.models import DistrictForeignKey, DistrictModel, PersonalData


class HotlineOrder(DistrictModel):
    """What the hotline (12345) calls a case that it sent; not its caller, who is the case's reporter.

    number: the hotline's own, once in a district, so that the same order never makes two cases. kind, nature, origin,
    classification: in the hotline's words; due_at: by when the hotline wants an answer, beside the case's own clocks.
    Seen by whoever sees the case. Holds no personal data.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    case = DistrictForeignKey(Case, related_name="hotline_orders", on_delete=models.CASCADE)
    number = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, default="")
    nature = models.CharField(max_length=20, default="")
    origin = models.CharField(max_length=20, default="")
    classification = models.CharField(max_length=120, default="")
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "number"], name="hotline_order_number"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["district", "case"], name="hotline_order_case")]
