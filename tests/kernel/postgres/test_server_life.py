"""Starting, adopting and stopping, on real servers."""

import os
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import psycopg
import pytest

from linli.config.settings.database import database
from linli.kernel import postgres

Launch = Callable[..., "Popen[str]"]
Processes = Callable[[Path], list[int]]


def test_start_new_folder(any_binaries: str, folder: Path) -> None:
    server = postgres.start(folder)

    assert not server.was_adopted
    assert postgres.check_database(server.url) == []
    assert postgres.check_database(server.owner_url) == []
    with psycopg.connect(server.url) as connection:
        row = connection.execute(
            "SELECT current_user, current_database(), current_setting('listen_addresses')"
        ).fetchone()
    assert row == ("linli", "linli", "")


def test_start_again_keeps_rows(any_binaries: str, folder: Path) -> None:
    first = postgres.start(folder)
    with psycopg.connect(first.owner_url) as connection:
        connection.execute("CREATE TABLE note AS SELECT '邻里' AS text")
        connection.execute("GRANT SELECT ON note TO linli")
    first.stop()

    second = postgres.start(folder)

    assert not second.was_adopted
    with psycopg.connect(second.url) as connection:
        assert connection.execute("SELECT text FROM note").fetchall() == [("邻里",)]


def test_start_while_running_adopts(folder: Path) -> None:
    first = postgres.start(folder)

    second = postgres.start(folder)

    assert second.was_adopted
    assert (second.url, second.owner_url, second.version) == (first.url, first.owner_url, first.version)


def test_start_after_program_was_killed_adopts(any_binaries: str, folder: Path, launch: Launch) -> None:
    program = launch(folder, sleep_s=60)
    assert program.stdout is not None
    adopted, pid, _ = program.stdout.readline().split()
    program.kill()
    program.wait()

    server = postgres.start(folder)

    assert (adopted, server.was_adopted) == ("False", True)
    assert postgres.status(folder).pid == int(pid)


def test_start_twice_at_once_gives_one_server(folder: Path, launch: Launch) -> None:
    programs = [launch(folder, sleep_s=0) for _ in range(2)]

    said = [program.communicate(timeout=120)[0].split() for program in programs]

    assert sorted(adopted for adopted, _, _ in said) == ["False", "True"]
    assert {int(pid) for _, pid, _ in said} == {postgres.status(folder).pid}


def test_stop_leaves_no_process(any_binaries: str, folder: Path, processes_in: Processes) -> None:
    server = postgres.start(folder)
    assert len(processes_in(folder)) > 3
    open_session = psycopg.connect(server.url)
    open_session.execute("SELECT 1")

    server.stop()

    open_session.close()
    assert processes_in(folder) == []


def test_stop_of_left_behind_server_says_so(folder: Path, launch: Launch, processes_in: Processes) -> None:
    launch(folder, sleep_s=0).communicate(timeout=120)

    assert [postgres.stop(folder), postgres.stop(folder)] == [True, False]
    assert processes_in(folder) == []


def test_stop_without_any_start(folder: Path) -> None:
    assert not postgres.stop(folder)
    assert not folder.exists()


def test_server_is_out_of_reach_of_ctrl_c(folder: Path) -> None:
    postgres.start(folder)

    pid = postgres.status(folder).pid

    assert pid is not None
    assert os.getsid(pid) == os.getpgid(pid) == pid


def test_status_before_during_and_after(folder: Path) -> None:
    before = postgres.status(folder)
    server = postgres.start(folder)
    during = postgres.status(folder)
    server.stop()
    after = postgres.status(folder)

    assert (before.is_initialised, before.major, before.pid, before.is_answering) == (False, "", None, False)
    assert (during.major, during.is_answering) == (server.version.partition(".")[0], True)
    assert (after.pid, after.is_answering, after.socket_folder) == (None, False, server.socket_folder)


def test_url_is_read_by_settings(folder: Path) -> None:
    server = postgres.start(folder)

    read = database(server.owner_url)

    assert (read["NAME"], read["USER"], read["HOST"]) == ("linli", "linli_owner", str(server.socket_folder))


def test_log_of_the_server_quotes_nothing_that_people_wrote(any_binaries: str, folder: Path) -> None:
    server = postgres.start(folder)
    with psycopg.connect(server.owner_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE note (phone text UNIQUE, short varchar(5))")
        connection.execute("INSERT INTO note VALUES ('13812345678', '')")
        for refused in ("INSERT INTO note VALUES ('13812345678')", "INSERT INTO note VALUES ('', '欧阳测试欧阳测试')",
                        "SELECT '欧阳测试' FROM nowhere", "SELECT '13812345678'::int"):  # fmt: skip
            with pytest.raises(psycopg.Error):
                connection.execute(refused.encode())
        connection.execute("SELECT pg_sleep(1.2), '13812345678'")
    server.stop()

    log = "".join(path.read_text() for path in (postgres.status(folder).data / "log").iterdir())
    assert "duplicate key value" in log
    assert "欧阳" not in log
    assert "INSERT" not in log
    assert "(phone)" not in log
