"""Rounds, doors and shares, without a database."""

import re
from datetime import date, timedelta

_NUMBERS = re.compile(r"\d+|[A-Za-z]+")


def round_begin(begins_on: date, *, cycle_days: int, on: date) -> date:
    """Tell on which day the round began that a day lies in. cycle_days: 0 for one round only."""
    if cycle_days <= 0 or on <= begins_on:
        return begins_on
    return on - timedelta(days=(on - begins_on).days % cycle_days)


def plain_door(text: str) -> str:
    """Write a door alike however it was typed: "3单元201室", "3-201" and "3 - 201" are one."""
    return "-".join(_NUMBERS.findall(text.upper()))


def percent(done: int, of: int) -> int | None:
    """Tell the whole percent that is done, rounded down, so that 100 means all; None where there is nothing to do."""
    return min(done, of) * 100 // of if of else None
