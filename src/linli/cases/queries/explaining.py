"""What somebody may do with a case, by the very rules that decide it; of the case itself only its number is told."""

from collections.abc import Mapping
from dataclasses import dataclass

from linli.cases.errors import NoSuchCase
from linli.cases.models import Case
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.rules import may_see_case, may_take
from linli.kernel.decision import Decision
from linli.registry.people.rules import Viewer, may_see_people


@dataclass(frozen=True, slots=True)
class ExplainedCase:
    """Whether somebody sees a case, and which steps they may take on it now; steps: by action."""

    number: str
    state: str
    see: Decision
    steps: Mapping[str, Decision]


def explain_case(*, viewer: Viewer, subject: Viewer, number: str) -> ExplainedCase:
    """Say what the subject may do with a case of the viewer's district. At most 3 queries.

    viewer: who asks, and manages people. Raises NotAllowed, NoSuchCase.
    """
    may_see_people(viewer).require()
    case = Case.objects.filter(district_id=viewer.district_id, number=number.strip()).first()
    if case is None:
        raise NoSuchCase("no_such_case", field="case")
    rows = current_rulebooks(case.district_id).workflow.from_state(case.state)
    see = may_see_case(subject, case)
    steps: dict[str, Decision] = {}
    for row in rows:
        decision = may_take(subject, case, row)
        steps[row.action] = steps.get(row.action) or decision
    return ExplainedCase(case.number, case.state, see, steps)
