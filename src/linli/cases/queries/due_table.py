"""What was due to be dealt with in a stretch of time, and what became of it; each number's cases."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value

from linli.cases.calc import windows
from linli.cases.calc.rate_scheme import RateScheme
from linli.cases.calc.rates import DueCounts
from linli.cases.calc.windows import Window
from linli.cases.choices import ClockKind, DueLeftOut, RatesBy, RequestState, State, TimeKind
from linli.cases.models import Case, ClockSegment, TimeRequest
from linli.cases.queries.drilldown import BehindPage, page_of_cases
from linli.cases.queries.rates_asked import (
    Question,
    RatesAsked,
    comparable,
    earlier_of,
    in_order_of_lines,
    keys_of_lines,
    known_lines,
    take_apart,
)
from linli.cases.queries.said import REPORTED
from linli.cases.rules import inside, within_reach
from linli.kernel.errors import NotFound
from linli.ledger.facts.queries.tallies import Group, area_code_at, has_key, organisation_of, stretch_of
from linli.registry.people.rules import Viewer

DUE_FIGURES = ("due", "on_time", "late", "undone", "held", "extended")
# Nothing was due of what was rightly turned down, nor twice of what is dealt with together with another case.
_NEVER_DUE = (State.REJECTED, State.MERGED)


@dataclass(frozen=True, slots=True)
class DueLine:
    """A unit with its figures. key: what tells it from others, "" for none; name, like: a name and a kind, if any.

    part: the stretch itself where the lines are stretches.
    """

    key: str
    name: str
    like: str
    counts: DueCounts
    part: Window | None = None


@dataclass(frozen=True, slots=True)
class DueTable:
    """The whole page. area_path: whose parts the lines are; before, year_before: None where no data reach back."""

    asked: RatesAsked
    scheme: RateScheme
    number: int
    area_path: str
    window: Window
    whole: DueCounts
    before: DueCounts | None
    year_before: DueCounts | None
    lines: tuple[DueLine, ...]
    as_of: datetime


def get_due(*, viewer: Viewer, asked: RatesAsked, at: datetime) -> DueTable:
    """Count the cases whose solution was due in the stretch, up to now. At most 10 queries, however many lines.

    Area, organisation and category are those a case has now; its deadline is the one it ended with, so each case counts
    once. Raises as `take_apart`.
    """
    question = take_apart(viewer, asked, at)
    group = _group(question)
    counted = _counted(question, _promised(question, question.window.since, question.until), group)
    keys = keys_of_lines(question, set(counted))
    known, rules = known_lines(question, keys, at), question.scheme.rules
    nothing = DueCounts(smallest_sample=rules.smallest_sample)
    lines = tuple(
        DueLine(
            key="" if key is None else str(key), name=known.get(key, ("", ""))[0], like=known.get(key, ("", ""))[1],
            counts=counted.get(key, nothing), part=question.part_of_line(key),
        )
        for key in in_order_of_lines(known, keys)
    )  # fmt: skip
    earlier = {each: _whole(question, each, at) for each in comparable(question)}
    before, year_before = earlier_of(question)
    return DueTable(
        asked=asked, scheme=question.scheme, number=question.number, area_path=question.path, window=question.window,
        whole=_summed(nothing, (line.counts for line in lines)), before=earlier.get(before),
        year_before=earlier.get(year_before), lines=lines, as_of=at,
    )  # fmt: skip


def count_due(question: Question) -> DueCounts:
    """Count all that was due in the stretch, up to now, for any right. 1 query."""
    return _all_of(question, question.window.since, question.until)


def list_due_rows(
    *, viewer: Viewer, asked: RatesAsked, figure: str, key: str | None, at: datetime, offset: int = 0, limit: int = 50
) -> BehindPage:
    """List the cases that a number of the table counts, by deadline. At most 5 queries.

    figure: one of DUE_FIGURES; key: of a line, None for the whole. Raises NotFound (unknown_figure), InvalidInput.
    """
    if figure not in DUE_FIGURES:
        raise NotFound("unknown_figure", params={"figure": figure})
    question = take_apart(viewer, asked, at)
    since, until = question.window.since, question.until
    if key is not None and asked.by == RatesBy.PERIOD:
        since, until = question.part(key)
    found = _promised(question, since, until).filter(_figures(question)[figure])
    if key is not None and asked.by != RatesBy.PERIOD:
        found = found.filter(has_key(_group(question), question.key(key)))
    return page_of_cases(viewer, found, "solution_due_at", at, offset, limit)


def _promised(question: Question, since: datetime, until: datetime) -> QuerySet[Case]:
    """Give the cases within reach whose solution was promised for [since, until), whatever the rules leave out."""
    reached = within_reach(question.viewer, question.verb) & REPORTED
    if question.asked.area_path:
        reached &= inside(question.asked.area_path)
    found = Case.objects.filter(reached, solution_due_at__gte=since, solution_due_at__lt=until)
    return found.exclude(state__in=_NEVER_DUE)


def _figures(question: Question) -> Mapping[str, Q]:
    """Give what makes a case count in each figure: the counts and their rows share it."""
    granted = TimeRequest.objects.filter(
        district_id=question.district_id, kind=TimeKind.EXTENSION, state=RequestState.GRANTED
    )  # fmt: skip
    missed = ClockSegment.objects.filter(
        district_id=question.district_id, clock=ClockKind.SOLUTION, case__state=State.SUSPENDED,
        stopped_at__gt=F("case__solution_due_at"),
    )  # fmt: skip
    beside = {
        # Putting a case on hold when its time is over undoes nothing.
        DueLeftOut.HELD: Q(state=State.SUSPENDED) & ~Q(id__in=missed.values("case_id")),
        DueLeftOut.EXTENDED: Q(id__in=granted.values("case_id")),
    }
    due = Q()
    for each in question.scheme.due_without:
        due &= ~beside[DueLeftOut(each)]
    return {
        "due": due, "on_time": due & Q(solved_at__lte=F("solution_due_at")),
        "late": due & Q(solved_at__gt=F("solution_due_at")), "undone": due & Q(solved_at=None),
        "held": beside[DueLeftOut.HELD], "extended": beside[DueLeftOut.EXTENDED],
    }  # fmt: skip


def _group(question: Question) -> Group:
    groups: Mapping[RatesBy, Callable[[], Group]] = {
        RatesBy.AREA: lambda: area_code_at(question.path.count("/") + 2),
        RatesBy.ORGANISATION: organisation_of,
        RatesBy.CATEGORY: lambda: F("category"),
        RatesBy.PERIOD: lambda: stretch_of(question.stretches(), "solution_due_at"),
    }
    return groups[question.asked.by]()


def _counted(question: Question, found: QuerySet[Case], group: Group) -> dict[Any, DueCounts]:
    """Count all figures by an expression. 1 query."""
    counts = {name: Count("id", filter=condition) for name, condition in _figures(question).items()}
    rows = found.order_by().annotate(key=group).values("key").annotate(**{f"n_{name}": n for name, n in counts.items()})
    sample = question.scheme.rules.smallest_sample
    return {row["key"]: _counts((row[f"n_{name}"] for name in DUE_FIGURES), sample) for row in rows}


def _counts(numbers: Iterable[int], sample: int) -> DueCounts:
    """Make it from its numbers in the order of DUE_FIGURES."""
    due, on_time, late, undone, held, extended = numbers
    return DueCounts(due, on_time, late, undone, held, extended, sample)


def _whole(question: Question, other: Window, at: datetime) -> DueCounts:
    """Count all of another window, as far as this one has come. 1 query."""
    return _all_of(question, *windows.up_to(question.window, other, at))


def _all_of(question: Question, since: datetime, until: datetime) -> DueCounts:
    found = _promised(question, since, until)
    nothing = DueCounts(smallest_sample=question.scheme.rules.smallest_sample)
    return _counted(question, found, Value("")).get("", nothing)


def _summed(nothing: DueCounts, several: Iterable[DueCounts]) -> DueCounts:
    counts = list(several)
    sums = (sum(getattr(each, name) for each in counts) for name in DUE_FIGURES)
    return _counts(sums, nothing.smallest_sample)
