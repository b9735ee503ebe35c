"""The tables of sessions: their plan, their turns, the hall's clock, what was said."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from linli.kernel.db.models import DistrictForeignKey, DistrictModel, LegalBasis, PersonalData, Whose
from linli.oversight.reviews.choices import BallotMode, Phase
from linli.oversight.reviews.models.draw import Draw
from linli.oversight.reviews.models.programme import Programme, ProgrammeBook

_PRESENTED = PersonalData(
    whose=Whose.STAFF,
    purpose=gettext_noop("knowing what was reported, asked for and done"),
    legal_basis=LegalBasis.DUTY,
    retention_days=None,
)


class Session(DistrictModel):
    """One meeting at which presenters report, one after the other.

    part: 1 or 2 of the two that share a draw. draw: null where presenters are named by hand (a special session).
    focus: of the quarter. venues: names of branch venues. summary: who speaks last and commands the next stage is no
    turn but two phases. Everybody signed in may see it.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    programme = DistrictForeignKey(Programme, related_name="sessions")
    book = DistrictForeignKey(ProgrammeBook, null=True, related_name="+")
    draw = DistrictForeignKey(Draw, null=True, related_name="sessions")
    year = models.SmallIntegerField()
    month = models.SmallIntegerField()
    part = models.SmallIntegerField(default=1)
    occasion = models.CharField(max_length=20)
    title = models.CharField(max_length=80)
    focus = models.CharField(max_length=80, default="")
    planned_at = models.DateTimeField()
    place = models.CharField(max_length=80, default="")
    venues = models.JSONField(default=list)
    ballot_mode = models.CharField(max_length=8, default=BallotMode.SEALED.value)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["district", "programme", "year", "month", "occasion", "part"], name="session_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "-planned_at"], name="session_newest"),
        ]


class Turn(DistrictModel):
    """An organisation's place in a session: who presents, what is shown, how long it took; never its score.

    position: from 1, the draw's rank. presenter: the person, by the post in force at the commit; deputy_reason: ""
    unless somebody else presents by a leave approved before. is_carried: absent last time, so in addition now.
    material: figures and open follow-ups as frozen when the session opened, ids and whole numbers; remarks: up to
    500 characters of the secretary's own. talk_ms, comment_ms: used, null before; overrun_ms: beyond the bell.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {"remarks": _PRESENTED}

    session = DistrictForeignKey(Session, related_name="turns")
    organisation = DistrictForeignKey("orgs.Organisation", related_name="+")
    position = models.SmallIntegerField()
    presenter = DistrictForeignKey("people.Person", null=True, related_name="+")
    deputy_reason = models.CharField(max_length=20, default="")
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    is_carried = models.BooleanField(default=False)
    is_absent = models.BooleanField(default=False)
    material = models.JSONField(default=dict)
    remarks = models.CharField(max_length=500, default="")
    talk_ms = models.IntegerField(null=True)
    talk_overrun_ms = models.IntegerField(default=0)
    comment_ms = models.IntegerField(null=True)
    comment_overrun_ms = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "session", "position"], name="turn_position"),
            models.UniqueConstraint(fields=["district", "session", "organisation"], name="turn_organisation"),
            models.CheckConstraint(
                condition=Q(deputy_reason="") ^ Q(approved_by__isnull=False, approved_at__isnull=False),
                name="turn_deputy_approved",
            ),
        ]


class Hall(DistrictModel):
    """Where a session stands now: one row a session, changed only from the revision that was seen.

    started_at: of the running phase, server time; paused_ms: held so far; paused_at: null while it runs. bell_test_at:
    both bells were heard; without it a session does not open.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    session = DistrictForeignKey(Session, related_name="halls")
    phase = models.CharField(max_length=12, default=Phase.READY.value)
    turn = DistrictForeignKey(Turn, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    duration_ms = models.IntegerField(default=0)
    paused_ms = models.IntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    bell_test_at = models.DateTimeField(null=True)
    revision = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "session"], name="hall_session"),
            models.CheckConstraint(
                condition=~Q(phase__in=["talk", "comment", "score"]) | Q(turn__isnull=False), name="hall_turn"
            ),
        ]


class Lamp(DistrictModel):
    """How one screen or telephone in the hall is doing; thrown away with the session's end.

    client: made by the page. offset_ms, rtt_ms: as it measured them. audio, wake: states of the browser.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    session = DistrictForeignKey(Session, on_delete=models.CASCADE, related_name="lamps")
    role = models.CharField(max_length=10)
    client = models.UUIDField()
    label = models.CharField(max_length=40, default="")
    revision = models.IntegerField(default=0)
    offset_ms = models.IntegerField(default=0)
    rtt_ms = models.IntegerField(default=0)
    audio = models.CharField(max_length=12, default="")
    wake = models.CharField(max_length=12, default="")
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "session", "client"], name="lamp_client"),
        ]


class Remark(DistrictModel):
    """What a leader said, as the clerk wrote it; the room sees it after the leader's nod, then it becomes a case.

    turn: null for a deployment, which the whole district has to do. organisation: who has to do it, or takes the lead
    in it; null for a bare comment; others who have to do it too: `RemarkShare`. case: of the follow-up, null before the
    nod and for bare comments. version: grows by one with each change, so that of two clerks who change it at once the
    second one is asked.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {"text": _PRESENTED}

    session = DistrictForeignKey(Session, related_name="remarks")
    turn = DistrictForeignKey(Turn, null=True, related_name="comments")
    kind = models.CharField(max_length=12)
    text = models.CharField(max_length=500)
    organisation = DistrictForeignKey("orgs.Organisation", null=True, related_name="+")
    due_on = models.DateField(null=True)
    written_by = models.UUIDField()
    written_at = models.DateTimeField()
    nodded_at = models.DateTimeField(null=True)
    struck_at = models.DateTimeField(null=True)
    case = DistrictForeignKey("cases.Case", null=True, related_name="+")
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind="comment") | Q(organisation__isnull=False, due_on__isnull=False),
                name="remark_has_owner",
            ),
            models.CheckConstraint(condition=Q(kind="deployment") ^ Q(turn__isnull=False), name="remark_of_turn"),
            models.CheckConstraint(condition=Q(case__isnull=True) | Q(nodded_at__isnull=False), name="remark_nodded"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "organisation", "due_on"], name="remark_owner"),
        ]


class RemarkShare(DistrictModel):
    """Another organisation that has to do what a deployment says, beside the one in the lead; each has its own case.

    case: null before the nod. Seen as its remark is.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    remark = DistrictForeignKey(Remark, on_delete=models.CASCADE, related_name="shares")
    organisation = DistrictForeignKey("orgs.Organisation", related_name="+")
    case = DistrictForeignKey("cases.Case", null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "remark", "organisation"], name="remark_share_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "organisation"], name="remark_share_owner"),
        ]
