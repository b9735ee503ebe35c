"""Draws: the list of those held, and each one's record byte for byte, to be checked without us."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import BaseModel

from linli.edges.api.fields import Cursor, Limit, Moment
from linli.edges.api.openapi import problems
from linli.edges.api.pages import read_moment_cursor, write_cursor
from linli.edges.api.request import ApiRequest, look_up
from linli.oversight.reviews.queries.draws import PublishedDraw, get_record_bytes, list_published_draws

router = Router(tags=["reviews"])
_RECORD = {"description": "The record in its canonical form: its SHA-256 is its number. See /verify/draw.", "content": {
    "application/json": {"schema": {
        "type": "object", "required": ["commit", "commit_hash", "reveal", "seed", "result"],
    }},
}}  # fmt: skip


class DrawAnswer(BaseModel):
    """A draw that was held. drawn: names in the order of speaking; record: where its record is."""

    id: str
    code: str
    programme: str
    level: str
    drawn_at: Moment
    commit_hash: str
    record_id: str
    drawn: list[str]
    record: str


class DrawsAnswer(BaseModel):
    """A page of draws, newest first."""

    items: list[DrawAnswer]
    next_cursor: str | None


class DrawsQuery(BaseModel):
    """Where to go on."""

    cursor: Cursor = ""
    limit: Limit = 50


@router.get("/reviews/draws", operation_id="list_draws", response=DrawsAnswer,
            openapi_extra={"responses": problems(422, 429)})  # fmt: skip
def get_draws(request: ApiRequest, asked: Query[DrawsQuery]) -> DrawsAnswer:
    """List draws that were held: those of public programmes, and of the caller's district."""
    look_up(request)
    rows = list_published_draws(viewer=request.viewer, before=read_moment_cursor(asked.cursor), limit=asked.limit + 1)
    page = rows[: asked.limit]
    more = len(rows) > asked.limit
    last = write_cursor(page[-1].made_at.isoformat(), str(page[-1].row_id)) if more else None
    return DrawsAnswer(items=[_answer(row) for row in page], next_cursor=last)


@router.get("/reviews/draws/{draw_id}/record.json", operation_id="get_draw_record",
            openapi_extra={"responses": {200: _RECORD, **problems(404, 422, 429)}})  # fmt: skip
def get_record(request: ApiRequest, draw_id: UUID) -> HttpResponse:
    """Give a draw's record byte for byte."""
    look_up(request)
    return HttpResponse(get_record_bytes(viewer=request.viewer, draw_id=draw_id), content_type="application/json")


def _answer(row: PublishedDraw) -> DrawAnswer:
    return DrawAnswer(
        id=str(row.id), code=row.code, programme=row.programme, level=row.level, drawn_at=row.drawn_at,
        commit_hash=row.commit_hash, record_id=row.record_id, drawn=list(row.drawn),
        record=f"/api/v1/reviews/draws/{row.id}/record.json",
    )  # fmt: skip
