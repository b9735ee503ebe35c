"""A backup taken of the test database comes back in another one, by the commands as an operator types them."""

import json
import os
import signal
import subprocess
import tarfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.utils import timezone
from tests.factories.district import DemoDistrict
from tests.factories.elsewhere import LINLI, Elsewhere, another_database, own_name

from linli.edges.cli.backup.writing import write_backup
from linli.edges.cli.progress import Progress
from linli.kernel.db.census import count_rows
from linli.ledger.facts.actions import seal_new
from linli.ledger.facts.queries import last_seals

NAME = "linli_restored"
OTHER = own_name(NAME)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def elsewhere(committed_district: DemoDistrict, tmp_path: Path) -> Iterator[Elsewhere]:
    """Make an empty database beside the one of the tests."""
    with another_database(NAME, tmp_path / "elsewhere") as made:
        yield made


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    """Make a data folder with a photo, a key and what does not belong into a backup."""
    folder = tmp_path / "here"
    for name, text in {
        "files/210106/aa/1.jpg": "a photo", "keys/personal-data.key": "k" * 32, "keys/digest.key": "d" * 32,
        "postgres/starting.lock": "", "postgres/data/PG_VERSION": "18", "demo": "210106 small",
    }.items():  # fmt: skip
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o600)
    settings.DATA = folder
    return folder


@pytest.fixture
def made(committed_district: DemoDistrict, data: Path, tmp_path: Path) -> Path:
    """Make a backup of a district with sealed and unsealed facts."""
    committed_district.open_case_in()
    seal_new(district_id=committed_district.id, at=timezone.now())
    committed_district.open_case_in()
    return back_up(tmp_path / "backup.tar")


def back_up(target: Path, at: datetime | None = None) -> Path:
    return write_backup(target, at=at or timezone.localtime(), progress=Progress(is_quiet=True)).path


def damaged(path: Path, *, at: int) -> Path:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    other = path.with_name("damaged.tar")
    other.write_bytes(content)
    return other


def test_restore_brings_back_rows_seals_photos_and_keys(made: Path, elsewhere: Elsewhere, data: Path) -> None:
    done = elsewhere.run("restore", str(made))

    assert done.returncode == 0, done.stderr
    assert "210106 sound: 1 seals over" in done.stdout
    seal = last_seals()[0]
    assert elsewhere.ask("SELECT number, chain, root FROM facts_seal") == [(seal.number, seal.chain, seal.root)]
    assert elsewhere.ask("SELECT count(*) FROM cases_case") == [(count_rows()["cases_case"],)] == [(2,)]
    kept = {path.relative_to(elsewhere.data).as_posix() for path in elsewhere.data.rglob("*") if path.is_file()}
    assert kept == {"files/210106/aa/1.jpg", "keys/personal-data.key", "keys/digest.key", "demo"}
    assert (elsewhere.data / "keys" / "personal-data.key").stat().st_mode & 0o777 == 0o600


def test_backup_is_closed_to_others_and_leaves_word(made: Path, data: Path) -> None:
    assert made.stat().st_mode & 0o777 == 0o600
    assert json.loads((data / "last-backup.json").read_text())["path"] == str(made)
    assert [path for path in made.parent.iterdir() if path.name.startswith(".")] == []
    with tarfile.open(made) as tar:
        assert tar.getnames() == [
            "manifest.json", "database.dump", "data/demo", "data/files/210106/aa/1.jpg", "data/keys/digest.key",
            "data/keys/personal-data.key", "end.json",
        ]  # fmt: skip


def test_restore_into_a_system_that_holds_data_asks_for_its_word_twice(made: Path, elsewhere: Elsewhere) -> None:
    assert elsewhere.run("restore", str(made)).returncode == 0
    with psycopg.connect(elsewhere.url, autocommit=True) as changing:
        changing.execute("UPDATE cases_case SET text = 'changed since'")

    for words in ([], ["--yes", OTHER], ["--yes", OTHER, "--yes", "210106"], ["--yes", "yes"] * 2):
        refused = elsewhere.run("restore", str(made), *words)
        assert refused.returncode == 2
        assert f"--yes {OTHER} --yes {OTHER}" in refused.stderr
    assert elsewhere.ask("SELECT DISTINCT text FROM cases_case") == [("changed since",)]

    done = elsewhere.run("restore", str(made), *["--yes", OTHER] * 2)
    assert done.returncode == 0, done.stderr
    assert ("changed since",) not in elsewhere.ask("SELECT DISTINCT text FROM cases_case")


def test_restore_while_somebody_is_connected_asks_for_the_word(made: Path, elsewhere: Elsewhere) -> None:
    with psycopg.connect(elsewhere.url):
        refused = elsewhere.run("restore", str(made))

    assert refused.returncode == 2
    assert "1 open sessions" in refused.stderr
    assert elsewhere.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def test_restore_never_changes_keys_under_a_running_server(made: Path, elsewhere: Elsewhere) -> None:
    assert elsewhere.run("restore", str(made)).returncode == 0
    (elsewhere.data / "keys" / "personal-data.key").write_text("o" * 32)

    with psycopg.connect(elsewhere.url):
        refused = elsewhere.run("restore", str(made), *["--yes", OTHER] * 2)

    assert refused.returncode == 2
    assert "other keys" in refused.stderr
    assert (elsewhere.data / "keys" / "personal-data.key").read_text() == "o" * 32


@pytest.mark.parametrize("place", [0.3, 0.6, 0.95])
def test_restore_of_a_damaged_backup_changes_nothing(made: Path, elsewhere: Elsewhere, place: float) -> None:
    refused = elsewhere.run("restore", str(damaged(made, at=int(made.stat().st_size * place))))

    assert refused.returncode == 2, refused.stdout
    assert elsewhere.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
    assert not (elsewhere.data / "files").exists()


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_restore_of_a_cut_backup_says_so(made: Path, elsewhere: Elsewhere, share: float) -> None:
    cut = made.with_name("cut.tar")
    cut.write_bytes(made.read_bytes()[: int(made.stat().st_size * share)])

    refused = elsewhere.run("restore", str(cut))

    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


def forged(made: Path, **changes: object) -> Path:
    """Write a whole backup whose manifest says something else than its database."""
    from linli.edges.cli.backup.archive import Writer

    other = made.with_name("forged.tar")
    with tarfile.open(made) as tar, other.open("wb") as file:
        writer = Writer(file)
        for member in tar.getmembers()[:-1]:
            content = tar.extractfile(member)
            assert content is not None
            text = content.read()
            if member.name == "manifest.json":
                writer.add_text(member.name, json.dumps(json.loads(text) | changes))
            else:
                copied = made.with_name("copied")
                copied.write_bytes(text)
                writer.add_file(member.name, copied)
        writer.finish()
    return other


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"counts": {"cases_case": 7}}, "rows of cases_case differ from the backup"),
        ({"seals": {"210106": [1, "0" * 64]}}, "seals of district 210106 differ from the backup"),
        ({"migrations": ["cases.9999_from_the_future"]}, "made by a newer Linli"),
        ({"format": 2}, "written in format 2"),
    ],
)
def test_restore_of_what_is_not_as_it_says_undoes_all(
    made: Path, elsewhere: Elsewhere, changes: dict[str, object], said: str
) -> None:
    refused = elsewhere.run("restore", str(forged(made, **changes)))

    assert refused.returncode == 2
    assert said in refused.stderr
    assert elsewhere.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
    assert not (elsewhere.data / "files").exists()


def test_backup_writes_over_nothing(made: Path, elsewhere: Elsewhere) -> None:
    before = made.read_bytes()

    refused = elsewhere.run("backup", str(made))

    assert refused.returncode == 2
    assert made.read_bytes() == before


def test_backup_into_a_folder_keeps_the_newest(made: Path, elsewhere: Elsewhere, tmp_path: Path) -> None:
    assert elsewhere.run("restore", str(made)).returncode == 0
    folder = elsewhere.data / "backups"
    folder.mkdir()
    for name in ("linli-20260101-020000.tar", "linli-20260102-020000.tar", "linli-notes.tar"):
        (folder / name).write_text("older")

    done = elsewhere.run("backup", str(folder), "--keep", "2")

    assert done.returncode == 0, done.stderr
    left = sorted(path.name for path in folder.iterdir())
    assert [left[0], left[-1], len(left)] == ["linli-20260102-020000.tar", "linli-notes.tar", 3]
    with tarfile.open(folder / left[1]) as tar:
        assert not [name for name in tar.getnames() if "backups" in name]


# A PostgreSQL program that writes something and does not come to an end.
NEVER_DONE = """#!/bin/sh
[ "$1" = --version ] && { echo "pg_dump (PostgreSQL) 18.6"; exit; }
for each in "$@"; do case $each in --file=*) echo half > "${each#--file=}";; esac; done
exec sleep 600
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_backup_that_is_interrupted_leaves_no_file(
    made: Path, elsewhere: Elsewhere, tmp_path: Path, number: signal.Signals
) -> None:
    assert elsewhere.run("restore", str(made)).returncode == 0
    folder, programs = tmp_path / "interrupted", tmp_path / "programs"
    folder.mkdir()
    programs.mkdir()
    for name in ("pg_dump", "pg_restore", "psql"):
        (programs / name).write_text(NEVER_DONE)
        (programs / name).chmod(0o755)
    known = os.environ | {"DATABASE_URL": elsewhere.url, "LINLI_DATA": str(elsewhere.data)}
    known |= {"DJANGO_SETTINGS_MODULE": "linli.config.settings.base", "LINLI_PG_BIN": str(programs)}
    program = subprocess.Popen([LINLI, "backup", str(folder)], env=known, stderr=subprocess.DEVNULL)  # noqa: S603
    wait_until(lambda: any(folder.glob(".linli-backup-*/database.dump")))

    program.send_signal(number)

    assert program.wait(120) == 130
    assert list(folder.iterdir()) == []


def wait_until(is_so: Any) -> None:
    until = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_backup_clears_away_what_a_killed_one_left(
    committed_district: DemoDistrict, data: Path, tmp_path: Path
) -> None:
    left = tmp_path / ".linli-backup-killed"
    left.mkdir()
    (left / "backup.tar").write_text("half")

    back_up(tmp_path / "backup.tar")

    assert not left.exists()


def test_password_of_the_database_is_not_on_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from linli.kernel.postgres import dumping

    url = "postgresql://owner:secret@127.0.0.1:5432/linli"

    assert "secret" not in " ".join(dumping._to(url))
    assert dumping._environment(url)["PGPASSWORD"] == "secret"
