"""`linli backup`: the whole database, the photos and the keys in one file."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone

from linli.edges.cli.backup.archive import DATA, DATABASE, MANIFEST, Writer
from linli.edges.cli.backup.folder import kept_files, sync_folder, work_room
from linli.edges.cli.backup.manifest import Manifest, take_stock
from linli.edges.cli.progress import Progress
from linli.edges.last_backup import LastBackup, note_backup
from linli.kernel import postgres
from linli.kernel.db.census import connection_string, one_moment

PREFIX, ENDING = "linli-", ".tar"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made."""

    path: Path
    manifest: Manifest
    files: int


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(1), help="In a DIRectory: keep the newest so many, delete older ones.")
def backup(target: Path, keep: int | None) -> None:
    """Write database, photos and keys to FILE, or to a new file in a DIRectory, readable by its owner alone.

    The server may run meanwhile. Whoever has the file can read everything in it, personal data too: it holds the keys.
    Keep it locked away, on another machine.
    """
    at = timezone.localtime()
    with _ends_orderly():
        made = write_backup(_file_for(target, at), at=at, progress=Progress())
    if keep and target.is_dir():
        _forget_older(target, keep)
    manifest, size_mb = made.manifest, made.path.stat().st_size / 2**20
    click.echo(f"Written: {made.path} ({size_mb:,.1f} MB): {sum(manifest.counts.values()):,} rows of "
               f"{len(manifest.counts)} tables, {made.files:,} files, last seals {_seals(manifest)}.")  # fmt: skip
    click.echo("It holds the keys to all personal data: keep it locked away, on another machine.")


def write_backup(target: Path, *, at: datetime, progress: Progress) -> Made:
    """Write a backup to a new file of mode 600; it appears under its name only when it is whole.

    The database is that of one moment; photos are copied after it, so those that its rows name are there, save what
    was removed for good meanwhile. Needs room for the dump twice. Raises PostgresError, click.ClickException.
    """
    with work_room(target.parent, ".linli-backup") as room:
        half, dump = room / target.name, room / DATABASE
        with one_moment() as snapshot:
            manifest = take_stock(at)
            _dump(dump, manifest, snapshot, progress)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            files = _write(Writer(file), manifest, dump, target, progress)
            file.flush()
            os.fsync(file.fileno())
        half.rename(target)
        sync_folder(target.parent)
    note_backup(LastBackup(at, target))
    return Made(target, manifest, files)


def _file_for(target: Path, at: datetime) -> Path:
    path = target / f"{PREFIX}{at:%Y%m%d-%H%M%S}{ENDING}" if target.is_dir() else target
    if path.exists():
        raise click.BadParameter(f"{path} is there already and nothing is written over.", param_hint="TARGET")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise click.BadParameter(f"{path.parent} is no folder that can be written to.", param_hint="TARGET")
    return path.absolute()


def _dump(dump: Path, manifest: Manifest, snapshot: str, progress: Progress) -> None:
    with progress.step("Database", max(1, sum(manifest.counts.values()))) as advance:
        postgres.dump_database(connection_string(), dump, snapshot=snapshot, on_table=_each_before(manifest, advance))


def _each_before(manifest: Manifest, advance: Callable[[int], None]) -> Callable[[str], None]:
    """Advance by the rows of the table before, when the next one begins."""
    rows = [0]

    def on_table(name: str) -> None:
        advance(rows[0])
        rows[0] = manifest.counts.get(name, 0)

    return on_table


def _write(writer: Writer, manifest: Manifest, dump: Path, target: Path, progress: Progress) -> int:
    writer.add_text(MANIFEST, json.dumps(manifest.as_json(), ensure_ascii=False, indent=1))
    data = Path(settings.DATA)
    total = dump.stat().st_size + sum(path.stat().st_size for _, path in kept_files(data, without=target.parent))
    with progress.step("Photos, keys and the file itself", max(1, total)) as advance:
        writer.add_file(DATABASE, dump, on_bytes=advance)
        files = sum(
            writer.add_file(f"{DATA}/{name}", path, on_bytes=advance)
            for name, path in kept_files(data, without=target.parent)
        )
    writer.finish()
    return files


def _forget_older(folder: Path, keep: int) -> None:
    """Delete all but the newest; names sort by time. Only files of our own naming."""
    made = sorted(folder.glob(f"{PREFIX}[0-9]*-[0-9]*{ENDING}"))
    for path in made[:-keep]:
        path.unlink()
        click.echo(f"Deleted: {path}")


def _seals(manifest: Manifest) -> str:
    return ", ".join(f"{code} no. {number} {chain[:12]}…" for code, (number, chain) in manifest.seals.items()) or "none"


@contextmanager
def _ends_orderly() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end us as Ctrl-C does, so that no half file stays."""

    def leave(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
