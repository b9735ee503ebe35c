"""What happened to a case: steps, clock segments, verifications, files."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_noop

from linli.cases.models.case import Case
from linli.kernel.db.models import DistrictForeignKey, DistrictModel, LegalBasis, PersonalData, Whose

_NOTE = PersonalData(
    whose=Whose.RESIDENT,
    purpose=gettext_noop("a record of how a case was handled"),
    legal_basis=LegalBasis.DUTY,
    retention_days=3650,
)


class CaseStep(DistrictModel):
    """One step in a case's history: appended, never changed. Seen by whoever may see the case.

    by_person, by_post: null for residents and the system (`by_kind` tells); note: what was written, kept ten years;
    data: plain values of the step (from and to whom, reason, scores).
    """

    is_append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, PersonalData]] = {"note": _NOTE}

    case = DistrictForeignKey(Case, related_name="steps", on_delete=models.CASCADE)
    at = models.DateTimeField()
    action = models.CharField(max_length=16)
    from_state = models.CharField(max_length=16)
    to_state = models.CharField(max_length=16)
    by_kind = models.CharField(max_length=10)
    by_person = models.UUIDField(null=True)
    by_post = models.UUIDField(null=True)
    reason = models.CharField(max_length=40, default="")
    note = models.TextField(default="")
    data = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "case", "id"], name="step_case"),
            # Which cases somebody took part in: told by the index alone, in the order of lists.
            models.Index(
                fields=["district", "by_person", "case"],
                include=["action"],
                name="step_taken_by",
                condition=models.Q(by_person__isnull=False),
            ),
            models.Index(fields=["district", "case"], name="step_returned", condition=models.Q(action="return")),
        ]


class ClockSegment(DistrictModel):
    """A stretch of time in which one of a case's clocks ran; the deadline can be counted again from these.

    clock: response or solution; timer, amount: the time allowed, extra_days: working days granted on top; stopped_at
    null: it runs; why: what stopped it.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    case = DistrictForeignKey(Case, related_name="segments", on_delete=models.CASCADE)
    clock = models.CharField(max_length=10)
    timer = models.CharField(max_length=16)
    amount = models.IntegerField()
    extra_days = models.SmallIntegerField(default=0)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=40, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(stopped_at__isnull=True) | models.Q(stopped_at__gte=models.F("started_at")),
                name="segment_order",
            ),
            models.UniqueConstraint(
                fields=["district", "case", "clock"],
                condition=models.Q(stopped_at__isnull=True),
                name="segment_one_running",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "case", "clock", "started_at"], name="segment_case"),
        ]


class Verification(DistrictModel):
    """What was found when somebody looked whether the problem is gone; appended, never changed.

    is_effective: the reporter was reached (only these count for the rates); subject: solution, or rejection where the
    reporter rates being turned down. comment: what the reporter said, kept ten years.
    """

    is_append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, PersonalData]] = {"comment": _NOTE}

    case = DistrictForeignKey(Case, related_name="verifications", on_delete=models.CASCADE)
    at = models.DateTimeField()
    method = models.CharField(max_length=10)
    subject = models.CharField(max_length=10)
    is_effective = models.BooleanField()
    was_contacted = models.BooleanField()
    is_solved = models.BooleanField()
    satisfaction = models.CharField(max_length=12)
    comment = models.TextField(default="")
    by_person = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "case"], name="verification_case"),
        ]


class CaseFile(DistrictModel):
    """A photo that belongs to a case; seen by whoever may see the case.

    reporter: who joined the case with it, null for the first reporter's and for evidence. Holds no personal data.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    case = DistrictForeignKey(Case, related_name="files", on_delete=models.CASCADE)
    file = DistrictForeignKey("files.StoredFile", related_name="+")
    kind = models.CharField(max_length=10)
    added_at = models.DateTimeField()
    reporter = DistrictForeignKey("cases.Reporter", null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "file"], name="case_file_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["district", "case"], name="case_file_case")]
