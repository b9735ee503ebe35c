"""The tables of notices, of what goes outside, and of who wants to be told how."""

from dataclasses import replace
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_noop

from linli.kernel.db.models import DistrictForeignKey, DistrictModel, LegalBasis, PersonalData, Whose
from linli.support.notices.choices import WAITING

_OWN_CHOICE = PersonalData(
    whose=Whose.STAFF,
    purpose=gettext_noop("telling staff outside the program, where they asked for it"),
    legal_basis=LegalBasis.CONSENT,
    retention_days=None,
)
_GROUP = PersonalData(
    whose=Whose.STAFF,
    purpose=gettext_noop("telling the group chat of an organisation"),
    legal_basis=LegalBasis.DUTY,
    retention_days=None,
)


class Notice(DistrictModel):
    """Something one person is told about one thing; not a message between people, and no record of who read when.

    message_id: of the outbox message it came from, so that a second delivery makes no second notice. kind: what
    happened ("case.opened"); subject_id: to what. Seen by its person only; read ones are wiped after 90 days.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    person_id = models.UUIDField()
    message_id = models.UUIDField()
    kind = models.CharField(max_length=100)
    subject_id = models.UUIDField()
    at = models.DateTimeField()
    is_read = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "person_id", "message_id"], name="notice_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "person_id", "-id"], name="notice_person"),
        ]


class Delivery(DistrictModel):
    """One message to one recipient by one channel, on its way out; not its words, which are made when it is sent.

    whom, recipient_id: what kind of recipient, and which. next_try_at: not before, for a digest the end of its window.
    tries: failed ones; error: code of the last fault, "" for none; via: what took it, "console" where no service is
    set up. settled_at: when it was sent or given up. Seen by the system administrator; deleted 30 days after.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    channel = models.CharField(max_length=16)
    whom = models.CharField(max_length=16)
    recipient_id = models.UUIDField()
    message_id = models.UUIDField()
    kind = models.CharField(max_length=100)
    subject_id = models.UUIDField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=16)
    tries = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=40, default="")
    via = models.CharField(max_length=16, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "message_id", "recipient_id", "channel"], name="delivery_once"),
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True, state__in=[state.value for state in WAITING])
                | models.Q(settled_at__isnull=False) & ~models.Q(state__in=[state.value for state in WAITING]),
                name="delivery_settled",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "next_try_at"], name="delivery_due",
                         condition=models.Q(settled_at__isnull=True)),
            models.Index(fields=["district", "state", "-id"], name="delivery_state"),
            models.Index(fields=["district", "recipient_id", "-id"], name="delivery_recipient"),
            models.Index(fields=["district", "subject_id"], name="delivery_told",
                         condition=models.Q(whom="reporter")),
        ]  # fmt: skip


class Preference(DistrictModel):
    """How somebody wants to be told outside; person_id null: what the district begins with.

    choices: kind to channels, a kind left out as the district has it; paces: channel to pace; quiet_from, quiet_to:
    hours of the day. Seen by its person; the district's by everybody. Deleted when the person serves no more.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    person_id = models.UUIDField(null=True)
    choices = models.JSONField(default=dict)
    paces = models.JSONField(default=dict)
    quiet_from = models.SmallIntegerField()
    quiet_to = models.SmallIntegerField()
    language = models.CharField(max_length=8)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "person_id"], name="preference_one", nulls_distinct=False),
            models.CheckConstraint(
                condition=models.Q(quiet_from__gte=0, quiet_from__lte=23, quiet_to__gte=0, quiet_to__lte=23),
                name="preference_hours",
            ),
        ]


class Address(DistrictModel):
    """Where somebody wants to be told: an address of mail, or a browser that agreed to web push.

    value: encrypted; mark: a digest under our key, so that none is kept twice. browser, system: codes, as with
    sessions. Left by its person and deleted by them, by the service that knows it no more, or when they serve no more.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {"value": replace(_OWN_CHOICE, sealed_for="notices.address")}

    person_id = models.UUIDField()
    channel = models.CharField(max_length=16)
    value = models.BinaryField()
    mark = models.BinaryField(max_length=32)
    browser = models.CharField(max_length=16, default="")
    system = models.CharField(max_length=16, default="")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "person_id", "channel", "mark"], name="address_once"),
        ]


class Robot(DistrictModel):
    """The robot of a group chat in DingTalk, WeCom or Feishu, that says what comes to an organisation.

    url, secret: encrypted, since who has them can speak in the group. Seen by the system administrator, both hidden.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "url": replace(_GROUP, sealed_for="notices.robot"),
        "secret": replace(_GROUP, sealed_for="notices.robot"),
    }

    organisation = DistrictForeignKey("orgs.Organisation", related_name="+")
    channel = models.CharField(max_length=16)
    name = models.CharField(max_length=40)
    url = models.BinaryField()
    secret = models.BinaryField(default=b"")
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "organisation"], name="robot_organisation",
                         condition=models.Q(ended_at__isnull=True)),
        ]  # fmt: skip


class Text(DistrictModel):
    """A version of the words of a kind of notice, by channel and language; the highest number counts.

    channel: "" for all that have no words of their own; text: with placeholders, "" to go back to the program's own.
    Seen by the system administrator; kept, since it says what was sent when.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    kind = models.CharField(max_length=100)
    channel = models.CharField(max_length=16)
    language = models.CharField(max_length=8)
    number = models.IntegerField()
    text = models.CharField(max_length=500)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "kind", "channel", "language", "number"], name="text_version"),
        ]


class Subscription(DistrictModel):
    """Another system that is told by webhook what happens in an area; no login, and it reads nothing for itself.

    kinds: of facts, [] for all; area_path: with all below; seal_number, position: how far it was told in the log of
    sealed facts; generation: of its secret, which is made of our key and told once; renewed_at: when that came, null
    where the one before counts no more. failing_since: since when no call was taken, null if the last one was.
    ended_why: "" where somebody ended it. Seen by the system administrator.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    name = models.CharField(max_length=60)
    url = models.CharField(max_length=500)
    kinds = models.JSONField(default=list)
    area_path = models.CharField(max_length=120)
    seal_number = models.BigIntegerField()
    position = models.IntegerField()
    generation = models.SmallIntegerField(default=1)
    renewed_at = models.DateTimeField(null=True)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=16, default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["district", "-id"], name="subscription_newest")]
