"""Looking at photos for numbers that tell of a person, and keeping a copy with these covered."""

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import Any

from django.db import transaction

from linli.kernel.errors import NotFound
from linli.support.files.actions.disk import remove_paths, write_whole
from linli.support.files.calc.numbers import covered_picture
from linli.support.files.choices import UNREAD, PictureSize
from linli.support.files.models import StoredFile
from linli.support.files.queries import StoredFileRow, open_file, path_on_disk, rows_of

_BATCH = 20  # photos a time: some 20 s of one processor
_WAIT_S = 300
_READER = ("-m", "linli.support.files.calc.looking")
_log = logging.getLogger(__name__)


def can_look() -> bool:
    """Whether the reader is installed; without it photos count as not looked at."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def look_at_files(*, at: datetime) -> int:
    """Look at attached photos that nobody looked at, oldest first, at most 20. Returns how many were.

    Keeps the kinds of numbers that were found, never what was read, and beside the picture a copy with them covered. 1
    query and 1 a photo; none without the reader, which runs in a process of its own.
    """
    if not can_look():
        return 0
    waiting = StoredFile.objects.filter(attached_at__isnull=False, looked_at=None, removed_at=None)
    rows = rows_of(waiting.order_by("attached_at", "id")[:_BATCH])
    seen = _read(rows) if rows else []
    for row, found in zip(rows, seen, strict=False):
        _keep(row, found, at)
    return min(len(rows), len(seen))


def _read(rows: Sequence[StoredFileRow]) -> list[dict[str, Any] | None]:
    paths = [str(path_on_disk(row.district_id, row.id, row.content_type, PictureSize.FULL)) for row in rows]
    command = [sys.executable, *_READER, *paths]
    try:
        # Our own program; the paths are made of ids.
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_WAIT_S)  # noqa: S603
        told = done.stdout
    except subprocess.TimeoutExpired as slow:
        told = slow.stdout.decode() if isinstance(slow.stdout, bytes) else slow.stdout or ""
    lines = [line for line in told.split("\n") if line]
    if len(lines) < len(rows):
        _log.warning("the reader of photos stopped after %d of %d", len(lines), len(rows))
        lines.append("null")  # the one it stopped at: not to be tried for ever
    return [json.loads(line) for line in lines[: len(rows)]]


def _keep(row: StoredFileRow, found: dict[str, Any] | None, at: datetime) -> None:
    """Write the covered copy first: whoever finds the row finds the copy. Gone meanwhile, it goes as well."""
    kinds = [UNREAD] if found is None else found["kinds"]
    path = path_on_disk(row.district_id, row.id, row.content_type, PictureSize.COVERED)
    if found and found["boxes"]:
        try:
            picture = open_file(row).read_bytes()
        except NotFound:
            return
        remove_paths([path])
        write_whole(path, covered_picture(picture, row.content_type, found["boxes"]))
    with transaction.atomic():
        mine = StoredFile.objects.select_for_update().filter(district_id=row.district_id, id=row.id, removed_at=None)
        if not mine.update(looked_at=at, numbers_seen=kinds):
            remove_paths([path])
