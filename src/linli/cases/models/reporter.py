"""The table of reporters' contact details."""

from dataclasses import replace
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_noop

from linli.cases.choices import ConsentWay
from linli.cases.models.case import Case
from linli.kernel.db.models import DistrictForeignKey, DistrictModel, LegalBasis, PersonalData, Whose

_REACHING = PersonalData(
    whose=Whose.RESIDENT,
    purpose=gettext_noop("reaching the reporter about the reported case; leaving it is the reporter's choice"),
    legal_basis=LegalBasis.CONSENT,
    retention_days=365,
)
_SAID = PersonalData(
    whose=Whose.RESIDENT,
    purpose=gettext_noop("finding out about and solving what was reported"),
    legal_basis=LegalBasis.DUTY,
    retention_days=3650,
)


# Whoever opened the case; all others joined it.
FIRST = models.Q(joined_at=models.F("case__reported_at"), text="")


class Reporter(DistrictModel):
    """Somebody who reported a case or joined one, if they left a way to reach them; no register of residents.

    name, phone: encrypted; phone_index: finds equal numbers, and equal last
    four digits, without reading them. Shown masked; unmasking is a click
    with a reason and an audit line. consent: the version of the text in force when they were left, 0 for none;
    consent_way: by which way that came, which tells whether it was read. wants_news: asked to be told by text message,
    until they say no more. Kept a year after the case is closed, or until
    whoever left them asks.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "name": replace(_REACHING, sealed_for="reporter.name"),
        "phone": replace(_REACHING, sealed_for="reporter.phone", indexed_in="phone_index"),
        "phone_index": replace(_REACHING, is_index=True),
        "text": _SAID,
    }

    case = DistrictForeignKey(Case, related_name="contacts", on_delete=models.CASCADE)
    name = models.BinaryField(default=b"")
    phone = models.BinaryField(default=b"")
    phone_index = models.BinaryField(default=b"")
    joined_at = models.DateTimeField()
    text = models.TextField(default="")
    consent = models.SmallIntegerField(default=0)
    consent_way = models.CharField(max_length=8, default="")
    wants_news = models.BooleanField(default=False, db_default=False)  # loads of a district leave it out

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(consent=0, consent_way="")
                | models.Q(consent__gt=0, consent_way__in=[way.value for way in ConsentWay if way.value]),
                name="reporter_consent_way",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "case"], name="reporter_case"),
            models.Index(fields=["district", "phone_index"], name="reporter_phone"),
        ]
