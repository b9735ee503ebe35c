"""Taking a change of the tree of areas back, if no case stands on it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.cases.queries.area_changes import count_cases_on
from linli.registry.people.actions.areas import take_back_areas
from linli.registry.people.queries.areas import look_at_taking_back
from linli.registry.people.rules import Viewer
from linli.registry.territory.queries import MadeChange, Stand


@transaction.atomic
def take_back_area_change(
    *, change_id: UUID, reason: str, by: Viewer, source_ip: str, at: datetime
) -> MadeChange:  # fmt: skip
    """Take a change of the tree back, all of it, before it counts or on the day it was saved. Returns what it was.

    Nothing of it stays if a case stands on it. Effects, and what is raised: `take_back_areas`; besides Conflict
    (change_has_cases). Its areas are locked before cases are counted: one that is being written there is waited for.
    """
    given = look_at_taking_back(viewer=by, change_id=change_id).given
    change = take_back_areas(change_id=change_id, reason=reason, by=by, source_ip=source_ip, at=at)
    cases = count_cases_on(change, given)
    if cases:
        raise Stand("change_has_cases", cases).as_error()
    return change
