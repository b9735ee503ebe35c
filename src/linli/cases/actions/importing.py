"""Taking in a sheet of cases: each row goes the way of a single report, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from linli.cases.actions.opening import Caller, Contact, Report, open_case
from linli.cases.choices import Source
from linli.cases.queries.importing import PlannedCase
from linli.cases.rules import may_report
from linli.kernel.errors import LinliError
from linli.registry.people.rules import Viewer


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a row. is_new: False where the same row of the same sheet had been taken before."""

    planned: PlannedCase
    case_id: UUID | None = None
    is_new: bool = False
    error: LinliError | None = None


def import_cases(*, planned: Sequence[PlannedCase], sheet: str, viewer: Viewer, caller: str) -> list[Taken]:
    """Open a case for each row without faults, each in its own transaction, from the moment that the row names.

    sheet: a digest of what was read, so that the same row of the same sheet is never taken twice by the same caller.
    A row that is refused now (a rule changed since it was planned) carries its error; the others are not touched.
    Raises NotAllowed. Queries and effects as open_case, a row.
    """
    may_report(viewer, district_id=viewer.district_id).require()
    return [_take(row, sheet, viewer, caller) for row in planned if not row.faults]


def _take(row: PlannedCase, sheet: str, viewer: Viewer, caller: str) -> Taken:
    line = row.line
    report = Report(
        text=line.text, category="" if row.is_category_suggested else row.category, address=line.address,
        area_code=row.area_code, contact=Contact(name=line.name, phone=line.phone),
    )  # fmt: skip
    key = sha256(f"{sheet}\n{line.number}".encode()).hexdigest()
    by = Caller(
        source=Source.DESK, caller=caller, viewer=viewer, key=key, body_hash=sha256(repr(line).encode()).hexdigest()
    )
    try:
        opened = open_case(report=report, by=by, at=row.reported_at)
    except LinliError as error:
        return Taken(row, error=error)
    return Taken(row, opened.case_id, opened.is_new)
