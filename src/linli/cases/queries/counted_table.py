"""A table of figures: lines of areas, organisations, categories or stretches, the whole, and earlier stretches."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import F, QuerySet

from linli.cases.calc import windows
from linli.cases.calc.rate_scheme import RateScheme
from linli.cases.calc.windows import Window
from linli.cases.choices import RatesBy
from linli.cases.queries.rates_asked import (
    Question,
    RatesAsked,
    comparable,
    earlier_of,
    in_order_of_lines,
    keys_of_lines,
    known_lines,
)
from linli.ledger.facts.queries.tallies import Group, area_code_at, has_key, organisation_of, stretch_of

Counts = TypeVar("Counts")


@dataclass(frozen=True, slots=True)
class CountedLine(Generic[Counts]):
    """A unit with its figures. key: what tells it from others, "" for none; name, like: a name and a kind, if any.

    part: the stretch itself where the lines are stretches.
    """

    key: str
    name: str
    like: str
    counts: Counts
    part: Window | None = None


@dataclass(frozen=True, slots=True)
class CountedTable(Generic[Counts]):
    """The whole page. area_path: whose parts the lines are; before, year_before: None where no data reach back."""

    asked: RatesAsked
    scheme: RateScheme
    number: int
    area_path: str
    window: Window
    whole: Counts
    before: Counts | None
    year_before: Counts | None
    lines: tuple[CountedLine[Counts], ...]
    as_of: datetime


def table_of(
    question: Question, counted: Mapping[Any, Counts], *, nothing: Counts,
    summed: Callable[[Iterable[Counts]], Counts], count_all: Callable[[datetime, datetime], Counts], at: datetime,
) -> CountedTable[Counts]:  # fmt: skip
    """Lay out what was counted by key; count_all: counts all of [since, until). At most 5 queries, and 2 such counts.

    An earlier stretch counts as far as this one has come.
    """
    keys = keys_of_lines(question, set(counted))
    known = known_lines(question, keys, at)
    lines = tuple(
        CountedLine(
            "" if key is None else str(key), *known.get(key, ("", "")), counted.get(key, nothing),
            question.part_of_line(key),
        )
        for key in in_order_of_lines(known, keys)
    )  # fmt: skip
    earlier = {each: count_all(*windows.up_to(question.window, each, at)) for each in comparable(question)}
    before, year_before = earlier_of(question)
    return CountedTable(
        asked=question.asked, scheme=question.scheme, number=question.number, area_path=question.path,
        window=question.window, whole=summed(line.counts for line in lines), before=earlier.get(before),
        year_before=earlier.get(year_before), lines=lines, as_of=at,
    )  # fmt: skip


def group_of(question: Question, moment: str) -> Group:
    """Give what rows with area_path, organisation_id and category are grouped by. moment: the column of their time."""
    groups: Mapping[RatesBy, Callable[[], Group]] = {
        RatesBy.AREA: lambda: area_code_at(question.path.count("/") + 2),
        RatesBy.ORGANISATION: organisation_of,
        RatesBy.CATEGORY: lambda: F("category"),
        RatesBy.PERIOD: lambda: stretch_of(question.stretches(), moment),
    }
    return groups[question.asked.by]()


def bounds_of_line(question: Question, key: str | None) -> tuple[datetime, datetime]:
    """Tell from when and until when a line counts; key: None for the whole. Raises InvalidInput for no such stretch."""
    if key is not None and question.asked.by == RatesBy.PERIOD:
        return question.part(key)
    return question.window.since, question.until


def of_line(found: QuerySet[Any], question: Question, key: str | None, moment: str) -> QuerySet[Any]:
    """Narrow rows between a line's bounds to those it counts. Raises InvalidInput for a key that is none."""
    if key is None or question.asked.by == RatesBy.PERIOD:
        return found
    return found.filter(has_key(group_of(question, moment), question.key(key)))
