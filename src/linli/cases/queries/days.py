"""Days one by one, for a district and its subdistricts: counted from facts and cases, or read as they were kept."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import TruncDate

from linli.cases.calc.rates import LOCAL
from linli.cases.models import Case, CaseDay
from linli.cases.queries.said import CLOSED, EFFECTIVE, OPENED, REPORTED, SAID, VERIFIED, cases_of_holes
from linli.cases.queries.standing import DAY, DONE, TOOK_S, late_stretches
from linli.ledger.facts.queries.tallies import FactFilter, area_code_at, reached_facts

# A day is over for good once whatever began on it has been written: longer than any transaction that takes a step.
SETTLED = timedelta(minutes=10)
_STREET = area_code_at(2)


@dataclass(slots=True)
class DayCount:
    """What CaseDay keeps of a day."""

    opened: int = 0
    closed: int = 0
    ended: int = 0
    done: int = 0
    seconds: float = 0.0
    open: int = 0
    late: int = 0
    effective: int = 0
    contacted: int = 0
    solved: int = 0
    satisfied: int = 0
    basically: int = 0

    def add(self, other: "DayCount") -> None:
        """Add the same day of another area."""
        for name in COLUMNS:
            setattr(self, name, getattr(self, name) + getattr(other, name))


COLUMNS = tuple(field.name for field in fields(DayCount))


def midnight(day: date) -> datetime:
    """Give the begin of a day, Shanghai time."""
    return datetime.combine(day, time(), tzinfo=LOCAL)


def days_to_keep(*, district_id: str, at: datetime) -> tuple[date, date] | None:
    """Tell the first and last day that are over and not kept yet; None without any. At most 2 queries."""
    last = (at - SETTLED).astimezone(LOCAL).date() - DAY
    kept = CaseDay.objects.filter(district_id=district_id, path=district_id).order_by("-day").values_list("day").first()
    if kept is not None:
        first = kept[0] + DAY
    else:
        reported = Case.objects.filter(district_id=district_id).aggregate(first=Min("reported_at"))["first"]
        if reported is None:
            return None
        first = reported.astimezone(LOCAL).date()
    return (first, last) if first <= last else None


def count_days(*, district_id: str, first: date, last: date, at: datetime) -> dict[tuple[str, date], DayCount]:
    """Count each day from first to last, of the district and each of its subdistricts, by path and day. 8 queries.

    last: before the day of `at`. Open and late are what the cases' present dates say of each day's end.
    """
    counts: dict[tuple[str, date], DayCount] = defaultdict(DayCount)
    wanted = FactFilter(
        district_id, midnight(first), midnight(last + DAY), area_paths=(district_id,),
        but_subjects=cases_of_holes(district_id),
    )  # fmt: skip
    _count_facts(counts, wanted)
    _count_ends(counts, Case.objects.filter(REPORTED, district_id=district_id).order_by(), first, last, at)
    streets = {code for code, _day in counts}
    told: dict[tuple[str, date], DayCount] = {}
    for day in _days(first, last):
        whole = told[district_id, day] = DayCount()
        for code in streets:
            count = counts[code, day]
            whole.add(count)
            if code:
                told[f"{district_id}/{code}", day] = count
    return told


def _days(first: date, last: date) -> Iterable[date]:
    return (first + n * DAY for n in range((last - first).days + 1))


def _count_facts(counts: dict[tuple[str, date], DayCount], wanted: FactFilter) -> None:
    facts = reached_facts(wanted).order_by().annotate(day=TruncDate("at", tzinfo=LOCAL), code=_STREET)
    names = {OPENED: "opened", CLOSED: "closed"}
    rows = facts.filter(kind__in=names).values("kind", "day", "code").annotate(n=Count("subject_id", distinct=True))
    for kind, day, code, n in rows.values_list("kind", "day", "code", "n"):
        setattr(counts[code, day], names[kind], n)
    said = {name: Count(Value(1), filter=Q(data__contains=dict(values))) for name, values in SAID.items()}
    heard = facts.filter(kind=VERIFIED, data__contains=dict(EFFECTIVE)).values("day", "code")
    for row in heard.annotate(effective=Count("*"), **said):
        count = counts[row.pop("code"), row.pop("day")]
        for name, n in row.items():
            setattr(count, name, n)


def _count_ends(
    counts: dict[tuple[str, date], DayCount], cases: QuerySet[Case], first: date, last: date, at: datetime
) -> None:
    """Count what ended, what it took, and how many were open and late at each day's end."""
    since, today = midnight(first), at.astimezone(LOCAL).date()
    grown: dict[tuple[str, date], int] = defaultdict(int)
    opened = _by_day(cases.filter(reported_at__gte=since, reported_at__lt=at), "reported_at")
    for code, day, n in opened.annotate(n=Count("*")).values_list("code", "day", "n"):
        grown[code, day] += n
    ended = _by_day(cases.filter(closed_at__gte=since, closed_at__lt=at), "closed_at")
    sums = {"n": Count("*"), "done": Count(Value(1), filter=DONE), "seconds": Sum(TOOK_S, filter=DONE)}
    for code, day, n, done, seconds in ended.annotate(**sums).values_list("code", "day", "n", "done", "seconds"):
        grown[code, day] -= n
        if day <= last:
            count = counts[code, day]
            count.ended, count.done, count.seconds = n, done, seconds or 0.0
    open_now = cases.filter(closed_at=None).annotate(code=_STREET).values("code").annotate(n=Count("*"))
    standing: dict[str, int] = defaultdict(int, open_now.values_list("code", "n"))
    late = _late_at_ends(cases, first, last, at)
    for code in {*standing, *(code for code, _day in (*grown, *late, *counts))}:
        left = standing[code] - sum(grown[code, day] for day in _days(last + DAY, today))
        for day in reversed(list(_days(first, last))):
            counts[code, day].open, counts[code, day].late = left, late[code, day]
            left -= grown[code, day]


def _by_day(found: QuerySet[Case], moment: str) -> QuerySet[Any, Any]:
    days: QuerySet[Any, Any] = found.annotate(day=TruncDate(moment, tzinfo=LOCAL), code=_STREET).values("code", "day")
    return days


def _late_at_ends(cases: QuerySet[Case], first: date, last: date, at: datetime) -> dict[tuple[str, date], int]:
    """Count how many were late at each day's end. What began before the first day counts from that day on."""
    changed: dict[tuple[str, date], int] = defaultdict(int)
    for found, begin, end in late_stretches(cases, since=midnight(first), at=at):
        ends = TruncDate(end or "due_at", tzinfo=LOCAL)
        rows = found.annotate(begin=begin, code=_STREET).annotate(day=TruncDate("begin", tzinfo=LOCAL), until=ends)
        for code, day, until, n in rows.values("code", "day", "until").annotate(n=Count("*")).values_list(
            "code", "day", "until", "n"
        ):  # fmt: skip
            changed[code, max(day, first)] += n
            if end:
                changed[code, until] -= n
    late: dict[tuple[str, date], int] = defaultdict(int)
    for code in {code for code, _day in changed}:
        running = 0
        for day in _days(first, last):
            running += changed.get((code, day), 0)
            late[code, day] = running
    return late


def kept_days(*, district_id: str, first: date, last: date) -> dict[date, DayCount] | None:
    """Read the days of a district as they were kept; None unless all of them were. 1 query."""
    kept = CaseDay.objects.filter(district_id=district_id, path=district_id, day__range=(first, last))
    days = {day: DayCount(*numbers) for day, *numbers in kept.values_list("day", *COLUMNS)}
    return days if len(days) == (last - first) // timedelta(days=1) + 1 else None


def kept_by_street(*, district_id: str, first: date, last: date) -> dict[str, DayCount]:
    """Add up the days of each subdistrict, by code; open and late mean nothing in a sum. 1 query."""
    kept = CaseDay.objects.filter(district_id=district_id, day__range=(first, last)).exclude(path=district_id)
    sums = kept.order_by().values("path").annotate(**{f"sum_{name}": Sum(name) for name in COLUMNS})
    rows = sums.values_list("path", *(f"sum_{name}" for name in COLUMNS))
    return {path.rsplit("/", 1)[-1]: DayCount(*numbers) for path, *numbers in rows}
