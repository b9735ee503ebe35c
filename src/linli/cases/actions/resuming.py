"""Cases on hold come back by themselves on the day that was set to look at them again."""

from datetime import datetime

from django.utils import timezone

from linli.cases.actions.stepping import BY_ITSELF, Actor, Step, take_step
from linli.cases.choices import Action, State
from linli.cases.models import Case


def resume_due(*, district_id: str, at: datetime, limit: int = 200) -> int:
    """Resume the suspended cases whose day has come. Returns how many.

    Each case is a transaction of its own: its clock goes on, and whoever has it is told.
    """
    due = Case.objects.filter(district_id=district_id, state=State.SUSPENDED, review_on__lte=timezone.localdate(at))
    ids = list(due.order_by("review_on", "id").values_list("id", flat=True)[:limit])
    for case_id in ids:
        take_step(district_id=district_id, case_id=case_id, step=Step(Action.RESUME), by=Actor(kind=BY_ITSELF), at=at)
    return len(ids)
