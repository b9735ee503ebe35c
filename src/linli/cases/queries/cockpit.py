"""The leaders' board: figures counted from facts, each with the filter that lists the rows behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Value

from linli.cases.calc.rates import Period, Rate, against_year_before, period, three_rates
from linli.cases.models import Case
from linli.cases.queries.rows import CaseRow, case_rows
from linli.cases.queries.standing import Stretch, stand_by_day
from linli.cases.rules import inside, visible_to, within_reach
from linli.kernel.errors import InvalidInput
from linli.ledger.facts.queries.tallies import (
    FactFilter,
    area_code_at,
    count_said,
    count_subjects,
)
from linli.registry.people.choices import Reach, Verb
from linli.registry.people.rules import Viewer
from linli.registry.territory.choices import AreaMix
from linli.registry.territory.queries import area_mixes

OPENED, CLOSED, VERIFIED = "case.opened", "case.closed", "case.verified"
EFFECTIVE: Mapping[str, Any] = {"effective": True, "subject": "solution"}
SAID: Mapping[str, Mapping[str, Any]] = {
    "contacted": {"contacted": True},
    "solved": {"solved": True},
    "satisfied": {"satisfaction": "satisfied"},
    "basically": {"satisfaction": "basically"},
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it was in the period compared with, and its trend by day; before None: not comparable."""

    name: str
    value: int
    before: int | None
    trend: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SaidCounts:
    """What effective call-backs said: the parts of the three rates."""

    effective: int
    contacted: int
    solved: int
    satisfied: int
    basically: int

    @property
    def parts(self) -> tuple[int, ...]:
        """Give the counts in the order above."""
        return (self.effective, self.contacted, self.solved, self.satisfied, self.basically)

    @property
    def rates(self) -> tuple[Rate, ...]:
        """Give the rates in the order response, solution, satisfaction."""
        return three_rates(
            effective=self.effective, contacted=self.contacted, solved=self.solved, satisfied=self.satisfied,
            basically=self.basically,
        )  # fmt: skip


NOTHING_SAID = SaidCounts(0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One area beside others of its level. mix: what kinds of communities it is made of; like is laid beside like."""

    code: str
    path: str
    mix: AreaMix
    open: int
    late: int
    warn: int
    said: SaidCounts


@dataclass(frozen=True, slots=True)
class Cockpit:
    """The whole board. hours: mean natural hours from report to close-out of what was closed in the period.

    warn: due soon at this moment; has_before: the data reach back to the begin of what the period is compared with.
    days, days_before: the trends.
    """

    period: Period
    has_before: bool
    area_path: str
    figures: tuple[Figure, ...]
    warn: int
    hours: int | None
    hours_before: int | None
    days: tuple[Stretch, ...]
    days_before: tuple[Stretch, ...]
    said: SaidCounts
    said_before: SaidCounts
    areas: tuple[AreaLine, ...]
    late_rows: tuple[CaseRow, ...]
    as_of: datetime


def get_cockpit(*, viewer: Viewer, period_name: str, area_path: str, at: datetime) -> Cockpit:
    """Count the board for a viewer, an area of theirs and a period. 9 queries, 7 without a period before.

    area_path: "" for all that the viewer's posts reach. The period is compared with the same days of the year before
    where the district's data reach back to them, else with the stretch right before it. Raises InvalidInput for an
    unknown period.
    """
    span, has_before = _compared(viewer, period_name, at)
    now = fact_filter(viewer, span, area_path)
    before = replace(now, since=span.before_since, until=span.before_until)
    path = area_path or _top_path(viewer)
    standing = stand_by_day(reached=_reach(viewer, area_path), span=span, at=at)
    by_area = _said(now, path.count("/") + 2)
    counted = count_subjects(now, (OPENED, CLOSED))
    earlier = count_subjects(before, (OPENED, CLOSED)) if has_before else {}
    days = standing.days
    return Cockpit(
        period=span,
        has_before=has_before,
        area_path=path,
        figures=(
            Figure("opened", counted[OPENED], earlier.get(OPENED), tuple(day.opened for day in days)),
            Figure("closed", counted[CLOSED], earlier.get(CLOSED), tuple(day.closed for day in days)),
            Figure(
                "open", standing.open, standing.open_before if has_before else None, tuple(day.open for day in days)
            ),
            Figure(
                "late", standing.late, standing.late_before if has_before else None, tuple(day.late for day in days)
            ),
        ),
        warn=standing.warn,
        hours=standing.hours,
        hours_before=standing.hours_before if has_before else None,
        days=days,
        days_before=standing.days_before if has_before else (),
        said=_summed(by_area.values()),
        said_before=_summed(_said(before).values()) if has_before else NOTHING_SAID,
        areas=_areas(viewer, by_area, path, at),
        late_rows=tuple(_late_rows(viewer, area_path, at)),
        as_of=at,
    )


def _compared(viewer: Viewer, name: str, at: datetime) -> tuple[Period, bool]:
    """Choose what a period is compared with, and tell whether the data reach back to its begin. 1 query."""
    try:
        span = period(name, at)
    except KeyError as error:
        raise InvalidInput("unknown_period", field="period", params={"period": name}) from error
    reported = Case.objects.filter(district_id=viewer.district_id).order_by("reported_at")
    first = reported.values_list("reported_at", flat=True).first()
    if first is None:
        return span, False
    a_year_before = against_year_before(span)
    if first <= a_year_before.before_since:
        return a_year_before, True
    return span, first <= span.before_since


def fact_filter(viewer: Viewer, span: Period, area_path: str) -> FactFilter:
    """Give the filter of the facts a viewer's posts reach in a period: the board and its drill-downs share it."""
    posts = viewer.posts_with(Verb.SEE_COCKPIT)
    return FactFilter(
        district_id=viewer.district_id,
        since=span.since,
        until=span.until,
        within=area_path,
        area_paths=tuple(post.area_path for post in posts if post.reach == Reach.AREA),
        organisation_ids=tuple(post.organisation_id for post in posts if post.reach == Reach.ORGANISATION),
    )


def _top_path(viewer: Viewer) -> str:
    paths = [post.area_path for post in viewer.posts_with(Verb.SEE_COCKPIT)]
    return min(paths, key=len, default="")


def _reach(viewer: Viewer, area_path: str) -> Q:
    reached = within_reach(viewer, Verb.SEE_COCKPIT)
    return reached & inside(area_path) if area_path else reached


def _said(wanted: FactFilter, depth: int = 0) -> dict[str, SaidCounts]:
    """Count what effective call-backs said, by the area at a depth; depth 0: all under "". 1 query."""
    counted = count_said(wanted, VERIFIED, SAID, base=EFFECTIVE, depth=depth)
    return {
        code: SaidCounts(row["all"], row["contacted"], row["solved"], row["satisfied"], row["basically"])
        for code, row in counted.items()
    }


def _summed(several: Iterable[SaidCounts]) -> SaidCounts:
    return SaidCounts(*(sum(each) for each in zip(NOTHING_SAID.parts, *(one.parts for one in several), strict=True)))


def _areas(viewer: Viewer, said: Mapping[str, SaidCounts], path: str, at: datetime) -> tuple[AreaLine, ...]:
    """Lay the areas one level below beside each other, by code: a list, not a ranking. 2 queries."""
    depth = path.count("/") + 2
    standing = (
        Case.objects.filter(_reach(viewer, path), closed_at=None)
        .annotate(code=area_code_at(depth))
        .values("code")
        .order_by("code")
        .annotate(
            open=Count("*"),
            late=Count(Value(1), filter=Q(due_at__lt=at)),
            warn=Count(Value(1), filter=Q(due_at__gte=at, amber_at__lte=at)),
        )
    )
    counts = {row["code"]: row for row in standing if row["code"]}
    paths = {f"{path}/{code}": code for code in sorted({*counts, *said}) if code}
    none: Mapping[str, int] = {"open": 0, "late": 0, "warn": 0}
    return tuple(
        AreaLine(
            code=paths[each], path=each, mix=mix, said=said.get(paths[each], NOTHING_SAID),
            **{name: counts.get(paths[each], none)[name] for name in none},
        )
        for each, mix in area_mixes(paths, at=at).items()
    )  # fmt: skip


def _late_rows(viewer: Viewer, area_path: str, at: datetime, limit: int = 6) -> list[CaseRow]:
    late = Case.objects.filter(visible_to(viewer), _reach(viewer, area_path), closed_at=None, due_at__lt=at)
    return case_rows(late.order_by("due_at", "id")[:limit], at=at)
