"""The polling twin of the event stream: the same JSON, asked for now and then."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import BaseModel

from linli.edges.api.fields import Moment
from linli.edges.api.openapi import problems
from linli.edges.api.request import ApiRequest, staff
from linli.edges.live.state import MEDIA_TYPE, event_of, state_for

router = Router(tags=["live"])
_STREAM = {
    "description": "Server-sent events: one `state` event at once and one after each change; its data is what "
                   "`/events/state` answers. Comments keep the line open.",
    "content": {"text/event-stream": {"schema": {
        "type": "object", "description": "One event.", "required": ["event", "data"],
        "properties": {
            "event": {"type": "string", "enum": ["state", "end"]},
            "id": {"type": "string", "description": "the revision"},
            "data": {"type": "string", "contentMediaType": "application/json"},
            "retry": {"type": "integer", "description": "milliseconds until a browser comes again"},
        },
    }}},
}  # fmt: skip


class CountsAnswer(BaseModel):
    """How many cases wait."""

    todo: int
    overdue: int
    mine: int
    open: int


class NewestAnswer(BaseModel):
    """One of the newest open cases; area: the name of the lowest one; at: when it was reported."""

    id: UUID
    number: str
    title: str
    light: str
    area: str
    at: Moment


class StateAnswer(BaseModel):
    """The whole of what one watches. revision: another one means that something changed; no order in it."""

    revision: int
    counts: CountsAnswer
    newest: list[NewestAnswer]


@router.get("/events/state", operation_id="get_state", response=StateAnswer,
            openapi_extra={"responses": problems(401, 403)})  # fmt: skip
def get_state(request: ApiRequest) -> dict[str, Any]:
    """Give the state that the stream would send now."""
    return state_for(staff(request), at=request.at)


@router.get("/events", operation_id="watch", openapi_extra={"responses": {200: _STREAM, **problems(401, 403, 503)}})
def watch(request: ApiRequest) -> HttpResponse:
    """Stream the state. Where the program runs without its live app, one event, and the browser asks again."""
    state = state_for(staff(request), at=request.at)
    return HttpResponse(event_of(state, retry_ms=6000), content_type=MEDIA_TYPE)
