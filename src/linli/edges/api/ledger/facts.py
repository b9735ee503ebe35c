"""Facts within the caller's reach."""

from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from linli.cases.queries.facts import list_facts_for, read_log_for
from linli.edges.api.fields import Cursor, Limit, Moment, Text
from linli.edges.api.openapi import problems
from linli.edges.api.pages import read_cursor, read_moment_cursor, write_cursor
from linli.edges.api.places import path_of_area
from linli.edges.api.request import ApiRequest, staff
from linli.kernel.errors import InvalidInput
from linli.ledger.facts.calc.seals import FactRow
from linli.ledger.facts.queries.log import START

router = Router(tags=["ledger"])
_DIGITS = 10  # of numbers that PostgreSQL takes for a position


class FactAnswer(BaseModel):
    """One thing that happened; ids, codes and numbers, never a name. recorded_at: when the database took it."""

    id: UUID
    kind: str
    subject_id: UUID
    at: Moment
    recorded_at: Moment
    actor_id: UUID | None
    area_path: str
    organisation_id: UUID | None
    post_id: UUID | None
    data: dict[str, Any]


class FactsAnswer(BaseModel):
    """A page of facts, newest first."""

    items: list[FactAnswer]
    next_cursor: str | None


class FactsQuery(BaseModel):
    """What is asked for. since left out: 31 days ago, or all time where a subject is named."""

    kind: list[Annotated[Text, Field(max_length=60)]] = []
    subject: UUID | None = None
    area: Annotated[Text, Field(max_length=20)] = ""
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    cursor: Cursor = ""
    limit: Limit = 50


@router.get("/facts", operation_id="list_facts", response=FactsAnswer,
            openapi_extra={"responses": problems(401, 403, 422)})  # fmt: skip
def get_facts(request: ApiRequest, asked: Query[FactsQuery]) -> FactsAnswer:
    """List the facts that the caller's posts reach, newest first."""
    viewer = staff(request)
    rows = list_facts_for(
        viewer=viewer, at=request.at, since=asked.since, until=asked.until, kinds=asked.kind,
        subject_id=asked.subject, area_path=path_of_area(asked.area, viewer.district_id),
        after=read_moment_cursor(asked.cursor), limit=asked.limit + 1,
    )  # fmt: skip
    page = rows[: asked.limit]
    more = write_cursor(page[-1].at.isoformat(), str(page[-1].id)) if len(rows) > asked.limit else None
    return FactsAnswer(items=[_answer(row) for row in page], next_cursor=more)


class LoggedAnswer(FactAnswer):
    """A fact in the log. place: where it stands, to be sent as `after` by whoever stops here."""

    place: str


class LogAnswer(BaseModel):
    """A stretch of the log, in the order of sealing. after: send it next time; is_end: whether that was all for now."""

    items: list[LoggedAnswer]
    after: str
    is_end: bool


class LogQuery(BaseModel):
    """Where to go on: `after` of the last answer; left out, from the beginning. kind: only these; others are passed."""

    after: Cursor = ""
    kind: list[Annotated[Text, Field(max_length=60)]] = []
    area: Annotated[Text, Field(max_length=20)] = ""
    limit: Limit = 50


@router.get("/events/log", operation_id="read_event_log", response=LogAnswer,
            openapi_extra={"responses": problems(401, 403, 422)})  # fmt: skip
def get_event_log(request: ApiRequest, asked: Query[LogQuery]) -> LogAnswer:
    """Read what happened on from a place, none left out: for programs, and to make up for missed webhooks.

    A fact stands here once it is sealed, within a minute or two. Ask again with `after`, at once unless `is_end`.
    """
    viewer = staff(request)
    page = read_log_for(viewer=viewer, at=request.at, after=_place(asked.after), limit=asked.limit,
                        area_path=path_of_area(asked.area, viewer.district_id))  # fmt: skip
    items = [
        LoggedAnswer(place=write_cursor(*map(str, place)), **_answer(row).model_dump())
        for place, row in page.rows if not asked.kind or row.kind in asked.kind
    ]  # fmt: skip
    return LogAnswer(items=items, after=write_cursor(*map(str, page.after)), is_end=page.is_end)


def _place(after: str) -> tuple[int, int]:
    if not after:
        return START
    seal, position = read_cursor(after, 2)
    is_number = all(part.removeprefix("-").isascii() and part.removeprefix("-").isdigit() and len(part) < _DIGITS
                    for part in (seal, position))  # fmt: skip
    if not is_number:
        raise InvalidInput("unknown_cursor", field="after")
    return int(seal), int(position)


def _answer(row: FactRow) -> FactAnswer:
    return FactAnswer(
        id=row.id, kind=row.kind, subject_id=row.subject_id, at=row.at, recorded_at=row.recorded_at,
        actor_id=row.actor_id, area_path=row.area_path, organisation_id=row.organisation_id, post_id=row.post_id,
        data=dict(row.data),
    )  # fmt: skip
