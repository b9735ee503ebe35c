"""What came of what leaders asked for: each with its owner, its day, and where its case stands."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from linli.cases.models import Case
from linli.cases.rules import visible_to
from linli.oversight.reviews.models import Remark, RemarkShare
from linli.oversight.reviews.rules import may_see_reviews
from linli.registry.people.rules import Viewer


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something an organisation has to do. said_at: the leader's nod; session_id: where it was said.

    case_state, closed_at, solved_at: of its case; today: as of when; may_open: whether this viewer may look into it.
    """

    remark_id: UUID
    kind: str
    text: str
    session_id: UUID
    session: str
    organisation_id: UUID
    organisation: str
    said_at: datetime
    due_on: date
    case_id: UUID
    case_number: str
    case_state: str
    closed_at: datetime | None
    solved_at: datetime | None
    today: date
    may_open: bool

    @property
    def is_open(self) -> bool:
        """Whether it has to be told of at the next turn."""
        return self.closed_at is None

    @property
    def done_on(self) -> date | None:
        """Give the day on which it was reported back as done, Shanghai."""
        return timezone.localdate(self.solved_at) if self.solved_at else None

    @property
    def is_on_time(self) -> bool:
        """Whether it was done by its day."""
        return self.done_on is not None and self.done_on <= self.due_on

    @property
    def standing(self) -> str:
        """Say how it stands: closed, late or open."""
        if not self.is_open:
            return "closed"
        return "late" if self.done_on is None and self.today > self.due_on else "open"


_COLUMNS = (
    "id", "kind", "text", "session_id", "session__title", "organisation_id", "organisation__name", "nodded_at",
    "due_on", "case_id", "case__number", "case__state", "case__closed_at", "case__solved_at",
)  # fmt: skip


# The same of others who have to do it too.
_SHARE_COLUMNS = (
    "remark_id", "remark__kind", "remark__text", "remark__session_id", "remark__session__title", "organisation_id",
    "organisation__name", "remark__nodded_at", "remark__due_on", "case_id", "case__number", "case__state",
    "case__closed_at", "case__solved_at",
)  # fmt: skip


def list_follow_ups(
    *, viewer: Viewer, at: datetime, organisation_id: UUID | None = None, session_id: UUID | None = None,
    is_open: bool = False, said_before: datetime | None = None, limit: int = 200,
) -> list[FollowUp]:  # fmt: skip
    """List follow-ups of an organisation, of a session or of all, open ones first, then by their day. 3 queries.

    said_before: only what was said before that. What was said in the hall may be read by whoever serves in the
    district; the case behind it only by who may see it. Raises NotAllowed.
    """
    may_see_reviews(viewer, district_id=viewer.district_id).require()
    wanted = Q(district_id=viewer.district_id, case__isnull=False)
    if organisation_id is not None:
        wanted &= Q(organisation_id=organisation_id)
    if is_open:
        wanted &= Q(case__closed_at__isnull=True)
    asked = {"session_id": session_id, "nodded_at__lt": said_before}
    said = {name: value for name, value in asked.items() if value is not None}
    own = Remark.objects.filter(wanted, **said).order_by("due_on", "id").values_list(*_COLUMNS)[:limit]
    shares = RemarkShare.objects.filter(wanted, **{f"remark__{name}": value for name, value in said.items()})
    shared = shares.order_by("remark__due_on", "id").values_list(*_SHARE_COLUMNS)[:limit]
    rows = sorted([*own, *shared], key=lambda row: (row[8], row[0], row[6]))[:limit]
    seen = _seen(viewer, [row[9] for row in rows])
    today = timezone.localdate(at)
    found = [FollowUp(*(*row, today, row[9] in seen)) for row in rows]
    return sorted(found, key=lambda each: not each.is_open)


def meeting_behind(*, viewer: Viewer, case_id: UUID) -> tuple[UUID, str] | None:
    """Name the session at which leaders asked for a case: id and title; None for other cases. At most 2 queries.

    Whoever serves in the district may know it. Raises NotAllowed.
    """
    may_see_reviews(viewer, district_id=viewer.district_id).require()
    own = Remark.objects.filter(district_id=viewer.district_id, case_id=case_id)
    shared = RemarkShare.objects.filter(district_id=viewer.district_id, case_id=case_id)
    return (
        own.values_list("session_id", "session__title").first()
        or shared.values_list("remark__session_id", "remark__session__title").first()
    )


def _seen(viewer: Viewer, case_ids: list[UUID]) -> set[UUID]:
    return set(Case.objects.filter(visible_to(viewer), id__in=case_ids).values_list("id", flat=True))
