"""How far an import is, and what it would do: for who sent it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.kernel.crypto import open_document
from linli.kernel.errors import NotFound
from linli.registry.people.rules import Viewer
from linli.registry.sheets.calc.plans import SentSheet
from linli.registry.sheets.calc.reports import Report, from_plain
from linli.registry.sheets.choices import RowStatus, SheetKind, Stage
from linli.registry.sheets.models import SheetImport

CONTENTS, REPORT = (SheetImport.personal_data[name].sealed_for for name in ("contents", "report"))
_COLUMNS = ("id", "stage", "file_name", "counts", "done", "total", "made_at")


@dataclass(frozen=True, slots=True)
class ImportRow:
    """An import. counts: rows by kind and status, none before it was compared; done, total: rows of the step."""

    id: UUID
    stage: Stage
    file_name: str
    counts: Mapping[SheetKind, Mapping[RowStatus, int]]
    done: int
    total: int
    made_at: datetime


def list_imports(*, viewer: Viewer, limit: int = 10) -> list[ImportRow]:
    """List what the viewer sent lately, newest first. 1 query."""
    found = _of(viewer).order_by("-id").values_list(*_COLUMNS)[:limit]
    return [_row(*row) for row in found]


def get_import(*, viewer: Viewer, import_id: UUID) -> ImportRow:
    """Read an import of the viewer's own. 1 query. Raises NotFound for anybody else's."""
    found = _of(viewer).filter(id=import_id).values_list(*_COLUMNS).first()
    if found is None:
        raise NotFound("no_such_import")
    return _row(*found)


def get_report(*, viewer: Viewer, import_id: UUID) -> Report:
    """Read what an import of the viewer's own would do. 1 query. Raises NotFound, also before it was compared."""
    found = _of(viewer).filter(id=import_id).values_list("report", flat=True).first()
    if not found:
        raise NotFound("no_such_import")
    return from_plain(open_document(found, purpose=REPORT))


def get_contents(*, viewer: Viewer, import_id: UUID) -> tuple[SentSheet, ...]:
    """Read the cells that the viewer sent. 1 query. Raises NotFound, also after they were wiped."""
    found = _of(viewer).filter(id=import_id).values_list("contents", flat=True).first()
    if not found:
        raise NotFound("no_such_import")
    return sent_from(open_document(found, purpose=CONTENTS))


def sent_from(plain: list[Any]) -> tuple[SentSheet, ...]:
    """Read sheets as they are kept."""
    return tuple(
        SentSheet(title, tuple(columns), tuple((number, tuple(cells)) for number, cells in rows))
        for title, columns, rows in plain
    )


def list_waiting(*, district_id: str, moved_before: datetime) -> list[UUID]:
    """List imports that wait for the worker since then or longer. 1 query."""
    found = SheetImport.objects.filter(
        district_id=district_id, stage__in=[Stage.WAITING, Stage.CONFIRMED], moved_at__lt=moved_before
    )
    return list(found.order_by("id").values_list("id", flat=True))


def _of(viewer: Viewer) -> Any:
    return SheetImport.objects.filter(district_id=viewer.district_id, person_id=viewer.person_id)


def _row(import_id: UUID, stage: str, file_name: str, counts: dict[str, Any], *others: Any) -> ImportRow:
    by_kind = {
        SheetKind(kind): {status: counts[f"{kind}_{status.value}"] for status in RowStatus}
        for kind in counts.get("kinds", ())
    }
    return ImportRow(import_id, Stage(stage), file_name, by_kind, *others)


def count_untouched(*, district_id: str, before: datetime) -> int:
    """Count the imports that nobody touched since then. 1 query."""
    return SheetImport.objects.filter(district_id=district_id, moved_at__lt=before).count()
