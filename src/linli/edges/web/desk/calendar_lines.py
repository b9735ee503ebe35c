"""The days of the calendar as lines that people write: a day or several on end, off or works, and a name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from linli.support.calendar.calc import DayException
from linli.support.calendar.errors import BadTable

_DATE = r"\d{4}-\d{1,2}-\d{1,2}"
_LINE = re.compile(rf"({_DATE})(?:\s*(?:至|到|to|~|—|–)\s*({_DATE}))?(?:[\s,，]+([^\s,，]+))?(?:[\s,，]+(.*))?")
_HEAD = "date,is_workday,name"
_MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Days on end of one name that all work or are all off."""

    first: date
    last: date
    is_workday: bool
    name: str


def spans_of(days: Iterable[DayException]) -> list[DaySpan]:
    """Put days on end together, earliest first."""
    spans: list[DaySpan] = []
    for day in sorted(days, key=lambda each: each.date):
        before = spans[-1] if spans else None
        if before and (before.last + timedelta(days=1), before.is_workday, before.name) == (
            day.date, day.is_workday, day.name
        ):  # fmt: skip
            spans[-1] = replace(before, last=day.date)
        else:
            spans.append(DaySpan(day.date, day.date, day.is_workday, day.name))
    return spans


def write_lines(days: Iterable[DayException]) -> str:
    """Write a line for days on end, the newest year first."""
    spans = sorted(spans_of(days), key=lambda span: (-span.first.year, span.first))
    return "\n".join(f"{_say_days(span)} {_('works') if span.is_workday else _('off')} {span.name}" for span in spans)


@dataclass(frozen=True, slots=True)
class ReadLines:
    """What lines say, day by day. rows: the line that each day stands in, counted from 1."""

    days: list[DayException]
    rows: list[int]

    def placed(self, error: BadTable) -> BadTable:
        """Tell an error that counts days by the line that it is in."""
        row = int(error.params.get("row", 0))
        params = {key: value for key, value in error.params.items() if key != "row"}
        return BadTable(error.code, field=error.field, row=self.rows[row - 1] if row else 0, **params)


def read_lines(text: str) -> ReadLines:
    """Read lines as they are written, or as in the file: date, 1 or 0, name. Raises BadTable with the row."""
    found = ReadLines([], [])
    for row, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if line.strip() and line.strip() != _HEAD:
            days = _read_line(row, line.strip())
            found.days.extend(days)
            found.rows.extend([row] * len(days))
    return found


def _read_line(row: int, line: str) -> list[DayException]:
    parts = _LINE.fullmatch(line)
    if parts is None:
        raise BadTable("no_date", field="date", row=row)
    words = {"0": False, "1": True, _("off"): False, _("works"): True}
    kind = parts[3] or ""
    if kind not in words:
        raise BadTable("not_off_or_works", field="is_workday", row=row)
    first = _read_day(row, parts[1])
    count = ((_read_day(row, parts[2]) if parts[2] else first) - first).days + 1
    if not 0 < count <= _MOST_DAYS:
        raise BadTable("no_date", field="date", row=row)
    name = (parts[4] or "").strip()
    return [DayException(first + timedelta(days=n), is_workday=words[kind], name=name) for n in range(count)]


def _read_day(row: int, text: str) -> date:
    try:
        return date(*(int(part) for part in text.split("-")))
    except ValueError:
        raise BadTable("no_date", field="date", row=row) from None


def _say_days(span: DaySpan) -> str:
    first = span.first.isoformat()
    if span.first == span.last:
        return first
    return _("%(first)s to %(last)s") % {"first": first, "last": span.last.isoformat()}
