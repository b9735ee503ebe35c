"""Demo accounts and tokens."""

import json

import click
from django.utils import timezone

from linli.registry.people.actions.tokens import LONGEST_DAYS, SCOPES, make_token
from linli.registry.people.queries import find_login, list_demo_logins


@click.command(name="users")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def demo_users(*, as_json: bool) -> None:
    """List the demo accounts with their roles."""
    logins = list_demo_logins()
    if as_json:
        rows = [{"username": row.username, "role": row.role_name, "area": row.area_name} for row in logins]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in logins:
        click.echo(f"{row.username:<32} {row.role_name}  {row.area_name}")


@click.group()
def token() -> None:
    """Keys for programs."""


@token.command()
@click.argument("user")
@click.option("--scope", type=click.Choice(SCOPES), required=True)
@click.option("--days", type=click.IntRange(1, LONGEST_DAYS), default=90, show_default=True)
@click.option("--name", default="linli token create", help="For what it is.")
def create(user: str, scope: str, days: int, name: str) -> None:
    """Print a new token of USER, once."""
    login = find_login(user)
    if login is None:
        message = f"There is no account {user}: `linli demo users` lists those of the demo."
        raise click.BadParameter(message)
    made = make_token(login_id=login.id, name=name, scope=scope, days=days, source_ip="", at=timezone.now())
    click.echo(made.text)
