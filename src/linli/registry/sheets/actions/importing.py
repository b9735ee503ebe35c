"""An import step by step: sent, compared by the worker, confirmed by its sender, put in force by the worker.

The row itself says what is to be done next, so that a stop at any moment loses nothing: whatever was half done is
rolled back by the database, and the step is taken again.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.kernel import bus
from linli.kernel.crypto import open_document, seal_document
from linli.kernel.db.aside import writing_aside
from linli.kernel.errors import InvalidInput, NotFound
from linli.kernel.ids import new_id
from linli.registry.people.queries import viewer_of
from linli.registry.people.rules import Viewer
from linli.registry.sheets.actions.putting_in_force import Sender, put_in_force
from linli.registry.sheets.calc.plans import Plan, SentSheet
from linli.registry.sheets.calc.reports import report_on, to_plain
from linli.registry.sheets.choices import RowStatus, SheetKind, Stage
from linli.registry.sheets.errors import ImportMoved, SheetHasFaults
from linli.registry.sheets.events import ImportWaits
from linli.registry.sheets.models import SheetImport
from linli.registry.sheets.queries.importing import CONTENTS, REPORT, sent_from
from linli.registry.sheets.queries.planning import compare
from linli.registry.sheets.rules import kinds_for, may_handle_any
from linli.registry.territory.actions import touch

KEPT_DAYS = 7
LONGEST_NAME = 120
_PROGRESS = "UPDATE sheets_sheetimport SET done = done + %s WHERE id = %s AND district_id = %s"


@transaction.atomic
def start_import(*, viewer: Viewer, sent: Sequence[SentSheet], file_name: str, source_ip: str, at: datetime) -> UUID:
    """Keep a file that was sent and ask the worker to compare it. Returns the import's id. 2 queries.

    Raises NotAllowed, InvalidInput (sheet_empty).
    """
    may_handle_any(viewer).require()
    if not any(sheet.rows for sheet in sent):
        raise InvalidInput("sheet_empty", field="sheet")
    row = SheetImport(
        id=new_id(), district_id=viewer.district_id, stage=Stage.WAITING, file_name=file_name[-LONGEST_NAME:],
        login_id=viewer.login_id, person_id=viewer.person_id, source_ip=source_ip,
        contents=seal_document([[each.title, each.columns, each.rows] for each in sent], purpose=CONTENTS),
        total=sum(len(each.rows) for each in sent), made_at=at, moved_at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    bus.publish(ImportWaits(row.district_id, row.id))
    return row.id


@transaction.atomic
def confirm_import(*, viewer: Viewer, import_id: UUID, at: datetime) -> None:
    """Say go: ask the worker to put it in force. Said twice it is the same as once. 3 queries.

    Raises NotFound for anybody else's, NotAllowed, ImportMoved where it has not been compared or has faults.
    """
    may_handle_any(viewer).require()
    row = _own(viewer, import_id)
    if row.stage in {Stage.CONFIRMED, Stage.DONE}:
        return
    if row.stage != Stage.CHECKED or not _count(row, RowStatus.NEW, RowStatus.CHANGED) or row.counts["faulty"]:
        raise ImportMoved("import_not_ready")
    row.stage, row.moved_at, row.done = Stage.CONFIRMED, at, 0
    row.save(update_fields=["stage", "moved_at", "done"])
    bus.publish(ImportWaits(row.district_id, row.id))


@transaction.atomic
def drop_import(*, viewer: Viewer, import_id: UUID) -> None:
    """Throw away what was sent. 3 queries. Raises NotFound, ImportMoved once it was confirmed."""
    row = _own(viewer, import_id)
    if row.stage == Stage.CONFIRMED:
        raise ImportMoved("import_confirmed")
    row.delete()


def work_off(*, district_id: str, import_id: UUID, at: datetime) -> None:
    """Take the next step of an import, if there is one for the worker: compare it, or put it in force.

    Call it outside any transaction. A fault of the program or of the database leaves the import failed, nothing of it
    written, and is raised.
    """
    row = SheetImport.objects.filter(district_id=district_id, id=import_id).first()
    if row is None or row.stage not in {Stage.WAITING, Stage.CONFIRMED}:
        return
    try:
        _move(district_id, import_id, at, done=0)
        if row.stage == Stage.WAITING:
            _compare(row, at)
        else:
            _put_in_force(row, at)
    except Exception:
        _move(district_id, import_id, at, stage=Stage.FAILED)
        raise


def forget_imports(*, district_id: str, at: datetime) -> int:
    """Delete imports that nobody touched for a week. Returns how many. 1 query."""
    old = SheetImport.objects.filter(district_id=district_id, moved_at__lt=at - timedelta(days=KEPT_DAYS))
    return old.delete()[0]


def _compare(row: SheetImport, at: datetime) -> None:
    allowed = _allowed(row, at)
    with _telling(row) as tell:
        registry, plan = compare(
            district_id=row.district_id,
            sent=_sent(row),
            allowed=allowed,
            sender=row.person_id,
            today=timezone.localdate(at),
            progress=tell,
        )
    report = seal_document(to_plain(report_on(plan, registry)), purpose=REPORT)
    _move(row.district_id, row.id, at, stage=Stage.CHECKED, report=report, counts=_counts(plan))


def _put_in_force(row: SheetImport, at: datetime) -> None:
    allowed = _allowed(row, at)
    by = Sender(row.person_id, allowed, row.source_ip)
    try:
        with transaction.atomic(), _telling(row) as tell:
            touch([row.district_id])
            if not SheetImport.objects.filter(district_id=row.district_id, id=row.id, stage=Stage.CONFIRMED).exists():
                return
            _check_still_allowed(row, allowed)
            plan = put_in_force(
                district_id=row.district_id, sent=_sent(row), by=by, at=at, import_id=row.id,
                progress=lambda _kind, rows: tell(rows),
            )  # fmt: skip
            _move(
                row.district_id, row.id, at, stage=Stage.DONE, contents=b"", report=b"", source_ip="",
                counts=_counts(plan),
            )  # fmt: skip
    except SheetHasFaults:
        # Somebody changed the registry or the sender's rights meanwhile: compare anew and let the sender see it.
        _move(row.district_id, row.id, at, stage=Stage.WAITING, done=0)
        _compare(row, at)


def _allowed(row: SheetImport, at: datetime) -> tuple[SheetKind, ...]:
    """Tell what the sender may send now; rights can have been lost since the file was sent."""
    return kinds_for(viewer_of(login_id=row.login_id, on=timezone.localdate(at))) if row.login_id else ()


def _check_still_allowed(row: SheetImport, allowed: Collection[SheetKind]) -> None:
    if not {SheetKind(name) for name in row.counts["kinds"]} <= set(allowed):
        raise SheetHasFaults("sheet_not_yours", field="sheet")


@contextmanager
def _telling(row: SheetImport) -> Iterator[Callable[[int], None]]:
    """Give a way to tell how many rows more are done, for others to see at once; nothing here may lock the row."""
    with writing_aside() as execute:
        yield lambda rows: execute(_PROGRESS, [rows, row.id, row.district_id])


def _sent(row: SheetImport) -> tuple[SentSheet, ...]:
    return sent_from(open_document(row.contents, purpose=CONTENTS))


def _counts(plan: Plan) -> dict[str, object]:
    return {
        "faulty": plan.faulty,
        "kinds": [sheet.kind.value for sheet in plan.sheets],
        **{f"{sheet.kind.value}_{status.value}": sheet.count(status) for sheet in plan.sheets for status in RowStatus},
    }


def _count(row: SheetImport, *statuses: RowStatus) -> int:
    return sum(row.counts[f"{kind}_{status.value}"] for kind in row.counts["kinds"] for status in statuses)


def _own(viewer: Viewer, import_id: UUID) -> SheetImport:
    found = SheetImport.objects.filter(
        district_id=viewer.district_id, person_id=viewer.person_id, id=import_id
    ).select_for_update()
    row = found.first()
    if row is None:
        raise NotFound("no_such_import")
    return row


def _move(district_id: str, import_id: UUID, at: datetime, **changes: object) -> None:
    SheetImport.objects.filter(district_id=district_id, id=import_id).update(moved_at=at, **changes)
