"""Real servers in folders of their own; nothing of them is left afterwards."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

import linli
from linli.kernel import postgres
from linli.kernel.postgres.accounts import Account, first_closed
from linli.kernel.postgres.places import Place
from linli.kernel.postgres.processes import run_as

SOURCE = Path(linli.__path__[0]).parent
PACKAGES = Path(psycopg.__file__).parents[1]
PROGRAM = """
import sys, time
from pathlib import Path
from linli.kernel import postgres
server = postgres.start(Path(sys.argv[1]))
print(server.was_adopted, postgres.status(server.folder).pid, server.url, flush=True)
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Make a folder all may enter; stop and remove what is in it. Pytest's own is closed to the server."""
    top = Path(tempfile.mkdtemp(prefix="linli-test-", dir="/tmp"))
    top.chmod(0o755)
    yield top
    for record in top.rglob("starting.lock"):
        _remove(Place(record.parent))
    shutil.rmtree(top)


@pytest.fixture
def folder(open_folder: Path) -> Path:
    return open_folder / "postgres"


@pytest.fixture(params=["wheel", "debian"])
def any_binaries(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each PostgreSQL on this machine in turn."""
    debian = [Path(f"/usr/lib/postgresql/{major}/bin") for major in (15, 16, 17, 18)]
    chosen = [path for path in debian if (path / "postgres").exists()]
    if request.param == "debian" and not chosen:
        pytest.skip("Debian's PostgreSQL is not installed: scripts/system-packages --with-postgres")
    monkeypatch.setenv("LINLI_PG_BIN", str(chosen[0]) if request.param == "debian" else "")
    return str(request.param)


@pytest.fixture
def launch() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Run a program that starts the folder's server and then sleeps."""
    running: list[subprocess.Popen[str]] = []

    def launched(folder: Path, *, sleep_s: float, user: int | None = None) -> "subprocess.Popen[str]":
        if user is not None and first_closed(SOURCE, Account(uid=user, gid=user, name="other")) is not None:
            pytest.skip(f"another user can't read {SOURCE}")
        command = [_interpreter(user), "-c", PROGRAM, str(folder), str(sleep_s)]
        environment = {**os.environ, "PYTHONPATH": f"{SOURCE}:{PACKAGES}", "PYTHONDONTWRITEBYTECODE": "1"}
        running.append(
            subprocess.Popen(  # noqa: S603 - our own program
                command,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                **({} if user is None else run_as(Account(uid=user, gid=user, name="other"))),
            )
        )
        return running[-1]

    yield launched
    for program in running:
        program.kill()
        program.communicate()


@pytest.fixture
def processes_in() -> Callable[[Path], list[int]]:
    """Find the server's processes: all of them work in the data folder."""

    def found(folder: Path) -> list[int]:
        data = str(Place(folder.resolve()).data)
        return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _cwd(entry) == data]

    return found


@pytest.fixture
def kill_all(processes_in: Callable[[Path], list[int]]) -> Callable[[Path], None]:
    def killed(folder: Path) -> None:
        for pid in processes_in(folder):
            os.kill(pid, signal.SIGKILL)

    return killed


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    def waited(is_so: Callable[[], bool]) -> None:
        give_up = time.monotonic() + 120
        while not is_so():
            assert time.monotonic() < give_up
            time.sleep(0.02)

    return waited


def _interpreter(user: int | None) -> str:
    """Give our own Python, or, for another user who can't enter its folder, the system's of the same version."""
    own = Path(sys.executable).resolve()
    if user is None or first_closed(own, Account(uid=user, gid=user, name="other")) is None:
        return sys.executable
    system = Path(f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}")
    if not system.exists():
        pytest.skip(f"another user can't run {own}, and there is no {system}")
    return str(system)


def _cwd(entry: Path) -> str:
    try:
        return str((entry / "cwd").readlink())
    except OSError:
        return ""


def _remove(place: Place) -> None:
    postgres.stop(place.folder)
    if place.socket_folder is not None:
        shutil.rmtree(place.socket_folder, ignore_errors=True)
    if place.elsewhere.exists():
        shutil.rmtree(place.data.parent, ignore_errors=True)
