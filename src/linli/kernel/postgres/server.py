"""A server's life: started or adopted, looked at, stopped. The mechanism: docs/mechanisms/embedded-postgres.md."""

import logging
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from linli.kernel.postgres import accounts, binaries, cluster, places, processes
from linli.kernel.postgres.accounts import Account
from linli.kernel.postgres.errors import CannotStart, CannotStop
from linli.kernel.postgres.places import Place

Say = Callable[[str], None]

# What a killed server leaves is gone within seconds; a minute covers a slow disk flushing its last writes.
_WAIT_FOR_DEAD_S = 60.0
# Replaying 512 MB of log (max_wal_size) on a slow disk takes minutes, and giving up does not make it faster.
_WAIT_FOR_RECOVERY_S = 600.0
_WAIT_FOR_LOCK_S = _WAIT_FOR_RECOVERY_S + _WAIT_FOR_DEAD_S
_WAIT_FOR_SOCKET_S = 10.0
_SAY_EVERY_S = 5.0
_PAUSE_S = 0.05
_FAST_STOP_S = 20.0
_IMMEDIATE_STOP_S = 10.0

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, and where to reach it.

    url: the application's role; owner_url: the role that owns the tables. was_adopted: it ran already, left behind
    by a program that was killed or started by one that still runs. version: "18.6".
    """

    folder: Path
    socket_folder: Path
    version: str
    was_adopted: bool

    @property
    def url(self) -> str:
        """The URL for the application: rows, no tables."""
        return cluster.application_url(self.socket_folder)

    @property
    def owner_url(self) -> str:
        """The URL for migrations."""
        return cluster.owner_url(self.socket_folder)

    def stop(self) -> None:
        """Stop it, adopted or not, and wait until no process of it is left. Raises CannotStop."""
        stop(self.folder)


@dataclass(frozen=True, slots=True)
class Status:
    """What there is in a folder, for people who look after it.

    pid: the server's first process, or None. is_answering: whether it lets us in. major: "18", or "" before the
    first start. data: where the rows are, which may be elsewhere (see places).
    """

    folder: Path
    data: Path
    socket_folder: Path | None
    is_initialised: bool
    major: str
    pid: int | None
    is_answering: bool

    @property
    def url(self) -> str:
        """The URL for the application; "" before the first start."""
        return cluster.application_url(self.socket_folder) if self.socket_folder else ""

    @property
    def owner_url(self) -> str:
        """The URL of the role that owns the tables; "" before the first start."""
        return cluster.owner_url(self.socket_folder) if self.socket_folder else ""


def start(folder: Path, *, say: Say = _logger.info) -> Server:
    """Start the folder's server, or adopt the one that runs; make the cluster the first time.

    say: told in one line what takes long or went elsewhere. Blocks: 1 s the first time, 0.2 s later, up to ten
    minutes for a recovery. Starts a process in a session of its own; holds the folder's lock meanwhile.
    Raises PostgresError. Source: docs/decisions/0002.
    """
    place = places.open_place(folder)
    with processes.holding(place.starting_lock, wait_s=_WAIT_FOR_LOCK_S):
        running = _wait_until_free_or_adopted(place, say)
        if running is not None:
            cluster.ensure_roles(running.socket_folder)
            return running
        return _start_new(place, say)


def stop(folder: Path) -> bool:
    """Stop the folder's server, whoever started it: fast, then immediately. False if none ran.

    Fast ends sessions and writes everything out; immediate leaves the rest to recovery; neither loses a committed
    row. Returns when no process is left. Raises CannotStop.
    """
    place = Place(folder.resolve())
    if not place.starting_lock.exists():
        return False
    with processes.holding(place.starting_lock, wait_s=_WAIT_FOR_LOCK_S):
        pid = _postmaster(place)
        if pid is None:
            return False
        for number, wait_s in ((signal.SIGINT, _FAST_STOP_S), (signal.SIGQUIT, _IMMEDIATE_STOP_S)):
            processes.send(pid, number)
            if _ends_within(wait_s, pid, place):
                return True
    raise CannotStop(f"PostgreSQL (process {pid}) does not stop: see {place.data / 'log'}, then `kill -9 {pid}`.")


def status(folder: Path) -> Status:
    """Look at a folder without changing anything."""
    place = Place(folder.resolve())
    version_file = place.data / "PG_VERSION"
    is_readable = os.access(version_file, os.R_OK)
    pid = _postmaster(place)
    return Status(
        folder=place.folder,
        data=place.data,
        socket_folder=place.socket_folder,
        is_initialised=is_readable,
        major=version_file.read_text().strip() if is_readable else "",
        pid=pid,
        is_answering=pid is not None and _ask_version(place) != "",
    )


def _wait_until_free_or_adopted(place: Place, say: Say) -> Server | None:
    """Wait for what an earlier program left: a server that answers is adopted, dying processes may finish."""
    patience = _Patience(say)
    while True:
        pid = _postmaster(place)
        if pid is not None:
            version = _ask_version(place)
            if version:
                return _server(place, version=version, was_adopted=True)
            # The socket is there before recovery begins: without one, no waiting brings an answer.
            at_most_s = _WAIT_FOR_RECOVERY_S if _has_socket(place) else _WAIT_FOR_SOCKET_S
            patience.wait(f"the database's process {pid}, which runs but does not answer", at_most_s=at_most_s)
            continue
        held = processes.try_lock(place.alive_lock)
        if held is not None:
            os.close(held)
            return None
        patience.wait(f"a dead database's last processes (see `lsof {place.alive_lock}`)", at_most_s=_WAIT_FOR_DEAD_S)


def _start_new(place: Place, say: Say) -> Server:
    account = accounts.account_for(place.data)
    programs = binaries.reachable_binaries(binaries.find_binaries(), account)
    if places.settle_data(place, account):
        say(f"{account.name} can't enter {place.folder}: the database's data go to {place.data}.")
    if not place.is_initialised:
        say(f"Making a new database in {place.data}.")
        cluster.make_cluster(place, account, programs)
    elif not account.is_self and place.data.stat().st_uid == 0:
        accounts.hand_over(place.data, account)
    version = cluster.check_version(place, programs)
    socket_folder = places.settle_socket(place, account)
    cluster.configure(place, account, socket_folder)
    _launch_until_ready(place, account, programs / "postgres", say)
    cluster.ensure_roles(socket_folder)
    return _server(place, version=version, was_adopted=False)


def _launch_until_ready(place: Place, account: Account, program: Path, say: Say) -> None:
    """Launch, again if the remains of a killed server are still in the way, and wait until it answers."""
    patience = _Patience(say)
    while True:
        pid = _launch(place, account, program)
        if pid is None:
            patience.wait("somebody who looks at the database's locks", at_most_s=_WAIT_FOR_DEAD_S)
            continue
        try:
            is_ready = _becomes_ready(place, pid, _Patience(say))
        except BaseException:
            processes.send(pid, signal.SIGQUIT)
            raise
        if is_ready:
            return
        said = _last_log(place)
        if "postmaster.pid" not in said and "shared memory block" not in said:
            raise CannotStart(f"PostgreSQL did not start in {place.data}: {cluster.last_words(said)}")
        patience.wait("the remains of a killed database", at_most_s=_WAIT_FOR_DEAD_S)


def _launch(place: Place, account: Account, program: Path) -> int | None:
    """Launch it with the alive lock in its hands; None if somebody has that one, say `linli doctor`, for a moment."""
    held = processes.try_lock(place.alive_lock)
    if held is None:
        return None
    try:
        _bury(place)
        return processes.launch([program, "-D", place.data], account, log=place.start_log, held=held)
    finally:
        os.close(held)


def _bury(place: Place) -> None:
    """Remove a dead server's lock files where PostgreSQL would take them for a living one's.

    It asks only whether a process of that number exists. That is true for a dead one nobody buried (a container whose
    first process does not reap) and for a stranger that got the number (a restarted container counts from 1 again).
    Called with the alive lock in hand: every process of our servers held it, so none of them is left.
    """
    pid = _recorded_pid(place)
    if pid is None or processes.is_postgres(pid):
        return
    (place.data / "postmaster.pid").unlink(missing_ok=True)
    if place.socket_folder is not None:
        (place.socket_folder / f"{places.SOCKET_NAME}.lock").unlink(missing_ok=True)


def _becomes_ready(place: Place, pid: int, patience: "_Patience") -> bool:
    """Wait until it answers; False if it ended instead."""
    while not _ask_version(place):
        if not processes.is_living(pid):
            return False
        patience.wait("the database to come up", at_most_s=_WAIT_FOR_RECOVERY_S)
    return True


def _ask_version(place: Place) -> str:
    """Ask the server on the folder's socket for its version; "" if none answers or it serves other data."""
    if place.socket_folder is None:
        return ""
    try:
        url = cluster.owner_url(place.socket_folder, database="postgres")
        with psycopg.connect(url, connect_timeout=5) as connection:
            row = connection.execute(
                "SELECT split_part(version(), ' ', 2), current_setting('data_directory')"
            ).fetchone()
    except psycopg.OperationalError as refusal:
        if "authentication failed" in str(refusal):
            raise CannotStart(
                f"The database in {place.data} runs for another account: be that one, or root."
            ) from refusal
        return ""
    return str(row[0]) if row and Path(row[1]) == place.data else ""


def _has_socket(place: Place) -> bool:
    return place.socket_folder is not None and (place.socket_folder / places.SOCKET_NAME).exists()


def _postmaster(place: Place) -> int | None:
    """Find the server's first process, if it lives."""
    pid = _recorded_pid(place)
    return pid if pid is not None and processes.is_postgres(pid) and not _is_free(place) else None


def _is_free(place: Place) -> bool:
    """Whether no process of a server of ours is left: then the recorded number belongs to somebody else."""
    held = processes.try_lock(place.alive_lock)
    if held is not None:
        os.close(held)
    return held is not None


def _recorded_pid(place: Place) -> int | None:
    try:
        first = (place.data / "postmaster.pid").read_text().partition("\n")[0]
    except OSError:
        return None
    return int(first) if first.isdigit() else None


def _ends_within(wait_s: float, pid: int, place: Place) -> bool:
    give_up = time.monotonic() + wait_s
    while processes.is_living(pid) or not _is_free(place):
        if time.monotonic() > give_up:
            return False
        time.sleep(_PAUSE_S)
    return True


def _last_log(place: Place) -> str:
    """Read what the last start said: the start log, and the server's own if it got that far."""
    since = place.start_log.stat().st_ctime
    logs = [log for log in (place.data / "log").glob("*.log") if log.stat().st_mtime >= since]
    return "\n".join(log.read_text(errors="replace") for log in [*sorted(logs), place.start_log])


def _server(place: Place, *, version: str, was_adopted: bool) -> Server:
    if place.socket_folder is None:
        raise CannotStart(f"{place.socket_record} is gone: run `linli stop`, then start again.")
    return Server(folder=place.folder, socket_folder=place.socket_folder, version=version, was_adopted=was_adopted)


class _Patience:
    """Waits in short pauses, says so now and then, and ends."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._began = time.monotonic()
        self._said = self._began

    def wait(self, what: str, *, at_most_s: float) -> None:
        """Pause once. Raises CannotStart when the time since the beginning is over."""
        now = time.monotonic()
        if now - self._began > at_most_s:
            raise CannotStart(f"Waited {at_most_s:.0f} s for {what}; run `linli stop` and look at the log.")
        if now - self._said > _SAY_EVERY_S:
            self._say(f"Waiting for {what} ({now - self._began:.0f} s).")
            self._said = now
        time.sleep(_PAUSE_S)
