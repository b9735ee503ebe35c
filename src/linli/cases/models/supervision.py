"""The tables of supervision: a higher level watches a case, and cards that organisations got."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_noop

from linli.cases.models.case import Case
from linli.kernel.db.models import DistrictForeignKey, DistrictModel, LegalBasis, PersonalData, Whose

_WORDS = PersonalData(
    whose=Whose.STAFF,
    purpose=gettext_noop("a record of how a case was supervised"),
    legal_basis=LegalBasis.DUTY,
    retention_days=3650,
)


class Supervision(DistrictModel):
    """A higher level watches one case until its question is answered; it judges no person. Seen with the case.

    state: open, answered, closed or withdrawn; one at a time that is open or answered. organisation: who had the case
    and has to answer by answer_by, Shanghai. missed_at: the day went by without an answer. Words are kept ten years.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {"demand": _WORDS, "answer": _WORDS, "closing": _WORDS}

    case = DistrictForeignKey(Case, related_name="supervisions", on_delete=models.CASCADE)
    organisation = DistrictForeignKey("orgs.Organisation", related_name="+")
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=40)
    demand = models.TextField()
    answer_by = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField(null=True)
    opened_post = models.UUIDField(null=True)
    answer = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    closing = models.TextField(default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    missed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["district", "case"],
                condition=models.Q(state__in=["open", "answered"]),
                name="supervision_one_open",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["district", "answer_by", "id"],
                name="supervision_waits",
                condition=models.Q(state="open", missed_at__isnull=True),
            ),
            models.Index(fields=["district", "-id"], name="supervision_newest"),
        ]


class Card(DistrictModel):
    """A yellow or red card that an organisation got over a case; never a person, and no ranking. Seen with the case.

    reason: overdue, overdue_again, supervision_missed, or one that somebody chose. once: what it was given for, so that
    nothing gives two. state: given, appealed, upheld or taken_back; a card taken back counts nowhere.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {"appeal": _WORDS, "ruling": _WORDS}

    case = DistrictForeignKey(Case, related_name="cards", on_delete=models.CASCADE)
    organisation = DistrictForeignKey("orgs.Organisation", related_name="+")
    colour = models.CharField(max_length=6)
    reason = models.CharField(max_length=40)
    once = models.CharField(max_length=60)
    state = models.CharField(max_length=10, default="given")
    given_at = models.DateTimeField()
    given_by = models.UUIDField(null=True)
    appeal = models.TextField(default="")
    appealed_at = models.DateTimeField(null=True)
    appealed_by = models.UUIDField(null=True)
    ruling = models.TextField(default="")
    ruled_at = models.DateTimeField(null=True)
    ruled_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "case", "organisation", "once"], name="card_once"),
            models.CheckConstraint(condition=models.Q(colour__in=["yellow", "red"]), name="card_colour"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "organisation", "given_at"], name="card_organisation"),
            models.Index(fields=["district", "-id"], name="card_newest"),
        ]
