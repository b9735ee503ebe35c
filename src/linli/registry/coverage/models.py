"""The tables of coverage: functions by version, holes as they were found, and the lock that those who look share."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.kernel.db.models import DistrictForeignKey, DistrictModel, PersonalData

NO_PERSONAL_DATA: dict[str, PersonalData] = {}


class FunctionBook(DistrictModel):
    """One version of the functions of a district; never changed, only followed by a newer one.

    content: as `calc/functions.py` reads it. Without any version the functions that come with the program count.
    Everybody signed in may see it.
    """

    is_append_only = True
    personal_data = NO_PERSONAL_DATA

    number = models.PositiveIntegerField()
    content = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "number"], name="function_book_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="function_book_from_one"),
        ]


class CoverageState(DistrictModel):
    """One row a district, locked by whoever looks for holes: two at once would each miss what the other changed.

    checked_at: when the whole district was last looked at.
    """

    personal_data = NO_PERSONAL_DATA

    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district"], name="coverage_state_district"),
        ]


class Hole(DistrictModel):
    """Nobody held any of some roles for an area, so that functions lacked somebody at places; of no person.

    roles: codes joined by ","; functions: codes; places: how many, when it was last looked at. closed_at: when
    somebody held them again. was_there: found when the district was looked at for the first time: no news, no alarm.
    Whoever sees the area may see it. Kept for ever: it says since when nobody was there.
    """

    personal_data = NO_PERSONAL_DATA

    area = DistrictForeignKey("territory.Area", related_name="+")
    roles = models.CharField(max_length=400)
    functions = models.JSONField(default=list)
    places = models.PositiveIntegerField()
    was_there = models.BooleanField(default=False)
    appeared_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["district", "area", "roles"], name="hole_open_once", condition=Q(closed_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("appeared_at")), name="hole_term"
            ),
        ]
