"""What a backup says of itself, and whether this program and that database can take it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from django.db import connection

from linli.kernel.db.census import count_rows, known_migrations, list_migrations
from linli.ledger.facts.queries import last_seals
from linli.registry.territory.queries import served_districts

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that can be compared when it is brought back.

    counts: rows of each table; seals: district -> [number, chain] of its last one; pictures: files beside the
    database. All of the database's figures are of one moment.
    """

    format: int
    made_at: str
    linli: str
    postgresql: int
    migrations: tuple[str, ...]
    districts: tuple[str, ...]
    counts: Mapping[str, int]
    seals: Mapping[str, tuple[int, str]]

    def as_json(self) -> dict[str, Any]:
        """Give plain values."""
        return asdict(self)


class NotOurs(Exception):
    """A backup that this program can't bring back; the message says why."""


def take_stock(at: datetime) -> Manifest:
    """Look at the database, within `census.one_moment`. 5 queries, and 1 a table."""
    return Manifest(
        format=FORMAT,
        made_at=at.isoformat(timespec="seconds"),
        linli=version("linli"),
        postgresql=connection.cursor().connection.info.server_version,
        migrations=tuple(list_migrations()),
        districts=tuple(served_districts()),
        counts=count_rows(),
        seals={seal.district_id: (seal.number, seal.chain) for seal in last_seals()},
    )


def read_stock(said: Mapping[str, Any]) -> Manifest:
    """Read it back. Raises NotOurs for another format, or for migrations that this program does not know."""
    if said.get("format") != FORMAT:
        raise NotOurs(f"The backup is written in format {said.get('format')}, this Linli reads {FORMAT}.")
    manifest = Manifest(
        format=FORMAT, made_at=str(said["made_at"]), linli=str(said["linli"]), postgresql=int(said["postgresql"]),
        migrations=tuple(said["migrations"]), districts=tuple(said["districts"]), counts=dict(said["counts"]),
        seals={code: (int(number), str(chain)) for code, (number, chain) in said["seals"].items()},
    )  # fmt: skip
    known = known_migrations()
    unknown = [name for name in manifest.migrations if name not in known]
    if unknown:
        raise NotOurs(
            f"The backup was made by a newer Linli ({manifest.linli}): this one does not know {unknown[0]}"
            f"{f' and {len(unknown) - 1} more' if unknown[1:] else ''}. Install that version, then restore."
        )
    return manifest
