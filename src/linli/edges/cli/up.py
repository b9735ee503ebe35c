"""`linli up`: everything that a machine needs to run Linli, started and stopped together."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import click
from django.conf import settings

from linli.kernel import postgres

_STOP_WAIT_S = 10.0


@click.command()
@click.option("--district", default="210106", show_default=True, help="District of the demo.")
@click.option("--scale", type=click.Choice(["small", "real"]), default="real", show_default=True)
@click.option("--no-demo", is_flag=True, help="Start empty.")
def up(district: str, scale: str, *, no_demo: bool) -> None:
    """Start the database, the server and the worker, with the demo on the first start; Ctrl-C stops all of it."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _leave)
    server = None
    children: list[subprocess.Popen[bytes]] = []
    try:
        if not settings.ENVIRONMENT.database_url:
            server = postgres.start(Path(settings.DATA) / "postgres", say=click.echo)
            os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = server.url, server.owner_url
        if no_demo:
            _run("migrate", quiet=True)
        else:
            _run("demo", "load", "--migrate", "--district", district, "--scale", scale)
        children += [_start("serve"), _start("worker")]
        _say_addresses()
        _watch(children)
    except _Leaving:
        click.echo("\nStopping …")
    finally:
        _stop(children)
        if server is not None:
            server.stop()


class _Leaving(Exception):
    """Somebody asked us to stop."""


def _leave(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise _Leaving


def _program() -> list[str]:
    """Name our own command, so that children are the same installation."""
    beside = Path(sys.executable).with_name("linli")
    return [str(beside)] if beside.exists() else [shutil.which("linli") or "linli"]


def _run(*arguments: str, quiet: bool = False) -> None:
    done = subprocess.run([*_program(), *arguments], check=False, stdout=subprocess.DEVNULL if quiet else None)  # noqa: S603 - our own command
    if done.returncode:
        message = f"`linli {' '.join(arguments)}` failed, see above."
        raise click.ClickException(message)


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    """Start a child in a group of its own: Ctrl-C reaches us alone, and we end children in order."""
    return subprocess.Popen([*_program(), *arguments], process_group=0)  # noqa: S603 - our own command


def _watch(children: list[subprocess.Popen[bytes]]) -> None:
    while True:
        for child in children:
            if child.poll() is not None:
                message = f"{child.args!r} ended with code {child.returncode}."
                raise click.ClickException(message)
        time.sleep(0.2)


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + _STOP_WAIT_S
    for child in children:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _say_addresses() -> None:
    root = f"http://{settings.ENVIRONMENT.bind}:{settings.ENVIRONMENT.port}"
    password = Path(settings.DATA) / "demo-password"
    click.echo(f"\n  Residents       {root}/\n  Staff           {root}/desk/\n  Leaders         {root}/cockpit/")
    click.echo(f"  Map             {root}/map/\n  API             {root}/api/v1/docs")
    if password.exists():
        click.echo(f"\n  Demo accounts   {root}/desk/login/ lists them; password {password.read_text().strip()}")
    click.echo("\n  Ctrl-C stops everything.\n")
