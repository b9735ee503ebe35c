"""The command `linli`: finds or starts the database, sets Django up, hands over to the commands."""

import os
import sys
from contextlib import ExitStack
from importlib import import_module

import click

from linli.config.environment import BadEnvironment, data_folder
from linli.kernel import postgres
from linli.kernel.errors import LinliError

# Commands that need a database; `up` starts its own, the others look at it from outside.
_WITH_DATABASE = frozenset(
    {
        "serve",
        "worker",
        "migrate",
        "demo",
        "ledger",
        "export",
        "registry",
        "token",
        "keys",
        "retention",
        "backup",
        "restore",
    }
)
# Commands that read or make tables as a whole: as the role that owns them.
_AS_OWNER = frozenset({"migrate", "demo", "backup", "restore"})
_USER_ERROR = 2


def main() -> None:
    """Run a command; what a user did wrong is told on one line, exit code 2, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings.base")
    os.environ.setdefault("PGAPPNAME", f"linli {' '.join(sys.argv[1:2])} {os.getpid()}")  # names us in the database
    try:
        with ExitStack() as stack:
            _open_database(sys.argv[1:], stack)
            _commands().main(prog_name="linli", standalone_mode=False)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(_USER_ERROR)
    except (BadEnvironment, postgres.PostgresError) as error:
        click.echo(f"linli: {error}", err=True)
        sys.exit(_USER_ERROR)
    except LinliError as error:
        click.echo(f"linli: {import_module('linli.edges.words.errors').say_error(error)} ({error})", err=True)
        sys.exit(_USER_ERROR)


def _open_database(arguments: list[str], stack: ExitStack) -> None:
    """Start the embedded server if no other is named and the command needs one; stop it again if we started it."""
    command = next((word for word in arguments if not word.startswith("-")), "")
    if command == "doctor" and not os.environ.get("DATABASE_URL"):
        _name_running_database()
    asks_for_help = bool({"-h", "--help"} & set(arguments))
    if command not in _WITH_DATABASE or asks_for_help or os.environ.get("DATABASE_URL"):
        return
    server = postgres.start(data_folder(os.environ) / "postgres", say=lambda line: click.echo(line, err=True))
    if not server.was_adopted:
        stack.callback(server.stop)
    os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = server.url, server.owner_url


def _name_running_database() -> None:
    """Let `doctor` ask an embedded server that runs, as the application's role; it starts none."""
    found = postgres.status(data_folder(os.environ) / "postgres")
    if found.is_answering:
        os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = found.url, found.owner_url


def _commands() -> click.Group:
    """Set Django up and load the commands, which know its models through actions and queries."""
    import django

    if _AS_OWNER & {*sys.argv[1:2]}:
        os.environ["DATABASE_URL"] = os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL", "")
    django.setup()
    group: click.Group = import_module("linli.edges.cli.commands").commands
    return group
