"""`linli restore`: an installation as a backup holds it, compared with what the backup says of itself."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from django.conf import settings
from django.db import connection
from psycopg import sql

from linli.edges.cli.backup.archive import (
    DATABASE,
    MANIFEST,
    Member,
    NotWhole,
    copy,
    read_manifest,
    reading,
    safe_place,
)
from linli.edges.cli.backup.folder import ALWAYS_REPLACED, sync_folder, work_room
from linli.edges.cli.backup.manifest import Manifest, NotOurs, read_stock
from linli.edges.cli.progress import Progress
from linli.edges.cli.running import bring_up_to_date
from linli.kernel import postgres
from linli.kernel.db.census import check_counts, check_equal, connection_string, count_other_sessions, list_tables
from linli.ledger.facts.queries import verify_ledger
from linli.registry.territory.queries import served_districts

_TIMES = 2
_PERSONAL_DATA_KEYS = "personal-data*.key"


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--yes", "words", multiple=True, metavar="WORD", help="The system's word, given twice, for use by programs."
)
def restore(file: Path, words: tuple[str, ...]) -> None:
    """Bring back what FILE holds: database, photos, keys. Counts and seals are compared; a difference undoes all.

    Into an empty system it goes at once. One that holds data or runs is replaced only after its word was typed twice:
    the code of its district, or, with several, the name of its database.
    """
    try:
        manifest = read_stock(read_manifest(file))
        _ask_leave(words, file, manifest)
        with _unpacked(file, Progress()) as room:
            _refuse_other_keys_while_running(room)
            _load(room, manifest, Progress())
            _take_over(room)
    except (NotWhole, NotOurs) as error:
        raise click.ClickException(str(error)) from error
    bring_up_to_date()
    _say_how_it_stands(manifest)


def _ask_leave(words: Sequence[str], file: Path, manifest: Manifest) -> None:
    """Go on if nothing is there that could be lost, or if somebody knows what it is and says so twice."""
    tables, sessions = list_tables(), count_other_sessions()
    keys, photos = Path(settings.DATA) / "keys", Path(settings.DATA) / "files"
    holds = {
        f"{len(tables)} tables": bool(tables),
        f"{sessions} open sessions, so it seems to run": bool(sessions),
        "photos": photos.is_dir() and any(photos.iterdir()),
        "keys to personal data": any(keys.glob(_PERSONAL_DATA_KEYS)),
    }
    if not any(holds.values()):
        return
    word, system = _word_of_the_system(tables), f"{settings.DATABASES['default']['NAME']}, {settings.DATA}"
    click.echo(f"This system ({system}) holds {', '.join(name for name in holds if holds[name])}.", err=True)
    click.echo(f"All of it is replaced by {file} of {manifest.made_at}.", err=True)
    given = list(words)
    if not given and sys.stdin.isatty():
        given = [_asked(word, time) for time in range(1, _TIMES + 1)]
    if given != [word] * _TIMES:
        raise click.UsageError(f"Nothing was changed. To replace it, give its word twice: --yes {word} --yes {word}")


def _asked(word: str, time: int) -> str:
    answer: str = click.prompt(f"Type {word} to go on ({time} of {_TIMES})", err=True)
    return answer


def _word_of_the_system(tables: Sequence[str]) -> str:
    """Name what would be replaced: its district, or its database where there is none or more than one."""
    codes = served_districts() if "territory_district" in tables else []
    return codes[0] if len(codes) == 1 else str(settings.DATABASES["default"]["NAME"])


@contextmanager
def _unpacked(file: Path, progress: Progress) -> Iterator[Path]:
    """Unpack everything beside the data and compare the sum; what is left of it is gone afterwards."""
    with work_room(Path(settings.DATA), ".linli-restore") as room:
        total = max(1, file.stat().st_size)
        with progress.step("Unpacking and comparing the sum", total) as advance, reading(file) as members:
            for member in members:
                _unpack(member, room)
                advance(member.size)
        yield room


def _unpack(member: Member, room: Path) -> None:
    if member.name == DATABASE:
        copy(member, room / DATABASE)
    elif member.name != MANIFEST:
        copy(member, safe_place(room / "data", member.name))


def _refuse_other_keys_while_running(room: Path) -> None:
    """Stop where a running server would go on writing with keys that are replaced under it."""
    ours = _personal_data_keys(Path(settings.DATA))
    if ours and ours != _personal_data_keys(room / "data") and count_other_sessions():
        raise click.ClickException("The backup has other keys and this system runs: stop server and worker first.")


def _personal_data_keys(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (data / "keys").glob(_PERSONAL_DATA_KEYS)}


def _load(room: Path, manifest: Manifest, progress: Progress) -> None:
    is_emptied = bool(list_tables())
    connection.close()
    with progress.step("Database", (room / DATABASE).stat().st_size * 5) as advance:
        postgres.load_database(
            connection_string(), room / DATABASE, is_emptied=is_emptied, checks=_checks(manifest), on_bytes=advance
        )


def _checks(manifest: Manifest) -> str:
    """Write the SQL that compares counts and last seals before the transaction ends."""
    chain = sql.SQL(
        "(SELECT number || ' ' || chain FROM facts_seal WHERE district_id = {} ORDER BY number DESC LIMIT 1)"
    )
    where = "SET search_path = public;\n"  # which the script left empty
    return (
        where
        + check_counts(manifest.counts)
        + "".join(
            check_equal(chain.format(sql.Literal(code)), f"{number} {last}", f"seals of district {code}")
            for code, (number, last) in manifest.seals.items()
        )
    )


def _take_over(room: Path) -> None:
    """Put what was unpacked in the place of what was there, name by name; other names stay as they are."""
    data, unpacked, replaced = Path(settings.DATA), room / "data", room / "replaced"
    unpacked.mkdir(exist_ok=True)
    replaced.mkdir()
    for name in sorted(ALWAYS_REPLACED | {top.name for top in unpacked.iterdir()}):
        if (data / name).exists():
            (data / name).rename(replaced / name)
        if (unpacked / name).exists():
            (unpacked / name).rename(data / name)
    sync_folder(data)


def _say_how_it_stands(manifest: Manifest) -> None:
    """Check every fact against the seals, those of the backup among them. Raises Exit(1) if one is broken."""
    is_sound = True
    for code, (number, chain) in manifest.seals.items():
        report = verify_ledger(code, noted={number: chain})
        is_sound &= report.is_sound
        click.echo(f"{code} {'sound' if report.is_sound else f'BROKEN: {report.breach}'}: {report.seals} seals over "
                   f"{report.sealed} facts, {report.unsealed} not sealed yet")  # fmt: skip
    click.echo(f"Restored: {sum(manifest.counts.values()):,} rows of {len(manifest.counts)} tables as of "
               f"{manifest.made_at}. Start server and worker anew.")  # fmt: skip
    if not is_sound:
        raise click.exceptions.Exit(1)
