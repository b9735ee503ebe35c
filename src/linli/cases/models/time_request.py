"""The table of requests for time: days on top of a deadline, or a longer hold."""

from typing import ClassVar

from django.db import models

from linli.cases.models.case import Case
from linli.kernel.db.models import DistrictForeignKey, DistrictModel, PersonalData


class TimeRequest(DistrictModel):
    """Time that whoever has a case asks the next one up for. Seen with the case; words stand in its history.

    kind: extension (days: working days on top of the solution's deadline) or hold (until: the new day of review).
    state: asked, granted, refused or lapsed; at most one asked at a time. decide_by: then it lapses. to_post: who
    decides. for_organisation: whose case it was. No personal data: ids and codes.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    case = DistrictForeignKey(Case, related_name="time_requests", on_delete=models.CASCADE)
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=40)
    days = models.SmallIntegerField(null=True)
    until = models.DateField(null=True)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True)
    asked_post = models.UUIDField(null=True)
    for_organisation = models.UUIDField(null=True)
    decide_by = models.DateTimeField()
    to_post = models.UUIDField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["district", "case"], condition=models.Q(state="asked"), name="time_request_one_asked"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="extension", days__gte=1, until__isnull=True)
                | models.Q(kind="hold", days__isnull=True, until__isnull=False),
                name="time_request_says_how_much",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["district", "decide_by", "id"], name="time_request_waits", condition=models.Q(state="asked")
            ),
            models.Index(fields=["district", "to_post", "id"], name="time_request_whose"),
        ]
