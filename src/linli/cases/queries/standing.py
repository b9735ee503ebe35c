"""How cases stood, day by day: reported, closed, open and overdue, and the time to close; one query for all days.

A case is open at a moment from its report until it was closed, and overdue from the deadline that counted until
somebody responded, or until it was solved. What ran late before it was put on hold counts until then no longer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import Any

from django.db import models
from django.db.models import Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Extract, Greatest, TruncDate

from linli.cases.calc.rates import LOCAL, Period
from linli.cases.choices import State
from linli.cases.models import Case

DAY = timedelta(days=1)
MOST_DAYS = 62  # more are told by weeks
WEEK = 7
_EARLIER, _BEFORE, _BETWEEN, _WITHIN = range(4)
_COLUMNS = ("kind", "day", "until", "part", "n", "n_before", "seconds")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A day of the trends, or a week of a long period; both days included, Shanghai time.

    opened, closed: within it; open, late: at its end, or now; seconds: the sum of the times to close.
    """

    first: date
    last: date
    opened: int
    closed: int
    open: int
    late: int
    seconds: float

    @property
    def hours(self) -> float | None:
        """Give the mean natural hours from report to close; None where nothing was closed."""
        return self.seconds / self.closed / 3600 if self.closed else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a period stands beside the one it is compared with. hours: mean, None where nothing was closed.

    open, late, warn: now; warn: due soon.
    """

    open: int
    late: int
    warn: int
    open_before: int
    late_before: int
    hours: int | None
    hours_before: int | None
    days: tuple[Stretch, ...]
    days_before: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A group of cases. until: the day on which they were no longer late; n_before: at the moment compared with."""

    kind: str
    day: date | None
    until: date | None
    part: int
    n: int
    n_before: int
    seconds: float | None


def stand_by_day(*, reached: Q, span: Period, at: datetime) -> Standing:
    """Tell how the cases reached stood on each day of a period and of the one compared with. 1 query."""
    days, before = stretches(span)
    since = min(datetime.combine(before[0][0], time(), tzinfo=LOCAL), span.before_since)
    rows = [_Row(*row) for row in _grouped(Case.objects.filter(reached), since, span, at)]
    told = _Told(rows, since.date(), span.until.date())
    grown = sum(row.n if row.kind == "opened" else -row.n for row in rows
                if row.kind in {"opened", "closed"} and row.part >= _BETWEEN)  # fmt: skip
    return Standing(
        open=told.open_now, late=told.late[-1], open_before=told.open_now - grown,
        warn=sum(row.n_before for row in rows if row.kind == "open"),
        late_before=sum(row.n_before for row in rows if row.kind == "late"),
        hours=_mean_hours(row for row in rows if row.part == _WITHIN),
        hours_before=_mean_hours(row for row in rows if row.part == _BEFORE),
        days=tuple(told.stretch(*each) for each in days),
        days_before=tuple(told.stretch(*each) for each in before),
    )  # fmt: skip


def stretches(span: Period) -> tuple[list[tuple[date, date]], list[tuple[date, date]]]:
    """Cut a period into the days of its trends, at least seven, and give those to lay beside them."""
    days = _steps(min(span.since.date(), span.until.date() - 6 * DAY), span.until.date())
    shift = max(span.since.date() - span.before_since.date(), days[-1][1] - days[0][0] + DAY)
    return days, [(first - shift, last - shift) for first, last in days]


def _steps(first: date, last: date) -> list[tuple[date, date]]:
    """Cut days into steps that end today: single ones, or weeks where there are many."""
    step = 1 if (last - first).days < MOST_DAYS else WEEK
    ends = [last - step * n * DAY for n in range((last - first).days // step + 1)]
    return [(max(end - (step - 1) * DAY, first), end) for end in reversed(ends)]


class _Told:
    """What the groups say of each day from the first on; open, late: at the day's end."""

    def __init__(self, rows: Sequence[_Row], first: date, today: date) -> None:
        self._first = first
        count = (today - first).days + 1
        self.opened, self.done, grown, late = ([0] * count for _ in range(4))
        self.seconds = [0.0] * count
        for row in rows:
            n = max((row.day - first).days, 0) if row.day else 0
            match row.kind:
                case "opened":
                    self.opened[n] += row.n
                    grown[n] += row.n
                case "closed":
                    self.done[n] += row.n_before
                    self.seconds[n] += row.seconds or 0
                    grown[n] -= row.n
                case "late":
                    late[n] += row.n
                    if row.until:
                        late[(row.until - first).days] -= row.n
        self.open_now = sum(row.n for row in rows if row.kind == "open")
        self.open = list(accumulate(grown, initial=self.open_now - sum(grown)))[1:]
        self.late = list(accumulate(late))

    def stretch(self, first: date, last: date) -> Stretch:
        """Tell of some days in a row."""
        start, end = (first - self._first).days, (last - self._first).days
        days = slice(start, end + 1)
        return Stretch(
            first, last, sum(self.opened[days]), sum(self.done[days]), self.open[end], self.late[end],
            sum(self.seconds[days]),
        )  # fmt: skip


def _mean_hours(rows: Iterable[_Row]) -> int | None:
    closed = [row for row in rows if row.kind == "closed"]
    done = sum(row.n_before for row in closed)
    return round(sum(row.seconds or 0 for row in closed) / done / 3600) if done else None


def _grouped(cases: QuerySet[Case], since: datetime, span: Period, at: datetime) -> QuerySet[Any, Any]:
    """Count in groups, all kinds in one query.

    Of "closed", n_before are those that were solved and not turned down; of "open", those that are due soon.
    """
    groups = [
        _group(cases.filter(reported_at__gte=since, reported_at__lt=at), "opened", "reported_at", span),
        _group(cases.filter(closed_at__gte=since, closed_at__lt=at), "closed", "closed_at", span,
               n_before=Count(Value(1), filter=DONE), seconds=Sum(TOOK_S, filter=DONE)),
        *(_late(found, begin, end, span) for found, begin, end in late_stretches(cases, since=since, at=at)),
        _plain(cases.filter(closed_at=None).order_by().annotate(kind=Value("open"), day=_NO_DAY, until=_NO_DAY),
               n_before=Count(Value(1), filter=Q(due_at__gte=at, amber_at__lte=at))),
    ]  # fmt: skip
    together: QuerySet[Any, Any] = groups[0].union(*groups[1:], all=True)
    return together


DONE = Q(state=State.CLOSED)
TOOK_S = Extract(F("closed_at") - F("reported_at"), "epoch")


def late_stretches(cases: QuerySet[Case], *, since: datetime, at: datetime) -> list[tuple[QuerySet[Case], Any, str]]:
    """Give the cases that ran late at some time since, with when that began and the column of when it ended.

    Three kinds: answered late, solved late, and late still, whose end is "".
    """
    answered = cases.filter(responded_at__gt=F("response_due_at"), responded_at__gte=since)
    solved = cases.filter(solved_at__gt=F("solution_due_at"), solved_at__gte=since)
    return [
        (answered, F("response_due_at"), "responded_at"),
        (solved, Greatest("solution_due_at", "responded_at"), "solved_at"),
        (cases.filter(closed_at=None, due_at__lt=at), F("due_at"), ""),
    ]


_NO_DAY = Cast(Value(None), models.DateField())


def _group(found: QuerySet[Case], kind: str, moment: str, span: Period, **sums: Any) -> QuerySet[Any, Any]:
    part = models.Case(
        When(**{f"{moment}__gte": span.since}, then=Value(_WITHIN)),
        When(**{f"{moment}__gte": span.before_until}, then=Value(_BETWEEN)),
        When(**{f"{moment}__gte": span.before_since}, then=Value(_BEFORE)),
        default=Value(_EARLIER),
    )
    days = found.order_by().annotate(kind=Value(kind), day=TruncDate(moment, tzinfo=LOCAL), until=_NO_DAY, part=part)
    return _plain(days, **sums)


def _late(found: QuerySet[Case], begin: Any, end: str, span: Period) -> QuerySet[Any, Any]:
    """Group what ran late by the days on which that began and ended; end "": it still does."""
    over = Q(**{f"{end}__gt": span.before_until}) if end else Q()
    was_late = Count(Value(1), filter=Q(begin__lte=span.before_until) & over)
    until = TruncDate(end, tzinfo=LOCAL) if end else _NO_DAY
    days = found.order_by().annotate(begin=begin, kind=Value("late"), until=until)
    return _plain(days.annotate(day=TruncDate("begin", tzinfo=LOCAL)), n_before=was_late)


def _plain(found: QuerySet[Any, Any], **sums: Any) -> QuerySet[Any, Any]:
    """Count the groups, every kind with the same columns."""
    if "part" not in found.query.annotations:
        found = found.annotate(part=Value(_EARLIER))
    told = {"n_before": Value(0), "seconds": Value(0.0), **sums}
    groups = found.values("kind", "day", "until", "part")
    counted: QuerySet[Any, Any] = groups.annotate(n=Count("*"), **told).values_list(*_COLUMNS)
    return counted
