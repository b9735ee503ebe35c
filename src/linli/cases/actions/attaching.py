"""Putting photos to a case: those of who reports it, who joins it, and who works on it."""

from datetime import datetime
from uuid import UUID

from linli.cases.choices import FileKind
from linli.cases.models import Case, CaseFile
from linli.support.files.actions import attach_files


def add_files(
    case: Case, file_ids: tuple[UUID, ...], *, kind: FileKind, by: str, at: datetime, reporter_id: UUID | None = None
) -> None:  # fmt: skip
    """Attach stored files to a case. by: who stored them; reporter_id: of who joins with them.

    2 queries; none without files. Raises as `attach_files`.
    """
    if file_ids:
        attached = attach_files(district_id=case.district_id, file_ids=file_ids, by=by, at=at)
        CaseFile.objects.bulk_create(
            CaseFile(district_id=case.district_id, case=case, file_id=file.id, kind=kind, added_at=at,
                     reporter_id=reporter_id)
            for file in attached
        )  # fmt: skip
