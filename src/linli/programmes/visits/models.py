"""The tables of visits: campaigns, whom they are for, and that somebody called. No register of people."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_noop

from linli.kernel.db.models import DistrictForeignKey, DistrictModel, LegalBasis, PersonalData, Whose
from linli.registry.territory.models import Area

KEPT_DAYS = 180


class Campaign(DistrictModel):
    """A round of visits in an area and below it, from a day to a day.

    Seen by whoever sees cases there. closed_at: ended before its last day.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    name = models.CharField(max_length=60)
    purpose = models.CharField(max_length=400, default="")
    area = DistrictForeignKey(Area, related_name="+", on_delete=models.PROTECT)
    area_path = models.CharField(max_length=120, db_collation="C")
    begins_on = models.DateField()
    ends_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("begins_on")), name="campaign_days"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "area_path", "-begins_on"], name="campaign_area"),
        ]


class TargetSet(DistrictModel):
    """One of a campaign's sets: what is visited, who visits, how often, how far.

    kinds: of organisations, where these are visited; roles: codes of the roles whose holders visit, empty for all who
    work there; cycle_days: a new round begins after so many, 0 for one round; goal_percent: the coverage aimed at.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    campaign = DistrictForeignKey(Campaign, related_name="sets", on_delete=models.CASCADE)
    position = models.SmallIntegerField()
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=16)
    kinds = models.JSONField(default=list)
    roles = models.JSONField(default=list)
    cycle_days = models.SmallIntegerField(default=0)
    goal_percent = models.SmallIntegerField(default=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "campaign", "position"], name="target_set_position"),
            models.CheckConstraint(
                condition=models.Q(goal_percent__gte=1, goal_percent__lte=100, cycle_days__gte=0, cycle_days__lte=366),
                name="target_set_bounds",
            ),
        ]


class Target(DistrictModel):
    """A building or an organisation to be visited, drawn from the registry; doors: how many there are to call at.

    taken_out_at: since when it counts no more, null while it does; why: in words, why it was taken out, put back or
    added after the campaign was planned, "" of those drawn then.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    target_set = DistrictForeignKey(TargetSet, related_name="targets", on_delete=models.CASCADE)
    subject_id = models.UUIDField()
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    area_path = models.CharField(max_length=120, db_collation="C")
    doors = models.IntegerField()
    taken_out_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "target_set", "subject_id"], name="target_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "target_set", "area_path"], name="target_area"),
        ]


class Visit(DistrictModel):
    """Somebody called somewhere. There is no column for what was answered, whether, or with which opinion.

    door_index: the same for calls at the same door, so that a door counts once; nobody can read the door from it. note:
    what has to be done; it goes into a case and is emptied then. Both are wiped after 180 days (is_wiped). case_id: the
    case it became. id: the key under which it was sent. Seen by whoever made it and by who sees cases there.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "door_index": PersonalData(
            whose=Whose.RESIDENT, purpose=gettext_noop("counting a door once within a round of visits"),
            legal_basis=LegalBasis.DUTY, retention_days=KEPT_DAYS, is_index=True,
        ),
        "note": PersonalData(
            whose=Whose.RESIDENT, purpose=gettext_noop("dealing with what somebody asked for at a visit"),
            legal_basis=LegalBasis.DUTY, retention_days=KEPT_DAYS,
        ),
    }  # fmt: skip

    target = DistrictForeignKey(Target, related_name="visits", on_delete=models.CASCADE)
    at = models.DateTimeField()
    done_at = models.DateTimeField()
    by_person = models.UUIDField()
    door_index = models.BinaryField(default=b"")
    note = models.TextField(default="")
    is_wiped = models.BooleanField(default=False)
    case_id = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "target", "done_at"], name="visit_target"),
            models.Index(fields=["district", "at"], name="visit_age"),
        ]
