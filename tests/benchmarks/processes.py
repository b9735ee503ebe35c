"""Programs that a benchmark starts, measures and ends; never any other."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

LINLI = Path(sys.executable).with_name("linli")
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Running:
    """A program that answers on a port of this machine."""

    process: subprocess.Popen[bytes]
    port: int
    ready_after_s: float

    def cpu_s(self) -> float:
        """Give the processor time of the program and all below it so far."""
        return sum(_cpu_s(pid) for pid in _family(self.process.pid))

    def memory_mb(self, database: Path | None = None) -> float:
        """Give the memory of the program and all below it, pages shared by several counted in part (PSS).

        database: the folder of an embedded server whose processes count too, whoever started them.
        """
        family = set(_family(self.process.pid))
        if database is not None:
            family |= set(_family(int((database / "data" / "postmaster.pid").read_text().split()[0])))
        return sum(_pss_kb(pid) for pid in family) / 1024

    def kill(self) -> None:
        """End the program and all below it at once, with nothing said to them before."""
        for pid in _family(self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: list[str], *, variables: dict[str, str], ready: str, log: Path, wait_s: float, port: int = 0,
    is_alone: bool = False,
) -> Iterator[Running]:  # fmt: skip
    """Start a program, wait until `ready` answers with 200, end it with what it started at the end.

    port: 0 for a free one; is_alone: it gets none of this
    program's own variables. Raises RuntimeError, with the end of its log, if it does not come up within wait_s.
    """
    port, began = port or free_port(), time.monotonic()
    environment = {**({} if is_alone else os.environ), **variables, "PORT": str(port)}
    with log.open("wb") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said, start_new_session=True)
    try:
        while not _answers(port, ready):
            if process.poll() is not None or time.monotonic() - began > wait_s:
                raise RuntimeError(f"{' '.join(command)} did not come up:\n{log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield Running(process, port, time.monotonic() - began)
    finally:
        _end(process)


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask, wait, then end what is left of it and of what it started."""
    family = _family(process.pid)
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def _family(root: int) -> list[int]:
    """List a process and all below it."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    family = [root]
    for pid in family:
        family += [child for child, parent in parents.items() if parent == pid]
    return family


def _pss_kb(pid: int) -> int:
    """Read a process's proportional set size. Source: proc(5)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _cpu_s(pid: int) -> float:
    """Read user and system time of all threads of a process, and of its children that ended. Source: proc(5)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / _TICKS_A_SECOND
