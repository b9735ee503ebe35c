"""`linli retention`: is anything kept longer than declared, and wiping it now instead of at night."""

import click
from django.utils import timezone

from linli.oversight.privacy.actions.retention import apply_retention
from linli.oversight.privacy.queries.retention import list_terms
from linli.registry.territory.queries import served_districts


@click.group()
def retention() -> None:
    """Personal data past their declared time."""


@retention.command()
def check() -> None:
    """Count what is past its time, of each kind; exit code 1 if there is any."""
    past_due = 0
    for code in served_districts():
        for row in list_terms(district_id=code, at=timezone.now()):
            past_due += row.past_due
            click.echo(f"{code} {row.code}, {row.days} days: {row.past_due:,} past their time")
    if past_due:
        click.echo("They go tonight, or now with: linli retention run", err=True)
        raise click.exceptions.Exit(1)


@retention.command()
def run() -> None:
    """Wipe it now, as the worker does every night, and count again."""
    left = 0
    for code in served_districts():
        before = {row.code: row.past_due for row in list_terms(district_id=code, at=timezone.now())}
        apply_retention(district_id=code, at=timezone.now())
        for row in list_terms(district_id=code, at=timezone.now()):
            left += row.past_due
            click.echo(f"{code} {row.code}: {before[row.code]:,} were past their time, {row.past_due:,} are left")
    if left:
        raise click.exceptions.Exit(1)
