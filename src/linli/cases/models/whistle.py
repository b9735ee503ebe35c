"""The table of calls by which a community whistles for departments."""

from typing import ClassVar

from django.db import models

from linli.cases.models.case import Case
from linli.kernel.db.models import DistrictForeignKey, DistrictModel, PersonalData

_STANDS = models.Q(taken_back_at__isnull=True)


class WhistleCall(DistrictModel):
    """One organisation called to a case by another; it has to report in within its own clock. Words are in steps.

    caller, called_by: who called, and the person; is_lead: leads, the others assist, one lead a case at most; hours:
    working hours given; speed, result: marks by which the caller evaluated it, "" before. opinion_hours, opinion_since,
    opinion_until, opinion_due_at: the clock of who leads, from reporting in to the first opinion, null where it never
    ran. mark, opinion_mark, rung_at: as those of a case's clocks on the ladder. The organisation sees the case as long
    as the call stands, and goes on seeing it where it had reported in. Holds no personal data.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    case = DistrictForeignKey(Case, on_delete=models.CASCADE, related_name="calls")
    called_at = models.DateTimeField()
    called_by = models.UUIDField()
    caller = DistrictForeignKey("orgs.Organisation", related_name="+")
    organisation = DistrictForeignKey("orgs.Organisation", related_name="+")
    is_lead = models.BooleanField(default=False)
    hours = models.SmallIntegerField()
    due_at = models.DateTimeField()
    calendar_number = models.IntegerField()
    reported_in_at = models.DateTimeField(null=True)
    opined_at = models.DateTimeField(null=True)
    evaluated_at = models.DateTimeField(null=True)
    speed = models.CharField(max_length=40, default="")
    result = models.CharField(max_length=40, default="")
    taken_back_at = models.DateTimeField(null=True)
    opinion_hours = models.SmallIntegerField(default=0)
    opinion_since = models.DateTimeField(null=True)
    opinion_until = models.DateTimeField(null=True)
    opinion_due_at = models.DateTimeField(null=True)
    mark = models.SmallIntegerField(default=0)
    opinion_mark = models.SmallIntegerField(default=0)
    rung_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "case", "organisation"], condition=_STANDS, name="call_once"),
            models.UniqueConstraint(
                fields=["district", "case"], condition=_STANDS & models.Q(is_lead=True), name="call_one_lead"
            ),
            models.CheckConstraint(
                condition=models.Q(reported_in_at__isnull=True) | models.Q(reported_in_at__gte=models.F("called_at")),
                name="call_reported_after",
            ),
            models.CheckConstraint(
                condition=models.Q(opinion_until__isnull=True) | models.Q(opinion_until__gte=models.F("opinion_since")),
                name="call_opinion_order",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "case"], name="call_case"),
            models.Index(fields=["district", "rung_at"], name="call_rung", condition=models.Q(rung_at__isnull=False)),
            # Which cases an organisation was called to: told by the index alone, in the order of lists.
            models.Index(
                fields=["district", "organisation", "case"],
                name="call_seen_by",
                condition=_STANDS | models.Q(reported_in_at__isnull=False),
            ),
        ]
