"""What is left after kill -9 of the one or the other, and that the next start copes with it."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from linli.kernel import postgres
from linli.kernel.postgres.accounts import account_for
from linli.kernel.postgres.places import Place
from linli.kernel.postgres.processes import run_as

Launch = Callable[..., "subprocess.Popen[str]"]
Kill = Callable[[Path], None]
Wait = Callable[[Callable[[], bool]], None]


@pytest.fixture
def stranger(folder: Path) -> Iterator[int]:
    """Give a living process of the server's own account that is no PostgreSQL."""
    postgres.start(folder).stop()
    account = account_for(Place(folder).data)
    process = subprocess.Popen(["/bin/sleep", "600"], cwd="/", **run_as(account))
    yield process.pid
    process.kill()
    process.wait()


def _acknowledged(server: postgres.Server, rows: list[int]) -> None:
    """Insert numbers one by one, each in a transaction, and note those that were committed, until the end comes."""
    try:
        with psycopg.connect(server.url, autocommit=True) as connection:
            for number in range(1_000_000):
                connection.execute("INSERT INTO kept VALUES (%s)", [number])
                rows.append(number)
    except psycopg.Error:
        return


def test_start_after_everything_was_killed_has_all_rows(
    any_binaries: str, folder: Path, kill_all: Kill, wait_until: Wait
) -> None:
    server = postgres.start(folder)
    with psycopg.connect(server.owner_url) as connection:
        connection.execute("CREATE TABLE kept (number int)")
        connection.execute("GRANT SELECT, INSERT ON kept TO linli")
    rows: list[int] = []
    writer = threading.Thread(target=_acknowledged, args=(server, rows))
    writer.start()
    wait_until(lambda: len(rows) > 200)
    kill_all(folder)
    writer.join(timeout=120)

    again = postgres.start(folder)

    assert not again.was_adopted
    with psycopg.connect(again.url) as connection:
        found = {number for (number,) in connection.execute("SELECT number FROM kept")}
    assert set(rows) - found == set()


def test_start_after_postmaster_alone_was_killed(any_binaries: str, folder: Path) -> None:
    server = postgres.start(folder)
    pid = postgres.status(folder).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)

    again = postgres.start(folder)

    assert not again.was_adopted
    assert postgres.status(folder).pid != pid
    assert postgres.check_database(server.url) == []


def test_start_while_nobody_buries_the_dead(folder: Path, launch: Launch, kill_all: Kill) -> None:
    program = launch(folder, sleep_s=60)
    assert program.stdout is not None
    pid = int(program.stdout.readline().split()[1])
    kill_all(folder)
    os.kill(pid, 0)  # still there: its parent sleeps and does not reap

    again = postgres.start(folder)

    assert not again.was_adopted
    assert postgres.status(folder).pid not in {None, pid}


def test_start_when_a_stranger_has_the_number(folder: Path, stranger: int) -> None:
    (folder / "data" / "postmaster.pid").write_text(f"{stranger}\n{folder / 'data'}\n1700000000\n5432\n")

    server = postgres.start(folder)

    assert not server.was_adopted
    assert postgres.check_database(server.url) == []


def test_stop_spares_a_stranger_with_the_number(folder: Path, stranger: int) -> None:
    (folder / "data" / "postmaster.pid").write_text(f"{stranger}\n")

    assert not postgres.stop(folder)
    os.kill(stranger, 0)


def test_start_after_half_an_initdb(folder: Path) -> None:
    (folder / "data.new" / "base").mkdir(parents=True)
    folder.chmod(0o755)

    server = postgres.start(folder)

    assert postgres.check_database(server.url) == []
    assert not (folder / "data.new").exists()


def test_start_with_the_socket_folder_gone(folder: Path) -> None:
    first = postgres.start(folder)
    first.stop()
    first.socket_folder.rmdir()

    second = postgres.start(folder)

    assert second.socket_folder != first.socket_folder
    assert postgres.check_database(second.url) == []


def test_start_says_why_not(folder: Path) -> None:
    postgres.start(folder).stop()
    (folder / "data" / "local.conf").write_text("no_such_setting = 1\n")

    with pytest.raises(postgres.CannotStart, match=r"no_such_setting|configuration file"):
        postgres.start(folder)


def test_start_refuses_data_of_another_version(folder: Path) -> None:
    postgres.start(folder).stop()
    (folder / "data" / "PG_VERSION").write_text("12\n")

    with pytest.raises(postgres.CannotStart, match=r"are PostgreSQL 12's and the programs in .* are"):
        postgres.start(folder)
