"""Putting a file in force: all of it or nothing, with a fact a row that changes anything."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.kernel import bus
from linli.kernel.ids import new_id
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.ledger.commands.actions import enqueue
from linli.ledger.facts.actions import NewFact, record, record_many
from linli.registry.coverage.tasks import check_coverage_of
from linli.registry.sheets.actions.writing import Book, write_sheet
from linli.registry.sheets.calc.descriptions import DESCRIPTIONS
from linli.registry.sheets.calc.plans import Plan, PlannedSheet, SentSheet
from linli.registry.sheets.choices import RowStatus, SheetKind
from linli.registry.sheets.errors import SheetHasFaults
from linli.registry.sheets.queries.planning import compare
from linli.registry.territory.actions import touch
from linli.registry.territory.events import AreasChanged

Told = Callable[[str, int], None]
_FACTS = {
    SheetKind.AREAS: "area",
    SheetKind.COMPOUNDS: "compound",
    SheetKind.BUILDINGS: "building",
    SheetKind.ORGANISATIONS: "organisation",
    SheetKind.PEOPLE: "person",
    SheetKind.POSTS: "post",
}
_RIGHTS = frozenset({SheetKind.PEOPLE, SheetKind.POSTS})


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a file. person_id: None for whoever runs the program; allowed: the kinds that they may send."""

    person_id: UUID | None
    allowed: Collection[SheetKind]
    source_ip: str = ""


@transaction.atomic
def put_in_force(
    *,
    district_id: str,
    sent: Sequence[SentSheet],
    by: Sender,
    at: datetime,
    import_id: UUID | None = None,
    progress: Told = lambda _kind, _rows: None,
) -> Plan:
    """Write what the sheets change and give the plan that was followed; a file that changes nothing writes nothing.

    Locks the district's territory, compares once more, and refuses the whole where one row has a fault. Rows that the
    file does not name are left alone. Writes the rows, a fact for each that is new or changed, one for the file, and a
    line of audit for rights and for the rest; publishes AreasChanged, and the worker looks for holes in coverage.
    progress: told the kind and how many rows more are written. Raises SheetHasFaults. Some 20 queries and 1 more per
    2,000 new rows.
    """
    touch([district_id])
    today = timezone.localdate(at)
    registry, plan = compare(district_id=district_id, sent=sent, allowed=by.allowed, sender=by.person_id, today=today)
    if plan.faulty:
        raise SheetHasFaults("sheet_has_faults", field="sheet", params={"faulty": plan.faulty})
    if not plan.changing:
        return plan
    subject = import_id or new_id()
    book = Book(registry, plan, today=today)
    for sheet in plan.sheets:
        write_sheet(book, sheet)
        record_many(_facts(book, sheet, subject, by, at))
        progress(sheet.kind.value, len(sheet.rows))
        if sheet.kind is SheetKind.AREAS and sheet.changing:
            bus.publish(AreasChanged(district_id, tuple(row.id for row in sheet.changing), today, at))
    record(
        district_id=district_id, kind="registry.imported", subject_id=subject, at=at, actor_id=by.person_id,
        area_path=district_id, data=_counts(plan.sheets),
    )  # fmt: skip
    _audit(district_id, plan, subject, by, at)
    enqueue(check_coverage_of, district_id=district_id)
    return plan


def _facts(book: Book, sheet: PlannedSheet, subject: UUID, by: Sender, at: datetime) -> Iterable[NewFact]:
    columns = [column.key for column in DESCRIPTIONS[sheet.kind].columns]
    for row in sheet.changing:
        old = row.before.values if row.before else ()
        fields = [key for key, one, other in zip(columns, old, row.values, strict=False) if one != other]
        yield NewFact(
            district_id=book.district_id, kind=f"{_FACTS[sheet.kind]}.{'changed' if row.before else 'made'}",
            subject_id=row.id, at=at, recorded_at=at, actor_id=by.person_id, area_path=book.area_path(sheet.kind, row),
            data={"import": str(subject), "fields": ",".join(fields)},
        )  # fmt: skip


def _counts(sheets: Iterable[PlannedSheet]) -> dict[str, int]:
    return {
        f"{sheet.kind.value}_{status.value}": sheet.count(status)
        for sheet in sheets
        for status in (RowStatus.NEW, RowStatus.CHANGED)
        if sheet.count(status)
    }


def _audit(district_id: str, plan: Plan, subject: UUID, by: Sender, at: datetime) -> None:
    rights = [sheet for sheet in plan.sheets if sheet.kind in _RIGHTS]
    others = [sheet for sheet in plan.sheets if sheet.kind not in _RIGHTS]
    for kind, sheets in ((LineKind.RIGHTS_CHANGED, rights), (LineKind.SETTINGS_CHANGED, others)):
        counts = _counts(sheets)
        if counts:
            write_line(
                district_id=district_id, kind=kind, at=at, actor_id=by.person_id, object_kind="registry",
                object_id=str(subject), source_ip=by.source_ip, data=counts,
            )  # fmt: skip
