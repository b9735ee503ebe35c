"""Taking in a sheet of cases: each row goes the way of a single report, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.cases.actions.keeping import forget_days
from linli.cases.actions.opening import Caller, Contact, Opened, Report, open_case
from linli.cases.choices import ConsentWay, Source
from linli.cases.models import HotlineOrder
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


def import_cases(
    *, planned: Sequence[PlannedCase], sheet: str, viewer: Viewer, caller: str, consent: int = 0
) -> list[Taken]:
    """Open a case for each row without faults, each in its own transaction, from the moment that the row names.

    consent: the version of the text in force in the viewer's district, kept with the contacts that rows name.
    sheet: a digest of what was read, so that the same row of the same sheet is never taken twice by the same caller.
    A row that is refused now (a rule changed since it was planned) carries its error; the others are not touched.
    Raises NotAllowed. Queries and effects as open_case and 2 more, a row.
    """
    may_report(viewer, district_id=viewer.district_id).require()
    return [_take(row, sheet, viewer, caller, consent) for row in planned if not row.faults]


def _take(row: PlannedCase, sheet: str, viewer: Viewer, caller: str, consent: int) -> Taken:
    line = row.line
    if line.order_number:
        return _take_order(row, viewer, consent)
    key = sha256(f"{sheet}\n{line.number}".encode()).hexdigest()
    by = Caller(
        source=Source.DESK, caller=caller, viewer=viewer, key=key, body_hash=sha256(repr(line).encode()).hexdigest()
    )
    try:
        with transaction.atomic():
            opened = _open(row, by, consent)
    except LinliError as error:
        return Taken(row, error=error)
    return Taken(row, opened.case_id, opened.is_new)


def _take_order(row: PlannedCase, viewer: Viewer, consent: int) -> Taken:
    """Open the case of a work order unless it has one: its number is what tells, whoever sends it in which sheet."""
    line, district_id = row.line, viewer.district_id
    key = f"12345:{line.order_number}"
    by = Caller(
        source=Source.HOTLINE, caller=f"hotline:{district_id}", viewer=viewer, key=key,
        body_hash=sha256(key.encode()).hexdigest(),
    )  # fmt: skip
    known = HotlineOrder.objects.filter(district_id=district_id, number=line.order_number)
    found = known.values_list("case_id", flat=True).first()
    if found is not None:
        return Taken(row, found)
    try:
        with transaction.atomic():
            opened = _open(row, by, consent)
            if opened.is_new:
                HotlineOrder.objects.create(
                    district_id=district_id, case_id=opened.case_id, number=line.order_number, kind=line.order_kind,
                    nature=line.order_nature, origin=line.order_origin, classification=line.order_class,
                    due_at=row.order_due_at,
                )  # fmt: skip
    except LinliError as error:
        return Taken(row, error=error)
    return Taken(row, opened.case_id, opened.is_new)


def _open(row: PlannedCase, by: Caller, consent: int) -> Opened:
    """Open the case as of the moment that the row names; days kept from then on are counted anew."""
    opened = open_case(report=_report(row, consent, by.source), by=by, at=row.reported_at)
    forget_days(district_id=opened.district_id, since=timezone.localdate(row.reported_at))
    return opened


def _report(row: PlannedCase, consent: int, source: Source) -> Report:
    line, way = row.line, ConsentWay.HOTLINE if source is Source.HOTLINE else ConsentWay.STAFF
    return Report(
        text=line.whole_text, category="" if row.is_category_suggested else row.category, address=line.address,
        area_code=row.area_code, contact=Contact(line.name, line.phone, consent, way),
    )  # fmt: skip
