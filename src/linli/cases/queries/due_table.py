"""What was due to be dealt with in a stretch of time, and what became of it; each number's cases."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

from django.db.models import Count, F, Q, QuerySet, Value

from linli.cases.calc.rates import DueCounts
from linli.cases.choices import ClockKind, DueLeftOut, RequestState, State, TimeKind
from linli.cases.models import Case, ClockSegment, TimeRequest
from linli.cases.queries.counted_table import (
    CountedLine,
    CountedTable,
    bounds_of_line,
    group_of,
    of_line,
    table_of,
)
from linli.cases.queries.drilldown import BehindPage, page_of_cases
from linli.cases.queries.rates_asked import Question, RatesAsked, take_apart
from linli.cases.queries.said import REPORTED
from linli.cases.rules import inside, within_reach
from linli.kernel.errors import NotFound
from linli.ledger.facts.queries.tallies import Group
from linli.registry.people.rules import Viewer

DUE_FIGURES = ("due", "on_time", "late", "undone", "held", "extended")
# Nothing was due of what was rightly turned down, nor twice of what is dealt with together with another case.
_NEVER_DUE = (State.REJECTED, State.MERGED)


DueLine: TypeAlias = CountedLine[DueCounts]
DueTable: TypeAlias = CountedTable[DueCounts]
_MOMENT = "solution_due_at"


def get_due(*, viewer: Viewer, asked: RatesAsked, at: datetime) -> DueTable:
    """Count the cases whose solution was due in the stretch, up to now. At most 10 queries, however many lines.

    Area, organisation and category are those a case has now; its deadline is the one it ended with, so each case counts
    once. Raises as `take_apart`.
    """
    question = take_apart(viewer, asked, at)
    found = _promised(question, question.window.since, question.until)
    nothing = DueCounts(smallest_sample=question.scheme.rules.smallest_sample)
    return table_of(
        question, _counted(question, found, group_of(question, _MOMENT)), nothing=nothing,
        summed=partial(_summed, nothing), count_all=partial(_all_of, question), at=at,
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
    found = _promised(question, *bounds_of_line(question, key)).filter(_figures(question)[figure])
    return page_of_cases(viewer, of_line(found, question, key, _MOMENT), _MOMENT, at, offset, limit)


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


def _all_of(question: Question, since: datetime, until: datetime) -> DueCounts:
    found = _promised(question, since, until)
    nothing = DueCounts(smallest_sample=question.scheme.rules.smallest_sample)
    return _counted(question, found, Value("")).get("", nothing)


def _summed(nothing: DueCounts, several: Iterable[DueCounts]) -> DueCounts:
    counts = list(several)
    sums = (sum(getattr(each, name) for each in counts) for name in DUE_FIGURES)
    return _counts(sums, nothing.smallest_sample)
