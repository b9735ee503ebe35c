"""`linli draw`: check records of draws, without a database, as anybody can."""

import json
import sys
from io import TextIOWrapper
from pathlib import Path

import click

from linli.oversight.reviews.calc import verifying
from linli.oversight.reviews.calc.chain import Link, walk
from linli.oversight.reviews.calc.records import NotARecord, parse

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
# What a chain is checked for beyond what each record is; in the language of those who check.
_CHAIN_SAYS = {
    "level": "同一层级、同一种算法",
    "number": "编号连续，没有跳号",
    "excused": "不抽的、副职代述的都写明理由和批准单位",
    "history": "签数、必抽和保底名额与以前的结果相符",
    "signed": "两个单位签署",
    "names": "所指的抽签在链上",
    "result": "名单和次序相符",
}


@click.group()
def draw() -> None:
    """Draws of the monthly review: check their records."""
    if isinstance(sys.stdout, TextIOWrapper):  # a console that knows no Chinese shows codes, and does not fail
        sys.stdout.reconfigure(errors="backslashreplace")


@draw.command()
@click.argument("record", type=_FILE)
@click.argument("previous", required=False, type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Say it as one line of JSON.")
def verify(record: Path, previous: Path | None, *, as_json: bool) -> None:
    """Check a RECORD offline, and that it follows the PREVIOUS one; exit code 0 only if it is valid."""
    found = verifying.check(record.read_bytes(), previous.read_bytes() if previous else b"")
    is_valid = all(holds for holds, _ in found.values())
    if as_json:
        checks = [{"code": code, "holds": holds, "words": words} for code, (holds, words) in found.items()]
        click.echo(json.dumps({"valid": is_valid, "checks": checks}, ensure_ascii=False))
    else:
        for code, (holds, words) in found.items():
            click.echo(_line(code, words, holds=holds))
    if not is_valid:
        raise click.exceptions.Exit(1)


@draw.command(name="verify-chain")
@click.argument("folder", type=_FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Say it as one line of JSON.")
def verify_chain(folder: Path, *, as_json: bool) -> None:
    """Walk the chain of a level's records, all *.json of a FOLDER; exit code 0 only if all of it holds.

    Tickets, who is due and kept slots are computed again from the results before and the rules.
    """
    records, unread = [], []
    for path in sorted(folder.glob("*.json")):
        try:
            records.append(parse(path.read_bytes()))
        except NotARecord:
            unread.append(path.name)
    walked = walk(records)
    is_sound = walked.is_sound and not unread
    if as_json:
        click.echo(
            json.dumps(
                {"valid": is_sound, "records": [_plain(link) for link in walked.links], "loose": walked.loose,
                 "unread": unread},
                ensure_ascii=False,
            )
        )  # fmt: skip
    else:
        for link in walked.links:
            click.echo(_line(link.kind.value, f"{link.draw_id} {link.record_id}", holds=link.is_sound))
            _tell(link)
        for record_id in walked.loose:
            click.echo(_line("loose", f"不在链上：{record_id}", holds=False))
        for name in unread:
            click.echo(_line("form", f"读不出记录：{name}", holds=False))
        click.echo(_line("chain", f"共 {len(walked.links)} 份记录，首尾相接", holds=is_sound))
    if not is_sound:
        raise click.exceptions.Exit(1)


def _tell(link: Link) -> None:
    """Say which checks of a record don't hold, and whose names came onto the list or left it."""
    for code, holds in link.checks:
        if not holds:
            click.echo("     " + _line(code, _CHAIN_SAYS.get(code, ""), holds=False))
    if link.joined:
        click.echo(f"     新入名单：{'、'.join(link.joined)}")
    if link.left:
        click.echo(f"     移出名单：{'、'.join(link.left)}")


def _line(code: str, words: str, *, holds: bool) -> str:
    return f"{'OK  ' if holds else 'FAIL'} {code:9} {words}".rstrip()


def _plain(link: Link) -> dict[str, object]:
    return {
        "draw_id": link.draw_id, "record_id": link.record_id, "kind": link.kind.value, "valid": link.is_sound,
        "checks": dict(link.checks), "joined": link.joined, "left": link.left,
    }  # fmt: skip
