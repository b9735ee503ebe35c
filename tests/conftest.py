"""The room all tests run in: a database of our own, no network, nothing left over from the test before."""

import fcntl
import gc
import os
import random
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.template.base import Template
from django.test import TransactionTestCase
from django.test.utils import _TestState
from hypothesis import settings as trying
from pytest_django import DjangoDbBlocker, Settings
from tests.factories.databases import Filled, TablesOfAll, copied_out, empty_tables
from tests.factories.district import DemoDistrict, made_district, make_district
from xdist.scheduler.loadscope import LoadScopeScheduling
from xdist.workermanage import WorkerController

from linli.config.settings.database import database
from linli.edges import limits
from linli.kernel import postgres
from linli.kernel.postgres.binaries import version_of

ROOT = Path(__file__).resolve().parents[1]
_TOGETHER = (
    "tests/journeys/",
    "tests/upgrade/",
    "tests/edges/cli/demo/test_demo_p",
    "tests/edges/cli/demo/test_demo_stories",
)
_LOOPBACK = ("127.", "::1", "localhost")
# How long one made-up example takes says more about the machine than about the code.
trying.register_profile("patient", deadline=None)
trying.load_profile("patient")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded server where no DATABASE_URL names one: once, by the controller, for all its workers.

    Django's settings were read before this file, so the address is put into them; workers inherit the variable.
    """
    if hasattr(config, "workerinput"):
        return
    # Some hundred programs are started: each would read all of Linli from its source, where bytecode may not be kept.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if not config.option.basetemp:
        # Under the usual one no database lives long: another run closes it to all users but the one it runs as.
        config.option.basetemp = tempfile.mkdtemp(prefix="linli-tests-")
        config.add_cleanup(lambda: shutil.rmtree(config.option.basetemp, ignore_errors=True))
    if os.environ.get("DATABASE_URL"):
        return
    major = version_of(postgres.find_binaries()).split(".")[0]
    folder = ROOT / "var" / f"test-postgres-{major}"
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    held = (folder / "test-run.lock").open("w")
    fcntl.flock(held, fcntl.LOCK_EX)  # two runs at once would drop each other's databases: the second one waits
    server = postgres.start(folder)
    _keep_nothing_for_good(folder)
    os.environ["DATABASE_URL"] = server.owner_url
    settings.DATABASES["default"].update(database(server.owner_url) | {"OPTIONS": {}})
    config.add_cleanup(lambda: (server.stop(), held.close()))


def _keep_nothing_for_good(folder: Path) -> None:
    """Spare the server waiting for the disk: what it holds is made anew with each run, and tables are emptied often."""
    state = postgres.status(folder)
    (state.data / "local.conf").write_text("fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n")
    if state.pid is not None:
        os.kill(state.pid, signal.SIGHUP)  # read your settings again


class JourneysTogether(LoadScopeScheduling):
    """Send all journeys to one worker, for they share one running program, and any other test to whoever is free.

    Those of the upgrade and of the demo stay together too, for they share what they restored and drew.

    Takes the place of `--dist loadgroup`, whose marks on ids pytest 9.2 does not read any more.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in _TOGETHER if nodeid.startswith(folder)), nodeid)

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        """Forget what is done: with each test all that a worker was ever given is counted."""
        super().mark_test_complete(node, item_index, duration)
        given, scope = self.assigned_work[node], self._split_scope(self.registered_collections[node][item_index])
        if all(given[scope].values()):
            del given[scope]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left alone with it; journeys end with the one that kills."""
    items.sort(key=lambda item: (not item.nodeid.startswith(_TOGETHER), "journeys/test_crash.py" in item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Share the tests out among the workers."""
    return JourneysTogether(config, log)


_FILLED = Filled()
_TO_TELL: list[Any] = []


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Turn to the database that a test asks for by its fixtures, before any of them opens a transaction."""
    _FILLED.turn(is_wanted="filled" in getattr(item, "fixturenames", ()))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays to the end: thousands of tests and all of Django."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse any way out of this machine."""
    connect = socket.socket.connect

    def checked(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(_LOOPBACK):
            raise AssertionError(f"a test reaches for the network: {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", checked)
        yield


@pytest.fixture(scope="session", autouse=True)
def _plain_templates(django_test_environment: None) -> None:
    """Render as in service: Django's tests copy the context of each part of each page; see `contexts`."""
    _TO_TELL.append(Template._render)  # type: ignore[attr-defined]
    Template._render = _TestState.saved_data.template_render  # type: ignore[attr-defined]


@pytest.fixture
def contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let answers tell which templates they were made of, and with what: `answer.templates`, `answer.context`."""
    monkeypatch.setattr(Template, "_render", _TO_TELL[0])


@pytest.fixture(scope="session", autouse=True)
def _emptied_quickly() -> Iterator[None]:
    """Empty what a test wrote for good, and nothing else: Django empties all tables, save jobs, and fills two again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables)
        yield


@pytest.fixture(autouse=True)
def _shuffled_querysets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give rows of unordered querysets in any order, so that no test rests on the one that PostgreSQL takes."""
    fetch, chance = QuerySet._fetch_all, random.Random(11)  # noqa: S311 - no secret

    def shuffled(self: "QuerySet[Any]") -> None:
        is_new = self._result_cache is None
        fetch(self)
        if is_new and not self.ordered and self._result_cache:
            chance.shuffle(self._result_cache)

    monkeypatch.setattr(QuerySet, "_fetch_all", shuffled)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Forget what a process keeps between requests: limits of callers, and rulebooks.

    Calendars and places stay: they are kept by ids that are made anew with every change, and dear to read.
    """
    from linli.cases.queries.rulebooks import _rulebooks

    for limit in limits.ALL:
        limit.forget()
    _rulebooks.cache_clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[TablesOfAll]:
    """Wait for whichever worker makes the tables, and copy its: making them takes ten times as long."""
    run = tmp_path_factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else None
    tables = TablesOfAll(run)
    tables.wait()
    yield tables
    with django_db_blocker.unblock():
        tables.drop()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_modify_db_settings: TablesOfAll, django_db_blocker: DjangoDbBlocker
) -> None:
    """Leave a copy of the tables to the other workers, if this is the one that made them."""
    with django_db_blocker.unblock():
        django_db_modify_db_settings.leave()


@pytest.fixture(scope="session")
def filled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make a database that holds the small district for good, beside the empty one; see `pytest_runtest_setup`."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            make_district()  # what a sequence gave stays given in both
            transaction.set_rollback(True)
        _FILLED.make()
        with transaction.atomic():
            make_district()
        before = copied_out()
    yield
    with django_db_blocker.unblock():
        _FILLED.turn(is_wanted=True)
        after = copied_out()
        _FILLED.drop()
    assert after == before, "a test left something in the district that all share: let it take committed_district"


@pytest.fixture
def district(filled: None, db: None) -> DemoDistrict:
    """Give the small district of `factories/district.py`, in a transaction that is rolled back."""
    assert connection.in_atomic_block, "what writes for good takes committed_district"
    return made_district()


@pytest.fixture
def committed_district(transactional_db: None) -> DemoDistrict:
    """Make the small district for real, for tests with several connections; the tables are emptied afterwards."""
    return make_district()


@pytest.fixture
def own_keys(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """Let a test change keys: it gets copies, so that rows made before can be read, and nobody else sees the change."""
    from linli.kernel import crypto

    crypto.encrypt("made, if none is there", purpose="test")
    crypto.keyed_digest("this one too", purpose="test")
    shared, mine = crypto.key_path(0).parent, tmp_path / "keys"
    shutil.copytree(shared, mine)
    settings.DATA = tmp_path
    crypto.forget_keys()
    yield mine
    crypto.forget_keys()
