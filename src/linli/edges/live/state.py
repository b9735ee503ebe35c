"""The small state as JSON: the stream and its polling twin send the same."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from linli.cases.queries.watching import get_watched_state
from linli.registry.people.rules import Viewer

MEDIA_TYPE = "text/event-stream"
PING = ": here\n\n"


def state_for(viewer: Viewer, *, at: datetime) -> dict[str, Any]:
    """Give what a viewer watches as plain values: revision, counts, newest. 3 queries."""
    state = get_watched_state(viewer=viewer, at=at)
    newest = [{**asdict(row), "id": str(row.id), "at": row.at.isoformat()} for row in state.newest]
    return {"revision": state.revision, "counts": asdict(state.counts), "newest": newest}


def event_of(state: dict[str, Any], *, retry_ms: int = 0) -> str:
    """Write a state as one server-sent event; retry_ms: how long a browser waits before it asks again, 0 unsaid."""
    retry = f"retry: {retry_ms}\n" if retry_ms else ""
    return f"{retry}event: state\nid: {state['revision']}\ndata: {json.dumps(state, ensure_ascii=False)}\n\n"
