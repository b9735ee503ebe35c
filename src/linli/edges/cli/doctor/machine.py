"""The machine: who may read what, room on the disk, the clock, the last backup."""

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from linli.edges.cli.doctor.finding import Finding, looked_at
from linli.edges.last_backup import last_backup
from linli.kernel import postgres
from linli.kernel.db.census import clock_of_database
from linli.ledger.facts.queries import last_seals

_LEAST_FREE_MB = 1024
_LEAST_FREE_SHARE = 5  # percent: file systems slow down and logs need room
_MOST_SKEW = timedelta(seconds=2)
_OLDEST_BACKUP = timedelta(hours=26)  # a nightly one, two hours late


def look_at_modes() -> Iterator[Finding]:
    """Look whether what is secret opens to its owner alone."""
    data = Path(settings.DATA)
    yield looked_at("data_folder", os.access(data, os.W_OK), path=str(data))
    closed = [*sorted((data / "keys").glob("*")), *_if_there(data / "demo-password"), *_if_there(data / "files")]
    for path in [*_if_there(data / "keys"), *closed]:
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = 0o700 if path.is_dir() else 0o600
        yield looked_at("mode", not mode & 0o077, path=str(path), mode=f"{mode:o}", wanted=f"{wanted:o}")


def look_at_disk() -> Iterator[Finding]:
    """Look at the room where the data and the embedded database lie."""
    data = Path(settings.DATA)
    for path in dict.fromkeys([data, *_if_there(postgres.status(data / "postgres").data)]):
        usage = shutil.disk_usage(path)
        free_mb, share = usage.free // 2**20, usage.free * 100 // usage.total
        is_enough = free_mb >= _LEAST_FREE_MB and share >= _LEAST_FREE_SHARE
        yield looked_at("disk", is_enough, path=str(path), free_mb=free_mb, share=share)


def look_at_clock(*, at: datetime) -> Iterator[Finding]:
    """Compare our clock with the database's, and with the last seal, which can't be of the future."""
    skew = abs(clock_of_database() - at)
    yield looked_at("clock", skew <= _MOST_SKEW, seconds=int(skew.total_seconds()))
    latest = max((seal.made_at for seal in last_seals()), default="")
    is_past = not latest or datetime.fromisoformat(latest) <= at + _MOST_SKEW
    yield looked_at("clock_set_back", is_past, latest=latest)


def look_at_backup(*, at: datetime, is_strict: bool) -> Iterator[Finding]:
    """Look when the last backup was made, and whether it is there and closed, if it lies where we can look."""
    last = last_backup()
    if last is None:
        yield looked_at("no_backup", not is_strict)
        return
    age = at - last.made_at
    yield looked_at("backup_age", age <= _OLDEST_BACKUP or not is_strict, hours=int(age.total_seconds() // 3600))
    if last.path.exists():
        mode = stat.S_IMODE(last.path.stat().st_mode)
        yield looked_at("mode", not mode & 0o077, path=str(last.path), mode=f"{mode:o}", wanted="600")


def _if_there(path: Path) -> list[Path]:
    return [path] if path.exists() else []
