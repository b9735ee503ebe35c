"""Some cases in the order of their own priority, with the reasons for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from linli.cases.models import Case
from linli.cases.queries.rows import CaseRow, case_rows
from linli.cases.rules import visible_to
from linli.registry.people.rules import Viewer


@dataclass(frozen=True, slots=True)
class RankedCase:
    """A case with the parts that add up to its score; none where somebody set the priority by hand."""

    row: CaseRow
    parts: tuple[dict[str, Any], ...]
    is_overridden: bool


def list_ranked(*, viewer: Viewer, ids: Sequence[UUID], at: datetime, limit: int = 100) -> list[RankedCase]:
    """List those of the cases that the viewer may see: open ones first, the highest score on top. 2 queries."""
    seen = Case.objects.filter(visible_to(viewer), id__in=ids)
    found = seen.order_by(F("closed_at").asc(nulls_first=True), "-score", "-id")[:limit]
    rows = case_rows(found, at=at)
    why = {
        id_: (tuple(parts), is_overridden)
        for id_, parts, is_overridden in Case.objects.filter(
            district_id=viewer.district_id, id__in=[row.id for row in rows]
        ).order_by().values_list("id", "priority_parts", "is_overridden")
    }  # fmt: skip
    ordered = sorted(rows, key=lambda row: (row.closed_at is not None, -row.score))
    return [RankedCase(row, *why[row.id]) for row in ordered]
