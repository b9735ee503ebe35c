"""Serving, working, migrating, stopping."""

import os
import resource
import signal
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from linli.edges.live.ending import END_STREAMS
from linli.kernel import postgres
from linli.kernel.db.grants import grant_application_role

APPLICATION_ROLE = "linli"
# Requests a process takes at a time. Streams stay open, so it has to be more than all that may watch (`edges/live`), or
# nobody else gets an answer once so many do; the server's own default is 1,024.
AT_ONCE = 8192
# How long answers on their way may take once the server is told to end; systemd waits 30 s.
LAST_ANSWERS_S = 15
_FILES = 2 * AT_ONCE


@click.command()
@click.option("--workers", default=1, show_default=True, help="Processes that answer.")
def serve(workers: int) -> None:
    """Answer requests at LINLI_BIND and PORT."""
    with TemporaryDirectory(prefix="linli-metrics-") as shared:
        if workers > 1:  # their counters add up in files; named before any of them imports the client
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = shared
        _serve(workers)


class _Server(MPServer):
    """Tells its processes to end their streams before they are to end: they wait for each answer to be whole."""

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        """Follow SIGTERM and SIGINT."""
        for each in self.wrks:
            with suppress(ProcessLookupError):
                os.kill(each.inner.pid, END_STREAMS)
        super().signal_handler_interrupt(*args, **kwargs)  # type: ignore[no-untyped-call]  # Granian says no types


def _serve(workers: int) -> None:
    environment = settings.ENVIRONMENT
    _may_open(_FILES)
    signal.signal(END_STREAMS, signal.SIG_IGN)  # inherited, until they listen to it
    _Server(
        "linli.config.asgi:application",
        address=environment.bind,
        port=environment.port,
        interface=Interfaces.ASGI,
        workers=workers,
        workers_kill_timeout=LAST_ANSWERS_S,
        backpressure=AT_ONCE,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


def _may_open(files: int) -> None:
    """Let this process and those it starts hold so many files and connections, or as many as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = files if hard == resource.RLIM_INFINITY else min(files, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


@click.command()
@click.option("--concurrency", default=2, show_default=True, help="Jobs at a time.")
def worker(concurrency: int) -> None:
    """Do jobs: seal facts, deliver messages, close what was verified long enough, wipe what nobody attached."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        message = "procrastinate is set up for another connector than Django's"
        raise TypeError(message)
    with app.replace_connector(connector.get_worker_connector()) as working:
        working.run_worker(concurrency=concurrency, install_signal_handlers=True, listen_notify=True)


@click.command()
def migrate() -> None:
    """Bring the tables up to date, as the role that owns them, and give the application's role its rights."""
    bring_up_to_date()
    click.echo("The tables are up to date.")


def bring_up_to_date() -> None:
    """Migrate, and give the application's role its rights on what there is now."""
    call_command("migrate", verbosity=0, interactive=False)
    if settings.DATABASES["default"]["USER"] != APPLICATION_ROLE:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION_ROLE])
            has_role = cursor.fetchone() is not None
        if has_role:
            grant_application_role(connection, APPLICATION_ROLE)


@click.command()
def stop() -> None:
    """Stop an embedded database that a killed program left behind."""
    was_running = postgres.stop(Path(settings.DATA) / "postgres")
    click.echo("Stopped." if was_running else "None runs.")
