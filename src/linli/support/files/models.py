"""The table of stored files."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from linli.kernel.db.models import DistrictModel, LegalBasis, PersonalData, Whose
from linli.support.files.choices import FileKind, PictureType


class StoredFile(DistrictModel):
    """A photo that was sent and cleaned; not what it belongs to: the room that attached it knows that.

    sha256, size_bytes, content_type, width, height: of the full picture as it is kept. uploaded_by: "person:<uuid>"
    or "visitor:<sha256>", whatever the caller uses to know somebody again. Not attached within 24 hours, it dies, row
    and pictures; removed_at: its pictures are gone, the row stays, since facts may name it. looked_at: when a
    program looked for numbers of people on it; numbers_seen: the kinds it found, never a number, or "unread". Who may
    see it is decided by the room that attached it, nobody else.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        # stands for the picture itself, which lies in a file: people and number plates may be on it
        "sha256": PersonalData(
            whose=Whose.RESIDENT,
            purpose=gettext_noop("seeing what was reported and what was done about it"),
            legal_basis=LegalBasis.DUTY,
            retention_days=3650,
        ),
        "uploaded_by": PersonalData(
            whose=Whose.RESIDENT,
            purpose=gettext_noop("letting nobody but the sender attach a file"),
            legal_basis=LegalBasis.DUTY,
            retention_days=3650,
        ),
    }

    kind = models.CharField(max_length=16)
    content_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=100)
    attached_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    numbers_seen = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in FileKind]), name="stored_file_kind"),
            models.CheckConstraint(
                condition=Q(content_type__in=[kind.value for kind in PictureType]), name="stored_file_content_type"
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="stored_file_sha256"),
            models.CheckConstraint(condition=~Q(uploaded_by=""), name="stored_file_uploaded_by"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["district", "uploaded_at"], name="stored_file_waiting", condition=Q(attached_at__isnull=True)
            ),
            models.Index(
                fields=["attached_at", "id"],
                name="stored_file_to_look_at",
                condition=Q(attached_at__isnull=False, looked_at__isnull=True, removed_at__isnull=True),
            ),
        ]
