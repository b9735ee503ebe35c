"""Tables of an earlier commit, filled by its own code, brought up to date by ours: nothing is lost, all seals hold.

The backups beside this file are made by `tools/upgrade-fixture COMMIT`; the people in them are made up.
"""

import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql
from tests.factories.elsewhere import Elsewhere, another_database

from linli.kernel import postgres

FIXTURES = sorted(Path(__file__).parent.glob("*.tar"))
BEFORE, AFTER = "linli_before_upgrade", "linli_after_upgrade"
# What migrations change on purpose, by table: columns whose values may differ afterwards.
CHANGED_ON_PURPOSE: dict[str, set[str]] = {
    "people_role": {"verbs"},
    "cases_case": {"address", "place", "search"},
    "cases_reporter": {"phone_index"},
}
# Tables into which migrations put rows of their own.
GROWN_ON_PURPOSE = {"people_role", "cases_rulebook"}
OF_DJANGO = {"django_migrations", "django_content_type", "auth_permission"}
_CONTACTS = """
import django; django.setup()
from linli.cases.models import Reporter
from linli.kernel.crypto import decrypt
print(sorted(decrypt(each.phone, purpose="reporter.phone") for each in Reporter.objects.all() if each.phone))
"""
pytestmark = pytest.mark.usefixtures("django_db_setup")


@pytest.fixture(scope="module", params=FIXTURES, ids=lambda path: path.stem)
def backup(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture(scope="module")
def before(backup: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    """Load the tables as they were."""
    folder = tmp_path_factory.mktemp("before")
    with another_database(BEFORE, folder) as there, tarfile.open(backup) as tar:
        tar.extract("database.dump", folder, filter="data")
        postgres.load_database(
            there.url, folder / "database.dump", is_emptied=False, checks="", on_bytes=lambda _bytes: None
        )
        yield there


@pytest.fixture(scope="module")
def after(backup: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    """Restore the backup, which brings the tables up to date."""
    with another_database(AFTER, tmp_path_factory.mktemp("after")) as there:
        done = there.run("restore", str(backup))
        assert done.returncode == 0, done.stderr
        yield there


def manifest(backup: Path) -> dict[str, Any]:
    with tarfile.open(backup) as tar:
        file = tar.extractfile("manifest.json")
        assert file is not None
        said: dict[str, Any] = json.load(file)
        return said


def rows(there: Elsewhere, table: str, columns: list[str]) -> list[str]:
    named = sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    question = sql.SQL("SELECT t::text FROM (SELECT {} FROM {}) t").format(named, sql.Identifier(table))
    return sorted(row[0] for row in there.ask(question.as_string(None)))


def columns_of(there: Elsewhere) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    asked = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
    for table, column in there.ask(asked):
        found.setdefault(table, []).append(column)
    return found


def test_fixture_is_older_than_the_program(backup: Path, after: Elsewhere) -> None:
    assert FIXTURES
    migrations = {f"{app}.{name}" for app, name in after.ask("SELECT app, name FROM django_migrations")}

    assert migrations > set(manifest(backup)["migrations"])


def test_every_row_is_what_it_was(backup: Path, before: Elsewhere, after: Elsewhere) -> None:
    now = columns_of(after)
    for table, columns in columns_of(before).items():
        if table in OF_DJANGO or table not in manifest(backup)["counts"]:
            continue
        same = [name for name in columns if name not in CHANGED_ON_PURPOSE.get(table, set())]
        assert set(same) <= set(now[table]), table
        then, there = rows(before, table, same), rows(after, table, same)
        if table in GROWN_ON_PURPOSE:
            there = [row for row in there if row in set(then)]
        assert then == there, table


def test_seals_are_those_of_then_and_hold(backup: Path, after: Elsewhere) -> None:
    seals = after.ask("SELECT number, chain FROM facts_seal WHERE district_id = '210106' ORDER BY number DESC LIMIT 1")
    verified = after.run("ledger", "verify")

    assert [list(row) for row in seals] == [manifest(backup)["seals"]["210106"]]
    assert verified.returncode == 0
    assert "sound: 2 seals over" in verified.stdout


def test_contacts_are_read_with_the_keys_of_then(after: Elsewhere) -> None:
    told = subprocess.run(  # noqa: S603
        [sys.executable, "-c", _CONTACTS], env=after.variables, check=True, capture_output=True, text=True
    ).stdout

    assert told.strip() == str([f"138000000{number:02d}" for number in range(6)])


def test_cases_of_then_are_listed_and_go_on(after: Elsewhere, tmp_path: Path) -> None:
    written = tmp_path / "cases.csv"
    done = after.run("export", "cases", "--as", "district_dispatcher", "--format", "csv", "--output", str(written),
                     "--since", "2026-11-01", "--until", "2026-12-31")  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert written.read_text("utf-8-sig").count("单元门口水管爆裂") == 9
