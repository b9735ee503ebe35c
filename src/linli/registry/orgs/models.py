"""The table of organisations."""

from typing import ClassVar

from django.db import models

from linli.kernel.db.models import DistrictForeignKey, DistrictModel, PersonalData


class Organisation(DistrictModel):
    """A body that people hold posts in and that cases are given to; not a person, not a place.

    code: unique in its district, kept through renaming; area: where it works, its whole subtree. Everybody signed in
    may see it. Holds no personal data.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=24)
    area = DistrictForeignKey("territory.Area", related_name="organisations")
    parent = DistrictForeignKey("self", null=True, related_name="children")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "code"], name="organisation_code"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="organisation_term",
            ),
        ]
        ordering: ClassVar[list[str]] = ["code"]
