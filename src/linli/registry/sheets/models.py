"""The table of imports."""

from typing import ClassVar

from django.db import models

from linli.kernel.db.models import DistrictModel, LegalBasis, PersonalData

_WHY = "taking in the people and posts of a district as its administrator sent them"
_DAYS = 7


class SheetImport(DistrictModel):
    """A file on its way into the registry; not an archive: its cells are wiped once it is done, the rest a week later.

    contents: the cells, report: what each row would do; both encrypted. counts: rows by kind and status; done, total:
    how many rows of the present step. login_id: whose rights decide, at each step anew. Seen by its sender only.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        name: PersonalData(purpose=_WHY, legal_basis=LegalBasis.DUTY, retention_days=_DAYS, is_encrypted=True)
        for name in ("contents", "report")
    } | {
        "source_ip": PersonalData(
            purpose="to name it in the line of audit", legal_basis=LegalBasis.DUTY, retention_days=_DAYS
        ),
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
