"""Cases on hold come back by themselves on the day that was set to look at them again."""

from contextlib import suppress
from datetime import datetime

from django.utils import timezone

from linli.cases.actions.stepping import BY_ITSELF, Actor, Step, take_step
from linli.cases.choices import Action, State
from linli.cases.errors import StepNotPossible
from linli.cases.models import Case
from linli.kernel.errors import NotAllowed


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
