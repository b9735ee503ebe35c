"""The commands of `linli`, each a thin edge over one action or query."""

import click

from linli.edges.cli.accounts import demo_users, token
from linli.edges.cli.backup.restoring import restore
from linli.edges.cli.backup.writing import backup
from linli.edges.cli.demo_command import demo
from linli.edges.cli.doctor import doctor
from linli.edges.cli.draw import draw
from linli.edges.cli.keys import keys
from linli.edges.cli.ladder import ladder
from linli.edges.cli.ledger import ledger
from linli.edges.cli.registers import export
from linli.edges.cli.registry import registry
from linli.edges.cli.retention import retention
from linli.edges.cli.review import review
from linli.edges.cli.running import migrate, serve, stop, worker
from linli.edges.cli.up import up


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="linli")
def commands() -> None:
    """Linli (邻里): what a city district runs its grass roots on."""


demo.add_command(demo_users)
for command in (
    up,
    serve,
    worker,
    migrate,
    stop,
    doctor,
    demo,
    ledger,
    ladder,
    draw,
    export,
    registry,
    token,
    keys,
    retention,
    review,
    backup,
    restore,
):
    commands.add_command(command)
