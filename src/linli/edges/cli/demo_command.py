"""`linli demo`: load it, and look whether what was loaded stands as single writes would have left it."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from django.conf import settings
from django.db.utils import ProgrammingError
from django.utils import timezone

from linli.cases.actions.checking import check_cases
from linli.edges.cli.demo.catalogue import DISTRICTS
from linli.edges.cli.demo.loading import SCALES, learn_demo, load_demo, play_reviews, play_visits, wanted_demo
from linli.edges.cli.demo.places import DEFAULT_SEED
from linli.edges.cli.progress import Progress
from linli.edges.cli.running import bring_up_to_date
from linli.registry.territory.queries import served_districts

_LOCAL = ZoneInfo("Asia/Shanghai")


@click.group()
def demo() -> None:
    """Try Linli with a district of real places, plainly invented people and cases."""


@demo.command()
@click.option("--district", type=click.Choice(sorted(DISTRICTS)), default="210106", show_default=True)
@click.option("--scale", type=click.Choice(list(SCALES)), default="real", show_default=True)
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="The same seed and instant give the same rows.")
@click.option("--migrate", "is_migrated", is_flag=True, help="Bring the tables up to date first.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="The present of the demo.")
def load(district: str, scale: str, seed: int, as_of: datetime | None, *, is_migrated: bool) -> None:
    """Load the demo, unless there is one."""
    if is_migrated:
        bring_up_to_date()
    at = as_of.replace(tzinfo=_LOCAL) if as_of else timezone.localtime()
    data = Path(settings.DATA)
    try:
        wanted = wanted_demo(district=district, scale=scale, seed=seed, as_of=at)
        is_loaded = load_demo(wanted, data=data, progress=Progress())
    except ProgrammingError as error:
        message = "The database has no tables yet: run `linli migrate` first."
        raise click.ClickException(message) from error
    if is_loaded:
        play_reviews(wanted, progress=Progress())
        play_visits(wanted, progress=Progress())
        if not SCALES[scale].has_all:  # a million is for measuring; it is learned from at night
            learn_demo(wanted, progress=Progress())
        (data / "demo").write_text(f"{district} {scale} {seed} {at.isoformat()}\n")
        click.echo("The demo is loaded.")


@demo.command()
@click.option("--sample", default=2000, show_default=True, help="Cases a district of which all is computed anew.")
def check(sample: int) -> None:
    """Check all cases of all districts; exit code 1 names what is wrong. About a minute a million cases."""
    is_sound = True
    for district in served_districts():
        found = check_cases(district_id=district, sample=sample, at=timezone.now())
        is_sound &= not found.faults
        click.echo(f"{district} {'sound' if not found.faults else 'NOT SOUND'}: {found.cases} cases, "
                   f"{found.sampled} of them computed anew")  # fmt: skip
        for fault in found.faults:
            click.echo(f"  {fault.kind}: {fault.count}, as in case {fault.case_id}")
    if not is_sound:
        raise click.exceptions.Exit(1)
