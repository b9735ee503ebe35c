"""The database: reachable, fit, up to date, and unable to change what is append-only; and the worker that uses it."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from linli.edges.cli.doctor.finding import Finding, looked_at
from linli.kernel import postgres
from linli.kernel.crypto import key_numbers, newest_key
from linli.kernel.db.census import connection_string, known_migrations, list_migrations, list_tables
from linli.kernel.db.grants import append_only_tables, changeable_tables
from linli.kernel.db.rekeying import count_by_key
from linli.ledger.commands.queries import longest_waiting_s
from linli.ledger.facts.queries import seal_lag_s
from linli.registry.territory.queries import served_districts

_WAITS_TOO_LONG_S = 10 * 60


def look_at_database() -> tuple[list[Finding], bool]:
    """Look at it from outside, then inside; tells too whether its tables are there and up to date."""
    embedded = postgres.status(Path(settings.DATA) / "postgres")
    if not settings.ENVIRONMENT.database_url:
        return _unreached(embedded), False
    problems = postgres.check_database(connection_string())
    if problems:
        return [looked_at(f"database_{each.code}", False, said=each.text) for each in problems], False
    findings = [looked_at("database", True, name=str(settings.DATABASES["default"]["NAME"]))]
    applied, wanted = _applied(), known_migrations()
    apps = {name.partition(".")[0] for name in wanted}
    unknown = sorted(name for name in applied - wanted if name.partition(".")[0] in apps)
    missing = len(wanted - applied)
    findings.append(looked_at("migrations", not missing, missing=missing))
    findings.append(looked_at("newer_tables", not unknown, unknown=", ".join(unknown[:3])))
    if missing:
        return findings, False
    return [*findings, *_roles(), *_keys(), *_worker()], True


def _unreached(embedded: postgres.Status) -> list[Finding]:
    """Say why the embedded server can't be asked: not installed, broken, or just not started."""
    try:
        binaries = postgres.find_binaries()
    except postgres.PostgresError as error:
        return [looked_at("database_programs", False, said=str(error))]
    if embedded.pid and not embedded.is_answering:
        return [looked_at("database_silent", False, path=str(embedded.data))]
    return [looked_at("database_stopped", True, path=str(embedded.data), programs=str(binaries))]


def _applied() -> set[str]:
    return set(list_migrations()) if "django_migrations" in list_tables() else set()


def _roles() -> Iterator[Finding]:
    changeable = changeable_tables(connection, append_only_tables())
    yield looked_at("append_only", not changeable, tables=", ".join(changeable[:3]))


def _keys() -> Iterator[Finding]:
    """Look whether every sealed value can be read, and whether a change of keys is over."""
    counts, numbers = count_by_key(), key_numbers()
    lost = sum(count for number, count in counts.items() if number not in numbers)
    old = sum(count for number, count in counts.items() if number in numbers and number != newest_key())
    yield looked_at("keys_lost", not lost, values=lost)
    yield looked_at("keys_old", not old, values=old)


def _worker() -> Iterator[Finding]:
    """Judge the worker by what it leaves undone."""
    at = timezone.now()
    for code in served_districts():
        waiting_s = max(longest_waiting_s(district_id=code, at=at), seal_lag_s(district_id=code, at=at))
        yield looked_at("worker", waiting_s < _WAITS_TOO_LONG_S, district=code, minutes=waiting_s // 60)
