"""The table of notices."""

from typing import ClassVar

from django.db import models

from linli.kernel.db.models import DistrictModel, PersonalData


class Notice(DistrictModel):
    """Something one person is told about one thing; not a message between people, and no record of who read when.

    message_id: of the outbox message it came from, so that a second delivery makes no second notice. kind: what
    happened ("case.opened"); subject_id: to what. Seen by its person only; read ones are wiped after 90 days.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    person_id = models.UUIDField()
    message_id = models.UUIDField()
    kind = models.CharField(max_length=100)
    subject_id = models.UUIDField()
    at = models.DateTimeField()
    is_read = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "person_id", "message_id"], name="notice_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "person_id", "-id"], name="notice_person"),
        ]
