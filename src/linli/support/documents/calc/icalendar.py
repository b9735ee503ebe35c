"""A calendar as text, for programs that subscribe to one. Source: RFC 5545, RFC 7986 (REFRESH-INTERVAL)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_LONGEST_LINE = 75  # bytes, without the end


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something to be done by a time. uid: the same for good; version: grows with changes; made_at: when it began."""

    uid: str
    due_at: datetime
    summary: str
    url: str
    version: int
    made_at: datetime


def write_calendar(name: str, deadlines: Iterable[Deadline]) -> str:
    """Write a calendar; the same deadlines give the same text."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Linli//deadlines//ZH", "CALSCALE:GREGORIAN",
             "METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}", f"NAME:{_text(name)}",
             "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"]  # fmt: skip
    for each in deadlines:
        lines += [
            "BEGIN:VEVENT", f"UID:{each.uid}", f"DTSTAMP:{_moment(each.made_at)}", f"DTSTART:{_moment(each.due_at)}",
            "DURATION:PT15M", f"SEQUENCE:{each.version}", f"SUMMARY:{_text(each.summary)}", f"URL:{each.url}",
            "TRANSP:TRANSPARENT", "END:VEVENT",
        ]  # fmt: skip
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    for mark in ("\\", ";", ","):
        words = words.replace(mark, f"\\{mark}")
    return words.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Cut a line that is too long, never within a character; what follows begins with a space."""
    room, part = _LONGEST_LINE, ""
    for letter in line:
        if len((part + letter).encode()) > room:
            yield part
            part = " "
        part += letter
    yield part
