"""Cases on hold come back by themselves on the day that was set to look at them again."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.cases.actions.recording import remember, tell
from linli.cases.actions.stepping import BY_ITSELF, Actor, Step, take_step
from linli.cases.choices import Action, State
from linli.cases.errors import StepNotPossible
from linli.cases.models import Case, CaseStep
from linli.cases.queries.rulebooks import current_rulebooks
from linli.kernel.errors import NotAllowed
from linli.registry.people.rules import NOBODY


def resume_due(*, district_id: str, at: datetime, limit: int = 200) -> int:
    """Resume the suspended cases whose day has come. Returns how many.

    Each case is a transaction of its own: its clock goes on, and whoever has it is told. One that stands
    elsewhere by now, or whose table leaves the step to people, is left alone.
    """
    due = Case.objects.filter(district_id=district_id, state=State.SUSPENDED, review_on__lte=timezone.localdate(at))
    ids = list(due.order_by("review_on", "id").values_list("id", flat=True)[:limit])
    resumed, step, by = 0, Step(Action.RESUME), Actor(kind=BY_ITSELF)
    for case_id in ids:
        with suppress(StepNotPossible, NotAllowed):
            take_step(district_id=district_id, case_id=case_id, step=step, by=by, at=at)
            resumed += 1
    return resumed


def remind_of_holds(*, district_id: str, at: datetime, limit: int = 200) -> int:
    """Tell whoever has a case on hold that its day comes, each day of review once. Returns how many.

    Each case is a transaction of its own: a line of history, a fact and a message.
    """
    today = timezone.localdate(at)
    until = today + timedelta(days=current_rulebooks(district_id).deadlines.remind_days)
    due = Case.objects.filter(district_id=district_id, state=State.SUSPENDED, review_on__range=(today, until))
    waiting = dict(due.order_by("review_on", "id").values_list("id", "review_on"))
    told = set(
        CaseStep.objects.filter(district_id=district_id, case_id__in=waiting, action=Action.REMIND).values_list(
            "case_id", "data__review_on"
        )
    )
    untold = [case_id for case_id, day in waiting.items() if day and (case_id, day.isoformat()) not in told][:limit]
    return sum(_remind(district_id, case_id, at) for case_id in untold)


@transaction.atomic
def _remind(district_id: str, case_id: UUID, at: datetime) -> int:
    case = Case.objects.select_for_update().filter(district_id=district_id, id=case_id, state=State.SUSPENDED).first()
    if case is None or case.review_on is None:
        return 0
    said = {"review_on": case.review_on.isoformat()}
    remember(case=case, action=Action.REMIND, from_state=case.state, at=at, by=NOBODY, by_kind="system", data=said)
    tell(case, Action.REMIND, at)
    return 1
