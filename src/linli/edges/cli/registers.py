"""`linli export`: any register, as the account named sees it."""

from datetime import datetime, time, timedelta
from pathlib import Path

import click
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone, translation

from linli.edges.web.desk.asking import read_asked
from linli.edges.web.desk.register_books import Wanted, get_book, glossary
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.registry.people.choices import Verb
from linli.registry.people.queries import find_login, viewer_of
from linli.registry.people.rules import may_somewhere
from linli.support.documents.actions import write_register
from linli.support.documents.choices import RegisterFormat


@click.command()
@click.argument("register", type=click.Choice(["cases", "closed", "verifications", "facts"]))
@click.option("--format", "file_format", type=click.Choice([each.value for each in RegisterFormat]), default="xlsx")
@click.option("--as", "username", required=True, help="Account whose rights decide what is in it.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="First day; a year ago if left out.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day; today if left out.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File; REGISTER.FORMAT if left out.")
def export(
    register: str, file_format: str, username: str, since: datetime | None, until: datetime | None, output: Path | None
) -> None:
    """Write REGISTER (cases, closed, verifications, facts) to a file, after a line in the audit log."""
    at = timezone.localtime()
    login = find_login(username)
    if login is None:
        message = f"There is no account {username}."
        raise click.BadParameter(message, param_hint="--as")
    viewer = viewer_of(login_id=login.id, on=at.date())
    may_somewhere(viewer, Verb.EXPORT).require()
    target = output or Path(f"{register}.{file_format}")
    first = since.date() if since else at.date() - timedelta(days=365)
    last = until.date() if until else at.date()
    with translation.override(settings.LANGUAGE_CODE):
        book, say = get_book(register), glossary(viewer, at)
        wanted = Wanted(
            viewer, read_asked(QueryDict(""), box=""),
            datetime.combine(first, time(), tzinfo=at.tzinfo),
            datetime.combine(last + timedelta(days=1), time(), tzinfo=at.tzinfo), at,
        )  # fmt: skip
        write_line(
            district_id=viewer.district_id, kind=LineKind.EXPORTED, at=at, actor_id=viewer.person_id,
            object_kind="register", object_id=register, data={"format": file_format, "by": "command"},
        )  # fmt: skip
        notes = f"{'演示数据 · ' if settings.IS_DEMO else ''}{viewer.name} · {at:%Y-%m-%d %H:%M}"
        blocks = write_register(
            columns=book.columns, rows=(book.cells(row, say) for row in book.fetch(wanted)), file_format=file_format,
            title=book.title, notes=notes, at=at,
        )  # fmt: skip
        with target.open("wb") as file:
            for block in blocks:
                file.write(block)
    click.echo(f"Written: {target}")
