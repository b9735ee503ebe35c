"""What of the data folder goes into a backup: all of it but databases and backups themselves."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from linli.edges.last_backup import LAST_BACKUP

# Of the data folder, what a restore replaces although the backup has nothing in its place.
ALWAYS_REPLACED = frozenset({"files", "keys", "demo", "demo-password"})


def kept_files(data: Path, *, without: Path) -> Iterator[tuple[str, Path]]:
    """Yield name below the folder and path of each file to keep, in the order of their names.

    without: the folder that backups are written to, which may lie in the data folder.
    """
    for top in sorted(data.iterdir()):
        if is_kept(top) and top.resolve() != without.resolve():
            yield from _below(top, data, without.resolve())


def is_kept(top: Path) -> bool:
    """Whether something in the data folder is ours to keep: an embedded server's place and our own traces are not."""
    is_ours = not (top / "starting.lock").exists() and not top.name.startswith(".") and top.name != LAST_BACKUP
    return is_ours and not top.is_symlink()


def _below(path: Path, data: Path, without: Path) -> Iterator[tuple[str, Path]]:
    if path.is_file():
        yield path.relative_to(data).as_posix(), path
    for inner in sorted(path.iterdir()) if path.is_dir() else ():
        if not inner.is_symlink() and inner.resolve() != without and not inner.name.startswith("."):
            yield from _below(inner, data, without)


@contextmanager
def work_room(parent: Path, name: str) -> Iterator[Path]:
    """Make a folder to work in, mode 700; it is gone afterwards, and so is what killed programs left of theirs."""
    for left in parent.glob(f"{name}-*"):
        _remove_unless_held(left)
    room = Path(mkdtemp(prefix=f"{name}-", dir=parent))
    held = os.open(room, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)
        os.close(held)


def sync_folder(folder: Path) -> None:
    """Make names in a folder last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_unless_held(left: Path) -> None:
    held = os.open(left, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(left, ignore_errors=True)
    except BlockingIOError:
        return  # another one is at work
    finally:
        os.close(held)
