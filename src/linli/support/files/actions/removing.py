"""Letting files go: what nobody attached, what has to go, and what a crash left behind."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from linli.support.files.actions.disk import remove_paths
from linli.support.files.calc.places import file_id_of
from linli.support.files.choices import PictureSize
from linli.support.files.models import StoredFile
from linli.support.files.queries import StoredFileRow, path_on_disk, rows_of

WAITING_TIME = timedelta(hours=24)
_BATCH = 500  # rows locked at a time


def remove_orphans(*, at: datetime) -> int:
    """Remove rows and pictures that nobody attached within 24 hours. Returns how many files.

    The rows go first and the pictures after commit, so that no row ever points to nothing. 3 queries a batch of one
    district; files being attached at the moment are left alone.
    """
    before = at - WAITING_TIME
    waiting = StoredFile.objects.filter(attached_at__isnull=True, uploaded_at__lt=before)
    districts = list(waiting.order_by("district_id").values_list("district_id", flat=True).distinct())
    return sum(_remove_orphans_of(district_id, before) for district_id in districts)


@transaction.atomic
def remove_files(*, district_id: str, file_ids: Collection[UUID], at: datetime) -> int:
    """Remove the pictures for good and keep the rows, since facts may name them. Returns how many were removed now.

    The caller has asked its rules and records the fact. 2 queries; the pictures go after commit.
    """
    found = StoredFile.objects.filter(district_id=district_id, id__in=file_ids, removed_at__isnull=True)
    rows = rows_of(found.select_for_update().order_by("id"))
    found.update(removed_at=at)
    transaction.on_commit(partial(remove_paths, _paths(rows)))
    return len(rows)


def remove_strays(*, at: datetime) -> int:
    """Remove pictures older than 24 hours that no row knows: a crash or a rollback left them. Returns how many.

    Districts of which the database knows no file at all are left alone: that may be the wrong database. 1 query a
    folder, at most 256 a district; meant for once a night.
    """
    before = (at - WAITING_TIME).timestamp()
    strays = [path for folder in _folders() for path in _strays_in(folder, before)]
    remove_paths(strays)
    return len(strays)


def _remove_orphans_of(district_id: str, before: datetime) -> int:
    removed = 0
    while batch := _remove_batch(district_id, before):
        removed += batch
    return removed


@transaction.atomic
def _remove_batch(district_id: str, before: datetime) -> int:
    found = StoredFile.objects.filter(district_id=district_id, attached_at__isnull=True, uploaded_at__lt=before)
    rows = rows_of(found.select_for_update(skip_locked=True).order_by("id")[:_BATCH])
    StoredFile.objects.filter(district_id=district_id, id__in=[row.id for row in rows]).delete()
    transaction.on_commit(partial(remove_paths, _paths(rows)))
    return len(rows)


def _paths(rows: Iterable[StoredFileRow]) -> list[Path]:
    return [path_on_disk(row.district_id, row.id, row.content_type, size) for row in rows for size in PictureSize]


def _folders() -> Iterator[Path]:
    for district in sorted(Path(settings.FILES_ROOT).glob("[0-9]" * 6)):
        if StoredFile.objects.filter(district_id=district.name).exists():
            yield from sorted(district.glob("[0-9a-f]" * 2))


def _strays_in(folder: Path, before: float) -> list[Path]:
    old = {path: file_id_of(path.name) for path in sorted(folder.iterdir()) if path.stat().st_mtime < before}
    ids = {file_id for file_id in old.values() if file_id}
    kept = StoredFile.objects.filter(district_id=folder.parent.name, id__in=ids, removed_at__isnull=True)
    known = set(kept.values_list("id", flat=True))
    return [path for path, file_id in old.items() if file_id and (file_id not in known or path.suffix == ".part")]
