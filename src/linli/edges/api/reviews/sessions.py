"""Sessions: the list of those published, and each one's anonymous ballots and scores, to be recomputed without us."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import BaseModel

from linli.edges.api.fields import Cursor, Limit, Moment
from linli.edges.api.openapi import problems
from linli.edges.api.pages import read_moment_cursor, write_cursor
from linli.edges.api.request import ApiRequest, look_up
from linli.oversight.reviews.queries.sessions import (
    PublishedSession,
    get_publication_bytes,
    list_published_sessions,
)

router = Router(tags=["reviews"])
_PUBLICATION = {
    "description": "Ballots without names, their root and the scores. `linli review verify` recomputes them.",
    "content": {"application/json": {"schema": {"type": "object", "required": ["format"]}}},
}


class SessionAnswer(BaseModel):
    """A session that is published. root: of the tree over its ballots; publication: where these are."""

    id: str
    title: str
    programme: str
    level: str
    occasion: str
    planned_at: Moment
    published_at: Moment
    root: str
    digest: str
    publication: str


class SessionsAnswer(BaseModel):
    """A page of sessions, newest first."""

    items: list[SessionAnswer]
    next_cursor: str | None


class SessionsQuery(BaseModel):
    """Where to go on."""

    cursor: Cursor = ""
    limit: Limit = 50


@router.get("/reviews/sessions", operation_id="list_review_sessions", response=SessionsAnswer,
            openapi_extra={"responses": problems(422, 429)})  # fmt: skip
def get_sessions(request: ApiRequest, asked: Query[SessionsQuery]) -> SessionsAnswer:
    """List sessions that are published: those of public programmes, and of the caller's district."""
    look_up(request)
    rows = list_published_sessions(
        viewer=request.viewer, before=read_moment_cursor(asked.cursor), limit=asked.limit + 1
    )
    page = rows[: asked.limit]
    more = len(rows) > asked.limit
    last = write_cursor(page[-1].made_at.isoformat(), str(page[-1].row_id)) if more else None
    return SessionsAnswer(items=[_answer(row) for row in page], next_cursor=last)


@router.get("/reviews/sessions/{review_id}/publication.json", operation_id="get_review_publication",
            openapi_extra={"responses": {200: _PUBLICATION, **problems(404, 422, 429)}})  # fmt: skip
def get_publication(request: ApiRequest, review_id: UUID) -> HttpResponse:
    """Give a session's published ballots byte for byte."""
    look_up(request)
    body = get_publication_bytes(viewer=request.viewer, session_id=review_id)
    return HttpResponse(body, content_type="application/json")


def _answer(row: PublishedSession) -> SessionAnswer:
    return SessionAnswer(
        id=str(row.id), title=row.title, programme=row.programme, level=row.level, occasion=row.occasion,
        planned_at=row.planned_at, published_at=row.made_at, root=row.root, digest=row.digest,
        publication=f"/api/v1/reviews/sessions/{row.id}/publication.json",
    )  # fmt: skip
