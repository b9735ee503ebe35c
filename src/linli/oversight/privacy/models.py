"""The tables of what people ask about their own data, and of what they agree to."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from linli.cases.models import Case, Reporter
from linli.kernel.db.models import DistrictForeignKey, DistrictModel, LegalBasis, PersonalData, Whose
from linli.oversight.privacy.choices import MOST_WORK_DAYS, RequestState

_ASKED = PersonalData(
    whose=Whose.RESIDENT,
    purpose=gettext_noop("doing what was asked about one's own data, and showing that it was done"),
    legal_basis=LegalBasis.DUTY,
    retention_days=3 * 365,
)


class DataRequest(DistrictModel):
    """Somebody asks that what they left about a case be corrected or deleted; no complaint about the case itself.

    reporter: whose data, null where nothing was left but words. parts: `choices.Part`, of what shall go. wish: the new
    name and number, sealed, emptied with the answer. due_at: by when it has to be answered. reason: of a refusal;
    answer: words for who asked, kept three years. wiped: counts, of what went. Seen by whoever may answer it
    (`rules.py`) and by who has number and code of the case.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "wish": PersonalData(
            whose=_ASKED.whose, purpose=_ASKED.purpose, legal_basis=_ASKED.legal_basis,
            retention_days=_ASKED.retention_days, sealed_for="data_request.wish",
        ),
        "answer": _ASKED,
    }  # fmt: skip

    case = DistrictForeignKey(Case, related_name="+", on_delete=models.CASCADE)
    reporter = DistrictForeignKey(Reporter, null=True, related_name="+", on_delete=models.CASCADE)
    kind = models.CharField(max_length=10)
    parts = models.JSONField(default=list)
    wish = models.BinaryField(default=b"")
    channel = models.CharField(max_length=10)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=RequestState.WAITING.value)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=20, default="")
    answer = models.TextField(default="")
    wiped = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at__isnull=True)
                | (~Q(state="waiting") & Q(answered_at__gte=models.F("made_at"))),
                name="data_request_answered",
            ),
            models.CheckConstraint(condition=Q(state="refused") ^ Q(reason=""), name="data_request_reason"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "due_at"], name="data_request_waiting", condition=Q(state="waiting")),
            models.Index(fields=["district", "case", "made_at"], name="data_request_case"),
        ]


class ConsentText(DistrictModel):
    """A version of what residents read before they leave a name or a number; not changed, only followed by a newer one.

    number: from 2 on: version 1 comes with the program. Which one was agreed to stands with the contact
    (`cases.Reporter.consent`). Everybody may read it.
    """

    is_append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, PersonalData]] = {}

    number = models.SmallIntegerField()
    text = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "number"], name="consent_text_number"),
            models.CheckConstraint(condition=Q(number__gte=2), name="consent_text_later"),
        ]


class AnswerTime(DistrictModel):
    """Within how many working days a district answers what people ask about their own data; the newest row counts.

    None: as many as the program comes with, the most that may be. Everybody may read it.
    """

    is_append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, PersonalData]] = {}

    work_days = models.SmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(work_days__gte=1, work_days__lte=MOST_WORK_DAYS), name="answer_time_within"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "-made_at"], name="answer_time_newest"),
        ]
