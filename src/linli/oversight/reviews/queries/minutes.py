"""What the minutes of a session hold: who reported when, how long, what was asked for, what was published."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from linli.kernel.errors import Conflict
from linli.oversight.reviews.choices import RemarkKind
from linli.oversight.reviews.models import Hall, Turn
from linli.oversight.reviews.queries.meetings import Meeting, get_meeting
from linli.oversight.reviews.queries.remarks import RemarkRow, list_shown_remarks
from linli.oversight.reviews.queries.results import Result, results_of
from linli.registry.people.choices import Verb
from linli.registry.people.queries import names_of
from linli.registry.people.rules import Viewer, may_somewhere


@dataclass(frozen=True, slots=True)
class MinutesTurn:
    """A report in its order. remarks: comments and assignments as the room saw them; result: None if unpublished."""

    position: int
    organisation: str
    presenter: str
    is_deputy: bool
    is_carried: bool
    is_absent: bool
    talk_ms: int | None
    talk_overrun_ms: int
    comment_ms: int | None
    comment_overrun_ms: int
    remarks: tuple[RemarkRow, ...]
    result: Result | None


@dataclass(frozen=True, slots=True)
class Minutes:
    """A closed session. number: of its programme's minutes in that year; deployments: for the whole district."""

    meeting: Meeting
    opened_at: datetime
    closed_at: datetime
    turns: tuple[MinutesTurn, ...]
    deployments: tuple[RemarkRow, ...]
    number: int

    @property
    def on(self) -> date:
        """Give the day of the session, Shanghai."""
        return timezone.localdate(self.closed_at)


_COLUMNS = (
    "id", "position", "organisation__name", "presenter_id", "deputy_reason", "is_carried", "is_absent", "talk_ms",
    "talk_overrun_ms", "comment_ms", "comment_overrun_ms",
)  # fmt: skip


def get_minutes(*, viewer: Viewer, meeting_id: UUID) -> Minutes:
    """Read what the minutes of a closed session hold: nothing that the room did not see. 7 queries at most.

    Handed to who runs the session and to who may write out what they see. Raises NotFound, NotAllowed, Conflict
    (session_not_closed).
    """
    meeting = get_meeting(viewer=viewer, meeting_id=meeting_id)
    if not meeting.may_run(viewer):
        may_somewhere(viewer, Verb.EXPORT).require()
    halls = Hall.objects.filter(district_id=meeting.district_id)
    held = halls.filter(session_id=meeting.id).values_list("opened_at", "closed_at").first()
    if held is None or held[0] is None or held[1] is None:
        raise Conflict("session_not_closed")
    remarks = list_shown_remarks(meeting=meeting)
    earlier = halls.filter(
        session__programme_id=meeting.programme_id, session__year=meeting.year, closed_at__lt=held[1]
    )  # fmt: skip
    return Minutes(
        meeting=meeting, opened_at=held[0], closed_at=held[1], turns=_turns(meeting, remarks),
        deployments=tuple(row for row in remarks if row.kind == RemarkKind.DEPLOYMENT), number=earlier.count() + 1,
    )  # fmt: skip


def _turns(meeting: Meeting, remarks: list[RemarkRow]) -> tuple[MinutesTurn, ...]:
    found = Turn.objects.filter(district_id=meeting.district_id, session_id=meeting.id).order_by("position")
    rows = list(found.values_list(*_COLUMNS))
    names = names_of(district_id=meeting.district_id, person_ids=[row[3] for row in rows if row[3]])
    results = results_of(district_id=meeting.district_id, session_ids=[meeting.id])
    return tuple(
        MinutesTurn(
            position=row[1], organisation=row[2], presenter=names.get(row[3], "") if row[3] else "",
            is_deputy=bool(row[4]), is_carried=row[5], is_absent=row[6], talk_ms=row[7], talk_overrun_ms=row[8],
            comment_ms=row[9], comment_overrun_ms=row[10],
            remarks=tuple(remark for remark in remarks if remark.turn_id == row[0]), result=results.get(row[0]),
        )
        for row in rows
    )  # fmt: skip
