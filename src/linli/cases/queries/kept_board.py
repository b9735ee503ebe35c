"""The board of a whole district from the days that are kept, and today: the same numbers, without counting a year."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum, Value

from linli.cases.calc.rates import LOCAL, Period
from linli.cases.models import Case
from linli.cases.queries.days import DayCount, kept_by_street, kept_days, midnight
from linli.cases.queries.said import (
    CLOSED,
    NOTHING_SAID,
    OPENED,
    REOPENED,
    REPORTED,
    SaidCounts,
    cases_of_holes,
    count_by_area,
    summed,
)
from linli.cases.queries.standing import DAY, DONE, TOOK_S, Standing, Stretch, late_stretches, stretches
from linli.ledger.facts.queries.tallies import FactFilter, count_repeated, count_subjects

_STREET_DEPTH = 2


class Lights(NamedTuple):
    """How many cases are open at a moment, how many of them late, and how many due soon."""

    open: int
    late: int
    warn: int


@dataclass(frozen=True, slots=True)
class BoardCounts:
    """What the board counts. by_area: what call-backs said, by the code of the area one level below."""

    standing: Standing
    opened: int
    closed: int
    opened_before: int
    closed_before: int
    by_area: Mapping[str, SaidCounts]
    said_before: SaidCounts


def kept_board(
    *, district_id: str, span: Period, reported_from: date, has_before: bool, now: Lights, at: datetime
) -> BoardCounts | None:
    """Count the board of a district from kept days and today; None where a day is not kept. At most 15 queries.

    reported_from: the day of the first report: before it there was nothing to keep; now: of the whole district.
    """
    days, before = stretches(span)
    today = span.until.date()
    compared = span.before_until.astimezone(LOCAL).date()
    first = min(span.since.date(), days[0][0], *((before[0][0], compared - DAY) if has_before else ()))
    kept = kept_days(district_id=district_id, first=max(first, reported_from), last=today - DAY)
    if kept is None:
        return None
    told = _Told(district_id, kept, now, at)
    since, before_since = span.since.date(), span.before_since.date()
    earlier = told.until(span.before_until, before_since) if has_before else _NOTHING
    lately = told.until(at, since)
    return BoardCounts(
        standing=Standing(
            open=now.open, late=now.late, warn=now.warn,
            open_before=told.open_at(span.before_until) if has_before else 0,
            late_before=told.late_at(span.before_until) if has_before else 0,
            hours=lately.hours, hours_before=earlier.hours,
            days=tuple(told.stretch(*each) for each in days),
            days_before=tuple(told.stretch(*each) for each in before) if has_before else (),
        ),
        opened=lately.opened, closed=lately.closed, opened_before=earlier.opened, closed_before=earlier.closed,
        by_area=told.said_by_street(since), said_before=earlier.said,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Counted:
    """What happened in a stretch of time."""

    opened: int
    closed: int
    hours: int | None
    said: SaidCounts


_NOTHING = _Counted(0, 0, None, NOTHING_SAID)


class _Told:
    """Kept days with today's count, up to now, beside them."""

    def __init__(self, district_id: str, kept: dict[date, DayCount], now: Lights, at: datetime) -> None:
        self._district_id, self._at = district_id, at
        self._cases = Case.objects.filter(REPORTED, district_id=district_id).order_by()
        self._day = at.astimezone(LOCAL).date()
        self.today = self._part(self._day, at)
        self.today.open, self.today.late = now.open, now.late
        self._days = {**kept, self._day: self.today}

    def until(self, moment: datetime, since: date) -> _Counted:
        """Count from the begin of a day to a moment: whole days as they are kept, the last one up to the moment."""
        last = moment.astimezone(LOCAL).date()
        whole = [self._days[day] for day in self._between(since, last - DAY)]
        begun = midnight(max(last, since))
        part = self.today if last == self._day else self._part(last, moment)
        facts = self._facts(begun, moment)
        subjects = count_subjects(facts, (OPENED, CLOSED))
        again = count_repeated(self._facts(midnight(since), moment), CLOSED, REOPENED, zone=LOCAL)
        done, seconds = part.done + sum(day.done for day in whole), part.seconds + sum(day.seconds for day in whole)
        return _Counted(
            opened=subjects[OPENED] + sum(day.opened for day in whole),
            closed=subjects[CLOSED] + sum(day.closed for day in whole) - again,
            hours=round(seconds / done / 3600) if done else None,
            said=summed([*count_by_area(facts).values(), *map(_said, whole)]),
        )

    def said_by_street(self, since: date) -> dict[str, SaidCounts]:
        """Tell what call-backs said since a day, by the code of the subdistrict; "" for those in none."""
        found = count_by_area(self._facts(midnight(self._day), self._at), _STREET_DEPTH)
        if since < self._day:
            kept = kept_by_street(district_id=self._district_id, first=since, last=self._day - DAY)
            in_none = summed(map(_said, (self._days[day] for day in self._between(since, self._day - DAY))))
            streets = {code: _said(count) for code, count in kept.items()}
            rest = (whole - each for whole, each in zip(in_none.parts, summed(streets.values()).parts, strict=True))
            for code, said in (*streets.items(), ("", SaidCounts.of(rest))):
                found[code] = summed([said, *([found[code]] if code in found else [])])
        return {code: said for code, said in found.items() if said.effective}

    def open_at(self, moment: datetime) -> int:
        """Tell how many were open at a moment."""
        day = moment.astimezone(LOCAL).date()
        part, before = self._part(day, moment), self._days.get(day - DAY, DayCount())
        return before.open + part.opened - part.ended

    def late_at(self, moment: datetime) -> int:
        """Tell how many were late at a moment."""
        late = 0
        for found, begin, end in late_stretches(self._cases, since=moment, at=self._at):
            still = Q(**{f"{end}__gt": moment}) if end else Q()
            late += found.annotate(begin=begin).filter(still, begin__lte=moment).count()
        return late

    def stretch(self, first: date, last: date) -> Stretch:
        """Tell of some days in a row."""
        days = [self._days[day] for day in self._between(first, last)]
        end = self._days.get(last, DayCount())
        return Stretch(
            first, last, sum(day.opened for day in days), sum(day.done for day in days), end.open, end.late,
            sum(day.seconds for day in days),
        )  # fmt: skip

    def _between(self, first: date, last: date) -> Iterable[date]:
        return (day for day in (first + n * DAY for n in range((last - first).days + 1)) if day in self._days)

    def _facts(self, since: datetime, until: datetime) -> FactFilter:
        return FactFilter(
            self._district_id, since, until, area_paths=(self._district_id,),
            but_subjects=cases_of_holes(self._district_id),
        )  # fmt: skip

    def _part(self, day: date, until: datetime) -> DayCount:
        """Count what happened on a day up to a moment. 2 queries."""
        since = midnight(day)
        ended: dict[str, Any] = self._during("closed_at", since, until).aggregate(
            ended=Count("*"), done=Count(Value(1), filter=DONE), seconds=Sum(TOOK_S, filter=DONE, default=0.0)
        )
        return DayCount(opened=self._during("reported_at", since, until).count(), **ended)

    def _during(self, moment: str, since: datetime, until: datetime) -> QuerySet[Case]:
        return self._cases.filter(**{f"{moment}__gte": since, f"{moment}__lt": until})


def _said(count: DayCount) -> SaidCounts:
    return SaidCounts(count.effective, count.contacted, count.solved, count.satisfied, count.basically)
