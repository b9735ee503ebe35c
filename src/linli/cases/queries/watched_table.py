"""Supervisions that were opened and cards that were given in a stretch of time; each number's cases.

Counted are organisations, never persons. What was called off and cards that were taken back count nowhere.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from django.db.models import Count, F, Q, QuerySet, Value

from linli.cases.choices import CardColour, CardState, SupervisionState
from linli.cases.models import Card, Case, Supervision
from linli.cases.queries.counted_table import (
    CountedLine,
    CountedTable,
    bounds_of_line,
    group_of,
    of_line,
    table_of,
)
from linli.cases.queries.drilldown import BehindPage, BehindRow
from linli.cases.queries.rates_asked import Question, RatesAsked, take_apart
from linli.cases.queries.rows import case_rows
from linli.cases.queries.said import REPORTED
from linli.cases.rules import inside, visible_to, within_reach
from linli.kernel.errors import NotFound
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


WatchedLine: TypeAlias = CountedLine[WatchedCounts]
WatchedTable: TypeAlias = CountedTable[WatchedCounts]


def get_watched(*, viewer: Viewer, asked: RatesAsked, at: datetime) -> WatchedTable:
    """Count the supervisions opened and the cards given in the stretch. At most 12 queries, however many lines.

    Area and category are those a case has now; the organisation is the one that was watched or got the card. Raises as
    `take_apart`.
    """
    question = take_apart(viewer, asked, at)
    return table_of(
        question, _counted(question, question.window.since, question.until, is_parted=True), nothing=WatchedCounts(),
        summed=_summed, count_all=partial(_whole, question), at=at,
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
    kind = "opened_at" if figure in _OF_SUPERVISIONS else "given_at"
    found, moment, figures = _rows(question, *bounds_of_line(question, key))[kind]
    found = of_line(found.filter(figures[figure]), question, key, moment)
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


def _counted(
    question: Question, since: datetime, until: datetime, *, is_parted: bool
) -> dict[Any, WatchedCounts]:  # fmt: skip
    """Count all figures by what the lines are, or together under "". 2 queries."""
    found: dict[Any, WatchedCounts] = {}
    for rows, moment, figures in _rows(question, since, until).values():
        counts = {f"n_{name}": Count("id", filter=condition) for name, condition in figures.items()}
        group = group_of(question, moment) if is_parted else Value("")
        grouped = rows.order_by().annotate(key=group).values("key").annotate(**counts)
        for row in grouped:
            numbers = {name: row[f"n_{name}"] for name in figures}
            found[row["key"]] = found.get(row["key"], WatchedCounts())._replace(**numbers)
    return found


def _whole(question: Question, since: datetime, until: datetime) -> WatchedCounts:
    return _counted(question, since, until, is_parted=False).get("", WatchedCounts())


def _summed(several: Iterable[WatchedCounts]) -> WatchedCounts:
    return WatchedCounts(*(sum(numbers) for numbers in zip(WatchedCounts(), *several, strict=True)))
