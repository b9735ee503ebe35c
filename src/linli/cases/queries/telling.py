"""What a notice outside tells of a case: its number, until when, where it is looked at; nothing of what it says."""

from collections.abc import Sequence
from uuid import UUID

from linli.cases.models import Case
from linli.support.notices.queries.subjects import Subject


def tell_of_cases(district_id: str, case_ids: Sequence[UUID]) -> dict[UUID, Subject]:
    """Tell of cases by number. 1 query. Whoever opens the page that it leads to is asked for their rights there."""
    rows = Case.objects.filter(district_id=district_id, id__in=case_ids).values_list("id", "number", "due_at")
    return {
        case_id: Subject(number, due_at, f"/desk/cases/{case_id}/", f"/follow/?number={number}")
        for case_id, number, due_at in rows
    }
