"""`linli registry`: a district moves in with its Excel files, and takes them out again."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from linli.cases.actions.rulebooks import install_default_rulebooks
from linli.edges.cli.progress import Progress
from linli.edges.sheets import read_sent, write_faults, write_out
from linli.edges.words.errors import say_error
from linli.edges.words.sheets import KINDS, STATUSES, say_faults
from linli.kernel.errors import Conflict, InvalidInput
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.registry.people.actions.loading import install_default_roles
from linli.registry.people.actions.logins import issue_first_code
from linli.registry.people.queries import find_login, list_person_entries, viewer_of
from linli.registry.people.rules import Viewer
from linli.registry.sheets.actions.putting_in_force import Sender, put_in_force
from linli.registry.sheets.calc.plans import SentSheet
from linli.registry.sheets.calc.reports import Report, report_on
from linli.registry.sheets.choices import RowStatus, SheetKind
from linli.registry.sheets.queries.planning import compare
from linli.registry.sheets.queries.registry import descriptions
from linli.registry.sheets.queries.writing_out import list_empty_sheets, list_sheets
from linli.registry.sheets.rules import kinds_for, may_handle_any
from linli.registry.territory.actions import NewArea, NewDistrict, load_areas, load_districts, load_levels
from linli.registry.territory.queries import served_districts
from linli.support.calendar.actions import install_default_calendar

_TOLD = 20  # faulty rows of a sheet that are told one by one

_district = click.option("--district", help="Its code; the only one if left out.")
_as = click.option("--as", "username", help="Account whose rights decide; whoever runs the program if left out.")


@click.group()
def registry() -> None:
    """Areas, compounds, buildings, organisations, people and posts as sheets of a workbook."""


@registry.command()
@click.argument("code")
@click.argument("name")
def found(code: str, name: str) -> None:
    """Begin a district: CODE (6 digits) and NAME, with levels, roles, calendar and rules as they come."""
    at = timezone.localtime()
    if code in served_districts():
        message = f"District {code} is there already."
        raise click.ClickException(message)
    with transaction.atomic():
        load_levels()
        load_districts([NewDistrict(code=code, name=name)])
        load_areas([NewArea(code=code, name=name, level="district", parent_code="", starts_on=at.date())])
        install_default_roles()
        install_default_calendar(at=at)
        install_default_rulebooks(district_id=code, at=at)
    click.echo(f"District {code} {name} is there. Next: `linli registry template`.")


@registry.command()
@click.argument("person")
@click.argument("username")
@_district
def login(person: str, username: str, district: str | None) -> None:
    """Make the login USERNAME of PERSON (a code) and print its one-time code: for the first administrators.

    It is good for a day and changed at the first sign-in; asked again before that, there is a new one.
    """
    district_id, at = _one_district(district), timezone.now()
    ids = {entry.code: entry.id for entry in list_person_entries(district_id)}
    if person not in ids:
        message = f"There is no person {person} in {district_id}."
        raise click.BadParameter(message, param_hint="PERSON")
    try:
        issued = issue_first_code(district_id=district_id, person_id=ids[person], username=username, at=at)
    except Conflict as error:
        message = "The person has a login, or the name is taken."
        raise click.ClickException(message) from error
    click.echo(issued.code)


@registry.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def template(target: Path) -> None:
    """Write the empty workbook to TARGET: a sheet a kind, with what to write in each column."""
    with translation.override(settings.LANGUAGE_CODE):
        _write(target, write_out(list_empty_sheets(tuple(SheetKind)), notes=(), at=timezone.now()))


@registry.command(name="export")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@_district
@_as
def export_registry(target: Path, district: str | None, username: str | None) -> None:
    """Write all sheets to TARGET, telephone numbers too, after a line in the audit log."""
    at = timezone.localtime()
    by, district_id = _who(username, district, at)
    sheets = list_sheets(district_id=district_id, kinds=by.allowed)
    write_line(
        district_id=district_id, kind=LineKind.EXPORTED, at=at, actor_id=by.person_id, object_kind="registry",
        object_id="sheets", data={"by": "command", "rows": {each.description.kind: len(each.rows) for each in sheets}},
    )  # fmt: skip
    notes = ("演示数据",) if settings.IS_DEMO else ()
    with translation.override(settings.LANGUAGE_CODE):
        _write(target, write_out(sheets, notes=notes, at=at))


@registry.command(name="import")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what it would change.")
@click.option(
    "--faults", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the rows to be mended, if any."
)
@_district
@_as
def import_registry(
    source: Path, faults: Path | None, district: str | None, username: str | None, *, dry_run: bool
) -> None:
    """Take in the workbook SOURCE: all of it, or nothing if a row has a fault. Rows that it does not name stay."""
    at = timezone.localtime()
    by, district_id = _who(username, district, at)
    with translation.override(settings.LANGUAGE_CODE):
        try:
            sent = read_sent(source.read_bytes())
        except InvalidInput as error:
            raise click.ClickException(say_error(error)) from error
        rows = sum(len(sheet.rows) for sheet in sent)
        with Progress().step("comparing", rows) as advance:
            known, plan = compare(
                district_id=district_id,
                sent=sent,
                allowed=by.allowed,
                sender=by.person_id,
                today=at.date(),
                progress=advance,
            )
        report = report_on(plan, known)
        _tell(report)
        if report.faulty:
            _refuse(sent, report, faults, at)
        if dry_run or not report.changing:
            return
        with Progress().step("writing", rows) as advance:
            put_in_force(district_id=district_id, sent=sent, by=by, at=at, progress=lambda _kind, more: advance(more))
    click.echo("Taken in.")


def _who(username: str | None, district: str | None, at: datetime) -> tuple[Sender, str]:
    """Tell whose rights decide, and for which district. Raises BadParameter, NotAllowed."""
    if username is None:
        return Sender(None, tuple(SheetKind)), _one_district(district)
    login = find_login(username)
    if login is None:
        message = f"There is no account {username}."
        raise click.BadParameter(message, param_hint="--as")
    viewer: Viewer = viewer_of(login_id=login.id, on=at.date())
    may_handle_any(viewer).require()
    if district not in {None, viewer.district_id}:
        message = f"{username} belongs to {viewer.district_id}."
        raise click.BadParameter(message, param_hint="--district")
    return Sender(viewer.person_id, kinds_for(viewer)), viewer.district_id


def _one_district(code: str | None) -> str:
    served = served_districts()
    if code is None and len(served) == 1:
        return served[0]
    if code not in served:
        message = f"One of {', '.join(served)}, or begin one with `linli registry found`."
        raise click.BadParameter(message, param_hint="--district")
    return str(code)


def _tell(report: Report) -> None:
    for sheet in report.sheets:
        counts = "  ".join(f"{STATUSES[status]} {number}" for status, number in sheet.counts.items() if number)
        click.echo(f"{KINDS[sheet.kind]}: {counts or 0}")
        headers = {column.key: column.header for column in descriptions()[sheet.kind].columns}
        for name in sheet.unknown:
            click.echo(f"  (column not read: {name})")
        for fault in sheet.faults:
            click.echo(f"  {say_faults((fault,), headers)}")
        for row in [row for row in sheet.rows if row.status is RowStatus.FAULTY][:_TOLD]:
            click.echo(f"  {row.number}: {say_faults(row.faults, headers)}")
    for title in (*report.unknown, *report.not_yours):
        click.echo(f"(sheet not read: {title})")


def _refuse(sent: tuple[SentSheet, ...], report: Report, target: Path | None, at: datetime) -> None:
    if target is not None:
        _write(target, write_faults(sent, report, descriptions(), at=at))
    message = f"Nothing was written: {report.faulty} to be mended."
    raise click.ClickException(message)


def _write(target: Path, blocks: Iterable[bytes]) -> None:
    with target.open("wb") as file:
        for block in blocks:
            file.write(block)
    click.echo(f"Written: {target}")
