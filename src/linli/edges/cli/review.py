"""`linli review`: check a published result offline; make the discipline office's key, and open a list sealed to it."""

import json
import os
from pathlib import Path
from typing import Any

import click

from linli.kernel.sealed_box import CannotOpen, fingerprint_of, make_pair, open_sealed, write_public
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
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SHORTEST = 12
_FAULTS = {
    "passphrase": "口令不对，或者这不是私钥文件。",
    "key": "这份名单不是用这把钥匙封的。",
    "form": "这不是封存的名单，或者内容被改过。",
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


@review.command(name="auditor-key")
@click.argument("file", type=click.Path(exists=False, dir_okay=False, path_type=Path))
@click.password_option("--passphrase", prompt="口令", confirmation_prompt="再输一遍")
def auditor_key(file: Path, passphrase: str) -> None:
    """Make the discipline office's key: the private half into FILE under a passphrase, the public half shown.

    Run it on a computer of that office. Needs no database and no network.
    """
    if len(passphrase) < _SHORTEST:
        raise click.ClickException(f"口令至少 {_SHORTEST} 个字。")
    pair = make_pair(passphrase)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise click.ClickException(f"{file} 已经在了，没有动它。换一个文件名。") from None
    with os.fdopen(handle, "wb") as private:
        private.write(pair.private)
    click.echo(f"私钥  {file}（不要放到服务器上；文件和口令由两个人分开保管）")
    click.echo(f"公钥  {write_public(pair.public)}")
    click.echo(f"指纹  {fingerprint_of(pair.public)}")


@review.command(name="open-list")
@click.argument("sealed", type=_FILE)
@click.argument("key", type=_FILE)
@click.option("--published", type=_FILE, help="The session's published file: shows each juror's ballots too.")
@click.option("--passphrase", prompt="口令", hide_input=True)
def open_list(sealed: Path, key: Path, published: Path | None, passphrase: str) -> None:
    """Open a SEALED list of whose ballot is whose with the private KEY, offline. Needs no database."""
    try:
        whose = open_sealed(sealed.read_bytes(), private=key.read_bytes(), passphrase=passphrase)
    except CannotOpen as fault:
        raise click.ClickException(_FAULTS[str(fault)]) from None
    given = _given(json.loads(published.read_bytes())) if published else {}
    click.echo(whose["title"])
    for each in whose["jurors"]:
        click.echo(f"{each['juror']}  {each['name']}")
        for line in given.get(each["juror"], ()):
            click.echo(f"    {line}")


def _given(file: dict[str, Any]) -> dict[str, list[str]]:
    names = {turn["id"]: turn["name"] for turn in file["turns"]}
    given: dict[str, list[str]] = {}
    for row in file["rows"]:
        points = "+".join(map(str, row["points"]))
        given.setdefault(row["juror"], []).append(f"{names[row['turn']]}  {sum(row['points'])}（{points}）")
    return given


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
