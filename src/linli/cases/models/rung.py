"""The table of rungs: which warning was given, and who was named when a case was not done in time."""

from typing import ClassVar

from django.db import models

from linli.cases.models.case import Case
from linli.kernel.db.models import DistrictForeignKey, DistrictModel, PersonalData


class CaseRung(DistrictModel):
    """A rung of the ladder that a clock of a case has climbed: appended, never changed, each once. Seen with the case.

    about: the dispute or the call whose clock it is, null for one of the case's two. mark: as `calc/ladder.py` counts;
    reached_at: when the clock came to it, by calendar_number and version
    rulebook_number of the deadlines; at: when it was written down. to_post, to_person: who was named, a deputy as the
    person; null for a warning, which is for whoever has the case, and where nobody is above. No personal data: ids.
    """

    is_append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, PersonalData]] = {}

    case = DistrictForeignKey(Case, related_name="rungs", on_delete=models.CASCADE)
    clock = models.CharField(max_length=10)
    about = models.UUIDField(null=True)
    mark = models.SmallIntegerField()
    reached_at = models.DateTimeField()
    at = models.DateTimeField()
    calendar_number = models.IntegerField()
    rulebook_number = models.IntegerField()
    level = models.CharField(max_length=16, default="")
    to_post = models.UUIDField(null=True)
    to_person = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["district", "case", "clock", "about", "mark"], nulls_distinct=False, name="rung_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["district", "to_post", "case"], name="rung_named", condition=models.Q(to_post__isnull=False)
            ),
        ]
