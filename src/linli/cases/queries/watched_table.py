"""Supervisions that were opened and cards that were given in a stretch of time; each number's cases.

Counted are organisations, never persons. What was called off and cards that were taken back count nowhere.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet, Value

from linli.cases.calc import windows
from linli.cases.calc.rate_scheme import RateScheme
from linli.cases.calc.windows import Window
from linli.cases.choices import CardColour, CardState, RatesBy, SupervisionState
from linli.cases.models import Card, Case, Supervision
from linli.cases.queries.drilldown import BehindPage, BehindRow
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
from linli.cases.queries.rows import case_rows
from linli.cases.queries.said import REPORTED
from linli.cases.rules import inside, visible_to, within_reach
from linli.kernel.errors import NotFound
from linli.ledger.facts.queries.tallies import Group, area_code_at, has_key, organisation_of, stretch_of
from linli.registry.people.rules import Viewer


class WatchedCounts(NamedTuple):
    """Figures of a unit. supervised: supervisions opened, of these answered, missed (the day went by), closed."""

    supervised: int = 0
    answered: int = 0
    missed: int = 0
    closed: int = 0
    yellow: int = 0
    red: int = 0


WATCHED_FIGURES = WatchedCounts._fields
# What a figure counts: its table, and what makes a row count. The counts and their rows share it.
_OF_SUPERVISIONS: Mapping[str, Q] = {
    "supervised": Q(), "answered": Q(answered_at__isnull=False), "missed": Q(missed_at__isnull=False),
    "closed": Q(state=SupervisionState.CLOSED),
}  # fmt: skip
_OF_CARDS: Mapping[str, Q] = {"yellow": Q(colour=CardColour.YELLOW), "red": Q(colour=CardColour.RED)}


@dataclass(frozen=True, slots=True)
class WatchedLine:
    """A unit with its figures. key, name, like, part: as in `due_table.DueLine`."""

    key: str
    name: str
    like: str
    counts: WatchedCounts
    part: Window | None = None


@dataclass(frozen=True, slots=True)
class WatchedTable:
    """The whole page. area_path: whose parts the lines are; before, year_before: None where no data reach back."""

    asked: RatesAsked
    scheme: RateScheme
    number: int
    area_path: str
    window: Window
    whole: WatchedCounts
    before: WatchedCounts | None
    year_before: WatchedCounts | None
    lines: tuple[WatchedLine, ...]
    as_of: datetime


def get_watched(*, viewer: Viewer, asked: RatesAsked, at: datetime) -> WatchedTable:
    """Count the supervisions opened and the cards given in the stretch. At most 12 queries, however many lines.

    Area and category are those a case has now; the organisation is the one that was watched or got the card. Raises as
    `take_apart`.
    """
    question = take_apart(viewer, asked, at)
    counted = _counted(question, question.window.since, question.until, by=asked.by)
    keys = keys_of_lines(question, set(counted))
    known = known_lines(question, keys, at)
    lines = tuple(
        WatchedLine(
            "" if key is None else str(key), *known.get(key, ("", "")), counted.get(key, WatchedCounts()),
            question.part_of_line(key),
        )
        for key in in_order_of_lines(known, keys)
    )  # fmt: skip
    earlier = {each: _whole(question, *windows.up_to(question.window, each, at)) for each in comparable(question)}
    before, year_before = earlier_of(question)
    return WatchedTable(
        asked=asked, scheme=question.scheme, number=question.number, area_path=question.path, window=question.window,
        whole=_summed(line.counts for line in lines), before=earlier.get(before),
        year_before=earlier.get(year_before), lines=lines, as_of=at,
    )  # fmt: skip


def list_watched_rows(
    *, viewer: Viewer, asked: RatesAsked, figure: str, key: str | None, at: datetime, offset: int = 0, limit: int = 50
) -> BehindPage:
    """List the supervisions or cards that a number counts, each as the case it is about, the latest first. 5 queries.

    figure: one of WATCHED_FIGURES; key: of a line, None for the whole. Raises NotFound (unknown_figure), InvalidInput.
    """
    if figure not in WATCHED_FIGURES:
        raise NotFound("unknown_figure", params={"figure": figure})
    question = take_apart(viewer, asked, at)
    since, until = question.window.since, question.until
    if key is not None and asked.by == RatesBy.PERIOD:
        since, until = question.part(key)
    found, moment, figures = _rows(question, since, until)["opened_at" if figure in _OF_SUPERVISIONS else "given_at"]
    found = found.filter(figures[figure])
    if key is not None and asked.by != RatesBy.PERIOD:
        found = found.filter(has_key(_group(question, asked.by, moment), question.key(key)))
    page = list(found.order_by(f"-{moment}", "-id").values_list("case_id", moment)[offset : offset + limit])
    seen = Case.objects.filter(visible_to(viewer), id__in=[case_id for case_id, _at in page])
    rows = {row.id: row for row in case_rows(seen, at=at)}
    behind = tuple(BehindRow(case_id, when, rows.get(case_id)) for case_id, when in page)
    return BehindPage(behind, found.count(), offset)


def _rows(
    question: Question, since: datetime, until: datetime
) -> dict[str, tuple[QuerySet[Any], str, Mapping[str, Q]]]:
    """Give supervisions and cards of [since, until) about cases within reach, by the column of their moment."""
    reached = within_reach(question.viewer, question.verb) & REPORTED
    if question.asked.area_path:
        reached &= inside(question.asked.area_path)
    about = {"district_id": question.district_id, "case_id__in": Case.objects.filter(reached).order_by().values("id")}
    opened = Supervision.objects.filter(**about, opened_at__gte=since, opened_at__lt=until)
    given = Card.objects.filter(**about, given_at__gte=since, given_at__lt=until)
    found: dict[str, tuple[QuerySet[Any], str, Mapping[str, Q]]] = {
        "opened_at": (opened.exclude(state=SupervisionState.WITHDRAWN), "opened_at", _OF_SUPERVISIONS),
        "given_at": (given.exclude(state=CardState.TAKEN_BACK), "given_at", _OF_CARDS),
    }
    return {
        name: (rows.annotate(area_path=F("case__area_path"), category=F("case__category")), moment, figures)
        for name, (rows, moment, figures) in found.items()
    }


def _group(question: Question, by: RatesBy | None, moment: str) -> Group:
    groups: Mapping[RatesBy | None, Callable[[], Group]] = {
        RatesBy.AREA: lambda: area_code_at(question.path.count("/") + 2),
        RatesBy.ORGANISATION: organisation_of,
        RatesBy.CATEGORY: lambda: F("category"),
        RatesBy.PERIOD: lambda: stretch_of(question.stretches(), moment),
        None: lambda: Value(""),
    }
    return groups[by]()


def _counted(
    question: Question, since: datetime, until: datetime, *, by: RatesBy | None = None
) -> dict[Any, WatchedCounts]:  # fmt: skip
    """Count all figures by an expression, without one under "". 2 queries."""
    found: dict[Any, WatchedCounts] = {}
    for rows, moment, figures in _rows(question, since, until).values():
        counts = {f"n_{name}": Count("id", filter=condition) for name, condition in figures.items()}
        grouped = rows.order_by().annotate(key=_group(question, by, moment)).values("key").annotate(**counts)
        for row in grouped:
            numbers = {name: row[f"n_{name}"] for name in figures}
            found[row["key"]] = found.get(row["key"], WatchedCounts())._replace(**numbers)
    return found


def _whole(question: Question, since: datetime, until: datetime) -> WatchedCounts:
    return _counted(question, since, until).get("", WatchedCounts())


def _summed(several: Iterable[WatchedCounts]) -> WatchedCounts:
    return WatchedCounts(*(sum(numbers) for numbers in zip(WatchedCounts(), *several, strict=True)))
