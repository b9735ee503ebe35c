"""`linli demo load`."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from django.conf import settings
from django.db.utils import ProgrammingError
from django.utils import timezone

from linli.edges.cli.demo.catalogue import DISTRICTS
from linli.edges.cli.demo.loading import Wanted, load_demo
from linli.edges.cli.demo.places import DEFAULT_SEED
from linli.edges.cli.progress import Progress

_LOCAL = ZoneInfo("Asia/Shanghai")


@click.group()
def demo() -> None:
    """Try Linli with a district of real places, plainly invented people and cases."""


@demo.command()
@click.option("--district", type=click.Choice(sorted(DISTRICTS)), default="210106", show_default=True)
@click.option("--scale", type=click.Choice(["small", "real"]), default="real", show_default=True)
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="The same seed and instant give the same rows.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="The present of the demo.")
def load(district: str, scale: str, seed: int, as_of: datetime | None) -> None:
    """Load the demo, unless there is one."""
    at = as_of.replace(tzinfo=_LOCAL) if as_of else timezone.localtime()
    data = Path(settings.DATA)
    try:
        is_loaded = load_demo(Wanted(district, scale, seed, at), data=data, progress=Progress())
    except ProgrammingError as error:
        message = "The database has no tables yet: run `linli migrate` first."
        raise click.ClickException(message) from error
    if is_loaded:
        (data / "demo").write_text(f"{district} {scale} {seed} {at.isoformat()}\n")
        click.echo("The demo is loaded.")
