"""Accounts that let in whoever has read the manual."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings

from linli.edges.cli.doctor.finding import Finding, looked_at
from linli.registry.people.queries import (
    administrators_opened_by,
    count_administrators_without_second_factor,
    count_shared_passwords,
    has_active_logins,
    list_demo_logins,
)

# What attackers try first, and what installers of other programs leave behind.
_KNOWN = (
    "admin",
    "admin123",
    "password",
    "123456",
    "12345678",
    "linli",
    "linli123",
    "admin@123",
    "Admin@123",
    "1qaz2wsx",
)


def look_at_accounts(*, on: date, is_strict: bool) -> Iterator[Finding]:
    """Look for demo accounts, passwords that several share, and well-known ones of administrators (0.1 s each)."""
    demo = list_demo_logins()
    yield looked_at("demo_accounts", not (is_strict and demo), count=len(demo))
    without = count_administrators_without_second_factor(on=on)
    yield looked_at("second_factor", settings.SECOND_FACTOR_REQUIRED or not is_strict, count=without)
    if not is_strict:
        return
    yield looked_at("shared_passwords", not (count := count_shared_passwords()), count=count)
    opened = administrators_opened_by([*_KNOWN, *_demo_password()], on=on)
    yield looked_at("default_passwords", not opened, usernames=", ".join(opened))
    yield looked_at("no_accounts", has_active_logins())


def _demo_password() -> list[str]:
    path = Path(settings.DATA) / "demo-password"
    return [path.read_text().strip()] if path.exists() else []
