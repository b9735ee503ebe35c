"""`linli ledger`: seal, write out, verify."""

from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone

from linli.ledger.facts.actions import seal_new
from linli.ledger.facts.queries import export_ledger, list_districts_with_facts, verify_export, verify_ledger


@click.group()
def ledger() -> None:
    """Facts and the seals over them."""


@ledger.command()
@click.argument("export", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(export: Path | None) -> None:
    """Check seals and proofs, of the database or of an EXPORT; exit code 1 names the first broken one."""
    reports = (
        [("", verify_export(export))]
        if export
        else [(code, verify_ledger(code)) for code in list_districts_with_facts()]
    )
    broken = False
    for code, report in reports:
        head = f"{code} " if code else ""
        if report.breach is None:
            click.echo(
                f"{head}sound: {report.seals} seals over {report.sealed} facts, {report.unsealed} not sealed yet;"
                f" chain {report.chain or '-'}"
            )
        else:
            broken = True
            click.echo(f"{head}BROKEN: {report.breach}")
    if broken:
        raise click.exceptions.Exit(1)


@ledger.command()
def seal() -> None:
    """Seal what is new, as the worker does every minute."""
    for code in list_districts_with_facts():
        while (made := seal_new(district_id=code, at=timezone.now())) is not None:
            click.echo(f"{code} seal {made.number}: {made.size} facts")


@ledger.command(name="export")
@click.argument("district")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def write_out(district: str, target: Path) -> None:
    """Write a DISTRICT's ledger to a file that anybody can check without this program."""
    with target.open("xb") as file:
        export_ledger(district_id=district, file=file, at=timezone.now(), note="演示数据" if settings.IS_DEMO else "")
    click.echo(f"Written: {target}")
