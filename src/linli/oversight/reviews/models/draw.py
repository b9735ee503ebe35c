"""The tables of draws: the frozen pool, what was thrown, the records that chain."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.kernel.db.models import DistrictForeignKey, DistrictModel, PersonalData
from linli.oversight.reviews.choices import DrawState
from linli.oversight.reviews.models.programme import Programme, ProgrammeBook


class Draw(DistrictModel):
    """One drawing of presenters, for one month or one special occasion of a programme.

    number: without gaps within the programme's year, 1 for the first; code: as in the record, "district/2026-03/1".
    A special session is drawn of those who qualify for its occasion (`Qualification`). commit: the frozen document,
    {} before; commit_hash: shown before the throw. secret: sealed for the server alone until the reveal.
    seed, result: computed once the throw is locked, before anything is shown. An announced draw (`Choosing.NOTICE`)
    is drawn days before its sessions. Seen by whoever is signed in; the secret by nobody before the reveal.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    programme = DistrictForeignKey(Programme, related_name="draws")
    book = DistrictForeignKey(ProgrammeBook, null=True, related_name="+")
    year = models.SmallIntegerField()
    month = models.SmallIntegerField()
    number = models.SmallIntegerField()
    code = models.CharField(max_length=60)
    occasion = models.CharField(max_length=20)
    choosing = models.CharField(max_length=12)
    planned_on = models.DateField()
    state = models.CharField(max_length=12, default=DrawState.PLANNED.value)
    commit = models.JSONField(default=dict)
    commit_hash = models.CharField(max_length=64, default="")
    committed_at = models.DateTimeField(null=True)
    committed_by = models.UUIDField(null=True)
    secret = models.BinaryField(default=b"")
    locked_at = models.DateTimeField(null=True)
    locked_by = models.UUIDField(null=True)
    seed = models.CharField(max_length=64, default="")
    result = models.JSONField(default=dict)
    revealed_at = models.DateTimeField(null=True)
    revision = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "programme", "code"], name="draw_code"),
            models.UniqueConstraint(fields=["district", "programme", "year", "month", "number"], name="draw_number"),
            models.CheckConstraint(condition=Q(state="planned") ^ Q(committed_at__isnull=False), name="draw_committed"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "committed", "void"]) | Q(locked_at__isnull=False), name="draw_locked"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "programme", "-planned_on"], name="draw_newest"),
        ]


class Excuse(DistrictModel):
    """An organisation has no ticket in one draw: frozen with the pool, shown with its reason's code and who approved.

    approved_by: the person; approver: the office they hold, as shown, without a name.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    draw = DistrictForeignKey(Draw, related_name="excuses")
    organisation = DistrictForeignKey("orgs.Organisation", related_name="+")
    reason = models.CharField(max_length=20)
    approver = models.CharField(max_length=80)
    approved_by = models.UUIDField()
    approved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "draw", "organisation"], name="excuse_once"),
        ]


class Leave(DistrictModel):
    """A secretary is away and somebody else reports for the organisation, if drawn: approved before the commit.

    take: 1 for what was said first, then one more each; the last one counts, and one without a deputy takes it back.
    Never changed: what the commit froze names the row by its id. approver: the office, as shown, without a name. Who
    stands in is seen by who runs reviews until it is drawn; that a deputy reports, the reason's code and the approver
    are in the public record.
    """

    is_append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, PersonalData]] = {}

    draw = DistrictForeignKey(Draw, related_name="leaves")
    organisation = DistrictForeignKey("orgs.Organisation", related_name="+")
    take = models.SmallIntegerField()
    deputy = DistrictForeignKey("people.Person", null=True, related_name="+")
    reason = models.CharField(max_length=20, default="")
    approver = models.CharField(max_length=80, default="")
    approved_by = models.UUIDField()
    approved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "draw", "organisation", "take"], name="leave_take"),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True, reason="", approver="")
                | (Q(deputy__isnull=False) & ~Q(reason="") & ~Q(approver="")),
                name="leave_whole",
            ),
        ]


class EntropyEntry(DistrictModel):
    """What somebody typed of what was thrown; it counts once a second person typed the same. Never changed.

    item: of the commit's plan; take: 1 for what was typed first, then each correction one more.
    """

    is_append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, PersonalData]] = {}

    draw = DistrictForeignKey(Draw, related_name="entropy")
    item = models.CharField(max_length=24)
    take = models.SmallIntegerField()
    value = models.CharField(max_length=200)
    typed_by = models.UUIDField()
    typed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "draw", "item", "take"], name="entropy_take"),
        ]


class DrawRecord(DistrictModel):
    """A link of a programme's chain: a draw, a void, an amendment; its bytes, as published, once and for good.

    number: from 1, without gaps. record_id: hash of the bytes; previous: the one before, zeros for the first.
    witnesses: people who threw, typed or signed, apart from the record: ids and offices, no names.
    """

    is_append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, PersonalData]] = {}

    programme = DistrictForeignKey(Programme, related_name="records")
    draw = DistrictForeignKey(Draw, related_name="records")
    number = models.IntegerField()
    kind = models.CharField(max_length=12)
    body = models.TextField()
    record_id = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    witnesses = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "programme", "number"], name="draw_record_number"),
            models.UniqueConstraint(fields=["district", "programme", "previous"], name="draw_record_no_fork"),
            models.UniqueConstraint(fields=["district", "record_id"], name="draw_record_id"),
        ]
