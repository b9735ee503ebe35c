"""The table of disputes about who has to deal with a case."""

from typing import ClassVar

from django.db import models

from linli.cases.models.case import Case
from linli.kernel.db.models import DistrictForeignKey, DistrictModel, PersonalData

_IS_OPEN = models.Q(decided_at__isnull=True)


class Dispute(DistrictModel):
    """An office says that a case is not its own, and the one above decides in working hours; what was said is in steps.

    organisation, raised_by: who disputes, and the person; wanted: whose it is in their eyes; judge, judge_post: who
    decides, judge_level: at which level ("" of old ones); hours: working hours given. end: one of `DisputeEnd`, ""
    while it is open; given_to: who got the case. mark, rung_at: as those of a case's clocks on the ladder. Seen by
    whoever sees the case. Holds no personal data.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    case = DistrictForeignKey(Case, on_delete=models.CASCADE, related_name="disputes")
    raised_at = models.DateTimeField()
    raised_by = models.UUIDField()
    organisation = DistrictForeignKey("orgs.Organisation", related_name="+")
    reason = models.CharField(max_length=40)
    wanted = DistrictForeignKey("orgs.Organisation", null=True, related_name="+")
    judge = DistrictForeignKey("orgs.Organisation", related_name="+")
    judge_post = DistrictForeignKey("people.Post", related_name="+")
    judge_level = models.CharField(max_length=16, default="")
    hours = models.SmallIntegerField()
    due_at = models.DateTimeField()
    calendar_number = models.IntegerField()
    decided_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=10, default="")
    given_to = DistrictForeignKey("orgs.Organisation", null=True, related_name="+")
    mark = models.SmallIntegerField(default=0)
    rung_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "case"], condition=_IS_OPEN, name="dispute_one_open"),
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, end="")
                | models.Q(decided_at__isnull=False) & ~models.Q(end=""),
                name="dispute_end",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "case"], name="dispute_case"),
            models.Index(fields=["district", "judge"], name="dispute_judge", condition=_IS_OPEN),
            models.Index(fields=["district", "rung_at"], name="dispute_rung", condition=_IS_OPEN),
        ]
