"""A case just opened, as whoever opened it is told of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.cases.models import Case
from linli.cases.queries.rulebooks import current_rulebooks


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """What the answer to a report says. Times are UTC instants; why, priority_parts: codes and plain values."""

    id: UUID
    district_id: str
    number: str
    state: str
    category: str
    category_name: str
    area_path: str
    place: str
    organisation_id: UUID | None
    organisation_name: str
    post_id: UUID | None
    role_name: str
    score: int
    priority_level: int
    priority_parts: list[dict[str, Any]]
    why: list[dict[str, Any]]
    reported_at: datetime
    response_due_at: datetime
    solution_due_at: datetime | None
    version: int


def opened_row(case: Case, *, category_name: str, organisation_name: str, role_name: str) -> OpenedCase:
    """Tell of a case that is in memory. No query."""
    return OpenedCase(
        id=case.id, district_id=case.district_id, number=case.number, state=case.state, category=case.category,
        category_name=category_name, area_path=case.area_path, place=case.place, organisation_id=case.organisation_id,
        organisation_name=organisation_name, post_id=case.post_id, role_name=role_name, score=case.score,
        priority_level=case.priority_level, priority_parts=case.priority_parts, why=case.why,
        reported_at=case.reported_at, response_due_at=case.response_due_at, solution_due_at=case.solution_due_at,
        version=case.version,
    )  # fmt: skip


def read_opened(*, district_id: str, case_id: UUID) -> OpenedCase:
    """Tell of a case opened before, to the same caller. 2 queries."""
    found = Case.objects.select_related("organisation", "post__role")
    case = found.get(district_id=district_id, id=case_id)
    kind = current_rulebooks(district_id).categories.get(case.category)
    return opened_row(
        case,
        category_name=kind.name if kind else case.category,
        organisation_name=case.organisation.name if case.organisation else "",
        role_name=case.post.role.name if case.post else "",
    )
