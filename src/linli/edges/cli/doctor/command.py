"""Looking at everything, and saying it."""

import json
import os

import click
from django.conf import settings
from django.utils import timezone, translation

from linli.edges.cli.doctor.accounts import look_at_accounts
from linli.edges.cli.doctor.database import look_at_database
from linli.edges.cli.doctor.finding import Finding
from linli.edges.cli.doctor.machine import look_at_backup, look_at_clock, look_at_disk, look_at_modes
from linli.edges.cli.doctor.surroundings import look_at_settings
from linli.edges.words.doctor import say_finding


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--production", is_flag=True, help="Judge a trial on this machine as if people worked with it.")
@click.option("--language", type=click.Choice(["zh-hans", "en"]), help="Of the words; the terminal's if left out.")
def doctor(*, as_json: bool, production: bool, language: str | None) -> None:
    """Check the installation and say what to mend; exit code 1 if something is wrong.

    Changes nothing. A demo that listens on this machine alone may be laxer, unless --production is said.
    """
    is_strict = production or not settings.ENVIRONMENT.is_plain_loopback
    findings = _look(is_strict=is_strict)
    with translation.override(language or terminal_language(os.environ.get("LC_ALL") or os.environ.get("LANG") or "")):
        said = [(found, *say_finding(found.code, is_well=found.is_well, params=found.params)) for found in findings]
        if as_json:
            rows = [{"code": f.code, "is_well": f.is_well, "what": what, "advice": advice} for f, what, advice in said]
            click.echo(json.dumps(rows, ensure_ascii=False))
        else:
            for found, what, advice in said:
                click.echo(f"{'ok  ' if found.is_well else 'BAD '} {what}{f': {advice}' if advice else ''}")
    if not all(found.is_well for found in findings):
        raise click.exceptions.Exit(1)


def terminal_language(said: str) -> str:
    """Tell the language from what a terminal is set to: "zh_CN.UTF-8" is Chinese, all else English."""
    return "zh-hans" if said.lower().startswith("zh") else "en"


def _look(*, is_strict: bool) -> list[Finding]:
    """Look at everything; what asks the database's tables comes last, and only if it answers."""
    findings = [
        *look_at_settings(is_strict=is_strict),
        *look_at_modes(),
        *look_at_disk(),
        *look_at_backup(at=timezone.now(), is_strict=is_strict),
    ]
    in_database, has_tables = look_at_database()
    findings += in_database
    if has_tables:
        findings += look_at_clock(at=timezone.now())
        findings += look_at_accounts(on=timezone.localdate(), is_strict=is_strict)
    return findings
