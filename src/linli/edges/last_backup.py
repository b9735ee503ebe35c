"""Word of the last backup, left in the data folder for whoever looks after the machine."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

LAST_BACKUP = "last-backup.json"


@dataclass(frozen=True, slots=True)
class LastBackup:
    """When it was made, and where it was written to; it may have been taken elsewhere since."""

    made_at: datetime
    path: Path


def note_backup(last: LastBackup) -> None:
    """Leave word."""
    said = {"made_at": last.made_at.isoformat(timespec="seconds"), "path": str(last.path)}
    (Path(settings.DATA) / LAST_BACKUP).write_text(json.dumps(said) + "\n")


def last_backup() -> LastBackup | None:
    """Read it; None if there never was one."""
    mark = Path(settings.DATA) / LAST_BACKUP
    if not mark.exists():
        return None
    said = json.loads(mark.read_text())
    return LastBackup(datetime.fromisoformat(said["made_at"]), Path(said["path"]))
