"""Reading stored files. Nothing here asks who is looking: the room a file is attached to does that first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from linli.kernel.errors import NotFound
from linli.support.files.calc.places import picture_place
from linli.support.files.choices import UNREAD, PictureSize
from linli.support.files.models import StoredFile


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFileRow:
    """A stored file; width, height in pixels.

    removed_at: its pictures are gone since then; looked_at, numbers_seen: as in the model.
    """

    id: UUID
    district_id: str
    kind: str
    content_type: str
    sha256: str
    size_bytes: int
    width: int
    height: int
    uploaded_at: datetime
    uploaded_by: str
    attached_at: datetime | None
    removed_at: datetime | None
    looked_at: datetime | None
    numbers_seen: list[str]


_COLUMNS = tuple(StoredFileRow.__slots__)


def get_file(*, district_id: str, file_id: UUID) -> StoredFileRow | None:
    """Read one file's row, attached or not. 1 query."""
    return next(iter(list_files(district_id=district_id, file_ids=[file_id])), None)


def list_files(*, district_id: str, file_ids: Collection[UUID]) -> list[StoredFileRow]:
    """Read the rows of these files, in the order of the ids; unknown ones are left out. 1 query."""
    found = StoredFile.objects.filter(district_id=district_id, id__in=file_ids)
    rows = {row.id: row for row in rows_of(found.order_by("id"))}
    return [rows[file_id] for file_id in dict.fromkeys(file_ids) if file_id in rows]


def rows_of(found: QuerySet[StoredFile]) -> list[StoredFileRow]:
    """Read the rows in the order that the query names. 1 query."""
    return [StoredFileRow(**values) for values in found.values(*_COLUMNS)]


def open_file(row: StoredFileRow, size: str = PictureSize.FULL) -> Path:
    """Find the picture on the disk; its type is the row's content_type in both sizes. No query.

    The path is made of the row's district and id, never of anything a user wrote. Raises NotFound("file_size") for an
    unknown size, NotFound("file_removed") once the pictures are gone, and NotFound("photo_not_looked_at") for a covered
    copy of what nobody looked at; where no number was seen, that is the picture itself.
    """
    if size not in PictureSize.__members__.values():
        raise NotFound("file_size", params={"size": size})
    if size == PictureSize.COVERED:
        if row.looked_at is None or UNREAD in row.numbers_seen:
            raise NotFound("photo_not_looked_at")
        size = PictureSize.COVERED if row.numbers_seen else PictureSize.FULL
    path = path_on_disk(row.district_id, row.id, row.content_type, PictureSize(size))
    if row.removed_at is not None or not path.is_file():
        raise NotFound("file_removed", params={"file_id": str(row.id)})
    return path


def path_on_disk(district_id: str, file_id: UUID, content_type: str, size: PictureSize) -> Path:
    """Say where a picture lies, whether it is there or not."""
    return Path(settings.FILES_ROOT) / picture_place(district_id, file_id, content_type, size)
