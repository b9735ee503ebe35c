"""The audit log."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_noop

from linli.kernel.db.models import LedgerModel, LegalBasis, PersonalData, Whose

# Logs have to be kept for six months at least. Source: Cybersecurity Law, art. 21.
_TRACE = PersonalData(
    whose=Whose.STAFF,
    purpose=gettext_noop("finding out how an account was misused, as the law asks"),
    legal_basis=LegalBasis.DUTY,
    retention_days=400,
)


class AlarmLimit(LedgerModel):
    """How often somebody may do something within some minutes before it is an alarm; the newest of a kind counts.

    Append-only, so that it can be told who made it laxer and when; changed_by: a person. Seen by who sees alarms.
    """

    is_append_only = True
    personal_data: ClassVar[dict[str, PersonalData]] = {}

    kind = models.CharField(max_length=16)
    most = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(most__gt=0, minutes__gt=0), name="alarm_limit_above_0"),
        )
        indexes = (models.Index(fields=["district_id", "kind", "-id"], name="alarm_limit_newest"),)


class AuditLine(LedgerModel):
    """Who signed in, looked at what is masked, took data out, or changed rights. Append-only.

    Not a measure of anybody's work: it is counted and reported nowhere. Seen by the auditor alone.
    Its id is a UUIDv7 of `at`, so that ids sort as the lines do.
    actor_name: the login's user name at the time ("" for a visitor), never a person's name; object_id: an id, a file's
    name, a route, a user name; data: codes, counts, and the reason that somebody wrote; source_ip: as the edge saw it,
    "" if unknown.
    """

    is_append_only = True
    personal_data: ClassVar[dict[str, PersonalData]] = dict.fromkeys(
        ("actor_name", "source_ip", "object_id", "data"), _TRACE
    )

    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=150)
    kind = models.CharField(max_length=40)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=200)
    outcome = models.CharField(max_length=20)
    source_ip = models.CharField(max_length=45)
    data = models.JSONField()

    class Meta:
        indexes = (
            models.Index(fields=["district_id", "-id"], name="audit_line_newest"),
            models.Index(fields=["district_id", "kind", "-id"], name="audit_line_kind"),
            models.Index(fields=["district_id", "actor_id", "-id"], name="audit_line_actor"),
            models.Index(fields=["district_id", "object_kind", "object_id", "-id"], name="audit_line_object"),
        )
