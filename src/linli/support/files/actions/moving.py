"""Taking waiting files to another district: a photo is sent before it is known where the matter lies."""

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import UUID

from django.db import transaction

from linli.support.files.actions.disk import remove_paths, write_whole
from linli.support.files.choices import PictureSize
from linli.support.files.models import StoredFile
from linli.support.files.queries import StoredFileRow, path_on_disk, rows_of


def move_waiting_files(*, district_id: str, file_ids: Collection[UUID], by: str) -> list[StoredFileRow]:
    """Move the caller's own waiting files, wherever they are, into a district, within the caller's transaction.

    A row never changes its district: a new one with the same id is written and the old one deleted. Files that are
    unknown, another's, attached or gone stay where they are. 3 queries; copies the pictures, and the old ones go
    after commit. Asks every district, since nothing but the id is known.
    """
    found = StoredFile.objects.filter(
        id__in=file_ids, uploaded_by=by, attached_at__isnull=True, removed_at__isnull=True
    ).exclude(district_id=district_id)
    rows = rows_of(found.select_for_update().order_by("id"))
    moved = [replace(row, district_id=district_id) for row in rows]
    for old, new in zip(rows, moved, strict=True):
        _copy_pictures(old, new)
    found.delete()  # first: it deletes by id, which the new rows share
    StoredFile.objects.bulk_create(
        StoredFile(**{column: getattr(row, column) for column in StoredFileRow.__slots__}) for row in moved
    )
    old_paths = [_path(row, size) for row in rows for size in PictureSize]
    transaction.on_commit(partial(remove_paths, old_paths))
    return moved


def _copy_pictures(old: StoredFileRow, new: StoredFileRow) -> None:
    """Copy both sizes; what a rollback leaves is a stray and goes at night."""
    for size in (PictureSize.FULL, PictureSize.THUMBNAIL):
        write_whole(_path(new, size), _path(old, size).read_bytes())


def _path(row: StoredFileRow, size: PictureSize) -> Path:
    return path_on_disk(row.district_id, row.id, row.content_type, size)
