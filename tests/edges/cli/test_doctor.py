"""The doctor, with settings, files and rows broken one at a time."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone
from tests.factories.district import DemoDistrict

from linli.edges.cli.commands import commands
from linli.edges.cli.doctor.command import terminal_language
from linli.edges.words import doctor as words_of_doctor
from linli.edges.words.doctor import CODES, say_finding
from linli.kernel.ids import new_id
from linli.ledger.commands.actions import queue_message
from linli.ledger.commands.models import OutboxMessage
from linli.ledger.facts.actions import seal_new
from linli.registry.people.models import Login
from linli.registry.territory.queries import served_districts

Broken = Callable[[Any, Path], None]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["doctor", *arguments])


def ills(*arguments: str) -> set[str]:
    said = run("--json", *arguments)
    found = {row["code"] for row in json.loads(said.output) if not row["is_well"]}
    assert said.exit_code == (1 if found else 0)
    return found


@pytest.fixture
def healthy(district: DemoDistrict, settings: Any, tmp_path: Path) -> Any:
    """Set up an installation in operation, as it should be."""
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    (keys / "personal-data.key").write_bytes(b"k" * 32)
    (keys / "personal-data.key").chmod(0o600)
    (tmp_path / "last-backup.json").write_text(
        json.dumps({"made_at": (timezone.now() - timedelta(hours=3)).isoformat(), "path": "/elsewhere/backup.tar"})
    )
    settings.DATA, settings.DEBUG, settings.IS_DEMO = tmp_path, False, False
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, is_demo=False, database_url="postgresql:///named")
    settings.SECRET_KEY = "0123456789abcdef" * 4
    settings.ALLOWED_HOSTS = ["linli.example.org"]
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECOND_FACTOR_REQUIRED = True
    settings.TRUSTED_PROXIES = frozenset({"127.0.0.1"})
    for code in served_districts():  # the worker has done what the district's making left, however long ago that was
        seal_new(district_id=code, at=timezone.now())
        OutboxMessage.objects.filter(district_id=code).update(delivered_at=timezone.now())
    Login.objects.update(is_demo=False)
    for number, login in enumerate(Login.objects.order_by("username")):
        login.password = make_password(f"made-up-{number}-2026")
        login.save()
    return settings


@pytest.fixture(autouse=True)
def _owner_may_change_all(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Let the tests' role, which owns the tables, pass for the application's; one test looks at the real one."""
    if "real_role" not in request.fixturenames:
        monkeypatch.setattr("linli.edges.cli.doctor.database.changeable_tables", lambda *_: [])


@pytest.fixture
def real_role() -> None:
    """Keep the question to the database as it is."""


def test_doctor_finds_nothing_in_a_healthy_installation(healthy: Any) -> None:
    said = run("--language", "en")

    assert said.exit_code == 0, said.output
    assert "BAD" not in said.output


def _file(name: str, mode: int) -> Broken:
    def break_it(_settings: Any, data: Path) -> None:
        (data / name).touch()
        (data / name).chmod(mode)

    return break_it


def _set(**values: object) -> Broken:
    return lambda settings, _data: [setattr(settings, name, value) for name, value in values.items()] and None


def _environment(**values: Any) -> Broken:
    return lambda settings, _data: setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, **values))


def _backup(hours: int) -> Broken:
    made_at = (timezone.now() - timedelta(hours=hours)).isoformat()
    text = json.dumps({"made_at": made_at, "path": "/elsewhere"})
    return lambda _settings, data: (data / "last-backup.json").write_text(text) and None


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (_set(DEBUG=True), "debug"),
        (_set(SECRET_KEY="short"), "secret_key"),
        (_set(SECRET_KEY="ab" * 40), "secret_key"),
        (_set(ALLOWED_HOSTS=["*"]), "any_host"),
        (_set(ALLOWED_HOSTS=[".example.org"]), "any_host"),
        (_set(ALLOWED_HOSTS=["127.0.0.1", "localhost"]), "no_host"),
        (_set(SESSION_COOKIE_SECURE=False), "cookies"),
        (_set(CSRF_COOKIE_SECURE=False), "cookies"),
        (_set(SECURE_HSTS_SECONDS=0), "cookies"),
        (_set(TRUSTED_PROXIES=frozenset()), "proxy"),
        (_set(SECOND_FACTOR_REQUIRED=False), "second_factor"),
        (_environment(is_demo=True, bind="0.0.0.0"), "demo_folder"),  # noqa: S104 - that is what is broken
        (_file("keys/personal-data.key", 0o644), "mode"),
        (_file("keys/digest.key", 0o640), "mode"),
        (_file("demo-password", 0o604), "mode"),
        (_backup(27), "backup_age"),
        (lambda _settings, data: (data / "last-backup.json").unlink(), "no_backup"),
    ],
)
def test_doctor_names_what_is_broken(healthy: Any, tmp_path: Path, break_it: Broken, code: str) -> None:
    break_it(healthy, tmp_path)

    assert ills() == {code}


def test_doctor_on_an_address_of_the_network_without_a_proxy(healthy: Any) -> None:
    healthy.TRUSTED_PROXIES = frozenset()
    healthy.ENVIRONMENT = replace(healthy.ENVIRONMENT, bind="0.0.0.0")  # noqa: S104

    assert ills() == {"proxy", "bind"}


def test_doctor_sees_a_full_disk(healthy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = SimpleNamespace(total=100 * 2**30, used=97 * 2**30, free=3 * 2**30)
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage)

    assert ills() == {"disk"}


def test_doctor_sees_a_clock_that_was_set_back(healthy: Any, district: DemoDistrict) -> None:
    district.open_case_in()
    seal_new(district_id=district.id, at=timezone.now() + timedelta(hours=1))

    assert "clock_set_back" in ills()


def test_doctor_sees_another_time_in_the_database(healthy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    late = timezone.now() + timedelta(seconds=9)
    monkeypatch.setattr("linli.edges.cli.doctor.machine.clock_of_database", lambda: late)

    assert ills() == {"clock"}


def test_doctor_sees_a_worker_that_does_not_run(healthy: Any, district: DemoDistrict) -> None:
    long_ago = timezone.now() - timedelta(minutes=30)
    queue_message(district_id=district.id, kind="case.opened", subject_id=new_id(), at=long_ago)

    assert ills() == {"worker"}


def test_doctor_sees_a_missing_migration(healthy: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'cases' AND name LIKE '0001%'")

    assert ills() == {"migrations"}


def test_doctor_sees_tables_of_a_newer_version(healthy: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '9999_later', now())")

    assert ills() == {"newer_tables"}


def test_doctor_sees_a_role_that_owns_the_tables(healthy: Any, real_role: None) -> None:
    assert ills() == {"append_only"}


def test_doctor_sees_a_database_that_does_not_answer(healthy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = "postgresql://127.0.0.1:1/none"
    monkeypatch.setattr("linli.edges.cli.doctor.database.connection_string", lambda: nowhere)

    assert ills() == {"database_unreachable"}


def test_doctor_sees_demo_accounts(healthy: Any) -> None:
    Login.objects.filter(username__contains="grid_worker").update(is_demo=True)

    assert ills() == {"demo_accounts"}


def test_doctor_sees_passwords_that_several_share(healthy: Any, district: DemoDistrict) -> None:
    handed_out = make_password("Handed-out-2026")
    Login.objects.filter(username__contains="grid_").update(password=handed_out)

    assert ills() == {"shared_passwords"}


@pytest.mark.parametrize("password", ["admin123", "linli", "demo's own", "its own name"])
def test_doctor_sees_a_well_known_password_of_an_administrator(
    healthy: Any, district: DemoDistrict, tmp_path: Path, password: str
) -> None:
    name = district.username("security_admin")
    (tmp_path / "demo-password").write_text("demo's own\n")
    (tmp_path / "demo-password").chmod(0o600)
    own = name if password == "its own name" else password
    Login.objects.filter(username=name).update(password=make_password(own))

    assert ills() == {"default_passwords"}
    assert name in run("--language", "zh-hans").output


def test_doctor_lets_a_trial_on_this_machine_be_laxer(healthy: Any) -> None:
    healthy.ENVIRONMENT = replace(healthy.ENVIRONMENT, is_demo=True, bind="127.0.0.1")
    healthy.SESSION_COOKIE_SECURE = healthy.CSRF_COOKIE_SECURE = False
    healthy.ALLOWED_HOSTS, healthy.TRUSTED_PROXIES = ["127.0.0.1"], frozenset()
    healthy.SECOND_FACTOR_REQUIRED = False
    Login.objects.update(is_demo=True)

    assert ills() == set()
    assert ills("--production") == {"no_host", "cookies", "proxy", "demo_folder", "demo_accounts", "second_factor"}


@pytest.mark.parametrize(
    ("said", "language"), [("zh_CN.UTF-8", "zh-hans"), ("ZH", "zh-hans"), ("C.UTF-8", "en"), ("", "en")]
)
def test_terminal_language(said: str, language: str) -> None:
    assert terminal_language(said) == language


def test_doctor_speaks_chinese(healthy: Any) -> None:
    healthy.DEBUG = True

    line = next(line for line in run("--language", "zh-hans").output.splitlines() if line.startswith("BAD"))

    assert "LINLI_DEBUG" in line
    assert "调试" in line


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_finding_has_words(code: str) -> None:
    names = re.findall(r"%\((\w+)\)s", Path(words_of_doctor.__file__).read_text())
    params = dict.fromkeys(names, "x")
    words = {say_finding(code, is_well=True, params=params)[0], say_finding(code, is_well=False, params=params)[0]}

    assert words - {""}
