"""Leaves of a draw: which hold now, and which its commit froze."""

from uuid import UUID

from linli.oversight.reviews.models import Draw, Leave


def list_leaves(draw: Draw) -> list[Leave]:
    """List the leaves that hold, by the organisation's code: the last said of each, unless it took back. 1 query."""
    ours = Leave.objects.filter(district_id=draw.district_id, draw=draw).select_related("organisation", "deputy")
    last = {leave.organisation_id: leave for leave in ours.order_by("organisation__code", "take")}
    return [leave for leave in last.values() if leave.deputy_id]


def frozen_leaves(draw: Draw) -> dict[UUID, Leave]:
    """Give the leaves that a draw's commit names, by organisation; none that was written since. 1 query."""
    named = [row["leave"] for row in draw.commit.get("pool", ()) if "leave" in row]
    found = Leave.objects.filter(district_id=draw.district_id, draw=draw, id__in=named)
    return {leave.organisation_id: leave for leave in found.order_by("id")}
