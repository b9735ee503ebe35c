"""What leaders said at a session: all of it for the clerk, what they nodded to for everybody else."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from linli.oversight.reviews.choices import RemarkKind
from linli.oversight.reviews.models import Remark, RemarkShare
from linli.oversight.reviews.queries.meetings import Meeting
from linli.registry.people.rules import Viewer


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """A remark. turn_id, reporter: on whose report, None for a deployment; organisation: who has to do it.

    also: who else has to do what a deployment says; shares: the same with names and their cases.
    """

    id: UUID
    kind: str
    text: str
    turn_id: UUID | None
    reporter: str | None
    organisation_id: UUID | None
    organisation: str | None
    due_on: date | None
    written_at: datetime
    written_by: UUID
    nodded_at: datetime | None
    struck_at: datetime | None
    case_id: UUID | None
    version: int
    also: tuple[UUID, ...] = ()
    shares: tuple["ShareRow", ...] = ()

    @property
    def is_waiting(self) -> bool:
        """Whether it still waits for the leader's nod."""
        return self.nodded_at is None and self.struck_at is None


@dataclass(frozen=True, slots=True)
class ShareRow:
    """Another organisation that has to do it, with its case once the leader nodded."""

    organisation: str
    case_id: UUID | None


_COLUMNS = (
    "id", "kind", "text", "turn_id", "turn__organisation__name", "organisation_id", "organisation__name", "due_on",
    "written_at", "written_by", "nodded_at", "struck_at", "case_id", "version",
)  # fmt: skip


def list_remarks(*, viewer: Viewer, meeting: Meeting) -> list[RemarkRow]:
    """List a session's remarks as the clerk works on them, struck ones too. At most 2 queries. Raises NotAllowed."""
    meeting.may_run(viewer).require()
    return _rows(meeting, _of(meeting))


def list_shown_remarks(*, meeting: Meeting, turn_id: UUID | None = None) -> list[RemarkRow]:
    """List what the room sees: what was nodded to and not struck, of one turn if named. 1 query, 2 with deployments."""
    shown = _of(meeting).filter(nodded_at__isnull=False, struck_at__isnull=True)
    return _rows(meeting, shown.filter(turn_id=turn_id) if turn_id else shown)


def _of(meeting: Meeting) -> QuerySet[Remark]:
    return Remark.objects.filter(district_id=meeting.district_id, session_id=meeting.id)


def _rows(meeting: Meeting, found: QuerySet[Remark]) -> list[RemarkRow]:
    rows = [RemarkRow(*row) for row in found.order_by("turn__position", "written_at", "id").values_list(*_COLUMNS)]
    deployments = [row.id for row in rows if row.kind == RemarkKind.DEPLOYMENT]
    if not deployments:
        return rows
    shares: defaultdict[UUID, list[tuple[UUID, ShareRow]]] = defaultdict(list)
    others = RemarkShare.objects.filter(district_id=meeting.district_id, remark_id__in=deployments)
    columns = ("remark_id", "organisation_id", "organisation__name", "case_id")
    for remark_id, id_, name, case_id in others.order_by("organisation__code").values_list(*columns):
        shares[remark_id].append((id_, ShareRow(name, case_id)))
    return [
        replace(row, also=tuple(id_ for id_, _ in shares[row.id]), shares=tuple(share for _, share in shares[row.id]))
        for row in rows
    ]  # fmt: skip
