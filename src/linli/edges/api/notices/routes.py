"""What the program tells a member of staff: their own notices, nobody else's."""

from datetime import datetime
from uuid import UUID

from ninja import Router
from pydantic import BaseModel

from linli.edges.api.openapi import problems
from linli.edges.api.request import ApiRequest, staff
from linli.edges.words.facts import say_fact
from linli.support.notices.actions import mark_read
from linli.support.notices.queries import list_notices

router = Router(tags=["notices"])


class NoticeAnswer(BaseModel):
    """One notice. kind: the fact it tells of; subject_id: the case."""

    id: UUID
    kind: str
    text: str
    subject_id: UUID
    at: datetime
    is_read: bool


class NoticesAnswer(BaseModel):
    """The newest notices, at most 50."""

    items: list[NoticeAnswer]


class ReadAnswer(BaseModel):
    """How many were new."""

    marked: int


@router.get("/notices", operation_id="list_notices", response=NoticesAnswer,
            openapi_extra={"responses": problems(401, 403)})  # fmt: skip
def get_notices(request: ApiRequest) -> NoticesAnswer:
    """List one's own newest notices."""
    viewer = staff(request)
    rows = list_notices(district_id=viewer.district_id, person_id=viewer.person_id) if viewer.person_id else []
    return NoticesAnswer(items=[
        NoticeAnswer(id=row.id, kind=row.kind, text=say_fact(row.kind), subject_id=row.subject_id, at=row.at,
                     is_read=row.is_read)
        for row in rows
    ])  # fmt: skip


@router.post("/notices/read", operation_id="mark_notices_read", response=ReadAnswer,
             openapi_extra={"responses": problems(401, 403)})  # fmt: skip
def mark_all_read(request: ApiRequest) -> ReadAnswer:
    """Mark all one's own notices as read."""
    viewer = staff(request)
    if viewer.person_id is None:
        return ReadAnswer(marked=0)
    return ReadAnswer(marked=mark_read(district_id=viewer.district_id, person_id=viewer.person_id))
