"""The history of one case, for whoever may see the case."""

from uuid import UUID

from linli.cases.errors import NoSuchCase
from linli.cases.models import Case
from linli.cases.queries.detail import StepRow, list_steps
from linli.cases.rules import may_see_case
from linli.registry.people.rules import Viewer


def get_history(*, viewer: Viewer, case_id: UUID) -> list[StepRow]:
    """List the steps of a case, oldest first. At most 4 queries. Raises NoSuchCase, alike for none and for not seen."""
    case = Case.objects.filter(district_id=viewer.district_id, id=case_id).first()
    if case is None or not may_see_case(viewer, case):
        raise NoSuchCase("no_such_case")
    return list_steps(case)
