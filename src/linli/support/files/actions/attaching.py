"""Attaching files to something, once."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel.errors import InvalidInput
from linli.support.files.actions.moving import move_waiting_files
from linli.support.files.models import StoredFile
from linli.support.files.queries import StoredFileRow, rows_of


@transaction.atomic
def attach_files(*, district_id: str, file_ids: Collection[UUID], by: str, at: datetime) -> list[StoredFileRow]:
    """Mark the caller's own waiting files as attached, all or none; called by the room that keeps which to what.

    Returns them in the order of the ids; those that wait in another district are taken along. Raises
    InvalidInput("file_not_attachable", field="file_ids") naming those that are unknown, another's, attached already
    or gone. Locks the rows, lowest id first. 2 queries and the transaction's own, 3 more where some wait elsewhere,
    none for no ids.
    """
    if not file_ids:
        return []
    mine = StoredFile.objects.filter(
        district_id=district_id, id__in=file_ids, uploaded_by=by, attached_at__isnull=True, removed_at__isnull=True
    )
    locked = {row.id: row for row in rows_of(mine.select_for_update().order_by("id"))}
    if any(file_id not in locked for file_id in file_ids):
        locked |= {row.id: row for row in move_waiting_files(district_id=district_id, file_ids=file_ids, by=by)}
    refused = [str(file_id) for file_id in file_ids if file_id not in locked]
    if refused:
        raise InvalidInput("file_not_attachable", field="file_ids", params={"file_ids": ", ".join(refused)})
    mine.update(attached_at=at)
    return [replace(locked[file_id], attached_at=at) for file_id in dict.fromkeys(file_ids)]
