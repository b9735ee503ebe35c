"""A cluster's inside: made, configured, and given its two roles and one database."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg

from linli.kernel.postgres.accounts import Account, hand_over
from linli.kernel.postgres.binaries import version_of
from linli.kernel.postgres.errors import CannotStart
from linli.kernel.postgres.places import Place
from linli.kernel.postgres.processes import clean_environment, run_as

OWNER = "linli_owner"
APPLICATION = "linli"
DATABASE = "linli"

_SETTINGS = """\
# Written by Linli at each start: put changes into local.conf, which is read after this file.
listen_addresses = ''                  # the socket only
unix_socket_directories = '{socket_folder}'
unix_socket_permissions = 0700
port = 5432                            # names the socket; no network port is opened
cluster_name = 'linli'
max_connections = 60                   # three pools of 12, jobs, an operator
shared_buffers = 128MB                 # small machines: two cores, 2 GB
effective_cache_size = 512MB
work_mem = 8MB
maintenance_work_mem = 64MB
max_wal_size = 512MB                   # bounds the disk and the time to recover
checkpoint_completion_target = 0.9
random_page_cost = 1.1                 # solid-state disks
jit = off                              # compiling costs more than our short queries
max_parallel_workers_per_gather = 1
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C.UTF-8'
logging_collector = on                 # one file for each day of the week, overwritten the week after
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] %q%u@%d '
log_lock_waits = on
# Statements hold what people wrote, and DETAIL quotes rows: none of that belongs into a log.
log_min_duration_statement = -1
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


def owner_url(socket_folder: Path, *, database: str = DATABASE) -> str:
    """Spell the URL of the role that owns and changes the tables."""
    return _url(OWNER, socket_folder, database)


def application_url(socket_folder: Path) -> str:
    """Spell the URL of the role the application runs as."""
    return _url(APPLICATION, socket_folder, DATABASE)


def make_cluster(place: Place, account: Account, binaries: Path) -> None:
    """Make the data folder, complete or not at all: a half made one is thrown away the next time.

    Raises CannotStart with initdb's last words.
    """
    half = place.data.with_name("data.new")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    if not account.is_self:
        hand_over(half, account)
    command: list[str | Path] = [binaries / "initdb", "-D", half, "-U", OWNER, "-E", "UTF8", "--locale=C.UTF-8"]
    options = ["--data-checksums", "--auth-local=peer", "--auth-host=reject", "--no-instructions"]
    done = subprocess.run(  # noqa: S603 - a program we located
        [*command, *options],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=clean_environment(),
        umask=0o077,
        **run_as(account),
    )
    if done.returncode != 0:
        raise CannotStart(f"initdb could not make {place.data}: {last_words(done.stderr)}")
    try:
        half.rename(place.data)
    except OSError as failure:
        raise CannotStart(f"{place.data} holds files but no database: look at them and move them away.") from failure


def check_version(place: Place, binaries: Path) -> str:
    """Return the programs' version, "18.6". Raises CannotStart if the data are another major version's."""
    version = version_of(binaries)
    made_by = (place.data / "PG_VERSION").read_text().strip()
    if version.partition(".")[0] != made_by:
        raise CannotStart(
            f"The data in {place.data} are PostgreSQL {made_by}'s and the programs in {binaries} are {version}: "
            f"set LINLI_PG_BIN to a PostgreSQL {made_by}, or dump with it and load into a new data folder."
        )
    return version


def configure(place: Place, account: Account, socket_folder: Path) -> None:
    """Write the settings and who may come in.

    Peer: the kernel says which account is at the other end of the socket, and a map lets two of them be either role:
    root, and the account the server runs as. So there is no password to lose, a socket folder left open by mistake
    lets nobody in, and root may enter although the server runs as somebody else. Those two could read the data
    files anyway, so the map gives nothing away.
    """
    guests = sorted({"root", account.name})
    lines = [f'linli "{guest}" {role}\n' for guest in guests for role in (OWNER, APPLICATION)]
    _write(place.data / "pg_ident.conf", "".join(lines), account)
    _write(place.data / "pg_hba.conf", "local all all peer map=linli\n", account)
    _write(place.data / "linli.conf", _SETTINGS.format(socket_folder=socket_folder), account)
    if not (place.data / "local.conf").exists():
        _write(place.data / "local.conf", "# Your own settings: read after linli.conf, never overwritten.\n", account)
    main = place.data / "postgresql.conf"
    includes = "include_if_exists = 'linli.conf'\ninclude_if_exists = 'local.conf'\n"
    if not main.read_text().endswith(includes):
        _write(main, f"{main.read_text()}\n{includes}", account)


def ensure_roles(socket_folder: Path) -> None:
    """Make the application's role and the database if they are missing. 2 queries when all is there.

    The role may connect and no more: what it may do to which table is given after migrations, in `kernel.db.grants`,
    for an operator's database just the same.
    """
    with psycopg.connect(owner_url(socket_folder, database="postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION]).fetchone():
            connection.execute(f"CREATE ROLE {APPLICATION} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            _make_database(connection, socket_folder)


def _make_database(connection: psycopg.Connection, socket_folder: Path) -> None:
    """Make it under another name, so that the right name means complete rights, whenever we were killed."""
    half = f"{DATABASE}_new"
    connection.execute(f"DROP DATABASE IF EXISTS {half}")
    connection.execute(f"CREATE DATABASE {half} OWNER {OWNER}")
    with psycopg.connect(owner_url(socket_folder, database=half)) as inside:
        for statement in _rights(half):
            inside.execute(statement)
    connection.execute(f"ALTER DATABASE {half} RENAME TO {DATABASE}")


def last_words(log: str) -> str:
    """Give the last line that says why, without its level and time; "no reason given" for an empty log."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"FATAL|PANIC|[Ee]rror", line)]
    chosen = (telling or lines or ["no reason given"])[-1]
    return re.sub(r"^.*?(FATAL|PANIC|initdb: error|error):\s*", "", chosen)


def _rights(database: str) -> list[str]:
    return [
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {database} TO {APPLICATION}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    ]


def _url(role: str, socket_folder: Path, database: str) -> str:
    return f"postgresql://{role}@/{database}?host={quote(str(socket_folder))}"


def _write(path: Path, text: str, account: Account) -> None:
    """Replace a file of the cluster in one step, keeping it the account's and closed to others."""
    new = path.with_name(f"{path.name}.new")
    new.touch(mode=0o600)
    new.write_text(text)
    if not account.is_self:
        os.chown(new, account.uid, account.gid)
    new.replace(path)
