"""A person's word over the score, always with a reason."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.cases.actions.stepping import Actor, Step, take_step
from linli.cases.choices import Action
from linli.cases.models import Case
from linli.kernel.errors import InvalidInput

_LEVELS = (1, 2, 3, 4)


@transaction.atomic
def override_priority(
    *, district_id: str, case_id: UUID, level: int, note: str, version: int | None, by: Actor, at: datetime
) -> Case:
    """Set a case's priority level by hand; the parts stay, the reason stands in the history.

    The score moves to the middle of the level (90, 70, 50, 25), so that lists sort by what was decided. The deadline
    stays as promised. Raises InvalidInput and as take_step does.
    """
    if level not in _LEVELS:
        raise InvalidInput("unknown_level", field="level", params={"level": level})
    if not note.strip():
        raise InvalidInput("reason_missing", field="note")
    step = Step(Action.OVERRIDE, version=version, note=note, data={"level": level})
    case = take_step(district_id=district_id, case_id=case_id, step=step, by=by, at=at)
    case.priority_level, case.score, case.is_overridden = level, (90, 70, 50, 25)[level - 1], True
    case.save(update_fields=["priority_level", "score", "is_overridden"])
    return case
