"""The tables of juries: who sits, who stays out, what was cast, what was published."""

from dataclasses import replace
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from linli.kernel.db.models import DistrictForeignKey, DistrictModel, LegalBasis, PersonalData, Whose
from linli.oversight.reviews.models.hall import Session, Turn

_WHOSE_BALLOT = PersonalData(
    whose=Whose.STAFF,
    purpose=gettext_noop("finding out whose ballot is whose, by two people and with a trace"),
    legal_basis=LegalBasis.DUTY,
    retention_days=None,
    sealed_for="ballot_key.box",
)


class Juror(DistrictModel):
    """A seat on a session's jury: a person of the registry, in a group of the programme's book.

    badge: digest of what the QR code at the door holds; holder: digest of the browser that the badge let in, "" for
    none, one at a time. Seen by who runs the session; other jurors see a count.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    session = DistrictForeignKey(Session, related_name="jurors")
    person = DistrictForeignKey("people.Person", related_name="+")
    group = models.CharField(max_length=24)
    badge = models.BinaryField(max_length=32)
    holder = models.CharField(max_length=64, default="")
    checked_in_at = models.DateTimeField(null=True)
    checked_in_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "session", "person"], name="juror_once"),
            models.UniqueConstraint(fields=["district", "badge"], name="juror_badge"),
        ]


class Recusal(DistrictModel):
    """A juror does not score a turn: their own organisation, one above or below it, or by declaration."""

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    juror = DistrictForeignKey(Juror, on_delete=models.CASCADE, related_name="recusals")
    turn = DistrictForeignKey(Turn, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "juror", "turn"], name="recusal_once"),
        ]


class Ballot(DistrictModel):
    """What a juror gives one presenter: whole points for each criterion; the newest of a turn counts until it closes.

    juror: null once the session is published sealed or secret: whose it was then stands in `BallotKey`, or nowhere.
    group: as the juror's; client_seq: of the telephone, the higher wins; nonce: the telephone's, for its receipt.
    is_draft: kept, not cast. by_clerk: typed from paper, by whom; confirmed_by: who typed the same from the same paper,
    by which it is cast. Seen by its juror alone before publication.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    session = DistrictForeignKey(Session, related_name="ballots")
    turn = DistrictForeignKey(Turn, related_name="ballots")
    juror = DistrictForeignKey(Juror, null=True, related_name="ballots")
    group = models.CharField(max_length=24)
    points = models.JSONField(default=list)
    nonce = models.CharField(max_length=64)
    client_seq = models.IntegerField()
    receipt = models.CharField(max_length=64)
    is_draft = models.BooleanField(default=True)
    by_clerk = models.UUIDField(null=True)
    confirmed_by = models.UUIDField(null=True)
    received_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["district", "turn", "juror"], condition=Q(juror__isnull=False), name="ballot_once"
            ),
            models.CheckConstraint(
                condition=Q(by_clerk__isnull=True, confirmed_by__isnull=True)
                | Q(by_clerk__isnull=False, confirmed_by__isnull=True, is_draft=True)
                | Q(by_clerk__isnull=False, confirmed_by__isnull=False, is_draft=False)
                & ~Q(confirmed_by=models.F("by_clerk")),
                name="ballot_paper_two_people",
            ),
        ]


class AuditorKey(DistrictModel):
    """The public half of a key that the discipline office keeps to itself: lists are sealed to the newest one.

    number: from 1; public: 32 bytes of X25519. The private half is on no server. Never changed: older lists open with
    the key of their time. Seen by who may open lists.
    """

    is_append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, PersonalData]] = {}

    number = models.SmallIntegerField()
    public = models.BinaryField(max_length=32)
    registered_by = models.UUIDField()
    registered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "number"], name="auditor_key_number"),
            models.UniqueConstraint(fields=["district", "public"], name="auditor_key_once"),
        ]


class BallotKey(DistrictModel):
    """Whose ballot is whose in a sealed session, encrypted; two people open it.

    auditor_box: the list, sealed to the auditor's own key, so that nothing on the server opens it; box: the same under
    the data folder's keys, for a session closed while no such key was registered. opened_at, opened_by: each opening
    stands in the audit log too.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "box": _WHOSE_BALLOT,
        "auditor_box": replace(_WHOSE_BALLOT, sealed_for=""),
    }

    session = DistrictForeignKey(Session, related_name="ballot_keys")
    box = models.BinaryField(default=b"")
    auditor_key = DistrictForeignKey(AuditorKey, null=True, related_name="+")
    auditor_box = models.TextField(default="")
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, default="")
    opened_by = models.UUIDField(null=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "session"], name="ballot_key_session"),
            models.CheckConstraint(
                condition=Q(opened_by__isnull=True) | ~Q(opened_by=models.F("asked_by")), name="ballot_key_two_people"
            ),
            models.CheckConstraint(
                condition=(Q(auditor_key__isnull=True, auditor_box="") & ~Q(box=b""))
                | (Q(auditor_key__isnull=False, box=b"") & ~Q(auditor_box="")),
                name="ballot_key_one_box",
            ),
        ]


class Publication(DistrictModel):
    """A session's anonymous ballots and scores as published, once and for good; anybody recomputes it offline.

    body: canonical JSON, format "linli-review/1"; root: Merkle root over its rows; digest: of the bytes.
    """

    is_append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, PersonalData]] = {}

    session = DistrictForeignKey(Session, related_name="publications")
    body = models.TextField()
    root = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "session"], name="publication_once"),
        ]
