"""Taking a file in."""

import hashlib
from datetime import datetime
from threading import BoundedSemaphore
from typing import IO
from uuid import UUID

from django.db import transaction

from linli.kernel.errors import InvalidInput
from linli.kernel.ids import new_id
from linli.support.files.actions.disk import remove_paths, write_whole
from linli.support.files.calc.pictures import MAX_UPLOAD_BYTES, Picture, clean_picture
from linli.support.files.choices import FileKind, PictureSize
from linli.support.files.models import StoredFile
from linli.support.files.queries import StoredFileRow, path_on_disk

_MAX_NAME_CHARACTERS = 100
_DECODERS = BoundedSemaphore(2)  # a large picture takes up to 400 MB while it is decoded; further senders wait


def store_file(*, district_id: str, file: IO[bytes], claimed_name: str, by: str, at: datetime) -> StoredFileRow:
    """Clean a photo and keep it, in two sizes, not attached to anything yet.

    claimed_name: only goes into errors, so that people see which of several files it was; the content alone tells the
    type, and the name is not kept. by: who may attach it, at most 100 characters. Raises InvalidInput with field
    "file" and params "name": file_too_large, file_not_an_image, file_type_not_taken, file_broken. Writes two files,
    then 1 row; if the row can't be written the files go again. Two pictures at a time are decoded in one process.
    """
    try:
        with _DECODERS:
            picture = clean_picture(file.read(MAX_UPLOAD_BYTES + 1))
    except InvalidInput as error:
        error.params["name"] = claimed_name[:_MAX_NAME_CHARACTERS]
        raise
    file_id = new_id()
    full = path_on_disk(district_id, file_id, picture.content_type, PictureSize.FULL)
    thumbnail = path_on_disk(district_id, file_id, picture.content_type, PictureSize.THUMBNAIL)
    try:
        write_whole(thumbnail, picture.thumbnail)
        write_whole(full, picture.full)
        with transaction.atomic():
            return _add_row(district_id, file_id, picture, by, at)
    except BaseException:
        remove_paths([full, thumbnail])
        raise


def _add_row(district_id: str, file_id: UUID, picture: Picture, by: str, at: datetime) -> StoredFileRow:
    row = StoredFileRow(
        id=file_id,
        district_id=district_id,
        kind=FileKind.IMAGE,
        content_type=picture.content_type,
        sha256=hashlib.sha256(picture.full).hexdigest(),
        size_bytes=len(picture.full),
        width=picture.width,
        height=picture.height,
        uploaded_at=at,
        uploaded_by=by,
        attached_at=None,
        removed_at=None,
        looked_at=None,
        numbers_seen=[],
    )
    StoredFile.objects.create(**{column: getattr(row, column) for column in StoredFileRow.__slots__})
    return row
