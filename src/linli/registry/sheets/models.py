"""The table of imports."""

from dataclasses import replace
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_noop

from linli.kernel.db.models import DistrictModel, LegalBasis, PersonalData, Whose

_SENT = PersonalData(
    whose=Whose.STAFF,
    purpose=gettext_noop("taking in the people and posts of a district as its administrator sent them"),
    legal_basis=LegalBasis.DUTY,
    retention_days=7,
)


class SheetImport(DistrictModel):
    """A file on its way into the registry; not an archive: its cells are wiped once it is done, the rest a week later.

    contents: the cells, report: what each row would do; both encrypted. counts: rows by kind and status; done, total:
    how many rows of the present step. login_id: whose rights decide, at each step anew. Seen by its sender only.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "contents": replace(_SENT, sealed_for="sheet_import.contents"),
        "report": replace(_SENT, sealed_for="sheet_import.report"),
        "file_name": _SENT,
        "source_ip": replace(_SENT, purpose=gettext_noop("naming it in the line of audit")),
    }

    stage = models.CharField(max_length=16)
    file_name = models.CharField(max_length=120)
    login_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    source_ip = models.CharField(max_length=45)
    contents = models.BinaryField(default=b"")
    report = models.BinaryField(default=b"")
    counts = models.JSONField(default=dict)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "person_id", "-id"], name="sheet_import_sender"),
            models.Index(fields=["district", "moved_at"], name="sheet_import_age"),
        ]
