"""Reading one's notices."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.support.notices.models import Notice


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as its person sees it."""

    id: UUID
    kind: str
    subject_id: UUID
    at: datetime
    is_read: bool


def list_notices(*, district_id: str, person_id: UUID, limit: int = 50) -> list[NoticeRow]:
    """List a person's newest notices. 1 query."""
    mine = Notice.objects.filter(district_id=district_id, person_id=person_id).order_by("-id")
    return [NoticeRow(*row) for row in mine.values_list("id", "kind", "subject_id", "at", "is_read")[:limit]]
