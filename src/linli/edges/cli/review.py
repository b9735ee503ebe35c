"""`linli review`: check a published result of a monthly review, offline."""

import json
from pathlib import Path

import click

from linli.oversight.reviews.calc.ballots import short_receipt
from linli.oversight.reviews.calc.publication import FORMAT
from linli.oversight.reviews.calc.verify_review import check

_SAYS = {
    "root": "root over the published rows",
    "rows": "rows in order, none twice",
    "effects": "leniency of jurors",
    "method": "way of computing",
    "results": "scores and places",
}


@click.group()
def review() -> None:
    """Results of monthly reviews."""


@review.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--receipt", default="", help="Say whether this receipt, whole or short, is among the rows.")
@click.option("--json", "is_json", is_flag=True, help="Print what was checked as JSON.")
def verify(file: Path, receipt: str, *, is_json: bool) -> None:
    """Recompute every score of a published FILE from its rows; exit code 1 if anything differs. Needs no database."""
    published, said = _checked(file)
    if receipt:
        said["receipt"] = _has(published, receipt)
    if is_json:
        click.echo(json.dumps(said))
    else:
        for name, is_true in said.items():
            click.echo(f"{'OK  ' if is_true else 'FAIL'}  {_SAYS.get(name, f'receipt {receipt}')}")
        click.echo(f"root {published['root']}: compare it with the one shown in the hall")
    if not all(said.values()):
        raise click.exceptions.Exit(1)


def _checked(file: Path) -> tuple[dict[str, object], dict[str, bool]]:
    try:
        published = json.loads(file.read_bytes())
        if published["format"] != FORMAT:
            raise click.ClickException(f"{file} is not a published result of the form {FORMAT}")
        return published, check(published)
    except (ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError, RecursionError) as error:
        raise click.ClickException(f"{file} can't be read as a published result ({type(error).__name__})") from None


def _has(published: dict[str, object], receipt: str) -> bool:
    wanted = receipt.replace(" ", "").lower()
    rows = published["rows"]
    return isinstance(rows, list) and any(
        wanted in {row["receipt"], short_receipt(row["receipt"]).replace(" ", "").lower()} for row in rows
    )
