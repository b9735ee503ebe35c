"""`linli ladder`: who would be told by the ladder that counts, without telling anybody."""

import click
from django.conf import settings
from django.utils import timezone, translation

from linli.cases.queries.ladder import MOST_DAYS, try_ladder
from linli.edges.words.cases import say_rung
from linli.edges.words.times import say_moment
from linli.registry.people.queries import find_login, viewer_of


@click.command()
@click.option("--as", "username", required=True, help="Account whose rights decide: one that may edit rulebooks.")
@click.option("--days", type=click.IntRange(0, MOST_DAYS), default=7, help="How far back; 0: what would be told now.")
def ladder(username: str, days: int) -> None:
    """Dry run: which warnings and escalations the rules in force would have given. Writes nothing, tells nobody."""
    at = timezone.localtime()
    login = find_login(username)
    if login is None:
        message = f"There is no account {username}."
        raise click.BadParameter(message, param_hint="--as")
    with translation.override(settings.LANGUAGE_CODE):
        run = try_ladder(viewer=viewer_of(login_id=login.id, on=at.date()), at=at, days=days)
        for row in run.rows:
            named = f"{row.named.person_name} {row.named.role_name}" if row.named else "-"
            when, rung = say_moment(row.rung.at, at), say_rung(row.clock, row.rung.mark)
            click.echo(f"{row.number}  {when}  {rung}  {named}")
    click.echo(f"{run.total} rungs, {run.cases} cases; nothing was written.")
