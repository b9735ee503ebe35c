"""`linli keys`: which keys personal data are sealed with, a new one, and putting old ones away."""

from datetime import UTC, datetime, timedelta

import click
from django.utils import timezone

from linli.edges.cli.progress import Progress
from linli.kernel.crypto import add_key, forget_keys, key_numbers, key_path, newest_key
from linli.kernel.db.rekeying import count_by_key, reseal_all
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.registry.territory.queries import served_districts

# Long enough for any transaction that took the old key in hand, and for any backup that copied old rows first and
# the keys afterwards.
_REST = timedelta(hours=24)


@click.group()
def keys() -> None:
    """Keys that personal data are sealed with; see docs/operations/keys.md."""


@keys.command(name="list")
def list_keys() -> None:
    """List the keys, how many values are under each; exit code 1 if values are under a key that is not there."""
    counts = count_by_key()
    numbers = key_numbers()
    for number in numbers:
        is_newest = " seals now" if number == newest_key() else ""
        click.echo(f"key {number}, made {_made_at(number):%Y-%m-%d %H:%M}: {counts.pop(number, 0):,} values{is_newest}")
    for number, count in sorted(counts.items()):
        click.echo(f"key {number} IS NOT THERE: {count:,} values can't be read: put it back from a backup", err=True)
    if counts:
        raise click.exceptions.Exit(1)


@keys.command()
def rotate() -> None:
    """Make a new key and seal all values anew with it, while everything runs; stopped halfway, it goes on.

    A new key is made only where a single one is there: with several, an earlier change is not over yet.
    """
    if len(key_numbers()) <= 1:
        number = add_key()
        _note("key_made", number)
        click.echo(f"Made: {key_path(number)}. Back up the data folder's keys now: without it nothing can be read.")
    number = newest_key()
    counts = count_by_key()
    left = sum(count for key, count in counts.items() if key != number)
    with Progress().step("Sealing anew", max(1, left)) as advance:
        done = reseal_all(key=number, advance=advance)
    _note("resealed", number, values=done)
    click.echo(
        f"Sealed anew with key {number}: {done:,} values. Old keys can be put away in 24 hours: linli keys retire"
    )


@keys.command()
def retire() -> None:
    """Remove old keys that nothing uses, a day after the newest one was made."""
    newest = newest_key()
    old = [number for number in key_numbers() if number != newest]
    if not old:
        click.echo("There is one key; nothing to put away.")
        return
    rests_until = _made_at(newest) + _REST
    if timezone.now() < rests_until:
        message = f"Key {newest} is not a day old: wait until {rests_until:%Y-%m-%d %H:%M}, for backups under way."
        raise click.ClickException(message)
    counts = count_by_key()
    for number in old:
        if counts.get(number):
            message = f"{counts[number]:,} values are under key {number} still: linli keys rotate"
            raise click.ClickException(message)
    for number in old:
        key_path(number).unlink()
        _note("key_retired", number)
        click.echo(f"Removed: {key_path(number)}. Backups made before hold it, with the values that need it.")
    forget_keys()


def _made_at(number: int) -> datetime:
    return datetime.fromtimestamp(key_path(number).stat().st_mtime, tz=UTC).astimezone(timezone.get_current_timezone())


def _note(did: str, number: int, **data: int) -> None:
    for code in served_districts():
        write_line(
            district_id=code, kind=LineKind.SETTINGS_CHANGED, object_kind="keys", object_id=str(number),
            data={"did": did, "key": number, **data}, at=timezone.now(),
        )  # fmt: skip
