"""Saying what somebody has to be responsible for: each change is a new version, checked before it counts."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from linli.kernel.errors import InvalidInput
from linli.kernel.ids import new_id
from linli.ledger.facts.actions import record
from linli.registry.coverage.actions.watching import check_coverage
from linli.registry.coverage.calc.functions import Function, require_no_faults, write_functions
from linli.registry.coverage.errors import FunctionsChanged
from linli.registry.coverage.models import FunctionBook
from linli.registry.coverage.queries.functions import current_functions
from linli.registry.coverage.rules import may_change_functions
from linli.registry.people.queries import role_codes
from linli.registry.people.rules import Viewer
from linli.registry.territory.queries import list_levels

LONGEST_REASON = 200


@transaction.atomic
def publish_functions(*, functions: Sequence[Function], follows: int, reason: str, by: Viewer, at: datetime) -> int:
    """Put new functions in force in the viewer's district and look for holes by them. Returns the version's number.

    follows: the number of the version that this one was made from, 0 for those that come with the program. Writes the
    version and a fact, and what check_coverage writes. Raises NotAllowed, InvalidInput without a reason,
    FunctionsHaveFaults, FunctionsChanged if a newer version counts by now.
    """
    may_change_functions(by).require()
    if not reason.strip():
        raise InvalidInput("reason_missing", field="reason")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput("reason_length", field="reason")
    levels = {level.code for level in list_levels()}
    require_no_faults(functions, levels=levels, roles=role_codes())
    newest, _functions = current_functions(by.district_id)
    if newest != follows:
        raise FunctionsChanged("functions_changed", params={"number": newest})
    row = FunctionBook(
        id=new_id(), district_id=by.district_id, number=newest + 1, content=write_functions(functions), made_at=at,
        made_by=by.person_id, reason=reason,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:  # rows that nobody may update can't be locked, so the unique key decides
        raise FunctionsChanged("functions_changed", params={"number": newest + 1}) from error
    record(
        district_id=by.district_id, kind="functions.published", subject_id=row.id, at=at, actor_id=by.person_id,
        area_path=by.district_id, data={"number": row.number},
    )  # fmt: skip
    check_coverage(district_id=by.district_id, at=at)
    return row.number
