"""Pictures on the disk: written whole or not at all, readable by the owner only."""

import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


def write_whole(path: Path, data: bytes) -> None:
    """Write under a temporary name, force it to the disk, rename. Makes missing folders below FILES_ROOT."""
    _make_folders(path.parent)
    unfinished = path.with_name(f".{path.name}.part")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def remove_paths(paths: Iterable[Path]) -> None:
    """Remove these files; one that is gone already is fine."""
    for path in paths:
        path.unlink(missing_ok=True)


def _make_folders(folder: Path) -> None:
    """Make each level with its own mode: `parents=True` would leave the upper ones open."""
    root = Path(settings.FILES_ROOT)
    for level in (root, *(root.joinpath(*folder.relative_to(root).parts[: depth + 1]) for depth in range(2))):
        level.mkdir(mode=_FOLDER_MODE, exist_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last through a power cut: the row comes after it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
