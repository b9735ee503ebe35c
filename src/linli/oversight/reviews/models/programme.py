"""The tables of programmes: who reviews whom, by which rules."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from linli.kernel.db.models import DistrictForeignKey, DistrictModel, LegalBasis, PersonalData, Whose


class Programme(DistrictModel):
    """A committee has the secretaries below it report: of the district, a subdistrict, a community.

    code: unique in its district, the beginning of its draws' numbers ("district", "street-210104001"). organisation:
    who convenes; its area says who runs it (`rules.py`). level: `choices.ReviewLevel`. is_public: whether records of
    draws and published ballots are seen outside the intranet. Everybody signed in may see it.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=12)
    organisation = DistrictForeignKey("orgs.Organisation", related_name="+")
    is_public = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "code"], name="programme_code"),
        ]


class ProgrammeBook(DistrictModel):
    """One version of a programme's rules; never changed, only followed by a newer one.

    content: as `calc/programme.py` reads it: strata, rule of choosing, content of a report, jury, ballot, times, the
    year. made_by: null for the first one.
    """

    is_append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, PersonalData]] = {}

    programme = DistrictForeignKey(Programme, related_name="books")
    number = models.IntegerField()
    content = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=200, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "programme", "number"], name="programme_book_number"),
        ]


class Member(DistrictModel):
    """An organisation whose secretary can be drawn in a programme, from a day to a day; it is drawn, not the person.

    stratum: of the programme's book. merged_from: codes of organisations whose tickets it inherits.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    programme = DistrictForeignKey(Programme, related_name="members")
    organisation = DistrictForeignKey("orgs.Organisation", related_name="+")
    stratum = models.CharField(max_length=24)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    merged_from = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["district", "programme", "organisation"], condition=Q(ends_on__isnull=True),
                name="review_member_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")), name="review_member_term"
            ),
        ]  # fmt: skip


class Qualification(DistrictModel):
    """A person may report at a special session (born after 1980): the organisation department says so.

    No date of birth is kept. occasion: `choices.Occasion`. Seen by who runs reviews.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "occasion": PersonalData(
            whose=Whose.STAFF,
            purpose=gettext_noop("knowing who may report at a special session"),
            legal_basis=LegalBasis.DUTY,
            retention_days=None,
        ),
    }

    person = DistrictForeignKey("people.Person", related_name="+")
    occasion = models.CharField(max_length=20)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "person", "occasion"], name="qualification_once"),
        ]
