"""Versions of the working calendar."""

from typing import ClassVar

from django.db import models

from linli.kernel.db.models import PersonalData, ReferenceModel
from linli.kernel.ids import new_id


class CalendarVersion(ReferenceModel):
    """The calendar as it counted from made_at until the next version; never changed, not a plan for one year.

    hours: [[start, end], ...] minutes since midnight, Shanghai; published_years: years whose holidays the State
    Council has announced. made_by: id of a person, null for the one that comes with the program. Everybody signed in
    may see it. Holds no personal data but that id.
    """

    is_append_only = True
    personal_data: ClassVar[dict[str, PersonalData]] = {}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=200)
    hours = models.JSONField()
    published_years = models.JSONField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["number"], name="calendar_number"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="calendar_number_from_one"),
        ]
        ordering: ClassVar[list[str]] = ["-number"]


class CalendarDay(ReferenceModel):
    """A day of a version that is not what its weekday says, with its festival; not a list of all days.

    Everybody signed in may see it. Holds no personal data.
    """

    is_append_only = True
    personal_data: ClassVar[dict[str, PersonalData]] = {}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="days")
    date = models.DateField()
    is_workday = models.BooleanField()
    name = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "date"], name="calendar_day_once"),
        ]
        ordering: ClassVar[list[str]] = ["date"]
