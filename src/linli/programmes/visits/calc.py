"""Rounds, doors and shares, without a database."""

import re
import unicodedata
from datetime import date, timedelta

_NUMBERS = re.compile(r"\d+|[A-Za-z]+")
_WORDS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_TENS = re.compile(r"([1-9]?)十([1-9]?)")


def round_begin(begins_on: date, *, cycle_days: int, on: date) -> date:
    """Tell on which day the round began that a day lies in. cycle_days: 0 for one round only."""
    if cycle_days <= 0 or on <= begins_on:
        return begins_on
    return on - timedelta(days=(on - begins_on).days % cycle_days)


def plain_door(text: str) -> str:
    """Write a door alike however it was typed: "3单元201室", "三单元２０１" and "3 - 201" are one."""
    plain = unicodedata.normalize("NFKC", text).translate(_WORDS)
    plain = _TENS.sub(lambda found: f"{found[1] or 1}{found[2] or 0}", plain)
    return "-".join(_NUMBERS.findall(plain.upper()))


def percent(done: int, of: int) -> int | None:
    """Tell the whole percent that is done, rounded down, so that 100 means all; None where there is nothing to do."""
    return min(done, of) * 100 // of if of else None
