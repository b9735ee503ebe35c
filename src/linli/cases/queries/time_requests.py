"""Reading requests for time: of one case, and those that wait for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from linli.cases.choices import RequestState
from linli.cases.models import Case, TimeRequest
from linli.cases.rules import visible_to
from linli.registry.people.rules import Viewer

_COLUMNS = (
    "id", "case_id", "case__number", "case__title", "kind", "state", "reason", "days", "until", "asked_at",
    "decide_by", "to_post", "decided_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TimeRequestRow:
    """A request as lists and the case's page show it."""

    id: UUID
    case_id: UUID
    number: str
    title: str
    kind: str
    state: str
    reason: str
    days: int | None
    until: date | None
    asked_at: datetime
    decide_by: datetime
    to_post: UUID
    decided_at: datetime | None

    def lapsed_by(self, at: datetime) -> bool:
        """Whether its time is over without anybody having decided."""
        return self.state == RequestState.ASKED and at > self.decide_by


def requests_of(*, district_id: str, case_id: UUID) -> list[TimeRequestRow]:
    """List the requests of a case, newest first; whoever may see the case may see them. 1 query."""
    rows = TimeRequest.objects.filter(district_id=district_id, case_id=case_id).order_by("-asked_at", "-id")
    return [TimeRequestRow(*row) for row in rows.values_list(*_COLUMNS)]


def list_time_requests(*, viewer: Viewer, limit: int = 100) -> list[TimeRequestRow]:
    """List what waits for a decision of this viewer's posts, due first; of cases the viewer may see. 1 query."""
    return _rows(viewer, Q(to_post__in=_posts(viewer), state=RequestState.ASKED), ("decide_by", "id"), limit)


def list_decided_requests(*, viewer: Viewer, limit: int = 50) -> list[TimeRequestRow]:
    """List what this viewer's posts were asked for and is decided or lapsed, newest first. 1 query."""
    return _rows(viewer, Q(to_post__in=_posts(viewer)) & ~Q(state=RequestState.ASKED), ("-decided_at", "-id"), limit)


def count_time_requests(viewer: Viewer) -> int:
    """Count what waits for a decision of this viewer's posts. 1 query."""
    waiting = TimeRequest.objects.filter(
        district_id=viewer.district_id, to_post__in=_posts(viewer), state=RequestState.ASKED
    )
    return waiting.filter(case__in=Case.objects.filter(visible_to(viewer)).values("id")).count()


def _posts(viewer: Viewer) -> list[UUID]:
    return [post.post_id for post in viewer.posts]


def _rows(viewer: Viewer, wanted: Q, order: Sequence[str], limit: int) -> list[TimeRequestRow]:
    seen = Case.objects.filter(visible_to(viewer)).values("id")
    found = TimeRequest.objects.filter(wanted, district_id=viewer.district_id, case__in=seen).order_by(*order)
    return [TimeRequestRow(*row) for row in found.values_list(*_COLUMNS)[:limit]]
