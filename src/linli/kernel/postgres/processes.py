"""Processes and locks: who is alive, who is dead but not buried, who holds what."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from linli.kernel.postgres.accounts import Account
from linli.kernel.postgres.errors import CannotStart

# Servers this very program started, kept so that they are reaped: an unreaped one looks alive to PostgreSQL.
_children: dict[int, "subprocess.Popen[bytes]"] = {}


def run_as(account: Account) -> dict[str, Any]:
    """Give subprocess's arguments for another account; none for our own."""
    return {} if account.is_self else {"user": account.uid, "group": account.gid, "extra_groups": []}


def clean_environment() -> Mapping[str, str]:
    """Give the server nothing of ours: no PG* variables, no secrets; messages in English, which we read."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


def launch(command: list[str | Path], account: Account, *, log: Path, held: int) -> int:
    """Start a server in a session of its own, so that the terminal's Ctrl-C does not reach it. Returns its pid.

    held: a locked file it inherits, and all its processes with it.
    """
    with log.open("wb") as output:
        child = subprocess.Popen(  # noqa: S603 - a program we located
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=clean_environment(),
            umask=0o077,
            start_new_session=True,
            pass_fds=(held,),
            **run_as(account),
        )
    _children[child.pid] = child
    return child.pid


def is_living(pid: int) -> bool:
    """Whether it runs; a dead child of ours is buried on the way, and one nobody buries counts as dead."""
    child = _children.get(pid)
    if child is not None:
        if child.poll() is None:
            return True
        del _children[pid]
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return _state(pid) != "Z"


def is_postgres(pid: int) -> bool:
    """Whether a living process is PostgreSQL; true where the system does not tell (no /proc)."""
    if not is_living(pid):
        return False
    name = Path(f"/proc/{pid}/comm")
    try:
        return name.read_text().strip() in {"postgres", "postmaster"}
    except OSError:
        return not Path("/proc/self/comm").exists()


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal; nothing happens if the process has just gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


@contextmanager
def holding(path: Path, *, wait_s: float) -> Iterator[None]:
    """Hold the file's lock; wait up to wait_s seconds for another program to let go. Raises CannotStart."""
    give_up = time.monotonic() + wait_s
    held = try_lock(path)
    while held is None:
        if time.monotonic() > give_up:
            raise CannotStart(f"Another program has been starting or stopping the database for {wait_s:.0f} s: {path}.")
        time.sleep(0.05)
        held = try_lock(path)
    try:
        yield
    finally:
        os.close(held)


def try_lock(path: Path) -> int | None:
    """Lock the file and return its descriptor, or None if somebody else holds it. Closing it lets go."""
    held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        return None
    return held


def _state(pid: int) -> str:
    """Give the kernel's letter for a process's state, Z for dead and not buried, "" where the system does not tell."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""
