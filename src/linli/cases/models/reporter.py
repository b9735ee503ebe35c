"""The table of reporters' contact details."""

from typing import ClassVar

from django.db import models

from linli.cases.models.case import Case
from linli.kernel.db.models import DistrictForeignKey, DistrictModel, LegalBasis, PersonalData

_CONTACT = PersonalData(
    purpose="reaching the reporter about the reported case; leaving it is the reporter's choice",
    legal_basis=LegalBasis.CONSENT,
    retention_days=365,
    is_encrypted=True,
)
_SAID = PersonalData(
    purpose="finding out about and solving what was reported", legal_basis=LegalBasis.DUTY, retention_days=3650
)


class Reporter(DistrictModel):
    """Somebody who reported a case or joined one, if they left a way to reach them; no register of residents.

    name, phone: encrypted; phone_index: finds equal numbers without reading them. Shown masked; unmasking is a click
    with a reason and an audit line. Kept a year after the case is closed.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "name": _CONTACT,
        "phone": _CONTACT,
        "phone_index": _CONTACT,
        "text": _SAID,
    }

    case = DistrictForeignKey(Case, related_name="contacts", on_delete=models.CASCADE)
    name = models.BinaryField(default=b"")
    phone = models.BinaryField(default=b"")
    phone_index = models.BinaryField(default=b"")
    joined_at = models.DateTimeField()
    text = models.TextField(default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["district", "case"], name="reporter_case")]
