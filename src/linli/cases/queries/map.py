"""Open cases as points of the one map."""

from datetime import datetime

from linli.cases.queries.lists import CaseFilter, filtered
from linli.cases.queries.rows import CaseRow, case_rows
from linli.registry.people.rules import Viewer

MOST_POINTS = 5000


def list_points(*, viewer: Viewer, wanted: CaseFilter, at: datetime, limit: int = MOST_POINTS) -> list[CaseRow]:
    """List the cases asked for that the viewer may see and that have a point, the newest first. 1 query."""
    found = filtered(viewer=viewer, wanted=wanted, at=at).filter(lng__isnull=False, lat__isnull=False)
    return case_rows(found.order_by("-id")[:limit], at=at)
