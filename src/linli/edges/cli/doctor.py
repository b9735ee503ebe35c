"""`linli doctor`: what is there, what is wrong, what to do."""

import json
import os
import shutil
import stat
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from django.conf import settings

from linli.kernel import postgres

_LEAST_FREE_MB = 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; advice: what to do, "" if all is well."""

    what: str
    is_well: bool
    advice: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(*, as_json: bool) -> None:
    """Check the installation and say what to mend; exit code 1 if something is wrong."""
    findings = [*_database(), *_folder(), *_settings()]
    if as_json:
        click.echo(json.dumps([asdict(found) for found in findings], ensure_ascii=False))
    else:
        for found in findings:
            click.echo(
                f"{'ok  ' if found.is_well else 'BAD '} {found.what}{': ' if found.advice else ''}{found.advice}"
            )
    if not all(found.is_well for found in findings):
        raise click.exceptions.Exit(1)


def _database() -> list[Finding]:
    url = settings.ENVIRONMENT.database_url
    if url:
        problems = postgres.check_database(url)
        return [Finding(f"database: {p.code}", is_well=False, advice=p.text) for p in problems] or [
            Finding("database named by DATABASE_URL answers", is_well=True)
        ]
    try:
        binaries = postgres.find_binaries()
    except postgres.PostgresError as error:
        return [Finding("PostgreSQL's programs", is_well=False, advice=str(error))]
    status = postgres.status(Path(settings.DATA) / "postgres")
    told = f"embedded PostgreSQL {status.major or 'not started yet'} in {status.data}"
    if status.pid and not status.is_answering:
        return [Finding(told, is_well=False, advice="it runs but does not answer: `linli stop`, then start again")]
    return [Finding(f"PostgreSQL's programs in {binaries}", is_well=True), Finding(told, is_well=True)]


def _folder() -> list[Finding]:
    data = Path(settings.DATA)
    free_mb = shutil.disk_usage(data).free // 2**20
    found = [
        Finding(f"data folder {data}", os.access(data, os.W_OK), "" if os.access(data, os.W_OK) else "not writable"),
        Finding(
            f"{free_mb:,} MB free",
            free_mb >= _LEAST_FREE_MB,
            "" if free_mb >= _LEAST_FREE_MB else "make room: the database stops when the disk is full",
        ),
    ]
    for key in sorted((data / "keys").glob("*.key")):
        is_closed = not stat.S_IMODE(key.stat().st_mode) & 0o077
        found.append(Finding(f"key {key.name}", is_closed, "" if is_closed else f"chmod 600 {key}"))
    return found


def _settings() -> list[Finding]:
    is_safe = not settings.DEBUG
    return [
        Finding("LINLI_DEBUG is off", is_safe, "" if is_safe else "unset it: pages would show what is inside"),
        Finding(
            "cookies need TLS" if settings.SESSION_COOKIE_SECURE else "cookies go without TLS (demo on loopback)",
            is_well=settings.SESSION_COOKIE_SECURE or settings.ENVIRONMENT.is_plain_loopback,
        ),
    ]
