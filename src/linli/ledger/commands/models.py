"""What makes commands safe to send twice, messages sure to go out, and numbers follow each other."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_noop

from linli.kernel.db.models import LedgerModel, LegalBasis, PersonalData, ReferenceModel, Whose


class Command(LedgerModel):
    """A command that a client may send again: the same key by the same caller is the same command.

    Not a log: rows are deleted after some days. Seen by nobody. No personal data: caller is "person:<uuid>" or
    "visitor:<sha256>". body_hash: hexadecimal SHA-256 of what was sent; result_id: of what the command makes, chosen
    before it is made; times_sent: 1 for new.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    caller = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    result_id = models.UUIDField()
    created_at = models.DateTimeField()
    times_sent = models.IntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["district_id", "caller", "key"], name="commands_command_once"),)
        indexes = (models.Index(fields=["district_id", "created_at"], name="commands_command_age"),)


class OutboxMessage(LedgerModel):
    """Something to be told outside, queued in the transaction that gives reason for it.

    Handlers look up the rest by subject_id. Seen by the administrator. Deleted some days after delivery.
    next_try_at: not before; delivered_at: null till then; last_error: of the last try, "" if none failed.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "last_error": PersonalData(
            whose=Whose.STAFF,
            purpose=gettext_noop("seeing why a message did not go out; a server's answer may name its recipient"),
            legal_basis=LegalBasis.DUTY,
            retention_days=30,
        ),
    }

    kind = models.CharField(max_length=100)
    subject_id = models.UUIDField()
    data = models.JSONField()
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    tries = models.IntegerField()
    last_error = models.CharField(max_length=300)

    class Meta:
        indexes = (
            models.Index(
                fields=["district_id", "next_try_at"],
                condition=models.Q(delivered_at__isnull=True),
                name="commands_outbox_pending",
            ),
            models.Index(
                fields=["district_id", "delivered_at"],
                condition=models.Q(delivered_at__isnull=False),
                name="commands_outbox_delivered",
            ),
        )


class Counter(LedgerModel):
    """The last number given out under a name in a year. No personal data; seen by nobody."""

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    name = models.CharField(max_length=60)
    year = models.IntegerField()
    last = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["district_id", "name", "year"], name="commands_counter_once"),)


class Tries(ReferenceModel):
    """How often one place tried one thing since `began_at`; counted anew after that thing's window.

    Global, since nobody names a district when signing in. No personal data: the id is a digest, under our key, of the
    thing and the address. Deleted after a day; seen by nobody.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    id = models.UUIDField(primary_key=True)
    began_at = models.DateTimeField(db_index=True)
    tries = models.IntegerField()
