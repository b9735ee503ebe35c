"""A whole database written to a file and read back, by PostgreSQL's own programs."""

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from linli.kernel.postgres.binaries import find_clients
from linli.kernel.postgres.errors import CannotDump, CannotLoad

_PIECE = 2**20
_CONTENTS = re.compile(r'dumping contents of table "?[^".]+"?\."?([^".]+)"?')
# pg_dump 17 and newer write this for servers that may not know it yet.
_UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"
_KNOWS_IT = 17
_EMPTY = """\
SET lock_timeout = '60s';
DROP SCHEMA IF EXISTS public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""


def dump_database(url: str, target: Path, *, snapshot: str, on_table: Callable[[str], None]) -> None:
    """Write a database, as the snapshot sees it, to a new file in pg_dump's custom format. No rights, no owners.

    snapshot: what pg_export_snapshot() gave to a transaction that stays open meanwhile; on_table: told each table
    whose rows come next. Raises CannotDump with pg_dump's last words, NoBinaries.
    """
    with psycopg.connect(url) as connection:
        major = connection.info.server_version // 10_000
    # Gzip is the one way of packing that every build has. Level 1: half the time of level 6 for a tenth more bytes.
    options = ["--format=custom", "--compress=gzip:1", "--no-owner", "--no-acl", "--verbose"]
    command: list[str | Path] = [find_clients(major) / "pg_dump", *options, f"--snapshot={snapshot}"]
    said: list[str] = []
    with subprocess.Popen(  # noqa: S603 - a program we located
        [*command, f"--file={target}", *_to(url)],
        env=_environment(url),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        try:
            for line in program.stderr or ():
                said = [*said[-20:], line]
                if found := _CONTENTS.search(line):
                    on_table(found[1])
        except BaseException:
            program.terminate()
            raise
    if program.returncode:
        raise CannotDump(f"pg_dump failed: {_last(said)}")


def load_database(url: str, source: Path, *, is_emptied: bool, checks: str, on_bytes: Callable[[int], None]) -> None:
    """Read what `dump_database` wrote into a database, in one transaction: all of it or nothing.

    is_emptied: drop the schema `public` first, in the same transaction; a session that uses the tables is waited for,
    a minute at most. checks: SQL that is run at the end and raises where something is not as it should be. on_bytes:
    told how many bytes of SQL went in. Raises CannotLoad with PostgreSQL's last words, NoBinaries.
    """
    with psycopg.connect(url) as connection:
        major = connection.info.server_version // 10_000
    programs = find_clients(major)
    options = ["--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    psql: list[str | Path] = [programs / "psql", *options]
    with tempfile.TemporaryFile("w+") as complaints:
        reading = subprocess.Popen(  # noqa: S603 - a program we located
            [programs / "pg_restore", "--no-owner", "--no-acl", "--file=-", source],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints,
        )  # fmt: skip
        writing = subprocess.Popen(  # noqa: S603
            [*psql, *_to(url)], env=_environment(url), stdin=subprocess.PIPE, stderr=complaints
        )
        with reading, writing:
            is_read = _hand_on(reading, writing, _script(reading, is_emptied=is_emptied, major=major), checks, on_bytes)
        if not is_read or writing.returncode:
            complaints.seek(0)
            raise CannotLoad(f"the database took nothing: {_last(complaints.readlines())}")


def _hand_on(
    reading: "subprocess.Popen[bytes]",
    writing: "subprocess.Popen[bytes]",
    script: Iterator[bytes],
    checks: str,
    on_bytes: Callable[[int], None],
) -> bool:
    """Give psql the script, then the checks, if the script came to its end; otherwise break the transaction."""
    into = _pipe(writing.stdin)
    try:
        for piece in script:
            into.write(piece)
            on_bytes(len(piece))
        is_read = reading.wait() == 0
        into.write(checks.encode() if is_read else b"\n;DO $$ BEGIN RAISE EXCEPTION 'cut short'; END $$;\n")
        into.close()
    except BrokenPipeError:
        reading.terminate()
        return False
    except BaseException:
        writing.terminate()
        reading.terminate()
        raise
    return is_read


def _script(reading: "subprocess.Popen[bytes]", *, is_emptied: bool, major: int) -> Iterator[bytes]:
    out = _pipe(reading.stdout)
    if is_emptied:
        yield _EMPTY.encode()
    head = out.read(_PIECE)
    yield head if major >= _KNOWS_IT else head.replace(_UNKNOWN_BEFORE_17, b"", 1)
    while piece := out.read(_PIECE):
        yield piece


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        message = "a program was started without its pipe"
        raise RuntimeError(message)
    return stream


def _to(url: str) -> list[str]:
    """Name the database on the command line, where everybody on the machine may read: without its password."""
    given = {name: value for name, value in conninfo_to_dict(url).items() if name != "password"}
    return [f"--dbname={make_conninfo('', **given)}"]


def _environment(url: str) -> Mapping[str, str]:
    password = conninfo_to_dict(url).get("password")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8"} | ({"PGPASSWORD": str(password)} if password else {})


def _last(lines: list[str]) -> str:
    """Pick the line that says why."""
    telling = [line.strip() for line in lines if "error:" in line.lower() or "ERROR" in line]
    return (telling or [line.strip() for line in lines if line.strip()] or ["it said nothing"])[0]
