"""The table of days: what the board said of each, kept so that nobody counts a year again."""

from typing import ClassVar

from django.db import models

from linli.kernel.db.models import DistrictModel, PersonalData


class CaseDay(DistrictModel):
    """A day that is over, as it stood when it was over, for a district or one of its subdistricts. Nobody's name in it.

    path: of the area, with all below it. opened, closed: cases that facts say so of; ended: closed in whatever way;
    done, seconds: those that were solved, and the sum of their times from report to close; open, late: at the day's
    end; effective to basically: what effective call-backs said. Seen by whoever may see the board of the whole area.
    What is reported afterwards for a day before (a sheet taken in later) takes its days away: they are kept anew.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    path = models.CharField(max_length=120, db_collation="C")
    day = models.DateField()
    opened = models.IntegerField()
    closed = models.IntegerField()
    ended = models.IntegerField()
    done = models.IntegerField()
    seconds = models.FloatField()
    open = models.IntegerField()
    late = models.IntegerField()
    effective = models.IntegerField()
    contacted = models.IntegerField()
    solved = models.IntegerField()
    satisfied = models.IntegerField()
    basically = models.IntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "path", "day"], name="case_day"),
        ]
